"""A message file is taken apart so that only what is read matters."""

from __future__ import annotations

import pytest

from thinktwice.campaigns.sections import Section, split_message
from thinktwice.errors import Fault

FRONT = "---\nlocale: en\n---\n"


def split(body: str) -> tuple[dict[str, Section], list[Fault]]:
    faults: list[Fault] = []
    _, sections = split_message(FRONT + body, "en.md", faults)
    return sections, faults


def test_lines_of_a_paragraph_are_joined() -> None:
    """Where a line breaks means nothing; an empty line does."""
    sections, faults = split("## a\n\none\ntwo\n\nthree\n\n## b\nfour\n")
    assert not faults
    assert sections["a"].text == "one two\n\nthree"
    assert sections["b"].text == "four"
    assert sections["b"].line == 11


def test_chinese_lines_are_joined_without_a_space() -> None:
    """Between letters of a script without spaces none appears; beside Latin ones it does."""
    sections, _ = split("## a\n轉出前，\n先核實\nScameter 查詢\n")
    assert sections["a"].text == "轉出前，先核實 Scameter 查詢"


def test_items_are_a_list() -> None:
    """Items may run over several lines; a paragraph beside them makes the section no list."""
    sections, _ = split("## a\n- one\n  more\n- two\n## b\nwords\n\n- one\n")
    assert sections["a"].items == ("one more", "two")
    assert sections["b"].items is None
    assert sections["b"].text == "words\n\n- one"


@pytest.mark.parametrize(
    "line",
    [
        "# Title",
        "### deeper",
        "<b>bold</b>",
        "a <script>",
        "![image](x)",
        "> quoted",
        "| a | b |",
        "1. one",
        "* star",
        "```",
        "`code`",
        "&#8238;",
        "-----",
        "    code",
    ],
)
def test_other_markdown_and_html_are_refused_with_their_line(line: str) -> None:
    """Nothing but paragraphs, lists, emphasis and links is read."""
    _, faults = split(f"## a\nwords\n{line}\n")
    assert [(fault.line, fault.field) for fault in faults] == [(6, "a")]


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("locale: en\n", "begin with front matter", 1),
        ("---\nlocale: en\n", "begin with front matter", 1),
        (FRONT + "words\n", "stands before the first heading", 4),
        (FRONT + "## a\nx\n## a\ny\n", "is given twice; the first is on line 4", 6),
        (FRONT + "## a\n\n## b\nx\n", "says nothing", 4),
        ("---\nlocale: *x\n---\n## a\nx\n", "aliases", 2),
    ],
)
def test_a_fault_of_the_frame_has_its_line(text: str, message: str, line: int) -> None:
    """Front matter, stray words, repeated and empty sections are named where they stand."""
    faults: list[Fault] = []
    split_message(text, "en.md", faults)
    assert message in faults[0].message
    assert faults[0].line == line
