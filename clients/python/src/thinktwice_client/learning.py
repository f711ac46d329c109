"""What an answer of the service teaches for the time in which it is away; pure.

Invariant: whatever is not ``proceed`` or ``cleared`` leaves a mark that lets no money go without the service.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from thinktwice_client.records import Action, ClearanceStatus
from thinktwice_client.store import Told, Word
from thinktwice_client.withdrawals import Asked

_TOLD: Final[Mapping[Action | ClearanceStatus, Told]] = {
    "hold": "hold",
    "refer": "hold",
    "block": "hold",
    "held": "hold",
    "referred": "hold",
    "blocked": "hold",
    "alert": "alert",
    "open": "alert",
    "expired": "alert",
    "cancelled": "alert",
    "cleared": "cleared",
    "proceed": "proceed",
}
_OF_THE_ATTEMPT: Final = frozenset({"expired", "cancelled"})
"""They end one attempt, and say nothing of the next one to the same destination."""


def words_of(asked: Asked, answer: Action | ClearanceStatus, stamp: int) -> list[Word]:
    """Return what to remember of an action or a clearance; ``stamp`` is when it was given."""
    told = _TOLD[answer]
    of_attempt = Word((asked.attempt_key,), stamp, told)
    return [of_attempt] if answer in _OF_THE_ATTEMPT else [of_attempt, Word(asked.hold_keys, stamp, told)]
