"""Claims about Markdown turned into structure."""

from __future__ import annotations

import pytest

from thinktwice.alerts.prose import Bullets, Paragraph, Run, Value, plain_text, read_line, read_prose


def test_paragraphs_lists_and_emphasis_are_kept() -> None:
    """The subset is read as structure."""
    assert read_prose("One **two** *three*\n\n- a\n- b\n\nEnd") == (
        Paragraph((Run("One "), Run("two", "strong"), Run(" "), Run("three", "emphasis"))),
        Bullets(((Run("a"),), (Run("b"),))),
        Paragraph((Run("End"),)),
    )


@pytest.mark.parametrize("hostile", ["**x**", "[a](https://evil.example)", "<b>", "{amount}", "a\n\n- b", "`x`"])
def test_a_value_is_never_markup(hostile: str) -> None:
    """Whatever a value holds, it stays one run of text."""
    (block,) = read_prose("To {asset}!", {"asset": Value(hostile)})
    assert isinstance(block, Paragraph)
    assert [run.style for run in block.runs] == ["plain", "value", "plain"]
    assert block.runs[1].text == hostile.replace("\n", "")


def test_only_links_of_the_registry_are_links() -> None:
    """Of any other link the words remain."""
    text = "[ours](https://ours.example/) and [theirs](https://theirs.example/)"
    (block,) = read_prose(text, links={"https://ours.example/"})
    assert isinstance(block, Paragraph)
    assert [(run.text, run.href) for run in block.runs] == [
        ("ours", "https://ours.example/"),
        (" and ", None),
        ("theirs", None),
    ]


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "![x](https://a.example/x.png)", "# Title", "---"])
def test_what_the_subset_lacks_stays_text(text: str) -> None:
    """HTML, images, headings and rules are not read."""
    assert plain_text(read_prose(text)).replace(" ", "") != ""


@pytest.mark.parametrize(("hours", "said"), [(None, "Ask X."), ("24 hours", "Ask X, 24 hours.")])
def test_a_group_without_its_value_disappears(hours: str | None, said: str) -> None:
    """Help reads well with and without hours."""
    values = {"name": Value("X"), "hours": Value(hours) if hours else None}
    assert plain_text(read_prose("Ask {name}[, {hours}].", values)) == said


def test_a_value_without_words_for_it_is_a_mistake() -> None:
    """A placeholder that nobody fills is refused, not shown."""
    with pytest.raises(KeyError):
        read_prose("You send {amount}.")


@pytest.mark.parametrize("forged", ["\ue0007\ue001", "\ue0000\ue001", f"\ue000{'9' * 5000}\ue001", "\ue000\ue000"])
def test_words_cannot_forge_the_place_of_a_value(forged: str) -> None:
    """The marks of filled values are nothing in the words themselves: nothing is filled there, and nothing fails."""
    read = read_prose(f"Send {forged} {{asset}}", {"asset": Value("BTC")})
    digits = forged.strip("\ue000\ue001")
    assert plain_text(read) == f"Send {digits} BTC"


def test_plain_text_keeps_paragraphs_and_items_apart() -> None:
    """Text can be read without markup."""
    assert plain_text(read_prose("One\ntwo\n\n- a\n- b")) == "One two\n\n- a\n- b"


def test_a_line_is_its_runs() -> None:
    """An item of a list is read like a paragraph."""
    assert read_line("a *b*") == (Run("a "), Run("b", "emphasis"))


@pytest.mark.parametrize(("text", "said"), [("one\ntwo", "one two"), ("第一句。\n第二句。", "第一句。第二句。")])
def test_a_line_break_in_a_file_is_no_word_of_the_text(text: str, said: str) -> None:
    """Chinese is written without spaces, so a new line in its file adds none."""
    assert plain_text(read_prose(text)) == said
