"""Files and lists made to hurt: clear errors, bounded work, nothing rendered, nothing half taken."""

from __future__ import annotations

import io
import re
import time
import zipfile

import pytest

from tests.security.portal.conftest import Two
from tests.support.portal import FORM, OfficersBrowser, draft, filed

ETHER = "0x52908400098527886E0F7030069857D2E4169EE7"
ROWS = "/reports/new"
REPORT = {"handling": "warn", "reason": "A victim paid there yesterday.", "days": "30", "rows": ""}


@pytest.fixture
def browser(two: Two) -> OfficersBrowser:
    return two.bureau.browser(two.officer)


def reported(two: Two) -> int:
    return len(two.bureau.reports.own(two.bureau.person(two.officer)))


@pytest.mark.parametrize("size", ["2147483648", "104923137", "99999999999999999999", "-1", "1e9"])
def test_a_form_that_declares_too_much_is_refused_before_it_is_read(
    two: Two, browser: OfficersBrowser, size: str
) -> None:
    """2 GB, and sizes that are no numbers, are refused by what they declare; the chain says so."""
    case_id = filed(browser)
    browser.get(f"/requests/{case_id}")
    started = time.monotonic()
    headers = {"Content-Length": size}
    answer = browser.upload(f"/requests/{case_id}/attachments", {}, "file", "big.bin", b"x" * 100, **headers)
    assert answer.status_code == 413
    assert time.monotonic() - started < 5
    assert "This is too large" in answer.text
    assert ("form.send", '{"reason":"too large"}') in two.bureau.world.entries()


def test_a_bomb_stays_what_it_is(browser: OfficersBrowser) -> None:
    """An archive that would unpack to 64 MB is kept as the few bytes it has and handed out as these bytes."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("zeros", "w", force_zip64=True) as entry,
    ):
        for _ in range(64):
            entry.write(b"\0" * (1 << 20))
    case_id = filed(browser)
    browser.get(f"/requests/{case_id}")
    browser.upload(f"/requests/{case_id}/attachments", {}, "file", "bomb.zip", packed.getvalue())
    found = re.search(r"/files/[0-9a-f]{32}/download", browser.page.text)
    assert found
    answer = browser.send(f"/requests/{case_id}{found[0]}")
    assert answer.content == packed.getvalue()
    assert len(answer.content) < 200_000


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../../etc/passwd", "passwd"),
        ("C:\\\\Windows\\\\evil.exe", "evil.exe"),
        ("page.html", "page.html"),
        ("<script>alert(1)</script>.svg", "script>.svg"),
        ("令狀.pdf", "令狀.pdf"),
        ("a" * 300, None),
        ("invoice\u202efdp.exe", None),
        ("..", None),
        ("nul\x00.txt", None),
    ],
)
def test_names_of_files_are_words_and_nothing_else(browser: OfficersBrowser, name: str, kept: str | None) -> None:
    """A name loses its path, shows as text, and is refused when it hides something or is none."""
    case_id = filed(browser)
    browser.get(f"/requests/{case_id}")
    page = b"<html><script>alert(1)</script></html>"
    answer = browser.upload(f"/requests/{case_id}/attachments", {}, "file", name, page)
    if kept is None:
        assert answer.status_code == 422
        return
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    found = re.search(r"/files/[0-9a-f]{32}/download", answer.text)
    assert found
    given = browser.send(f"/requests/{case_id}{found[0]}")
    assert given.headers["content-type"] == "application/octet-stream"
    assert given.headers["content-disposition"].startswith("attachment; filename*=UTF-8''")
    assert given.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in given.headers["content-security-policy"]
    assert "/" not in given.headers["content-disposition"]
    assert given.content == page


@pytest.mark.parametrize(
    ("content", "status", "says"),
    [
        (b"address,=HYPERLINK(1),ethereum\n", 422, "Line 1 of the file"),
        (b"address,=cmd|'/C calc'!A1,ethereum\n", 422, "Line 1 of the file"),
        (
            f"address,{ETHER},ethereum\n".encode("utf-16"),
            422,
            "is UTF-16; save it as UTF-8",
        ),
        (b"\xff\xfe\x00\x01", 422, "is UTF-16; save it as UTF-8"),
        (b"address,a,b\naddress,caf\xe9,ethereum\n", 422, "Line 2 of the file: is not UTF-8; save it as UTF-8"),
        (b"PK\x03\x04" + b"\0" * 50, 422, "is an archive, or a spreadsheet that is one; save it as CSV in UTF-8"),
        (b'address,"unclosed\n' * 3, 422, "not a readable table"),
        (b"kind,value,network\nemail,a@example.org,\n", 422, "Only addresses are reported here"),
        (f"address,{ETHER},ethereum\naddress,zzz,tron\n".encode(), 422, "Line 2 of the file"),
    ],
    ids=["formula", "command", "utf-16", "bytes", "latin-1", "zip", "quote", "email", "one-bad-row"],
)
def test_a_list_is_taken_whole_or_not_at_all(
    two: Two, browser: OfficersBrowser, content: bytes, status: int, says: str
) -> None:
    """Each bad row is named by its line, wrong encodings and archives say what would be right; nothing is taken."""
    before = reported(two)
    browser.get(ROWS)
    answer = browser.upload(ROWS, REPORT, "file", "list.csv", content)
    assert answer.status_code == status
    assert says in answer.text
    assert reported(two) == before


def test_a_million_rows_are_refused_quickly(two: Two, browser: OfficersBrowser) -> None:
    """1,000,000 short rows are too large by what they declare; 100,000 bad ones stop after the first faults."""
    before = reported(two)
    for rows, status in ((1_000_000, 413), (100_000, 422)):
        browser.get(ROWS)
        started = time.monotonic()
        answer = browser.upload(ROWS, REPORT, "file", "list.csv", b"address,x,tron\n" * rows)
        assert answer.status_code == status
        assert time.monotonic() - started < 10
    assert reported(two) == before


def test_bad_rows_of_a_request_are_named_and_what_was_typed_stays(browser: OfficersBrowser) -> None:
    """A request's list with two bad rows names both lines, keeps every other field as typed, and saves nothing."""
    case_id = draft(browser, "preservation")
    rows = "account,a-1\naddress,nonsense,tron\nphone,12"
    fields = {**FORM, "identifiers": rows, "revision": "1", "unit": "A unit & its <b>name</b>"}
    answer = browser.send(f"/requests/{case_id}/form", fields)
    assert answer.status_code == 422
    assert "Line 2:" in answer.text
    assert "Line 3:" in answer.text
    assert "address,nonsense,tron" in answer.text
    assert "A unit &amp; its &lt;b&gt;name&lt;/b&gt;" in answer.text
    assert "nonsense" not in browser.get(f"/requests/{case_id}/form").text


WRONG_FILES = {
    "latin-1": ("account,a-1\naccount,caf\xe9\n".encode("latin-1"), "Line 2 of the file: is not UTF-8"),
    "utf-16": ("account,a-1\n".encode("utf-16"), "is UTF-16; save it as UTF-8"),
    "spreadsheet": (b"PK\x03\x04\x14\x00\x08\x08" + bytes(range(256)), "save it as CSV in UTF-8"),
    "too large": (b"account,a-1\n" * 450_000, "is at most 4 MB long"),
}


@pytest.mark.parametrize("name", WRONG_FILES)
def test_a_file_that_cannot_be_read_costs_nothing_that_was_typed(browser: OfficersBrowser, name: str) -> None:
    """Wrong encoding, archive or size is a fault of its field; the form comes back with everything else."""
    content, says = WRONG_FILES[name]
    case_id = draft(browser, "preservation")
    fields = {**FORM, "revision": "1", "unit": "A unit of its own", "identifiers": "account,typed-by-hand"}
    answer = browser.upload(f"/requests/{case_id}/form", fields, "identifiers_file", "list.csv", content)
    assert answer.status_code == 422
    for text in (says, "A unit of its own", "account,typed-by-hand", "To trace the money of one victim."):
        assert text in answer.text
    browser.get(ROWS)
    typed = {**REPORT, "rows": "address,typed-by-hand,tron"}
    answer = browser.upload(ROWS, typed, "file", "list.csv", content)
    assert answer.status_code == 422
    for text in (says, "address,typed-by-hand,tron", REPORT["reason"]):
        assert text in answer.text


@pytest.mark.parametrize("field", ["period_from", "deadline", "measure_days", "unit", "necessity", "zone", "revision"])
@pytest.mark.parametrize("value", ["x" * 5_000, "\u202e", "9" * 30, "2026-13-45", "';--", "{{7*7}}"])
def test_no_field_of_a_form_breaks_the_page(browser: OfficersBrowser, field: str, value: str) -> None:
    """Whatever is typed anywhere is saved, or answered with the form and what would be right."""
    case_id = draft(browser, "production")
    answer = browser.send(f"/requests/{case_id}/form", {**FORM, "revision": "1", field: value})
    assert answer.status_code in {200, 422}
    assert "Something went wrong" not in answer.text
