"""A customer of 74, held for an urgent hospital bill: why, until when, how soon answered, by whom let go, and counted.

The same in a browser: ``tests/browser/console/test_hold_resolved.py``.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.support.hosted import hosted
from tests.support.intervention_room import Room
from tests.support.world import NEW_DESTINATION, START, policy
from thinktwice.alerts.words import WORDS
from thinktwice.errors import SecondPersonError
from thinktwice.interventions.waiting import HOLD_WITHIN
from thinktwice.lake.history import open_history
from thinktwice.lake.service import Lake
from thinktwice.measurement.analysis.campaign import analyse
from thinktwice.measurement.analysis.plan import exact_shares
from thinktwice.measurement.analysis.records import CampaignAnalysis, Declared
from thinktwice.outcomes.held import HeldCount, held
from thinktwice.outcomes.rows import find_outcomes
from thinktwice.outcomes.rules import OutcomeRules
from thinktwice.records.catalogue import CATALOGUE
from thinktwice.records.decision import Decision

AUDIENCE = "NOT is_established_destination AND fiat_amount >= 10000 AND age_band = '70+'"
ELDERS = policy(priority=60, audience=AUDIENCE, intervention="hold", frequency_cap=None, partners=())
SAID = WORDS["en"].waiting
MOTHER: dict[str, Any] = {"customer__id": "c-74", "customer__age_band": "70+", "customer__locale": "en"}


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path, (ELDERS, NEW_DESTINATION))
    yield made
    made.close()


def analysed(room: Room) -> CampaignAnalysis:
    declared = Declared(
        campaign=ELDERS.id, experiment=ELDERS.experiment, shares=exact_shares(ELDERS.holdout, ELDERS.arms)
    )
    with open_history(Lake(room.world.folder / "lake"), room.reader, CATALOGUE) as history:
        return analyse(history, declared, room.world.now)


def released(room: Room, decision: Decision) -> None:
    room.desk.resolve(room.first, decision.decision_id, "release", "an urgent, genuine bill", contact=room.contact())
    room.carrier.carry()
    room.desk.resolve(room.second, decision.decision_id, "release", "rang the hospital as well")
    room.carrier.carry()


def test_a_hospital_bill_from_the_hold_to_the_guardrail(room: Room) -> None:
    """One story over the deciding service, the customer's page, the desk and the report.

    Age alone holds nobody: a smaller sum at the same age and the same sum at another age are not held. The page names
    the end, the class of reasons and the appeal, and nothing about age. A person rings within the target, one alone
    ends nothing, two release it, nothing executes by itself, and the release counts against the campaign.
    """
    world = room.world
    decision = world.decide(withdrawal_id="w-hospital", **MOTHER)
    hold = decision.hold
    assert decision.action == "hold"
    assert hold is not None
    assert (hold.until, hold.reason_class, hold.appeal) == (
        START + timedelta(hours=24),
        "customer_protection",
        "in_app",
    )
    small = world.decide(customer__id="c-2", customer__age_band="70+", amount="150", fiat_amount="150")
    younger = world.decide(customer__id="c-3", customer__age_band="30-39")
    assert "hold" not in {small.action, younger.action}

    with hosted(world) as site:
        page = site.page(decision)
        assert SAID.hold_headline in page
        assert "21 November 2026, 20:00 (Hong Kong Time)" in page
        assert SAID.appeal in page
        assert not {"70", "age", "74"} & set(page.lower().split())
        room.tell_time(minutes=5)
        assert site.send(decision, "help", about="appeal") in {200, 303}

    room.tell_time(minutes=45)
    ((waiting, _, appealed_at),) = room.desk.queue(room.first)
    assert waiting.due_at == START + HOLD_WITHIN
    assert appealed_at == START + timedelta(minutes=5)
    room.desk.note(
        room.first, decision.decision_id, "contact", "Rang the number on file; the hospital's own bill.", "reached"
    )
    room.desk.note(room.first, decision.decision_id, "disposition", "The hospital confirmed its address.", "genuine")
    answer, appeal = room.answers.since(START)
    assert (appeal.kind, appeal.since, appeal.answered_at) == ("appeal", appealed_at, None)
    assert (answer.answered_at, answer.standing(world.now)) == (START + timedelta(minutes=50), "in_time")
    assert room.desk.service(room.first)[0].kinds[0].share == 1.0

    room.desk.resolve(room.first, decision.decision_id, "release", "an urgent, genuine bill", contact=room.contact())
    room.carrier.carry()
    with pytest.raises(SecondPersonError):
        room.desk.resolve(room.first, decision.decision_id, "release", "me again, really")
    assert world.clear(decision).status == "held"
    room.desk.resolve(room.second, decision.decision_id, "release", "rang the hospital as well")
    room.carrier.carry()
    assert not world.clear(decision).is_cleared
    third = room.office.person("p-3", "compliance", "intervention_handler")
    room.desk.note(third, decision.decision_id, "appeal_decided", "Granted: two of us ended the hold.", "upheld")
    assert [one.standing(world.now) for one in room.answers.since(START)] == ["in_time", "in_time"]
    assert room.desk.find(third, decision.decision_id).open_appeal is None
    assert world.decide(withdrawal_id="w-again", **MOTHER).action == "alert"

    world.pass_time(days=7)
    with open_history(Lake(world.folder / "lake"), room.reader, CATALOGUE) as history:
        found = held(find_outcomes(history, OutcomeRules(), world.now), ELDERS.experiment)
    assert found == (HeldCount(arm=None, customers=1, released=1),)
    (one,) = [check for check in analysed(room).guardrails if check.name == "released_early"]
    assert (one.result.standing, one.result.reason) == (
        "open", "fewer than 10 customers were held and have a closed window"
    )  # fmt: skip


def test_many_such_releases_turn_the_verdict(room: Room) -> None:
    """Twelve customers of that age are held and released: the guardrail is broken, though nobody is in an arm."""
    decisions = [
        room.world.decide(customer__id=f"c-{number}", customer__age_band="70+", fiat_amount="20000", amount="20000")
        for number in range(12)
    ]
    room.tell_time(hours=1)
    for decision in decisions:
        released(room, decision)
    room.world.pass_time(days=7)
    found = analysed(room)
    (one,) = [check for check in found.guardrails if check.name == "released_early"]
    assert one.result.standing == "broken"
    assert {level.arm: level.level.n for level in found.releases if level.level} == {"outside": 12, "all": 12}
    assert Decimal(str(one.margin)) == Decimal("0.2")
