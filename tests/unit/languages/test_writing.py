"""What people write holds nothing that a reader would not see."""

from __future__ import annotations

import pytest

from thinktwice.errors import InputError
from thinktwice.languages.writing import require_seen


@pytest.mark.parametrize("text", ["", "plain words", "令狀", "مذكرة", "a\u0301", "👍🏽"])
def test_what_everybody_sees_is_taken(text: str) -> None:
    """In every script."""
    require_seen(text, "text")


@pytest.mark.parametrize("letter", ["\x00", "\x1b", "\u202e", "\u200b", "\ufeff", "\u2028", "\ud800"])
def test_what_nobody_sees_is_named_with_its_place(letter: str) -> None:
    """Control characters, marks that turn the direction, halves of characters."""
    with pytest.raises(InputError, match=f"character 3 is U\\+{ord(letter):04X}") as refused:
        require_seen(f"ab{letter}c", "text", has_lines=True)
    assert refused.value.faults[0].field == "text"


def test_lines_are_for_long_texts() -> None:
    """And a bound is said in numbers."""
    require_seen("a\r\n\tb", "text", has_lines=True)
    with pytest.raises(InputError, match=r"U\+000A"):
        require_seen("a\nb", "text")
    with pytest.raises(InputError, match="at most 1,000 characters"):
        require_seen("x" * 1_001, "note", most=1_000)
