"""Holds that staff ended early count against the campaign: a share of those held, honest where it is of few."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from tests.support.campaign_world import BEGIN, PLAN, CampaignWorld
from tests.support.outcomes_by_hand import history_of
from tests.support.report_pages import SETTING, read_page
from thinktwice.measurement.analysis.campaign import analyse
from thinktwice.measurement.analysis.records import CampaignAnalysis, GuardrailCheck
from thinktwice.measurement.estimators.answers import CannotTell, Estimate
from thinktwice.measurement.report.document import render
from thinktwice.records.preregistration import Preregistration

WORLD = CampaignWorld(customers=60)
FIRST = 100_000
"""The sequence number of what is added, after everything else and later than it."""
LATE = BEGIN + timedelta(days=80)


def analysed(customers: int, ended: int, plan: Preregistration = PLAN) -> CampaignAnalysis:
    tables = WORLD.tables()
    for number in range(customers):
        name = f"held{number}"
        shared = {"withdrawal_id": name, "attempt": 1, "customer_ref": name, "is_test": False}
        tables["decisions"].append(
            shared | {"seq": FIRST + number, "recorded_at": LATE, "decided_at": LATE, "decision_id": f"d-{name}",
                      "destination_key": name, "match_key": name, "action": "hold", "arm": None, "is_trigger": True,
                      "experiment": "e", "campaign": "hk", "version": "v1", "release": "r1", "is_known_bad": False,
                      "alert_id": f"al-{name}", "is_notice": False, "reasons": ["campaign:hk", "outside_holdout"],
                      "fiat_amount": "900", "fiat_currency": "USD", "jurisdiction": "HK", "age_band": "70+"}
        )  # fmt: skip
    tables["resolutions"] = [
        {"seq": 2 * FIRST + number, "recorded_at": LATE + timedelta(hours=2), "is_test": False, "act_id": f"r{number}",
         "decision_id": f"d-held{number}", "customer_ref": f"held{number}", "resolution": "release",
         "status": "released"}
        for number in range(ended)
    ]  # fmt: skip
    with history_of(tables) as history:
        return analyse(history, WORLD.declared(plan), WORLD.until)


def guardrail(found: CampaignAnalysis) -> GuardrailCheck:
    (one,) = [one for one in found.guardrails if one.name == "released_early"]
    return one


def test_many_ended_early_break_it_and_are_harm() -> None:
    """30 of 60 against a margin of 20 %: broken, and the verdict is harm; it stops only where the plan says so."""
    found = analysed(60, 30)
    one = guardrail(found)
    assert (one.margin, one.is_declared, one.result.standing, one.comparison) == (0.2, False, "broken", None)
    assert isinstance(one.result.answer, Estimate)
    assert one.result.answer.value == 0.5
    assert one.result.answer.is_anytime
    assert (found.verdict.standing, found.verdict.must_stop) == ("harms", False)
    told = {**PLAN.margins, "released_early": Decimal("0.25")}
    strict = analysed(60, 30, msgspec.structs.replace(PLAN, margins=told, stop_for_harm=("released_early",)))
    assert (guardrail(strict).margin, guardrail(strict).is_declared, strict.verdict.must_stop) == (0.25, True, True)


@pytest.mark.parametrize(("customers", "ended", "standing"), [(60, 12, "open"), (400, 20, "holds")])
def test_it_holds_only_when_the_whole_interval_is_better(customers: int, ended: int, standing: str) -> None:
    """A fifth of 60 is open at a margin of a fifth; 5 % of 400 holds."""
    assert guardrail(analysed(customers, ended)).result.standing == standing


def test_of_few_nothing_is_told() -> None:
    """With nine customers held the guardrail is open, and neither report nor record has their number."""
    found = analysed(9, 9)
    answer = guardrail(found).result.answer
    assert isinstance(answer, CannotTell)
    assert answer.code == "few_held"
    assert {one.level for one in found.releases} == {None}
    assert found.verdict.standing != "harms"
    rows = read_page(render(found, "en", SETTING))["guardrails"][1]
    assert [[cell.value for cell in row] for row in rows] == [
        ["In no arm (always shown)", "fewer than 10", "–"],
        ["All customers", "fewer than 10", "–"],
    ]


def test_a_campaign_that_holds_nobody_has_no_such_guardrail() -> None:
    """There is nothing to end early, so nothing is open."""
    found = analysed(0, 0)
    assert found.releases == ()
    assert "released_early" not in {one.name for one in found.guardrails}


@pytest.mark.parametrize(
    ("locale", "name"), [("en", "Holds that staff ended early"), ("zh-Hant", "職員提早結束的等候")]
)
def test_the_report_shows_it(locale: str, name: str) -> None:
    """The guardrail has its row with share and interval, and a table by arm says of how many customers it is."""
    page: dict[str, Any] = read_page(render(analysed(60, 12), locale, SETTING))
    rows, by_arm = page["guardrails"]
    (row,) = [row for row in rows if row[0].value == name]
    assert row[4].value == "20.0 %"
    assert row[2].value == "–"
    assert [row[1].value for row in by_arm] == ["60", "60"]
    assert by_arm[0][2].value == "20.0 %"
