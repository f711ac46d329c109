"""Data health: everything odd is counted, with the cases named, and nothing disappears."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.outcomes_by_hand import history_of
from thinktwice.outcomes.health import CHECKS, Finding, check_health
from thinktwice.outcomes.rows import find_outcomes
from thinktwice.outcomes.rules import OutcomeRules

BEGIN = datetime(2026, 11, 1, tzinfo=UTC)


class Story:
    """Writes rows one after the other, an hour apart unless told otherwise."""

    def __init__(self) -> None:
        self.tables: dict[str, list[dict[str, Any]]] = {"decisions": [], "events": [], "alert_events": []}
        self.seq = 0

    def _row(self, at: float | None, **more: Any) -> dict[str, Any]:
        self.seq += 1
        now = BEGIN + timedelta(hours=self.seq if at is None else at)
        return {"seq": self.seq, "recorded_at": now, "is_test": False, "attempt": 1, "occurred_at": now} | more

    def decide(self, name: str, who: str = "ann", at: float | None = None, **more: Any) -> None:
        row = self._row(at)
        self.tables["decisions"].append(
            row | {"decision_id": f"d-{name}", "withdrawal_id": name, "customer_ref": who, "destination_key": "x",
            "decided_at": row["recorded_at"], "fiat_amount": "500", "fiat_currency": "USD", "experiment": "e",
            "arm": "a", "is_trigger": True, "reasons": []} | more
        )  # fmt: skip

    def tell(self, kind: str, name: str, at: float | None = None, **more: Any) -> None:
        row = self._row(at)
        self.tables["events"].append(row | {"event_id": f"e{row['seq']}", "type": kind, "withdrawal_id": name} | more)

    def found(self) -> dict[str, Finding]:
        with history_of(self.tables) as history:
            outcomes = find_outcomes(history, OutcomeRules(), BEGIN + timedelta(days=100))
            return {finding.check: finding for finding in check_health(outcomes)}


def test_a_sound_history_has_nothing_odd() -> None:
    """Every check has its line, with zero, when nothing is odd."""
    story = Story()
    story.decide("w1")
    story.tell("withdrawal.completed", "w1")
    found = story.found()
    assert list(found) == [check.name for check in CHECKS]
    assert {finding.count for finding in found.values()} == {0}
    assert {finding.blocks for finding in found.values()} == {None}


def test_everything_odd_is_counted_and_named() -> None:
    """Each oddity of the issue, and each of ours, is counted once with its case."""
    story = Story()
    story.tell("withdrawal.completed", "early")
    story.decide("early", "bob")
    story.decide("w1")
    story.decide("w2", arm="holdout", alert_id="al")
    story.tell("withdrawal.completed", "w1")
    story.tell("withdrawal.completed", "w1")
    story.tell("withdrawal.cancelled", "w1", occurred_at=BEGIN + timedelta(hours=4.5))
    story.tell("scam.reported", "nobody", label="scam", source="police")
    story.tell("withdrawal.completed", "nobody")
    story.decide("w3", "eve", fiat_currency="EUR")
    story.tell("outcome.labelled", "w1", label="scam", source="police")
    story.tell("outcome.labelled", "w1", label="genuine", source="police")
    story.tell("outcome.labelled", "w1", label="scam", source="complaint")
    story.tell("outcome.labelled", "w1", label="scam", source="forum")
    story.decide("w4", "kim", arm=None)
    story.decide("w5", "gil", arm=None, reasons=["campaign:hk", "global_holdout"])
    story.decide("h1", "holly", arm="holdout")
    story.decide("h2", "holly", arm=None, alert_id="shown")
    story.decide("t1", "tester", is_test=True)
    story.decide("s1", "sam", is_trigger=False, experiment=None, reasons=["shadow:new"])
    story.tell("decision.fallback", "f1", customer_ref="ann", destination_key="x", fiat_amount="9", fiat_currency="USD")
    story.tell("outcome.labelled", "w1", label="odd", source="police")
    story.tell("withdrawal.completed", "w2", at=24 * 30, occurred_at=BEGIN + timedelta(hours=30))
    story.tell("outcome.labelled", "h1", at=24 * 70, label="scam", source="police")
    found = story.found()
    assert {name: finding.count for name, finding in found.items()} == {
        "outcome_before_decision": 1, "two_arms": 1, "label_unknown_withdrawal": 1, "event_unknown_withdrawal": 1,
        "clock_backwards": 1, "journal_backwards": 0, "mixed_currencies": 1, "late_completion": 1, "reversed": 1,
        "completed_twice": 1, "attempts_both_completed": 0, "corrected_label": 1, "sources_disagree": 1,
        "undeclared_source": 1, "unknown_label": 1, "late_label": 1,
        "not_eligible": 1, "held_out_of_all": 1, "holdout_exposed": 1, "answered_while_away": 1, "test_traffic": 1,
        "shadow": 1,
    }  # fmt: skip
    assert found["two_arms"].examples == ("e ann",)
    assert found["mixed_currencies"].examples == ("e eve",)
    assert found["mixed_currencies"].blocks == "amounts"
    assert found["label_unknown_withdrawal"].examples == ("e8",)
    assert found["not_eligible"].examples == ("e kim",)
    assert found["held_out_of_all"].examples == ("e gil",)


def test_a_journal_that_was_changed_blocks_everything() -> None:
    """Recorded times that go back are no oddity of the operator's: nothing may be concluded."""
    story = Story()
    story.decide("w1", at=5)
    story.tell("withdrawal.completed", "w1", at=4)
    assert story.found()["journal_backwards"].blocks == "everything"
