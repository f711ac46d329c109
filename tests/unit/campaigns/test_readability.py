"""How hard a text is to read is measured the same way each time, by a stated rule."""

from __future__ import annotations

import pytest

from thinktwice.campaigns.readability import english_grade, length_of, longest_for, sentences, syllables_of


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Stop here. Ask someone first! Why now? Because.", 4),
        ("先停下。問問別人！為甚麼？", 3),
        ("توقّف. اسأل شخصًا آخر؟ نعم.", 3),
        ("- One item\n- Another item", 2),
        ("You send {amount} {asset}. It cannot be reversed.", 2),
        ("", 0),
    ],
)
def test_sentences_end_where_a_reader_pauses(text: str, count: int) -> None:
    """Full stops of all the scripts end a sentence, and so does the end of an item."""
    assert len(list(sentences(text))) == count


def test_chinese_is_measured_in_letters() -> None:
    """A sentence is as long as its words, in Chinese as its letters; languages differ in what a reader holds."""
    assert length_of("Ask someone you trust first.", "en") == 5
    assert length_of("請先問問信任的人。", "zh-Hant") == 9
    assert longest_for("zh-Hans") > longest_for("pt") > longest_for("en")
    assert longest_for("fr") == 28


@pytest.mark.parametrize(
    ("word", "count"), [("money", 2), ("send", 1), ("irreversible", 5), ("code", 1), ("little", 2), ("asked", 1)]
)
def test_syllables_are_groups_of_vowels(word: str, count: int) -> None:
    """A silent e is not counted."""
    assert syllables_of(word) == count


def test_a_plain_text_has_a_low_grade_and_a_legal_one_a_high_one() -> None:
    """The grade is that of Flesch and Kincaid, by hand: 5 words with 7 syllables in one sentence give 2.88."""
    plain = english_grade(["Is anyone helping you now?"])
    assert plain is not None
    assert round(plain, 2) == round(0.39 * 5 + 11.8 * 7 / 5 - 15.59, 2)
    legal = "Notwithstanding the aforementioned provisions, irrevocable transfers necessitate additional authorisation."
    assert (english_grade([legal]) or 0) > 15
    assert english_grade(["{amount}"]) is not None
    assert english_grade([""]) is None
