"""What the client raises; being away is never an error, because it has an answer.

Invariant: no message carries a credential or a customer's data.
"""

from __future__ import annotations

from dataclasses import dataclass


class ClientError(Exception):
    """Everything that this package raises on purpose."""


class InvalidInputError(ClientError, ValueError):
    """What the caller handed over cannot be asked about; a defect of the integration, found before any call."""


class StoreError(ClientError):
    """The local store cannot be read or written."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with what was sent; ``field`` is a dotted path, None when it is the whole body."""

    field: str | None
    message: str


class RejectedError(ClientError):
    """The service works and refuses this very request; it must not execute before the request is corrected.

    ``status`` is 400, 404, 409, 413, 415 or 422; ``faults`` name the fields.
    """

    def __init__(self, status: int, title: str, faults: tuple[Fault, ...] = ()) -> None:
        fields = ", ".join(fault.field or "body" for fault in faults)
        super().__init__(f"{status} {title}" + (f": {fields}" if fields else ""))
        self.status = status
        self.faults = faults
