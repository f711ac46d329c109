"""Packs written by somebody who means harm: refused with file and line, in the campaign's words and in an arm's, from
the folder, from the command line and from the console alike.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.support.campaign_desk import HK, DeskWorld, folder_files
from tests.support.control import AUTHOR
from tests.support.packs import TODAY, shipped_registry
from thinktwice.campaigns.content import read_files, read_folder
from thinktwice.campaigns.reading import Surroundings
from thinktwice.cli.campaign import app
from thinktwice.errors import Fault, InputError
from thinktwice.records.catalogue import CATALOGUE

AROUND = Surroundings(catalogue=CATALOGUE, contacts=shipped_registry(), today=TODAY)
Files = dict[str, str]


def said_in(path: str, text: str) -> Callable[[Files], Files]:
    """Put a line below the first section of a file."""

    def change(files: Files) -> Files:
        head, mark, rest = files[path].partition("## headline\n")
        heading, rest = rest.split("\n", 1)
        return {**files, path: f"{head}{mark}{heading} {text}\n{rest}"}

    return change


def instead(path: str, text: str) -> Callable[[Files], Files]:
    return lambda files: {**files, path: text}


def added(path: str, text: str) -> Callable[[Files], Files]:
    return lambda files: {**files, path: files[path] + text}


EN, ARM, CAMPAIGN = "messages/en.md", "messages/en.b.md", "campaign.yaml"
ARM_TEXT = "---\nlocale: en\nreviewed: none\n---\n\n## headline\n\nStop for one minute\n"
BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
HOSTILE: dict[str, tuple[str, Callable[[Files], Files]]] = {
    "script tag": (EN, said_in(EN, "<script>fetch('//evil.example')</script>")),
    "javascript link": (EN, said_in(EN, "[check](javascript:alert(1))")),
    "data link": (EN, said_in(EN, "[check](data:text/html;base64,PHNjcmlwdD4=)")),
    "link outside the registry": (EN, said_in(EN, "https://police-hk.example.com")),
    "host of a new ending": (EN, said_in(EN, "hkpolice.help")),
    "numeric host": (EN, said_in(EN, "203.0.113.9/pay")),
    "telephone number": (EN, said_in(EN, "Call +65 9123 4567 or 6123 4567 now")),
    "image": (EN, said_in(EN, "![police](https://evil.example/p.png)")),
    "entity": (EN, said_in(EN, "&#60;script&#62;")),
    "aliases": (CAMPAIGN, instead(CAMPAIGN, BOMB)),
    "tag that builds objects": (CAMPAIGN, instead(CAMPAIGN, "id: !!python/object/apply:os.system ['true']\n")),
    "deep nesting": (CAMPAIGN, instead(CAMPAIGN, "id: " + "[" * 500 + "]" * 500 + "\n")),
    "second document": (CAMPAIGN, added(CAMPAIGN, "---\nid: other\n")),
    "repeated field": (CAMPAIGN, added(CAMPAIGN, "\nid: other\n")),
    "right-to-left override": (EN, said_in(EN, "safe\u202etxt.exe")),
    "isolate in the audience": (CAMPAIGN, added(CAMPAIGN, "\n# \u2066hidden\u2069\n")),
    "zero-width space": (EN, said_in(EN, "po\u200blice")),
    "mark of a filled value": (EN, said_in(EN, "\ue0007\ue001")),
    "letter that Unicode does not know": (EN, said_in(EN, "po\u0378lice")),
    "blank that is a letter": (EN, said_in(EN, "po\u3164lice")),
    "escaped override in the title": (
        CAMPAIGN,
        lambda files: {**files, CAMPAIGN: files[CAMPAIGN].replace("title: Joint", 'title: "\\u202e" #')},
    ),
    "unknown placeholder": (EN, said_in(EN, "{customer_name}")),
    "template": (EN, said_in(EN, "{{ 7*7 }}")),
    "Cyrillic letters in a Latin word": (EN, said_in(EN, "Hong Kong P\u043elice")),
    "an i without its dot": (EN, said_in(EN, "Hong Kong Pol\u0131ce")),
    "a capital i for an l": (EN, said_in(EN, "Hong Kong PoIice Force")),
}


HOSTILE |= {
    f"{what}, in an arm": (ARM, said_in(ARM, text))
    for what, text in {
        "script tag": "<script>fetch('//evil.example')</script>",
        "javascript link": "[check](javascript:alert(1))",
        "link outside the registry": "https://police-hk.example.com",
        "right-to-left override": "safe\u202etxt.exe",
        "mark of a filled value": "\ue0007\ue001",
        "unknown placeholder": "{customer_name}",
        "Cyrillic letters in a Latin word": "Hong Kong P\u043elice",
        "a Cyrillic name": "\u041d\u041a\u0420\u0406",
    }.items()
} | {
    "aliases, in an arm": (ARM, instead(ARM, ARM_TEXT.replace("reviewed: none", "reviewed: &a none\ntitle: *a"))),
    "a Cyrillic name": (EN, said_in(EN, "\u041d\u041a\u0420\u0406")),
    "a Cyrillic title": (
        CAMPAIGN,
        lambda files: {**files, CAMPAIGN: files[CAMPAIGN].replace("title: Joint", "title: \u0420\u041e\u0421\u0410")},
    ),
    "a Greek letter in the title": (
        CAMPAIGN,
        lambda files: {**files, CAMPAIGN: files[CAMPAIGN].replace("title: Joint", "title: J\u03bfint")},
    ),
}


def hostile_files(what: str) -> tuple[str, Files]:
    """The Hong Kong pack with words for an arm, and one thing in it that harms."""
    path, change = HOSTILE[what]
    return path, change({**folder_files(HK), ARM: ARM_TEXT})


def laid_down(folder: Path, files: Files) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


def test_the_pack_that_is_changed_is_good() -> None:
    """Before the change nothing is refused, so it is the change that is."""
    assert read_files(HK, {**folder_files(HK), ARM: ARM_TEXT}, AROUND).faults == ()


@pytest.mark.parametrize("what", HOSTILE)
def test_it_is_refused_with_file_and_line(what: str) -> None:
    """Each is named at the place where it stands, and no pack comes of it."""
    path, files = hostile_files(what)
    reading = read_files(HK, files, AROUND)
    assert reading.pack is None
    placed = [fault for fault in reading.faults if fault.where == f"{HK}/{path}"]
    assert placed, [str(fault) for fault in reading.faults]
    assert any(fault.line for fault in placed)


@pytest.mark.parametrize("what", HOSTILE)
def test_the_command_refuses_it_with_file_and_line(tmp_path: Path, what: str) -> None:
    """``campaign check`` ends with 2 and begins a line with the file and the line in it."""
    path, files = hostile_files(what)
    folder = laid_down(tmp_path / HK, files)
    result = CliRunner().invoke(app, ["check", str(folder)])
    assert result.exit_code == 2
    assert re.search(rf"^{re.escape(str(folder / path))}:[0-9]+: ", result.stderr, re.MULTILINE), result.stderr


def test_the_command_refuses_what_is_huge_or_leads_out(tmp_path: Path) -> None:
    """Ten megabytes in the campaign's or an arm's words, and a file that is a link, are named and not read."""
    folder = laid_down(tmp_path / HK, {**folder_files(HK), ARM: ARM_TEXT, EN: "x" * 10_000_000})
    secret = tmp_path / "secret.md"
    secret.write_text(ARM_TEXT, "utf-8")
    (folder / ARM).unlink()
    (folder / ARM).symlink_to(secret)
    for path, said in ((EN, "is larger than 256 KB"), (ARM, "is a link or lies outside its folder")):
        if path == ARM:
            (folder / EN).write_text(folder_files(HK)[EN], "utf-8")
        result = CliRunner().invoke(app, ["check", str(folder)])
        assert (result.exit_code, f"{folder / path}: {said}" in result.stderr) == (2, True), result.stderr


def test_an_import_that_asks_for_approval_refuses_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A draft may be faulty; nobody is asked to approve it, and what is wrong is named with file and line."""
    DeskWorld(tmp_path / "data")
    monkeypatch.setenv("THINKTWICE_DATA", str(tmp_path / "data"))
    for number, what in enumerate(
        ("script tag, in an arm", "javascript link", "aliases", "a Cyrillic name, in an arm")
    ):
        path, files = hostile_files(what)
        folder = laid_down(tmp_path / str(number) / HK, files)
        result = CliRunner().invoke(app, ["import", str(folder), "--submit"])
        assert result.exit_code == 2, result.output
        assert re.search(rf"{re.escape(path)}:[0-9]+: ", result.stderr), result.stderr


def test_it_is_refused_quickly() -> None:
    """None of them takes longer than reading an honest pack many times over."""
    begun = time.monotonic()
    for what in HOSTILE:
        read_files(HK, hostile_files(what)[1], AROUND)
    assert time.monotonic() - begun < 30


@pytest.mark.parametrize("path", [EN, CAMPAIGN, "README.md"])
def test_ten_megabytes_are_refused_before_they_are_parsed_or_stored(tmp_path: Path, path: str) -> None:
    """Posted to the desk or lying in a folder, a huge file is named and read no further."""
    world = DeskWorld(tmp_path / "data")
    huge = {**folder_files(HK), path: "x" * 10_000_000}
    with pytest.raises(InputError, match="larger than 256 KB"):
        world.desk.save_draft(AUTHOR, HK, huge, based_on=0)
    folder = laid_down(tmp_path / HK, folder_files(HK))
    (folder / path).write_bytes(b"x" * 10_000_000)
    faults = _faults(lambda: read_folder(folder))
    assert [fault.where for fault in faults] == [str(folder / path)]


@pytest.mark.parametrize(
    "path",
    ["../../etc/passwd", "/etc/passwd", "messages/../../x.md", "messages/en.md/../../x", "C:\\x", "messages\\en.md"],
)
def test_no_path_leads_out(tmp_path: Path, path: str) -> None:
    """Nothing is written outside, nothing is parsed, and the path is named."""
    faults = _faults(lambda: read_files(HK, {**folder_files(HK), path: "x"}, AROUND))
    assert [fault.where for fault in faults] == [path]


def test_a_link_in_a_folder_is_not_followed(tmp_path: Path) -> None:
    """A symbolic link to a secret is a fault, for a file and for the folder of messages."""
    secret = tmp_path / "secret"
    secret.write_text("key", "utf-8")
    folder = tmp_path / HK
    (folder / "messages").mkdir(parents=True)
    (folder / "campaign.yaml").symlink_to(secret)
    (folder / "messages" / "more").symlink_to(tmp_path)
    assert {fault.where for fault in _faults(lambda: read_folder(folder))} >= {str(folder / "campaign.yaml")}


def test_too_many_files_are_refused() -> None:
    """A pack has some languages, not thousands of files."""
    many = {f"messages/en.v{number}.md": "x" for number in range(100)}
    with pytest.raises(InputError, match="at most 60"):
        read_files(HK, many, AROUND)


def test_a_lone_surrogate_is_refused() -> None:
    """Text that no file could hold is not stored."""
    with pytest.raises(InputError, match="not UTF-8"):
        read_files(HK, {**folder_files(HK), EN: "\ud800"}, AROUND)


def _faults(act: Callable[[], object]) -> tuple[Fault, ...]:
    with pytest.raises(InputError) as refused:
        act()
    return refused.value.faults
