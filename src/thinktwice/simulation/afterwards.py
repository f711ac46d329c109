"""What happens because of an alert and would not have happened without it.

Invariants: whatever is written here has a withdrawal id that says from which one it comes (``~`` and a word), or is a
second attempt of it; displaced payments of a scam are labelled as often as any other, whatever the arm.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any, Final

from thinktwice.records.decision import Decision
from thinktwice.records.withdrawal import Withdrawal
from thinktwice.simulation.addresses import make_address
from thinktwice.simulation.behaviour import Reaction
from thinktwice.simulation.wire import Body, event, stamp
from thinktwice.simulation.world import Cast

KEPT_BACK: Final = Decimal("0.4")
"""Who sends less sends this share of what was asked for."""

DERIVED: Final = "~"


class Afterwards:
    """Remembers what was asked for and what was paid, as far as consequences need it."""

    def __init__(self, cast: Cast) -> None:
        self._cast = cast
        self._asked: dict[str, bytes] = {}
        self._paid: dict[str, dict[str, Any]] = {}

    def remember(self, withdrawal: Withdrawal, body: bytes) -> None:
        """Keep what was asked for, where somebody may react to it."""
        if self._cast.subject(withdrawal.withdrawal_id):
            self._asked[withdrawal.withdrawal_id] = body

    def note_paid(self, withdrawal_id: str) -> None:
        """Keep the first destination that a customer has paid on their own account: there they could pay instead."""
        body = self._asked.pop(withdrawal_id, None)
        if body is not None and self._cast.subject(withdrawal_id) == "genuine":
            paid = json.loads(body)
            where = {name: paid[name] for name in ("asset", "network", "destination")}
            self._paid.setdefault(paid["customer"]["id"], where)

    def of(self, decision: Decision, reaction: Reaction) -> Iterator[Body]:
        """Yield what follows from a reaction, as lines of the history, in no order."""
        name, asked = decision.withdrawal_id, self._asked.get(decision.withdrawal_id)
        if asked is None:
            return
        random, then = self._cast.random(f"{name}.{decision.attempt}", "afterwards"), decision.decided_at
        if reaction.choice != "go_on":
            end = then + timedelta(seconds=60)
            yield event(random, "withdrawal.cancelled", end, withdrawal_id=name, attempt=decision.attempt)
        body = json.loads(asked)
        if reaction.choice == "reduce":
            yield from self._reduced(random, decision, body)
        elif reaction.choice == "redirect" and body["customer"]["id"] in self._paid:
            elsewhere = body | self._paid[body["customer"]["id"]] | {"withdrawal_id": f"{name}~known"}
            yield from _pay(random, elsewhere, then + timedelta(minutes=random.uniform(5, 600)))
        elif reaction.choice == "displace" and DERIVED not in name:
            yield from self._displaced(random, name, body, then)
        for label in reaction.said:
            at = then + timedelta(hours=random.uniform(1, 40))
            facts = {"withdrawal_id": name, "attempt": decision.attempt, "label": label, "source": "customer_service"}
            yield event(random, "outcome.labelled", at, **facts)
        if reaction.is_prompted:
            at = then + timedelta(days=random.uniform(1, 6))
            facts = {"withdrawal_id": name, "attempt": decision.attempt, "label": "scam", "source": "customer"}
            yield event(random, "scam.reported", at, **facts)

    def _reduced(self, random: Random, decision: Decision, body: Body) -> Iterator[Body]:
        for field in ("amount", "fiat_amount"):
            places = Decimal(body[field]).as_tuple().exponent
            body[field] = str((Decimal(body[field]) * (1 - KEPT_BACK)).quantize(Decimal(1).scaleb(int(places))))
        body["attempt"] = decision.attempt + 1
        yield from _pay(random, body, decision.decided_at + timedelta(minutes=random.uniform(2, 9)))

    def _displaced(self, random: Random, name: str, body: Body, then: datetime) -> Iterator[Body]:
        """The same scam names another address and is paid there."""
        destination = body["destination"] | {"address": make_address(random, body["network"]), "saved_at": None}
        elsewhere = body | {"withdrawal_id": f"{name}~new", "destination": destination}
        at = then + timedelta(days=random.uniform(0.2, 4))
        yield from _pay(random, elsewhere, at)
        if random.random() < self._cast.reported_scams:
            facts = {"withdrawal_id": f"{name}~new", "attempt": 1, "label": "scam", "source": "police"}
            yield event(random, "outcome.labelled", at + timedelta(days=random.uniform(2, 12)), **facts)


def _pay(random: Random, body: Body, at: datetime) -> Iterator[Body]:
    """Ask for a withdrawal, and see it leave some minutes later."""
    yield body | {"initiated_at": stamp(at)}
    facts = {"withdrawal_id": body["withdrawal_id"], "attempt": body["attempt"]}
    yield event(random, "withdrawal.completed", at + timedelta(minutes=random.uniform(1, 15)), **facts)
