"""Passwords: which are accepted, and how they are kept.

Invariants: a password is stored only as an argon2id hash with the parameters below; a hash made with other
parameters is made anew at the next sign-in; checking takes the same work whether or not an account has a password,
because an unknown account is checked against a decoy. There are no rules about kinds of characters and no forced
changes (NIST SP 800-63B, section 5.1.1.2): length, and nothing that guessers try first.

Parameters: argon2id (RFC 9106), 19 MiB of memory, 2 passes, 1 lane, 16 bytes of salt: the first of OWASP's equal
choices; about 25 ms on one core, which also bounds what a flood of sign-ins costs us.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from thinktwice.errors import InputError, Phrase

MEMORY_KIB: Final = 19 * 1024
PASSES: Final = 2
LANES: Final = 1

SHORTEST: Final = 12
LONGEST: Final = 256
"""Beyond this, hashing would be a way to keep us busy."""

_HASHER: Final = PasswordHasher(
    time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES, hash_len=32, salt_len=16, type=Type.ID
)

_COMMON_WORDS: Final = (
    "password passwort passw0rd motdepasse contrasena senha parola wachtwoord welcome willkommen letmein iloveyou "
    "administrator admin login secret changeme default guest master superman batman princess sunshine football "
    "baseball basketball monkey dragon shadow michael jordan charlie freedom whatever trustno hello starwars "
    "computer internet samsung google facebook bitcoin crypto ethereum satoshi blockchain binance exchange wallet "
    "police officer security thinktwice correcthorsebatterystaple qwerty qwertz azerty asdfgh zxcvbn qazwsx "
    "summer winter spring autumn january february march april june july august september october november december "
    "monday tuesday wednesday thursday friday saturday sunday hongkong singapore london macau dubai"
)
COMMON: Final = frozenset(_COMMON_WORDS.split())
"""Words that lists of breached passwords are made of; a password that is little more than one of them is refused."""

_ROWS: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "yxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "1q2w3e4r5t6y7u8i9o0p",
)
_AS_LETTERS: Final = str.maketrans("013457@$!|", "oleastasil")


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether a password was right, and whether its hash should be made anew with today's parameters."""

    is_right: bool
    needs_new_hash: bool = False


def accept_password(text: str, *, about: Iterable[str] = (), field: str = "password") -> str:
    """Return the password as it is hashed (Unicode NFKC, nothing cut off).

    Args:
        text: What the person typed.
        about: The person's name, e-mail address and the operator's name, which a password must not consist of.
        field: What the form calls it.

    Raises:
        InputError: Too short, too long, or one that guessers try first; says which.
    """
    password = unicodedata.normalize("NFKC", text)
    if len(password) < SHORTEST:
        raise InputError.of(
            Phrase("needs at least %(least)s characters; a few random words are easy to remember", least=SHORTEST),
            field=field,
        )
    if len(text) > LONGEST:
        raise InputError.of(Phrase("has more than %(most)s characters", most=LONGEST), field=field)
    if _is_easily_guessed(password, about):
        raise InputError.of(
            "is among the first that guessers try (a common word, a row of keys, a repetition, or your own name)",
            field=field,
        )
    return password


def hash_password(password: str) -> str:
    """Return the argon2id hash of an accepted password, with its parameters and salt."""
    return _HASHER.hash(password)


def check_password(stored: str | None, typed: str) -> Checked:
    """Compare what was typed with a stored hash; without one the same work is done and the answer is no."""
    password = unicodedata.normalize("NFKC", typed[: LONGEST + 1])
    try:
        _HASHER.verify(stored or decoy_hash(), password)
    except (VerificationError, InvalidHashError):
        return Checked(False)
    if stored is None or len(typed) > LONGEST:
        return Checked(False)
    return Checked(True, _HASHER.check_needs_rehash(stored))


@cache
def decoy_hash() -> str:
    """Return the hash that stands in for a missing one; made once, with today's parameters."""
    return _HASHER.hash("a password that no account has")


def _is_easily_guessed(password: str, about: Iterable[str]) -> bool:
    lowered = password.casefold()
    plain = re.sub(r"[\W_]+", "", lowered)
    forms = {plain, plain.translate(_AS_LETTERS), lowered.translate(_AS_LETTERS)}
    words = COMMON | {part for text in about for part in re.split(r"[\W_]+", text.casefold()) if len(part) >= 3}
    return (
        len(set(lowered)) < 5
        or _is_repetition(lowered)
        or _is_mostly_rows(plain)
        or any(_rest_without(form, words) < 5 for form in forms)
    )


def _rest_without(text: str, words: Iterable[str]) -> int:
    """Return how many characters are left when common words, years and runs of digits are taken away."""
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, " ")
    text = re.sub(r"\d{2,}|(.)\1{2,}", " ", text)
    return len(re.sub(r"[\W_]+", "", text))


def _is_repetition(text: str) -> bool:
    """Whether the text is one short piece again and again."""
    return any(text == (text[:size] * (len(text) // size + 1))[: len(text)] for size in range(1, len(text) // 2 + 1))


def _is_mostly_rows(text: str) -> bool:
    """Whether most neighbouring characters are neighbours on a keyboard, in the alphabet or in counting."""
    steps = {pair for row in _ROWS for pair in (*pairwise(row), *pairwise(row[::-1]))}
    pairs = list(pairwise(text))
    return not pairs or sum(pair in steps or pair[0] == pair[1] for pair in pairs) > 0.7 * len(pairs)
