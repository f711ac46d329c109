"""A token opens one alert until it expires, has one spelling, and every refusal looks the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thinktwice.errors import InputError
from thinktwice.keyring.keys import TEST_KEYRING, Key
from thinktwice.keyring.tokens import TOKEN_LENGTH, TokenClaims, TokenError, read_token, sign_token

NOW = datetime(2026, 11, 22, 6, 16, 15, tzinfo=UTC)
LATER = NOW + timedelta(hours=24)
ALERT = "01935c1a-7d2e-7c3a-9f00-0123456789ab"
KEY = TEST_KEYRING.token[0]
TOKEN = sign_token(KEY, ALERT, LATER)


def test_a_token_says_what_was_signed() -> None:
    """Reading gives back the alert and the expiry."""
    assert read_token([KEY], TOKEN, NOW) == TokenClaims(ALERT, LATER)


def test_a_token_is_derived_again() -> None:
    """Signing twice gives the same text, also from another time zone and within one second."""
    elsewhere = LATER.astimezone(timezone(timedelta(hours=8))) + timedelta(microseconds=999_999)
    assert sign_token(KEY, ALERT, elsewhere) == TOKEN


def test_the_longest_token_fits() -> None:
    """Ids of the greatest length stay within 120 URL-safe characters."""
    token = sign_token(Key("k" * 16, b"s" * 32), "a" * 40, datetime(9999, 12, 31, tzinfo=UTC))
    assert len(token) <= TOKEN_LENGTH
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
    assert read_token([Key("k" * 16, b"s" * 32)], token, NOW).alert_id == "a" * 40


def test_rotation_keeps_old_tokens_open() -> None:
    """The first key signs; tokens of the second still verify, and stop when it is dropped."""
    new = Key("new", b"n" * 32)
    assert read_token([new, KEY], TOKEN, NOW).alert_id == ALERT
    with pytest.raises(TokenError):
        read_token([new], TOKEN, NOW)


def change(part: int, value: Callable[[str], str]) -> str:
    parts = TOKEN.split(".")
    parts[part] = value(parts[part])
    return ".".join(parts)


LAST = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

FORGERIES = {
    "empty": "",
    "no parts": "token",
    "other alert": change(2, lambda text: text.replace("9f00", "9f01")),
    "later expiry": change(1, lambda text: str(int(text) + 1)),
    "zero-padded expiry": change(1, lambda text: "0" + text),
    "other key id": change(0, lambda _: "other"),
    "empty key id": change(0, lambda _: ""),
    "changed code": change(3, lambda text: ("A" if text[0] != "A" else "B") + text[1:]),
    "second spelling of the code": change(3, lambda text: text[:-1] + LAST[LAST.index(text[-1]) ^ 1]),
    "padded code": TOKEN + "=",
    "trailing newline": TOKEN + "\n",
    "leading space": " " + TOKEN,
    "one part more": TOKEN + ".x",
    "not ASCII": TOKEN[:-1] + "é",
    "other digits": change(1, lambda text: "١" + text[1:]),
    "lone surrogate": TOKEN[:-1] + "\ud800",
    "very long": TOKEN * 1000,
    "signed by nobody": sign_token(Key(KEY.id, b"\x00" * 32), ALERT, LATER),
    "signed with the key of no key": sign_token(Key("x", b"\x00" * 32), ALERT, LATER),
}


@pytest.mark.parametrize("forged", FORGERIES.values(), ids=FORGERIES)
def test_a_forgery_is_refused(forged: str) -> None:
    """Whatever is changed, the answer is the same refusal."""
    with pytest.raises(TokenError, match=r"^the link is not valid or no longer valid$"):
        read_token([KEY], forged, NOW)


@pytest.mark.parametrize(("after", "is_open"), [(-1, True), (0, False), (1, False), (86_400, False)])
def test_a_token_ends_on_time(after: int, is_open: bool) -> None:
    """A token is open before its expiry and closed from that moment on, with the same refusal as a forgery."""
    now = LATER + timedelta(seconds=after)
    if is_open:
        assert read_token([KEY], TOKEN, now).alert_id == ALERT
    else:
        with pytest.raises(TokenError, match=r"^the link is not valid or no longer valid$"):
            read_token([KEY], TOKEN, now)


@given(position=st.integers(0, len(TOKEN) - 1), character=st.characters())
def test_no_single_change_survives(position: int, character: str) -> None:
    """Replacing any one character by another never gives a genuine token."""
    changed = TOKEN[:position] + character + TOKEN[position + 1 :]
    if changed != TOKEN:
        with pytest.raises(TokenError):
            read_token([KEY], changed, NOW)


@pytest.mark.parametrize("alert_id", ["", "a" * 41, "a.b", "a/b", "é", "a\n"])
def test_an_alert_id_outside_the_alphabet_is_refused(alert_id: str) -> None:
    """What would not be safe in a URL is never signed."""
    with pytest.raises(InputError):
        sign_token(KEY, alert_id, LATER)


def test_a_naive_expiry_is_refused() -> None:
    """A time without a zone is never signed."""
    with pytest.raises(InputError):
        sign_token(KEY, ALERT, LATER.replace(tzinfo=None))
