"""Partners: names, logos and pinned keys, read from a folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.passkeys import Passkey
from thinktwice.campaigns.partners import NOBODY, from_base64url, load_partners, to_base64url
from thinktwice.errors import InputError

PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000 1f15c4890000000d49444154789c6360606060000000050001a5f6"
    "45400000000049454e44ae426082".replace(" ", "")
)
OFFICER = Passkey("officer")


def write(folder: Path, text: str, logo: bytes | None = PIXEL) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "partners.yaml").write_text(text, "utf-8")
    if logo is not None:
        (folder / "police.png").write_bytes(logo)
    return folder


GOOD = f"""\
partners:
  - id: hk-police-cstcb
    name: Hong Kong Police Force
    names: {{zh-Hant: 香港警務處}}
    logo: police.png
    keys:
      - {OFFICER.as_yaml()}
operator:
  keys: []
"""


def test_partners_are_read_with_names_logo_and_keys(tmp_path: Path) -> None:
    """The names customers see, the picture and the keys that count."""
    found = load_partners(write(tmp_path / "p", GOOD))
    partner = found.by_id["hk-police-cstcb"]
    assert (partner.name_in("zh-Hant"), partner.name_in("ar")) == ("香港警務處", "Hong Kong Police Force")
    assert partner.logo == PIXEL
    assert found.keys_of("hk-police-cstcb") == (OFFICER.pinned,)
    assert found.keys_of("operator") == ()
    assert found.keys_of("nobody") == ()
    assert load_partners(None) is NOBODY


def test_one_pixel_or_one_letter_changes_the_mark(tmp_path: Path) -> None:
    """The mark is part of the version, so neither can change without a new approval."""
    marks = {
        load_partners(write(tmp_path / name, text, logo)).by_id["hk-police-cstcb"].mark
        for name, text, logo in (
            ("a", GOOD, PIXEL),
            ("b", GOOD, PIXEL[:-1] + b"\x83"),
            ("c", GOOD.replace("Force", "Farce"), PIXEL),
            ("d", GOOD.replace("警務處", "警务处"), PIXEL),
            ("e", GOOD.replace("    logo: police.png\n", ""), PIXEL),
        )
    }
    assert len(marks) == 5


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD.replace("police.png", "missing.png"), "no such file"),
        (GOOD.replace("police.png", "../police.png"), "PNG file beside"),
        (GOOD.replace("id: hk-police-cstcb", "id: operator"), "own side"),
        (GOOD.replace("zh-Hant:", "chinese_:"), "language tag"),
        (GOOD.replace("credential: ", "credential: ="), "base64url"),
        (GOOD.replace("https://", "javascript:"), "scheme, host"),
        (GOOD.replace("operator:\n", "keys:\n"), "not a field"),
        (GOOD.replace("    keys:", "    withdrawn: [abc]\n    keys:"), "64 digits"),
        (GOOD.replace("Hong Kong Police", "Hong Kong P\u043elice"), "U+043E"),
        (GOOD.replace("香港警務處", "香港警\u0430務處"), "U+0430"),
        (GOOD.replace("zh-Hant: 香港警務處", "ru: \u041d\u041a\u0420\u0406"), "U+041D"),
        (
            GOOD.replace("operator:", "  - {id: other, name: Hong Kong PoIice Force}\noperator:"),
            "looks like Hong Kong Police",
        ),
        ("partners: &a\n  - *a\n", "anchors"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    """Nothing is guessed in a file that decides whose name is shown."""
    with pytest.raises(InputError) as refused:
        load_partners(write(tmp_path / "p", text))
    assert said in str(refused.value)
    assert all(fault.line for fault in refused.value.faults)


@pytest.mark.parametrize("logo", [b"GIF89a", PIXEL + b"\0" * 70_000])
def test_a_logo_is_a_small_png(tmp_path: Path, logo: bytes) -> None:
    """Another format or a large file is refused, so nothing scripted can be served."""
    with pytest.raises(InputError):
        load_partners(write(tmp_path / "p", GOOD, logo))


def test_base64url_goes_both_ways() -> None:
    """Bytes of any length survive; other alphabets are refused."""
    for length in range(5):
        assert from_base64url(to_base64url(b"\xff" * length)) == b"\xff" * length
    with pytest.raises(ValueError, match=r"."):
        from_base64url("a+b/")


def test_an_agency_of_the_portal_is_one_partner(tmp_path: Path) -> None:
    """The link stands in the file; it is no part of what customers see; one agency cannot be two partners."""
    linked = GOOD.replace("    logo: police.png\n", "    logo: police.png\n    agency: agency_1\n")
    found = load_partners(write(tmp_path / "p", linked))
    partner = found.of_agency("agency_1")
    assert partner is not None
    assert partner.mark == load_partners(write(tmp_path / "q", GOOD)).by_id[partner.id].mark
    assert found.of_agency("agency_2") is None
    twice = linked + "  - {id: another, name: Another, agency: agency_1}\n"
    moved = twice.replace("operator:\n  keys: []\n", "")
    with pytest.raises(InputError, match="agency_1 is given twice"):
        load_partners(write(tmp_path / "r", moved))


def test_a_key_as_its_holder_sees_it_is_the_key_that_is_read(tmp_path: Path) -> None:
    """The lines of the account page, put into the file, give the same key; another origin has another mark."""
    entry = OFFICER.pinned.as_entry(note="by call-back").replace("\n", "\n      ")
    text = f"partners:\n  - id: police\n    name: Police\n    keys:\n      {entry}\n"
    (read,) = load_partners(write(tmp_path / "p", text)).keys_of("police")
    assert read == OFFICER.pinned
    assert read.fingerprint == OFFICER.pinned.fingerprint
    assert replace(read, origins=("https://portal.example.net",)).fingerprint != read.fingerprint
