"""Whether a decided withdrawal may execute: the only authority before money leaves, as one state machine.

Invariants: derived from what is recorded, never from what a browser says alone; ``FIRST`` and ``TABLE`` are the whole
machine, and what they do not list changes nothing; whatever stands against the withdrawal now wins over what was
decided then; only ``continued`` leads to *cleared*, and only from *open*; an answer lapses 24 hours after the decision.
A hold belongs to (customer, destination) and therefore meets every withdrawal between the two.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, Literal

from thinktwice.records.clearance import Clearance
from thinktwice.records.decision import Decision
from thinktwice.records.vocabulary import Action, ClearanceStatus, Disposition, is_stronger
from thinktwice.signals.memory import OPEN_ALERT_MEMORY
from thinktwice.signals.state import CustomerHold, CustomerState, micros, moment

LIFE: Final = timedelta(hours=24)

Act = Literal[
    "continued",
    "hold_over",
    "outdone",
    "changed",
    "completed",
    "known_bad_since",
    "lapsed",
    "forgotten",
    "held",
    "referred",
    "superseded",
    "stopped",
    "listed_block",
]
"""What may have happened to a withdrawal, or stand at its destination, in the order in which it is considered.

``hold_over``: a hold came after the decision, or was its answer, and has ended; ``outdone``: a stronger alert came at
its destination before the customer went past this one; ``stopped``: cancelled or reported, by
whomever; ``superseded``: another attempt took its place; ``completed``: the money left, with whichever attempt, and
an attempt decided after that is another payment;
``forgotten``: nothing is remembered of it any more.
"""

FIRST: Final[Mapping[Action, ClearanceStatus]] = MappingProxyType(
    {"proceed": "cleared", "alert": "open", "hold": "held", "refer": "referred", "block": "blocked"}
)
"""Where a withdrawal starts: what its decision says."""

_SCREEN_AGAIN: Final[Mapping[Act, ClearanceStatus]] = {
    "hold_over": "expired",
    "changed": "expired",
    "completed": "expired",
    "known_bad_since": "expired",
    "lapsed": "expired",
    "forgotten": "expired",
}
_AGAINST: Final[Mapping[Act, ClearanceStatus]] = {
    "held": "held",
    "referred": "referred",
    "superseded": "cancelled",
    "stopped": "cancelled",
    "listed_block": "blocked",
}

TABLE: Final[Mapping[ClearanceStatus, Mapping[Act, ClearanceStatus]]] = MappingProxyType(
    {
        "open": {"continued": "cleared", "outdone": "expired", **_SCREEN_AGAIN, **_AGAINST},
        "cleared": {**_SCREEN_AGAIN, **_AGAINST},
        "held": {**_SCREEN_AGAIN, **_AGAINST},
        "referred": {**_SCREEN_AGAIN, **_AGAINST},
        "expired": _AGAINST,
        "cancelled": {"listed_block": "blocked"},
        "blocked": {},
    }
)
"""Where each act leads from each state. Nothing leads out of *blocked*; nothing but *open* leads to *cleared*."""


def clear(decision: Decision, state: CustomerState, disposition: Disposition | None, now: datetime) -> Clearance:
    """Return the clearance of one decision.

    ``disposition`` is what the watchlist says of the destination now, None where it says nothing.
    """
    status = FIRST[decision.action]
    hold = state.hold_at(decision.match_key, micros(now))
    for act in _acts(decision, state, hold, disposition, now):
        status = TABLE[status].get(act, status)
    until = None
    if status == "held" and hold is not None and hold.until:
        until = moment(hold.until)
    elif status in ("open", "cleared"):
        until = decision.decided_at + LIFE
    return Clearance(is_cleared=status == "cleared", status=status, until=until)


def _acts(
    decision: Decision, state: CustomerState, hold: CustomerHold | None, disposition: Disposition | None, now: datetime
) -> Iterator[Act]:
    """Yield what has happened, in the order of ``Act``: later ones are considered last and therefore win."""
    latest = state.withdrawal(decision.withdrawal_id)
    past = latest if latest is not None and latest.decision_id == decision.decision_id else None
    happened: dict[Act, object] = {
        "continued": past and past.continued_at,
        "hold_over": _is_hold_over(decision, state, hold, micros(now)),
        "outdone": is_outdone(decision, state, now),
        "changed": past and past.changed_at,
        "completed": _has_left(decision, state),
        "known_bad_since": disposition == "warn" and not decision.explanation.is_known_bad,
        "lapsed": now >= decision.decided_at + LIFE,
        "forgotten": latest is None,
        "held": hold is not None and hold.rung != "refer",
        "referred": hold is not None and hold.rung == "refer",
        "superseded": latest is not None and past is None,
        "stopped": past and (past.cancelled_at or past.reported_at),
        "listed_block": disposition == "block",
    }
    return (act for act, is_so in happened.items() if is_so)


def is_outdone(decision: Decision, state: CustomerState, now: datetime) -> bool:
    """Tell whether a stronger alert than this one stands open at its destination, made after it."""
    rung = decision.intervention
    if decision.action != "alert" or rung is None:
        return False
    since, oldest = micros(decision.decided_at), micros(now) - OPEN_ALERT_MEMORY
    return any(
        one.match_key == decision.match_key and one.at > max(since, oldest) and is_stronger(one.rung, rung)
        for one in state.open_alerts
    )


def _has_left(decision: Decision, state: CustomerState) -> bool:
    decided_at = micros(decision.decided_at)
    return any(
        one.withdrawal_id == decision.withdrawal_id and one.completed_at >= decided_at for one in state.withdrawals
    )


def _is_hold_over(decision: Decision, state: CustomerState, standing: CustomerHold | None, now: int) -> bool:
    """Tell whether a hold that bore on this decision has ended: nothing executes by itself then (rule 5)."""
    if decision.action in ("hold", "refer"):
        return standing is None
    decided_at = micros(decision.decided_at)
    return any(
        hold.match_key == decision.match_key and hold.started_at >= decided_at and not hold.stands_at(now)
        for hold in state.holds
    )
