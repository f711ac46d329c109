"""Counts by campaign and arm, from records written by hand."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from thinktwice.journal.seam import RecordKind, StoredRecord
from thinktwice.measurement.counts import ALWAYS_SHOWN, HELD_OUT_OF_ALL, CampaignCounts, Report, count
from thinktwice.measurement.page import as_json, render_page, rows

START = datetime(2026, 11, 2, 9, tzinfo=UTC)


@dataclass
class Diary:
    """Writes records one after the other and reads them back, as a journal reader does."""

    records_kept: list[StoredRecord] = field(default_factory=list)

    def write(self, kind: RecordKind, day: float, body: dict[str, Any], **columns: Any) -> None:
        seq = len(self.records_kept) + 1
        record = StoredRecord(
            seq=seq,
            kind=kind,
            record_id=f"r-{seq}",
            recorded_at=START + timedelta(days=day),
            body=msgspec.json.encode(body),
            **columns,
        )
        self.records_kept.append(record)

    def decide(self, who: str, where: str, day: float, arm: str | None = "a", **more: Any) -> str:
        alert_id = f"alert-{len(self.records_kept)}"
        explanation = {"campaign": "hk", "arm": arm, "is_trigger": True} | more.pop("explanation", {})
        alert = {
            "alert_id": alert_id,
            "campaign": "hk",
            "version": "0",
            "locale": "en",
            "expires_at": "2026-12-01T00:00:00Z",
        }
        shown = arm != "holdout"
        body = {
            "action": "alert" if shown else "proceed",
            "explanation": explanation,
            "alert": alert if shown else None,
        }
        self.write("decision", day, body, customer_ref=who, destination_key=where, **more)
        return alert_id

    def claim(self, alert_id: str, kind: str, day: float, **more: Any) -> None:
        self.write("alert_event", day, {}, alert_id=alert_id, event_type=kind, **more)

    def tell(self, kind: str, who: str, where: str, day: float, **body: Any) -> None:
        self.write("event", day, body, event_type=kind, customer_ref=who, destination_key=where)

    def records(self, *, kinds: Any, after_seq: int = 0, limit: int | None = None) -> Iterator[StoredRecord]:
        return (record for record in self.records_kept if record.kind in kinds and record.seq > after_seq)

    def report(self, day: float = 30, **options: Any) -> Report:
        return count(self, until=START + timedelta(days=day), **options)  # type: ignore[arg-type]  # reads only

    def hk(self, day: float = 30, **options: Any) -> CampaignCounts:
        return self.report(day, **options).campaigns[0]


def test_a_pair_is_counted_once_in_its_first_arm() -> None:
    """Triggers count withdrawals; pairs count customers with a destination, at their first trigger."""
    diary = Diary()
    diary.decide("c1", "d1", 0)
    diary.decide("c1", "d1", 1)
    diary.decide("c1", "d2", 2)
    arm = diary.hk().arms["a"]
    assert (arm.triggered, arm.assigned) == (3, 2)


def test_not_sent_waits_for_seven_days() -> None:
    """A pair without a completed withdrawal is too early to tell for seven days, then not sent."""
    diary = Diary()
    diary.decide("c1", "d1", 0)
    early, late = diary.hk(day=6.9).arms["a"], diary.hk(day=7.1).arms["a"]
    assert (early.too_early, early.not_sent) == (1, 0)
    assert (late.too_early, late.not_sent) == (0, 1)


def test_completed_counts_within_seven_days_and_only_to_that_destination() -> None:
    """A completion elsewhere, by somebody else, or later does not make a pair sent; one in time does, once."""
    diary = Diary()
    for who in ("c1", "c2", "c3"):
        diary.decide(who, "d1", 0)
    diary.tell("withdrawal.completed", "c1", "d1", 3)
    diary.tell("withdrawal.completed", "c1", "d1", 4)
    diary.tell("withdrawal.completed", "c2", "d9", 3)
    diary.tell("withdrawal.completed", "c3", "d1", 8)
    arm = diary.hk().arms["a"]
    assert (arm.completed, arm.not_sent) == (1, 2)


def test_outcomes_are_counted_alike_in_the_holdout() -> None:
    """The holdout has triggers, pairs and outcomes, and no alert events."""
    diary = Diary()
    diary.decide("c1", "d1", 0, arm="holdout")
    diary.tell("withdrawal.completed", "c1", "d1", 1)
    diary.tell("scam.reported", "c1", "d1", 9, label="scam")
    arm = diary.hk().arms["holdout"]
    assert (arm.triggered, arm.completed, arm.reported, arm.events.total()) == (1, 1, 1, 0)


def test_an_alert_event_counts_once_an_alert() -> None:
    """Repeated claims count once; answering a question is reviewing."""
    diary = Diary()
    alert = diary.decide("c1", "d1", 0)
    for kind in ("delivered", "seen", "seen", "reviewed", "answered", "continued"):
        diary.claim(alert, kind, 0.1)
    diary.claim("nobody's alert", "seen", 0.1)
    assert dict(diary.hk().arms["a"].events) == {"delivered": 1, "seen": 1, "reviewed": 1, "continued": 1}


def test_labels_count_as_reports_only_when_they_say_scam() -> None:
    """A later label of scam reports the pair, a label of genuine does not, two reports are one."""
    diary = Diary()
    diary.decide("c1", "d1", 0)
    diary.decide("c2", "d2", 0)
    diary.tell("outcome.labelled", "c1", "d1", 20, label="scam")
    diary.tell("scam.reported", "c1", "d1", 21, label="scam")
    diary.tell("outcome.labelled", "c2", "d2", 20, label="genuine")
    assert diary.hk().arms["a"].reported == 1


def test_known_bad_has_a_row_of_its_own() -> None:
    """Triggers outside every holdout are not mixed with an arm."""
    diary = Diary()
    diary.decide("c1", "d1", 0, arm=None)
    diary.decide("c2", "d2", 0, arm=None, explanation={"reasons": ["campaign:hk", "global_holdout"]})
    assert list(diary.hk().arms) == [ALWAYS_SHOWN, HELD_OUT_OF_ALL]


def test_test_traffic_untriggered_and_shadow_decisions_count_nowhere() -> None:
    """Test traffic, decisions without a trigger and those of shadow campaigns (no campaign) are left out."""
    diary = Diary()
    diary.decide("c1", "d1", 0, is_test=True)
    diary.decide("c1", "d1", 0, explanation={"is_trigger": False})
    diary.decide("c1", "d1", 0, explanation={"campaign": None})
    report = diary.report()
    assert report.campaigns == ()
    assert report.decisions == 2


def test_since_and_campaign_choose() -> None:
    """``since`` leaves earlier triggers out with all that belongs to them; ``campaign`` names one."""
    diary = Diary()
    diary.decide("c1", "d1", 0)
    diary.decide("c2", "d2", 5, explanation={"campaign": "gb"})
    assert [one.campaign for one in diary.report(since=START + timedelta(days=1)).campaigns] == ["gb"]
    assert [one.campaign for one in diary.report(campaign="hk").campaigns] == ["hk"]


def test_weeks_begin_on_monday() -> None:
    """Days are gathered under the Monday of their week."""
    diary = Diary()
    for day in (0, 6, 7):
        diary.decide(f"c{day}", "d", day)
    weeks = diary.hk().weeks()
    assert [(week.isoformat(), counts["triggered"]) for week, counts in weeks.items()] == [
        ("2026-11-02", 2),
        ("2026-11-09", 1),
    ]


def test_the_page_says_what_it_is_and_needs_nothing_from_elsewhere() -> None:
    """The page holds chart, numbers and words; it disclaims statistics; campaign names are escaped."""
    diary = Diary()
    alert = diary.decide("c1", "d1", 0, explanation={"campaign": "<b>hk</b>"})
    diary.claim(alert, "continued", 0.1)
    page = render_page(diary.report(), css_href="/x.css", is_synthetic=True)
    assert "Counts only, no effects" in page
    assert "Synthetic data" in page
    assert "<svg" in page
    assert "&lt;b&gt;hk" in page
    assert "<b>hk" not in page
    for forbidden in ("<script", "<style", "style=", "http://", "https://"):
        assert forbidden not in page.replace("http://www.w3.org/", "")


def test_one_file_carries_its_style() -> None:
    """Without a style sheet to link to, the page is one file; an empty report says how to begin."""
    page = render_page(Diary().report())
    assert "<style>" in page
    assert "Nothing to count yet" in page


def test_json_and_table_have_the_same_numbers() -> None:
    """JSON has for each arm what the table shows."""
    diary = Diary()
    diary.decide("c1", "d1", 0)
    report = diary.report()
    arm = as_json(report)["campaigns"]["hk"]["arms"]["a"]
    assert list(arm.values()) == rows(report.campaigns[0])[0][1:]
    assert arm["not_sent"] == 1
