"""What differs in meaning between two versions or two releases: not bytes, but what a customer sees and who is reached.

Invariants: pure; two packs of the same version have no difference here, however their files are laid out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from thinktwice.campaigns.pack import Pack

_LONGEST: Final = 80


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that changed: where, what it was and what it is, each None where there is nothing."""

    path: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        """Return it in one line."""
        if self.before is None:
            return f"{self.path}: added {self.after}"
        if self.after is None:
            return f"{self.path}: removed {self.before}"
        return f"{self.path}: {self.before} → {self.after}"


def differences(before: bytes, after: bytes) -> tuple[Difference, ...]:
    """Compare two canonical contents, of versions or of releases."""
    return tuple(_compared("", msgspec.json.decode(before), msgspec.json.decode(after)))


def staff_differences(before: Pack, after: Pack) -> tuple[Difference, ...]:
    """Compare what only staff read of two packs, which is part of no version: the title, and who reviewed the words."""
    return tuple(_compared("", _for_staff(before), _for_staff(after)))


def _for_staff(pack: Pack) -> dict[str, Any]:
    return {
        "title": pack.title,
        "reviewed": {locale: message.reviewed for locale, message in pack.messages.items()},
    }


def _compared(path: str, before: Any, after: Any) -> Iterator[Difference]:
    if before == after:
        return
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for name in sorted({*before, *after}):
            yield from _compared(f"{path}.{name}" if path else name, before.get(name), after.get(name))
    elif _are_named(before) and _are_named(after):
        yield from _compared(path, {one["name"]: one for one in before}, {one["name"]: one for one in after})
    else:
        yield Difference(path, _short(before), _short(after))


def _are_named(value: Any) -> bool:
    """Whether it is a list of things that have names of their own, such as contacts."""
    if not isinstance(value, list) or not all(isinstance(one, Mapping) and "name" in one for one in value):
        return False
    return len({one["name"] for one in value}) == len(value)


def _short(value: Any) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
