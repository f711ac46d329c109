"""E-mail addresses and names of people, in the one spelling under which they are stored and compared.

Invariants: pure; two spellings that reach the same mailbox by common rules (letter case, width, composed letters,
international domains) are one address here; what could be read as another address (letters of several scripts,
invisible or direction-changing characters) is refused, so that nobody is invited under a name that only looks like a
colleague's.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from thinktwice.errors import InputError

EMAIL_LENGTH: Final = 254
"""RFC 5321: the longest path that mail can be sent to."""

NAME_LENGTH: Final = 80

_LOCAL: Final = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*")
_LABEL: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_LETTERED: Final = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "HEBREW", "ARABIC", "DEVANAGARI", "THAI", "GEORGIAN")
_HAN: Final = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO")


def read_email(text: str, *, field: str = "email") -> str:
    """Return the address in its one spelling: compatibility-composed, lower case, the domain in ASCII.

    Raises:
        InputError: It is no address, or one that can be taken for another.
    """
    plain = unicodedata.normalize("NFKC", text.strip()).casefold()
    if not _is_plain(plain) or len(plain) > EMAIL_LENGTH:
        raise InputError.of("is an e-mail address of at most 254 visible characters", field=field)
    local, at, domain = plain.rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or len(local.encode()) > 64:
        raise InputError.of("is an e-mail address such as ada@example.org", field=field)
    for part in (local, *domain.split(".")):
        if len(_scripts(part)) > 1:
            raise InputError.of(
                "mixes letters of several alphabets, so it could be read as another address", field=field
            )
    return f"{local}@{_ascii_domain(domain, field)}"


def read_name(text: str, *, field: str = "name") -> str:
    """Return a person's name: composed, single spaces.

    Raises:
        InputError: Empty, longer than 80 characters, or with invisible characters.
    """
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if not 1 <= len(name) <= NAME_LENGTH or not _is_plain(name, spaces=True):
        raise InputError.of("is 1 to 80 visible characters", field=field)
    return name


def _ascii_domain(domain: str, field: str) -> str:
    """Return the domain as DNS knows it."""
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        ascii_domain = ""
    labels = ascii_domain.split(".")
    if len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)):
        raise InputError.of("has no domain such as example.org after the @", field=field)
    return ascii_domain


def _is_plain(text: str, *, spaces: bool = False) -> bool:
    """Whether every character is visible by itself: no control, format, private or unassigned ones."""
    return all(
        (char == " " and spaces) or unicodedata.category(char)[0] not in "CZ" for char in text
    ) and not unicodedata.combining(text[:1] or "a")


def _scripts(text: str) -> set[str]:
    """Return the alphabets of the letters; Han, kana, bopomofo and hangul are written together."""
    found = set()
    for char in text:
        if char.isalpha():
            word = unicodedata.name(char, "OTHER").split()[0].split("-")[0]
            found.add("EAST ASIAN" if word in _HAN else word if word in _LETTERED else f"OTHER {word}")
    return found
