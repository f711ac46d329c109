"""The sheet for the press officer holds everything that a pack can show, and nothing that it cannot."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from tests.support.packs import copy_pack, read, shipped_registry, word_arm
from thinktwice.campaigns.library import shipped_packs
from thinktwice.cli import campaign_sheet
from thinktwice.cli.campaign import app
from thinktwice.cli.campaign_picture import HIGHEST, height_of, split
from thinktwice.cli.campaign_sheet import Cell, cells_of, scoped_style, sheet_html
from thinktwice.errors import UnavailableError
from thinktwice.records.vocabulary import RUNGS

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
PACKS = sorted(path.name for path in shipped_packs().iterdir() if path.is_dir())


def cells(name: str) -> list[Cell]:
    pack = read(shipped_packs() / name).pack
    assert pack is not None
    return list(cells_of(pack, shipped_registry(), None, NOW))


@pytest.mark.parametrize("name", PACKS)
def test_every_language_rung_and_theme_is_there(name: str) -> None:
    """No combination is missing; somebody else's acts are shown as referred only, and say nothing of a scam."""
    pack = read(shipped_packs() / name).pack
    assert pack is not None
    rungs = {"refer"} if name == "account-takeover" else {*RUNGS, "no screen"}
    found = {(cell.locale, cell.rung, cell.theme) for cell in cells(name)}
    assert found == {(a, b, c) for a in pack.messages for b in rungs for c in ("light", "dark")}
    if name == "account-takeover":
        assert not any(
            message.stories["account_takeover"].story in str(cells(name)) for message in pack.messages.values()
        )


def test_signs_second_step_and_questions_are_there() -> None:
    """Each page that a customer can reach has its cell, in each language."""
    pages = {cell.page for cell in cells("sg-anti-scam") if cell.locale == "ms"}
    assert {page for page in pages if "," not in page} == {
        "first screen",
        "signs",
        "second step",
        "question",
        "waiting",
        "notice",
    }
    others = read(shipped_packs() / "sg-anti-scam").pack.typologies[1:]  # type: ignore[union-attr]  # shipped
    assert {page for page in pages if "," in page} == {
        *(f"{name}, {kind}" for name in ("first screen", "signs") for kind in others),
        *(f"first screen, {kind}, arm b" for kind in others),
        "first screen, arm b",
    }


def test_what_each_arm_shows_otherwise_is_there_and_nothing_twice(tmp_path: Path) -> None:
    """An arm's own headline, notice and sign stand in cells that name the arm; what is alike stands once."""
    folder = copy_pack(tmp_path, "gb-anti-scam")
    before = {cell.label for cell in cells("gb-anti-scam")}
    own = "## headline\n\nStop for one minute\n\n## notice\n\nOne minute, please.\n\n"
    word_arm(folder, "en.b", own)
    pack = read(folder).pack
    assert pack is not None
    found = {cell.label: cell.body for cell in cells_of(pack, shipped_registry(), None, NOW)}
    assert "Stop for one minute" in found["first screen, arm b · en · confirm · dark"]
    assert "Stop for one minute" not in found["first screen · en · confirm · dark"]
    assert "One minute, please." in found["notice, arm b · en · no screen · light"]
    assert before < set(found)
    assert all(found[label] != found[label.replace(", arm b", "")] for label in found if ", arm b" in label)


def test_the_words_and_numbers_are_those_of_customers() -> None:
    """A cell holds the message's own words, with the line that the customer would be given."""
    message = read(shipped_packs() / "sg-anti-scam").pack.messages["zh-Hans"]  # type: ignore[union-attr]  # shipped
    (first,) = [c for c in cells("sg-anti-scam") if (c.label) == "first screen · zh-Hans · confirm · light"]
    assert message.headline in first.body
    assert "1799" in first.body
    assert first.language == "zh-Hans-SG"


def test_arabic_runs_from_right_to_left() -> None:
    """Each Arabic cell says its direction itself, beside English ones on the same sheet."""
    assert {cell.direction for cell in cells("ae-anti-scam") if cell.locale == "ar"} == {"rtl"}
    assert {cell.direction for cell in cells("ae-anti-scam") if cell.locale == "en"} == {"ltr"}


def test_the_sheet_names_the_version_and_loads_nothing() -> None:
    """What is signed is named; no address is fetched, no script runs, and it says that it approves nothing."""
    pack = read(shipped_packs() / "gb-anti-scam").pack
    assert pack is not None
    html = sheet_html(pack, "f" * 64, cells("gb-anti-scam"), NOW)
    assert "f" * 64 in html
    assert "This sheet approves nothing" in html
    assert "not approved by any authority" in html
    assert not re.search(r"<script|<link|<img|src=|url\(", html)


def test_the_style_of_the_page_is_the_style_of_the_cells() -> None:
    """Both themes come from the page's own stylesheet; what print hides on the page stays on the sheet."""
    style = scoped_style()
    assert ".sheet.dark {" in style
    assert ".sheet > .body {" in style
    assert not re.search(r"prefers-color-scheme|@media print|:root|(^|\s)html\b|(?m:^body )", style)


@pytest.mark.parametrize("suffix", [".html", ".pdf"])
def test_the_command_writes_it(tmp_path: Path, suffix: str) -> None:
    """HTML and PDF need no browser."""
    out = tmp_path / f"sheet{suffix}"
    result = CliRunner().invoke(app, ["preview", str(shipped_packs() / "gb-anti-scam"), "--sheet", str(out)])
    assert result.exit_code == 0, result.stderr
    assert "42 pages of version" in result.stdout
    assert out.read_bytes()[:5] == (b"%PDF-" if suffix == ".pdf" else b"<!doc")


@pytest.mark.skipif(not shutil.which("chromium"), reason="a picture needs Chromium")
def test_the_command_makes_a_picture_where_chromium_is(tmp_path: Path) -> None:
    """A PNG of the whole sheet."""
    out = tmp_path / "sheet.png"
    result = CliRunner().invoke(app, ["preview", str(shipped_packs() / "gb-anti-scam"), "--sheet", str(out)])
    assert result.exit_code == 0, result.stderr
    assert out.read_bytes()[1:4] == b"PNG"


def height_in(picture: Path) -> int:
    """The height that the head of a PNG file tells."""
    return int.from_bytes(picture.read_bytes()[20:24], "big")


@pytest.mark.skipif(not shutil.which("chromium"), reason="a picture needs Chromium")
def test_a_long_sheet_is_several_pictures_and_every_page_is_on_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What does not fit one picture is on the next, none is too high, and the command names them all."""
    drawn: list[str] = []

    def noted(*given: object, **named: object) -> str:
        drawn.append(sheet_html(*given, **named))  # type: ignore[arg-type]  # handed on as it came
        return drawn[-1]

    monkeypatch.setattr(campaign_sheet, "sheet_html", noted)
    pack = shipped_packs() / "hk-joint-anti-scam"
    result = CliRunner().invoke(app, ["preview", str(pack), "--sheet", str(tmp_path / "sheet.png")])
    assert result.exit_code == 0, result.stderr
    pictures = sorted(tmp_path.glob("*.png"))
    assert len(pictures) > 1
    assert f"{len(pictures)} pictures, " in result.stdout
    assert all(picture.name in result.stdout and height_in(picture) <= HIGHEST for picture in pictures)
    whole, *parts = [re.findall(r"<figcaption>(.*?)</figcaption>", html) for html in drawn]
    assert len(parts) == len(pictures)
    assert [label for part in parts for label in part] == whole == [cell.label for cell in cells(pack.name)]
    assert f"{len(whole)} pages of version" in result.stdout
    assert all(f"{len(part)} of {len(whole)} pages" in html for part, html in zip(parts, drawn[1:], strict=True))


@given(st.lists(st.integers(1, 900), max_size=60), st.integers(1, 300), st.integers(1000, 4000))
def test_pages_are_split_between_pictures_and_never_inside_one(heights: list[int], cover: int, highest: int) -> None:
    """Each page is on one picture, in order; no picture is too high, and none could have taken the next page."""
    parts = split(cover, heights, highest)
    assert [place for part in parts for place in part] == list(range(len(heights)))
    for part in parts:
        assert height_of([cover, *heights[part.start : part.stop]]) <= highest
        if part.stop < len(heights):
            assert height_of([cover, *heights[part.start : part.stop + 1]]) > highest


def test_a_page_higher_than_a_picture_is_told() -> None:
    """It is not cut off without a word."""
    with pytest.raises(UnavailableError, match="higher than a picture"):
        split(100, [100, HIGHEST])


def test_an_unknown_form_and_no_form_are_refused(tmp_path: Path) -> None:
    """The command says which forms there are, and that it needs a place to write to."""
    pack = str(shipped_packs() / "gb-anti-scam")
    refused = CliRunner().invoke(app, ["preview", pack, "--sheet", str(tmp_path / "sheet.docx")])
    assert (refused.exit_code, "name the sheet .pdf, .png or .html" in refused.stderr) == (2, True)
    assert CliRunner().invoke(app, ["preview", pack]).exit_code == 2
