"""Forms of other sites, hosts that are not ours, addresses that lead away, bodies that are too much."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from starlette.responses import PlainTextResponse, Response

from tests.support.console import Console, cookie, open_console
from tests.support.http import HOST, ask
from thinktwice.web.console.routes import Area
from thinktwice.web.edge.forgery import FIELD, form_token
from thinktwice.web.edge.forms import FormLimits
from thinktwice.web.edge.signed_in.visit import Visit

AREA = Area("thinktwice.web.console.today", says={"done": "Done."})
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Origin": HOST}


@AREA.page("GET", "/", permission="read_today")
def first(visit: Visit) -> Response:
    return visit.show("today.html", title="Today")


@AREA.page("POST", "/acts", permission="read_today")
def act(visit: Visit) -> Response:
    return visit.go(visit.form.raw("next"), said="done")


@AREA.page("POST", "/uploads", permission="read_today", limits=FormLimits(file_bytes=1024 * 1024))
def upload(visit: Visit) -> Response:
    sent = visit.form.files["file"]
    return PlainTextResponse(f"{sum(1 for _ in sent.text_lines())} lines")


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    made = open_console(tmp_path_factory.mktemp("forgery"), [AREA])
    yield made
    made.ledger.close()


@pytest.fixture
def secret(console: Console) -> str:
    return console.sign_in("analyst")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:81"},
        {"Origin": HOST, "Sec-Fetch-Site": "cross-site"},
        {"Origin": HOST, "Sec-Fetch-Site": "same-site"},
        {"Origin": HOST, "Sec-Fetch-Site": "none"},
    ],
    ids=str,
)
def test_a_form_of_another_origin_is_refused(console: Console, secret: str, headers: dict[str, str]) -> None:
    """Even with the right token a form from elsewhere does nothing, and the chain says which check it failed."""
    before = len(console.entries())
    answer = console.post("/acts", {}, secret, headers=headers)
    assert answer.status_code == 403
    assert console.entries()[before:] == [("acc_1", "form.send", "POST /acts", "refused")]


def test_a_form_that_names_no_origin_is_refused(console: Console, secret: str) -> None:
    """Every browser in use names one."""
    body = httpx.QueryParams({FIELD: form_token(secret)}).__str__().encode()
    answer = ask(
        console.app, "POST", "/acts", body=body, headers={**cookie(secret), "Content-Type": FORM["Content-Type"]}
    )
    assert answer.status_code == 403


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "multipart/form-data; boundary=x", ""])
def test_only_forms_are_read(console: Console, secret: str, kind: str) -> None:
    """What another site could send without a form, or a file where none is taken, is refused unread."""
    assert console.post("/acts", {}, secret, headers={"Content-Type": kind}).status_code == 415


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/%2f/evil.example",
        "javascript:alert(1)",
        "http:/evil.example",
        "/nothing-here",
        "/acts",
        "/\r\nSet-Cookie: a=b",
        "/?x#y",
        "",
        " /",
        "/" + "x" * 600,
    ],
)
def test_no_address_leads_away(console: Console, secret: str, target: str) -> None:
    """Whatever ``next`` says, the browser stays on a page that this console serves."""
    answer = console.post("/acts", {"next": target}, secret)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/?said=done"


def test_an_own_address_is_kept_with_its_query(console: Console, secret: str) -> None:
    """A page of ours is returned to as it was."""
    assert console.post("/acts", {"next": "/?day=1"}, secret).headers["location"] == "/?day=1&said=done"


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "localhost@evil.example", "", "127.0.0.2"])
def test_another_host_name_gets_nothing(console: Console, secret: str, host: str) -> None:
    """Pointing a name at the console (DNS rebinding) or forging ``Host`` gives a refusal without content."""
    answer = console.get("/", secret, headers={"Host": host})
    assert answer.status_code == 421
    assert "Today" not in answer.text


def test_two_gigabytes_are_refused_before_a_byte_is_read(console: Console, secret: str) -> None:
    """A body that declares 2 GB is refused at once; so is one that lies about it, within its bound."""
    reads = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal reads
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="f"\r\n\r\n'
        while reads < 10_000:
            reads += 1
            yield b"x" * 65_536

    before = len(console.entries())
    headers = {**cookie(secret), **FORM, "Content-Type": "multipart/form-data; boundary=b"}
    for extra in ({"Content-Length": str(2 * 1024**3)}, {}):
        answer = _stream(console, body, headers | extra)
        assert answer.status_code == 413
    assert reads < 40
    assert [entry[1] for entry in console.entries()[before:]] == ["form.send", "form.send"]


def _stream(console: Console, body: object, headers: dict[str, str]) -> httpx.Response:
    import asyncio

    async def run() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=console.app), base_url=HOST) as client:
            return await client.post("/uploads", content=body(), headers=headers)  # type: ignore[operator]  # a function

    return asyncio.run(run())


def _upload(console: Console, secret: str, content: bytes, name: str = "list.csv", **headers: str) -> httpx.Response:
    boundary = "thisisthebound"
    parts = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="{FIELD}"\r\n\r\n{form_token(secret)}\r\n'
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    ).encode()
    body = parts + content + f"\r\n--{boundary}--\r\n".encode()
    sent = {**cookie(secret), **FORM, "Content-Type": f"multipart/form-data; boundary={boundary}", **headers}
    return ask(console.app, "POST", "/uploads", body=body, headers=sent)


def test_a_text_file_is_taken(console: Console, secret: str) -> None:
    """What the page asks for works."""
    assert _upload(console, secret, "address,kind\r\n0x1,scam\n名,詐騙\n".encode()).text == "3 lines"


def _zip_bomb() -> bytes:
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("list.csv", b"0" * 50_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        _zip_bomb(),
        b"address,kind\n" + _zip_bomb(),
        b"%PDF-1.7\n\x00\x01",
        b"\x89PNG\r\n\x1a\n\x00",
        b"MZ\x90\x00",
        b"\xff\xfea\x00,\x00",
        b"a,b\n\x1b[2J",
        b"caf\xe9,scam\n",
    ],
    ids=["zip bomb", "text that is a zip too", "pdf", "png", "program", "utf-16", "terminal codes", "latin-1"],
)
def test_what_is_not_text_is_refused(console: Console, secret: str, content: bytes) -> None:
    """Archives are never unpacked; a file that is text at its start and an archive at its end is not text."""
    before = len(console.entries())
    answer = _upload(console, secret, content)
    assert answer.status_code == 422
    assert "UTF-8" in answer.text
    assert [entry[1:] for entry in console.entries()[before:]] == [("form.send", "POST /uploads", "refused")]


def test_a_compressed_body_is_never_unpacked(console: Console, secret: str) -> None:
    """``Content-Encoding`` is refused."""
    assert _upload(console, secret, b"a", **{"Content-Encoding": "gzip"}).status_code == 415


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\x", "a\x00b", "<script>.csv", "x" * 5000])
def test_the_name_of_a_file_is_only_a_word(console: Console, secret: str, name: str) -> None:
    """Whatever the sender calls it, it becomes neither a path nor markup."""
    answer = _upload(console, secret, b"a\n", name=name.replace('"', ""))
    assert answer.status_code in {200, 422}
    assert "<script>" not in answer.text


def test_too_many_fields_are_refused(console: Console, secret: str) -> None:
    """A form has at most two hundred fields."""
    fields = {f"f{number}": "1" for number in range(300)}
    assert console.post("/acts", fields, secret).status_code == 422


def test_pages_may_not_be_framed_cached_or_scripted(console: Console, secret: str) -> None:
    """The headers of a page allow its own files and forms, and nothing else."""
    headers = console.get("/", secret).headers
    allowed = headers["content-security-policy"]
    assert "default-src 'none'" in allowed
    assert "frame-ancestors 'none'" in allowed
    assert "unsafe" not in allowed
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert len(headers.get_list("referrer-policy")) == 1
