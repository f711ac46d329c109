"""The invented customers' reactions, in the journal they leave."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest

from thinktwice.bootstrap.choices import installation_of, load_campaigns
from thinktwice.bootstrap.core import open_core
from thinktwice.demo.cases import CaseBook, make_cases
from thinktwice.demo.replay import DemoReplay, lines_of
from thinktwice.experiments.assignment import HOLDOUT, arm_of, bucket_of
from thinktwice.journal.seam import StoredRecord
from thinktwice.keyring.keys import TEST_KEYRING, customer_ref
from thinktwice.records.campaign import CampaignPolicy
from thinktwice.settings import load_settings
from thinktwice.simulation.parameters import Parameters
from thinktwice.simulation.world import World, make_world

ENDS_AT = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)


@pytest.fixture(scope="module")
def pilot() -> CampaignPolicy:
    settings = load_settings()
    policies = load_campaigns(settings, installation_of(settings)).library.policies
    return next(policy for policy in policies if policy.holdout > 0)


@pytest.fixture(scope="module")
def book(pilot: CampaignPolicy) -> CaseBook:
    return make_cases(ENDS_AT, TEST_KEYRING, pilot)


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(Parameters(ends_at=ENDS_AT, customers=60, withdrawals=150, scams=0.15, lookalikes=0.05))


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory, world: World) -> list[StoredRecord]:
    """Everything the replay left in the journal."""
    settings = load_settings()
    installation = installation_of(settings)
    campaigns = load_campaigns(settings, installation)
    folder = tmp_path_factory.mktemp("replay")
    with open_core(folder, installation=installation, keyring=TEST_KEYRING, campaigns=campaigns) as core:
        DemoReplay(core, world.cast).run(lines_of(world.history))
        return list(core.reader.records(kinds=("decision", "event", "alert_event")))


def test_who_stopped_does_not_complete(records: list[StoredRecord]) -> None:
    """A withdrawal whose customer stopped, or that waits, is never completed."""
    told: dict[str, set[str]] = defaultdict(set)
    for record in records:
        if record.withdrawal_id:
            told[record.withdrawal_id].add(record.event_type or record.action or "")
    stopped = [events for events in told.values() if events & {"cancelled", "hold", "block"}]
    assert len(stopped) >= 3
    assert not any("withdrawal.completed" in events for events in stopped)


def test_a_victim_who_stopped_does_not_pay_there_again(records: list[StoredRecord]) -> None:
    """After stopping, no later withdrawal of the same customer to the same destination is recorded."""
    stopped: set[tuple[str | None, str | None]] = set()
    for record in sorted(records, key=lambda record: record.recorded_at):
        place = (record.customer_ref, record.destination_key)
        assert not (record.kind == "decision" and place in stopped)
        if record.event_type == "cancelled":
            stopped.add(place)


def test_only_alerts_are_reacted_to(records: list[StoredRecord]) -> None:
    """Every claim of a browser belongs to an alert that was decided, and comes after it."""
    decided = {record.alert_id or "": record for record in records if record.kind == "decision" and record.alert_id}
    claims = [record for record in records if record.kind == "alert_event"]
    assert claims
    for claim in claims:
        assert decided[claim.alert_id or ""].action == "alert"
        assert decided[claim.alert_id or ""].recorded_at <= claim.recorded_at


def test_cases_stand_where_the_pilot_puts_them(book: CaseBook, pilot: CampaignPolicy) -> None:
    """The customer of the case *holdout* is in the pilot's holdout, the other pilot customers are not."""
    for case in book.cases:
        bucket = bucket_of(TEST_KEYRING.assign.secret, pilot.experiment, customer_ref(TEST_KEYRING.ref, case.person.id))
        if case.person.jurisdiction == "HK":
            assert (arm_of(bucket, pilot.holdout, pilot.arms) == HOLDOUT) is (case.slug == "holdout")


def test_amounts_are_written_as_a_customer_would(book: CaseBook) -> None:
    """Amounts have no needless zeros, and whole tens keep theirs."""
    amounts = {case.slug: case.amount for case in book.cases}
    assert amounts["new-destination"] == "12000"
    assert amounts["lookalike"] == "3"
