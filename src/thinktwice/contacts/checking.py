"""What somebody of the operator has to do about contacts, before customers lose a number without anybody noticing.

Invariant: a finding hides nothing and forbids nothing by itself; the registry hides what may not be shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from thinktwice.contacts.registry import NEEDS_CALL_BACK, Contact, Contacts
from thinktwice.errors import Fault, Phrase

WARNED_BEFORE: Final = timedelta(days=30)


def contact_findings(contacts: Contacts, codes: Sequence[str], today: date, folder: Path) -> Iterator[Fault]:
    """Yield what to do about the contacts of some jurisdictions, each with file, line and field."""
    for code in codes:
        path = folder / f"{code.lower()}.yaml"
        text = path.read_text("utf-8") if path.is_file() else ""
        for contact in contacts.by_jurisdiction.get(code, ()):
            for field, message in _findings(contact, today):
                yield Fault(message, f"{contact.id}.{field}", str(path), _line(text, contact.id))
        if not contacts.for_jurisdiction(code, today):
            yield Fault(
                Phrase(
                    "customers in %(code)s see no number, only words about people they trust and their local police",
                    code=code,
                ),
                "contacts",
                str(path) if text else str(folder),
                1 if text else None,
            )


def untrue_days(contacts: Contacts, codes: Sequence[str], today: date, folder: Path) -> Iterator[Fault]:
    """Yield each contact of some jurisdictions that says of a day to come that it was checked or called on it."""
    for code in codes:
        path = folder / f"{code.lower()}.yaml"
        text = path.read_text("utf-8") if path.is_file() else ""
        for contact in contacts.by_jurisdiction.get(code, ()):
            for field in contact.done_later_than(today):
                said = Phrase("is a day to come, so nobody has done it and the contact is hidden; write the day it was")
                yield Fault(said, f"{contact.id}.{field}", str(path), _line(text, contact.id))


def _findings(contact: Contact, today: date) -> Iterator[tuple[str, str]]:
    if contact.is_verified and today >= contact.expires:
        yield (
            "expires",
            Phrase(
                "is hidden since %(expires)s; check it at its source and set both days anew", expires=contact.expires
            ),
        )
    elif contact.is_verified and contact.expires - today <= WARNED_BEFORE:
        days = (contact.expires - today).days
        yield (
            "expires",
            Phrase(
                "will be hidden in %(days)s days, on %(expires)s; check it at its source",
                days=days,
                expires=contact.expires,
            ),
        )
    elif contact.source_quality in NEEDS_CALL_BACK and contact.called_back is None:
        yield "called_back", Phrase("is hidden: its source is not the line's own; call it, then record called_back")
    elif not contact.is_verified:
        yield "status", Phrase("is hidden until somebody has confirmed it at an official source")


def _line(text: str, identifier: str) -> int | None:
    found = re.search(rf"^ *- +id: *{re.escape(identifier)} *$", text, re.MULTILINE)
    return text[: found.start()].count("\n") + 1 if found else None
