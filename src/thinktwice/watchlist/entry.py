"""One statement of one list, as read from a file and before anything is decided about it.

Invariant: an entry is a whole statement with the line it stands on; what could not be read is a ``Fault``, never half
an entry.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from thinktwice.errors import Fault, Phrase
from thinktwice.records.vocabulary import Disposition, IndicatorKind

MAX_ADDRESS = 256
"""The longest text taken for an address; the same bound as at the API."""

MAX_TEXT = 1_000
"""Labels and references are cut here; they are shown, never matched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An address as a list writes it; None means that the list does not say.

    ``asset`` is the list's own code or network name; ``kind_word`` is a word of the source that maps to no kind.
    """

    address: str
    line: int
    kind: IndicatorKind | None = None
    kind_word: str | None = None
    confidence: int | None = None
    disposition: Disposition | None = None
    memo: str | None = None
    asset: str | None = None
    label: str | None = None
    reference: str | None = None
    listed_at: date | None = None
    expires_at: datetime | None = None


Reading = Iterator[Entry | Fault]
"""What a format yields, in the order of the file."""


def address_problem(text: str) -> str | None:
    """Say what keeps a text from being any address, or None; whether it decodes is asked elsewhere."""
    if not text:
        return Phrase("an address is missing")
    if len(text) > MAX_ADDRESS:
        return Phrase("no address is longer than %(most)s characters", most=MAX_ADDRESS)
    if any(char.isspace() or not char.isprintable() for char in text):
        return Phrase("an address holds no spaces and no control characters")
    return None


def read_date(text: str) -> date:
    """Read an ISO 8601 date, or the date part in UTC of an ISO 8601 time.

    Raises:
        ValueError: the text is neither.
    """
    trimmed = text.strip()
    return date.fromisoformat(trimmed) if len(trimmed) == len("2026-01-31") else read_time(trimmed).date()


def read_time(text: str) -> datetime:
    """Read an ISO 8601 time; without a zone it is UTC, a bare date is the beginning of that day in UTC.

    Raises:
        ValueError: the text is no such time.
    """
    trimmed = text.strip()
    if len(trimmed) == len("2026-01-31"):
        return datetime.combine(date.fromisoformat(trimmed), time(), UTC)
    read = datetime.fromisoformat(trimmed)
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(UTC)


def shown(text: str | None) -> str | None:
    """Return a label fit to be stored: trimmed, cut at ``MAX_TEXT``, None when empty."""
    trimmed = (text or "").strip()[:MAX_TEXT]
    return trimmed or None
