"""The errors every package shares.

Invariant: an error says what was wrong, where, and what would be right. HTTP status codes do not live
here; the edge maps error types to problem documents.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with something that came from outside.

    ``where`` is a file path or the name of a request; ``line`` is 1-based; ``field`` is a dotted path
    such as ``customer.jurisdiction``.
    """

    message: str
    field: str | None = None
    where: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        """Return ``where:line: field: message`` with the unknown parts left out."""
        place = ":".join(str(part) for part in (self.where, self.line) if part is not None)
        return ": ".join(part for part in (place, self.field, self.message) if part)


class ThinkTwiceError(Exception):
    """Root of all errors that a caller of ThinkTwice may handle."""


class InputError(ThinkTwiceError):
    """Something from outside cannot be used; ``faults`` says what, where and what would be right."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = faults

    @classmethod
    def of(
        cls, message: str, *, field: str | None = None, where: str | None = None, line: int | None = None
    ) -> InputError:
        """Build an error with one fault."""
        return cls(Fault(message, field, where, line))


class ConflictError(ThinkTwiceError):
    """The same key came before with another body."""


class NotFoundError(ThinkTwiceError):
    """Nothing is known under this name."""


class UnavailableError(ThinkTwiceError):
    """What was asked cannot be made durable right now, so it is refused."""


class StateError(ThinkTwiceError):
    """What was asked does not fit how things stand now; nothing was changed."""


class SecondPersonError(ThinkTwiceError):
    """Another named person has to do this: one alone may not."""
