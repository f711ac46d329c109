"""Simulated campaigns, lived through the real decision service, hold the truth that was planted in them."""

from __future__ import annotations

from contextlib import closing
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.support.campaign_weeks import SMALL, STARTS_AT, lived
from thinktwice.journal.reader import SqliteJournalReader
from thinktwice.lake.history import open_history
from thinktwice.lake.service import Lake
from thinktwice.outcomes.rows import find_outcomes
from thinktwice.outcomes.rules import OutcomeRules
from thinktwice.records.catalogue import CATALOGUE
from thinktwice.simulation.oracle import planted_effect

Rows = list[dict[str, Any]]
INDEPENDENT = frozenset({"police", "listing", "complaint"})


def rows_of(world: str, holdout: str, sources: frozenset[str] = INDEPENDENT, starts_at: datetime = STARTS_AT) -> Rows:
    folder = lived(SMALL[world], Decimal(holdout))
    until = SMALL[world](starts_at, 18222).ends_at
    with (
        closing(SqliteJournalReader(folder.journal)) as reader,
        open_history(Lake(folder.lake), reader, CATALOGUE) as history,
    ):
        outcomes = find_outcomes(history, OutcomeRules(independent_sources=sources), until)
        return [row for row in outcomes.rows() if row["experiment"] == "hk-pilot-2026"]


def effect(world: str, name: str, sources: frozenset[str] = INDEPENDENT) -> float:
    without, with_alerts = rows_of(world, "1", sources), rows_of(world, "0", sources)
    return planted_effect(without, with_alerts, lambda row: float(row[name])).effect


def test_the_campaign_helps_as_planted() -> None:
    """With alerts more is not sent and less is lost to scams, the same customers compared with themselves."""
    assert effect("hong-kong-campaign", "not_sent") > 0.08
    assert effect("hong-kong-campaign", "loss") < -200
    assert effect("hong-kong-campaign", "displaced") > -0.1


def test_nothing_happens_in_the_null_world() -> None:
    """Where alerts change nothing, both lives are the same to the cent."""
    for name in ("not_sent", "loss", "completed", "loss_by_alert"):
        assert effect("null-world", name) == 0


def test_an_honest_zero_reports_more_and_loses_the_same() -> None:
    """Reports grow, and no loss by labels that do not depend on the alert does."""
    assert effect("honest-zero", "loss") == 0
    assert effect("honest-zero", "not_sent") == 0
    reported = [sum(row["loss_undeclared"] > 0 for row in rows_of("honest-zero", holdout)) for holdout in ("1", "0")]
    assert reported[1] >= 2 * reported[0] > 0


@pytest.mark.parametrize(("sources", "is_biased"), [(INDEPENDENT, False), (frozenset({"customer"}), True)])
def test_the_wrong_label_shows_its_bias(sources: frozenset[str], is_biased: bool) -> None:
    """By labels that the alert prompts the campaign seems to harm; by independent ones it helps, as it does."""
    assert (effect("biased-labels", "is_loss", sources) > 0) is is_biased
