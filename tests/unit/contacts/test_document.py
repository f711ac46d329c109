"""Files written by people are read strictly, with the line of every value and every fault."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thinktwice.contacts.document import MAX_BYTES, Entry, parse_document, read_source
from thinktwice.errors import Fault


def parse(text: str) -> tuple[Entry | None, list[Fault]]:
    faults: list[Fault] = []
    return parse_document(text, "f.yaml", faults), faults


def test_each_value_keeps_its_line_and_path() -> None:
    """A value knows the line and the dotted path of its field."""
    entry, faults = parse("a: 1\nb:\n  c: [x, y]\n")
    assert not faults
    assert entry is not None
    assert isinstance(entry.value, dict)
    inner = entry.value["b"].value
    assert isinstance(inner, dict)
    assert (inner["c"].line, inner["c"].field) == (3, "b.c")


def test_no_word_becomes_a_boolean_number_or_date() -> None:
    """``NO`` stays Norway, ``0.10`` keeps its digits, a day stays text until a field reads it."""
    entry, _ = parse("a: NO\nb: 0.10\nc: 2026-12-01\nd: null\ne: 'null'\n")
    assert entry is not None
    assert isinstance(entry.value, dict)
    assert [entry.value[name].value for name in "abcde"] == ["NO", "0.10", "2026-12-01", None, "null"]


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("a: &x 1\nb: 2\n", "anchors", 1),
        ("a: 1\nb: *x\n", "aliases", 2),
        ("a: !!python/object/apply:os.system [x]\n", "tags", 1),
        ("a: 1\na: 2\n", "is given twice; the first is on line 1", 2),
        ("x:\n  a: 1\n  a: 2\n", "is given twice; the first is on line 2", 3),
        ("a: 1\n---\nb: 2\n", "is not YAML", None),
        ("---\na: 1\n---\nb: 2\n", "one document", 3),
        ("%YAML 1.1\n---\na: 1\n", "directives", 1),
        ("? [a, b]\n: 1\n", "a field's name is plain text", 1),
        ("a: [1\nb: 2\n", "is not YAML", None),
        ("a: " + "[" * 5000, "nested deeper", 1),
        ("a:\n\tb: 1\n", "is not YAML", 2),
    ],
)
def test_what_could_hide_or_repeat_is_refused_with_its_line(text: str, message: str, line: int | None) -> None:
    """Anchors, aliases, tags, repeated keys, further documents and depth are refused where they stand."""
    _, faults = parse(text)
    assert any(message in fault.message for fault in faults), faults
    if line is not None:
        assert faults[0].line == line


def test_a_billion_laughs_is_refused_before_anything_is_built() -> None:
    """Aliases of aliases never expand."""
    rows = ["a0: &a0 [x, x]"] + [f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 60)]
    entry, faults = parse("\n".join(rows))
    assert entry is None
    assert faults


@given(st.text(max_size=300))
def test_no_text_makes_the_reader_fail(text: str) -> None:
    """Whatever is written, the answer is a tree or faults, never another error."""
    entry, faults = parse(text)
    assert entry is not None or faults


@pytest.mark.parametrize(
    ("content", "message", "line"),
    [
        (b"a: caf\xe9\n", "is not UTF-8", None),
        ("a: 1\nb: \u202eabc\n".encode(), "direction mark U+202E", 2),
        ("a: 1\u200b\n".encode(), "invisible character U+200B", 1),
        ("a: po\u200dlice\n".encode(), "invisible character U+200D", 1),
        ("a: \u200cx\n".encode(), "invisible character U+200C", 1),
        ("a: 警\u200d察\n".encode(), "invisible character U+200D", 1),
        ("a: 1\nb: x\u2028y\n".encode(), "invisible character U+2028", 2),
        ("a: x\u034fy\n".encode(), "invisible character U+034F", 1),
        ("a: 1\nb: \ue000\n".encode(), "U+E000, which means nothing", 2),
        ("a: \U000f0000\n".encode(), "U+F0000, which means nothing", 1),
        ("a: \u0378\n".encode(), "U+0378, which means nothing", 1),
        (b"a: \x1b[31m\n", "invisible character U+001B", 1),
        (b"a: " + b"x" * MAX_BYTES, "is larger than 256 KB", None),
    ],
)
def test_a_file_that_reads_differently_from_what_it_holds_is_refused(
    tmp_path: Path, content: bytes, message: str, line: int | None
) -> None:
    """Wrong encodings, direction marks, invisible characters and oversized files are refused by name."""
    path = tmp_path / "f.yaml"
    path.write_bytes(content)
    faults: list[Fault] = []
    assert read_source(path, tmp_path, faults) is None
    assert message in faults[0].message
    assert faults[0].line == line


@pytest.mark.parametrize("escape", ["\\u202e", "\\u200b", "\\e", "\\ue000", "\\u2028", "\\L"])
def test_an_escape_brings_in_no_character_that_is_refused(escape: str) -> None:
    """What a quoted value of YAML writes as an escape is held to the same rule, in values and in names."""
    _, faults = parse(f'a: 1\nb: "x{escape}y"\n')
    assert [(fault.line, fault.field) for fault in faults] == [(2, "b")]
    _, faults = parse(f'a: 1\n"x{escape}y": 2\n')
    assert [fault.line for fault in faults] == [2]


def test_a_line_end_of_windows_and_a_block_of_lines_are_read() -> None:
    """A line end and a tab are no hidden characters."""
    entry, faults = parse("a: |\n  one\n  two\tthree\n")
    assert (faults, entry is not None) == ([], True)


@pytest.mark.parametrize(
    "word", ["می\u200cخواهم", "क\u094d\u200dष", "\u0dc1\u0dca\u200d\u0dbb\u0dd3", "العملة المشفّرة"]
)
def test_a_script_that_needs_joiners_and_marks_keeps_them(tmp_path: Path, word: str) -> None:
    """Persian, Hindi, Sinhala and Arabic are read as they are written."""
    (tmp_path / "f.yaml").write_text(f"a: {word}\n", "utf-8")
    faults: list[Fault] = []
    assert word in (read_source(tmp_path / "f.yaml", tmp_path, faults) or "")


def test_a_link_is_refused_even_when_it_stays_inside(tmp_path: Path) -> None:
    """A symbolic link is not followed, whether it leads out of the folder or not."""
    outside, folder = tmp_path / "secret.yaml", tmp_path / "pack"
    outside.write_text("a: 1\n")
    folder.mkdir()
    (folder / "f.yaml").symlink_to(outside)
    faults: list[Fault] = []
    assert read_source(folder / "f.yaml", folder, faults) is None
    assert "is a link" in faults[0].message


def test_a_path_that_leaves_the_folder_is_refused(tmp_path: Path) -> None:
    """``..`` does not lead out of the folder."""
    (tmp_path / "secret.yaml").write_text("a: 1\n")
    (tmp_path / "pack").mkdir()
    faults: list[Fault] = []
    assert read_source(tmp_path / "pack" / ".." / "secret.yaml", tmp_path / "pack", faults) is None
    assert faults
