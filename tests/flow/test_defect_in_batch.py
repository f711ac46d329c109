"""One item nobody foresaw fails alone, and leaves nothing behind."""

from __future__ import annotations

import json
from pathlib import Path

from msgspec.structs import replace

from tests.support.world import World, request
from thinktwice.decisions.asks import Decide, Note
from thinktwice.errors import UnavailableError
from thinktwice.records.decision import Decision


def test_a_defect_in_the_middle_of_a_turn_takes_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    """The neighbours in the batch are answered as if the failed item had never come."""
    world = World(tmp_path)
    try:
        first = world.decide()
        completed = {
            "event_id": "e-broken",
            "type": "withdrawal.completed",
            "occurred_at": world.now.isoformat(),
            "withdrawal_id": first.withdrawal_id,
        }
        event = world.events.event(json.dumps(completed).encode(), now=world.now)
        broken = Note(replace(event, label="\ud800"))  # the state is changed, then the record cannot be encoded
        before, after = (
            Decide(world.intake.withdrawal(json.dumps(request(name)).encode(), now=world.now))
            for name in ("w-before", "w-after")
        )
        answers = world.service.handle([before, broken, after])
        assert [type(answer) for answer in answers] == [Decision, UnavailableError, Decision]
        decision = answers[2]
        assert isinstance(decision, Decision)
        assert decision.explanation.signals["withdrawals_24h"] == 2
        assert decision.explanation.signals["is_first_time_destination"] is True
        again = world.events.event(json.dumps(completed).encode(), now=world.now)
        assert world.ask(Note(again)).status == "recorded"  # the id was not taken by the attempt that failed
    finally:
        world.close()
