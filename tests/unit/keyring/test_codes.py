"""Codes of messages and of callers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thinktwice.keyring.codes import ALPHABET, Codes
from thinktwice.keyring.keys import Key

NOW = datetime(2026, 11, 23, 2, 0, 30, tzinfo=UTC)
KEY, OTHER = Key("k1", b"a" * 32), Key("k2", b"b" * 32)
CODES = Codes([KEY])


@pytest.mark.parametrize(("minutes", "holds"), [(0, True), (14, True), (15, True), (16, False), (-1, False)])
def test_a_code_holds_for_fifteen_minutes(minutes: int, holds: bool) -> None:
    """It is accepted for a quarter of an hour after it was shown, and not before it existed."""
    code = CODES.of_message("alert-1", NOW)
    assert CODES.is_of_a_message(code, NOW + timedelta(minutes=minutes)) is holds


@given(st.timedeltas(timedelta(), timedelta(days=365)))
def test_a_code_holds_as_long_as_is_said(later: timedelta) -> None:
    """At the minute that is named it still does, and that is more than fourteen minutes away."""
    now = NOW + later
    until = CODES.hold_until(now)
    assert CODES.is_of_a_message(CODES.of_message("alert-1", now), until)
    assert timedelta(minutes=14) < until - now <= timedelta(minutes=15)
    assert until.second == 0


def test_how_it_was_typed_does_not_matter() -> None:
    """Case, spaces, hyphens and letters that look alike are forgiven."""
    code = CODES.of_message("alert-1", NOW)
    for typed in (code.lower(), code.replace("-", ""), f" {code.replace('-', ' ')} ", code.replace("0", "O")):
        assert CODES.is_of_a_message(typed, NOW)


def test_after_a_rotation_old_codes_still_hold() -> None:
    """Every key verifies, the first one makes; a foreign key opens nothing."""
    code = CODES.of_message("alert-1", NOW)
    assert Codes([OTHER, KEY]).is_of_a_message(code, NOW)
    assert not Codes([OTHER]).is_of_a_message(code, NOW)


@given(st.text(max_size=40))
def test_anything_may_be_typed(typed: str) -> None:
    """No text raises, and none but a code is right."""
    CODES.is_of_a_message(typed, NOW)


def test_codes_of_alerts_differ_and_are_readable() -> None:
    """Three letters, a hyphen, five letters of an alphabet without look-alikes; callers have six digits."""
    made = {CODES.of_message(f"alert-{number}", NOW) for number in range(200)}
    assert len(made) > 195
    assert all(set(code.replace("-", "")) <= set(ALPHABET) and len(code) == 9 for code in made)
    assert CODES.of_call("alert-1") == CODES.of_call("alert-1") != CODES.of_call("alert-2")
    assert CODES.of_call("alert-1").replace(" ", "").isdigit()
