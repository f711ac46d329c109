"""Packs written by somebody who means harm: refused with file and line, from the folder and from the console alike."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.campaign_desk import HK, DeskWorld, folder_files
from tests.support.control import AUTHOR
from tests.support.packs import TODAY, shipped_registry
from thinktwice.campaigns.content import read_files, read_folder
from thinktwice.campaigns.reading import Surroundings
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


EN, CAMPAIGN = "messages/en.md", "campaign.yaml"
BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
HOSTILE: dict[str, tuple[str, Callable[[Files], Files]]] = {
    "script tag": (EN, said_in(EN, "<script>fetch('//evil.example')</script>")),
    "javascript link": (EN, said_in(EN, "[check](javascript:alert(1))")),
    "data link": (EN, said_in(EN, "[check](data:text/html;base64,PHNjcmlwdD4=)")),
    "link outside the registry": (EN, said_in(EN, "https://police-hk.example.com")),
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
    "unknown placeholder": (EN, said_in(EN, "{customer_name}")),
    "template": (EN, said_in(EN, "{{ 7*7 }}")),
    "Cyrillic letters in a Latin word": (EN, said_in(EN, "Hong Kong P\u043elice")),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_it_is_refused_with_file_and_line(what: str) -> None:
    """Each is named at the place where it stands, and no pack comes of it."""
    path, change = HOSTILE[what]
    reading = read_files(HK, change(folder_files(HK)), AROUND)
    assert reading.pack is None
    placed = [fault for fault in reading.faults if fault.where == f"{HK}/{path}"]
    assert placed, [str(fault) for fault in reading.faults]
    assert any(fault.line for fault in placed)


def test_it_is_refused_quickly() -> None:
    """None of them takes longer than reading an honest pack many times over."""
    begun = time.monotonic()
    for _, change in HOSTILE.values():
        read_files(HK, change(folder_files(HK)), AROUND)
    assert time.monotonic() - begun < 30


@pytest.mark.parametrize("path", [EN, CAMPAIGN, "README.md"])
def test_ten_megabytes_are_refused_before_they_are_parsed_or_stored(tmp_path: Path, path: str) -> None:
    """Posted to the desk or lying in a folder, a huge file is named and read no further."""
    world = DeskWorld(tmp_path / "data")
    huge = {**folder_files(HK), path: "x" * 10_000_000}
    with pytest.raises(InputError, match="larger than 256 KB"):
        world.desk.save_draft(AUTHOR, HK, huge, based_on=0)
    folder = tmp_path / HK
    for name, text in folder_files(HK).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
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
