"""Typed fields of a mapping in a file, with every fault collected instead of the first one raised.

Invariant: a reader that found a fault has added it to the shared list and returns a stand-in, so the caller reads
on and refuses the whole file at the end; a stand-in never leaves a file that had a fault.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from thinktwice.contacts.document import Entry
from thinktwice.errors import Fault, Phrase

_INTEGER: Final = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_DECIMAL: Final = re.compile(r"(0|[1-9][0-9]{0,8})(\.[0-9]{1,9})?")
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})")


def nearest(name: str, known: Collection[str]) -> str:
    """Return `` (did you mean …?)`` for a name close to a known one, else the list of known names."""
    close = difflib.get_close_matches(name, known, n=1)
    return (
        Phrase("; did you mean %(close)s?", close=close[0])
        if close
        else Phrase("; known: %(choices)s", choices=", ".join(sorted(known)))
    )


@dataclass(frozen=True, slots=True)
class Form:
    """A shape that a text must have, and how to say so."""

    pattern: re.Pattern[str]
    says: str


NAME: Final = Form(re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*"), "write lower-case letters, digits, - and _")


class Fields:
    """The fields of one mapping; anything not in ``known`` is a fault with the nearest known name."""

    def __init__(self, entry: Entry, known: Collection[str], faults: list[Fault]) -> None:
        self._entry = entry
        self._faults = faults
        self._fields: Mapping[str, Entry] = {}
        if not isinstance(entry.value, Mapping):
            faults.append(entry.fault("write fields here, one a line, as name: value"))
            return
        self._fields = entry.value
        for name, found in self._fields.items():
            if name not in known:
                faults.append(found.fault(Phrase("is not a field here%(known)s", known=nearest(name, known))))

    @property
    def names(self) -> tuple[str, ...]:
        """The names given, in the order of the file."""
        return tuple(self._fields)

    def fault(self, name: str, message: str) -> None:
        """Add a fault at one field, or at the mapping when the field is absent."""
        self._faults.append(self.place(name, message))

    def place(self, name: str, message: str) -> Fault:
        """Return a fault at one field without adding it."""
        found = self._fields.get(name)
        if found is not None:
            return found.fault(message)
        path = f"{self._entry.field}.{name}" if self._entry.field else name
        return Fault(message, path, self._entry.where, self._entry.line)

    def entry(self, name: str) -> Entry | None:
        """Return the field, or None when it is absent or says nothing."""
        found = self._fields.get(name)
        return None if found is None or found.value is None else found

    def _scalar(self, name: str, *, required: bool) -> str | None:
        found = self.entry(name)
        if found is None:
            if required:
                self.fault(name, "is missing")
            return None
        if not isinstance(found.value, str):
            self.fault(name, "write one value here")
            return None
        return found.value.strip()

    def text(self, name: str, *, form: Form | None = None, longest: int = 200) -> str:
        """Return a text that must be there."""
        return self._text(name, form, longest, required=True) or ""

    def optional_text(self, name: str, *, form: Form | None = None, longest: int = 200) -> str | None:
        """Return a text, or None when it is absent."""
        return self._text(name, form, longest, required=False)

    def _text(self, name: str, form: Form | None, longest: int, *, required: bool) -> str | None:
        found = self._scalar(name, required=required)
        if found is None:
            return None
        if not found or len(found) > longest:
            self.fault(name, Phrase("write 1 to %(most)s characters", most=longest))
        elif form is not None and not form.pattern.fullmatch(found):
            self.fault(name, form.says)
        return found

    def choice(self, name: str, options: Collection[str]) -> str:
        """Return one of the words; the first of ``options`` stands in after a fault."""
        found = self._scalar(name, required=True)
        if found is not None and found in options:
            return found
        if found is not None:
            self.fault(name, Phrase("write one of %(choices)s", choices=", ".join(options)))
        return next(iter(options))

    def flag(self, name: str) -> bool:
        """Return true or false; absent means false."""
        found = self._scalar(name, required=False)
        if found not in (None, "true", "false"):
            self.fault(name, "write true or false")
        return found == "true"

    def integer(self, name: str, lowest: int, highest: int) -> int:
        """Return a whole number that must be there, within the bounds."""
        return self._integer(name, lowest, highest, required=True) or lowest

    def optional_integer(self, name: str, lowest: int, highest: int) -> int | None:
        """Return a whole number within the bounds, or None when it is absent."""
        return self._integer(name, lowest, highest, required=False)

    def _integer(self, name: str, lowest: int, highest: int, *, required: bool) -> int | None:
        found = self._scalar(name, required=required)
        if found is None:
            return None
        if not _INTEGER.fullmatch(found) or not lowest <= int(found) <= highest:
            self.fault(
                name, Phrase("write a whole number from %(lowest)s to %(highest)s", lowest=lowest, highest=highest)
            )
            return lowest
        return int(found)

    def decimal(self, name: str, lowest: Decimal, highest: Decimal) -> Decimal:
        """Return a decimal number that must be there, within the bounds; never through a float."""
        found = self._scalar(name, required=True)
        if found is None:
            return lowest
        if not _DECIMAL.fullmatch(found) or not lowest <= Decimal(found) <= highest:
            self.fault(
                name,
                Phrase("write a number from %(lowest)s to %(highest)s, such as 0.10", lowest=lowest, highest=highest),
            )
            return lowest
        return Decimal(found)

    def moment(self, name: str, *, required: bool = True) -> datetime | None:
        """Return a time with its offset from UTC, or None when it is absent or wrong."""
        found = self._scalar(name, required=required)
        if found is None:
            return None
        try:
            if _MOMENT.fullmatch(found):
                return datetime.fromisoformat(found)
        except ValueError:
            pass
        self.fault(name, "write a time with its offset, such as 2026-12-01T00:00:00+08:00")
        return None

    def day(self, name: str) -> date:
        """Return a calendar day that must be there."""
        found = self._scalar(name, required=True)
        if found is None:
            return date.min
        try:
            if _DAY.fullmatch(found):
                return date.fromisoformat(found)
        except ValueError:
            pass
        self.fault(name, "write a day as 2026-11-30")
        return date.min

    def texts(self, name: str, *, required: bool = True, form: Form | None = None) -> tuple[str, ...]:
        """Return a list of texts without repetitions."""
        found: list[str] = []
        for item in self.entries(name, required=required):
            if not isinstance(item.value, str) or not item.value.strip():
                self._faults.append(item.fault("write one value here"))
            elif form is not None and not form.pattern.fullmatch(item.value):
                self._faults.append(item.fault(form.says))
            elif item.value in found:
                self._faults.append(item.fault(Phrase("%(value)s is given twice", value=item.value)))
            else:
                found.append(item.value)
        return tuple(found)

    def entries(self, name: str, *, required: bool = True) -> tuple[Entry, ...]:
        """Return the items of a list."""
        found = self.entry(name)
        if found is None:
            if required:
                self.fault(name, "is missing; write a list")
            return ()
        if not isinstance(found.value, tuple):
            self.fault(name, "write a list, such as [a, b]")
            return ()
        return found.value

    def group(self, name: str, known: Collection[str] | None, *, required: bool = False) -> Fields | None:
        """Return the fields below one name, or None when it is absent; ``known`` None allows any name."""
        found = self.entry(name)
        if found is None:
            if required:
                self.fault(name, "is missing")
            return None
        if known is None:
            known = found.value.keys() if isinstance(found.value, Mapping) else ()
        return Fields(found, known, self._faults)
