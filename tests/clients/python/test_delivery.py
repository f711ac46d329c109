"""What was answered without the service is told afterwards, and counts once."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from thinktwice_client import Client, FileStore, InvalidInputError, RejectedError, Store, Tiers
from thinktwice_client.fallback import event_id_of
from thinktwice_client.withdrawals import read_withdrawal

from tests.clients.python.conftest import SECRET, MakeOptions
from tests.clients.python.misbehaving import Misbehaving, withdrawal

OUTAGES = ("refusing", "html", "hang_up", "lost_reply", "truncated", "status_500", "reset")


def wait_until_delivered(client: Client, store: Store, seconds: float = 10) -> None:
    """Deliver until nothing waits."""
    until = time.monotonic() + seconds
    while store.count():
        assert time.monotonic() < until, f"{store.count()} events still wait"
        client.flush(1.0)
        time.sleep(0.05)


def test_every_fallback_event_arrives_exactly_once_in_effect(
    server: Misbehaving, options: MakeOptions, tmp_path: Path
) -> None:
    """Through outages of every kind, lost acknowledgements, repeated calls and a restart: none lost, none twice."""
    rng, answered = random.Random(7), set[str]()
    path = tmp_path / "store.db"
    for life in range(3):
        store = FileStore(path, patience=2)
        with Client(options(cool_off=0.05, breaker_failures=3, store=store)) as client:
            for number in range(40):
                if number % 5 == 0:
                    server.go(rng.choice(OUTAGES))
                body = withdrawal(life * 30 + number)
                decision = client.decide(body)
                assert decision.source == "fallback"
                if decision.is_recorded:
                    answered.add(event_id_of(read_withdrawal(body), decision.action))
        store.close()
    server.go("well")
    store = FileStore(path, patience=2)
    with Client(options(cool_off=0.05, store=store)) as client:
        wait_until_delivered(client, store)
    store.close()
    assert answered <= set(server.taken)
    assert set(server.taken.values()) == {1}
    assert len(answered) >= 90
    assert all(event["type"] == "decision.fallback" for event in server.told.values())


def test_events_follow_by_themselves_when_the_service_is_back(server: Misbehaving, client: Client) -> None:
    """Nobody has to call flush."""
    server.go("refusing")
    for number in range(5):
        client.decide(withdrawal(number))
    server.go("well")
    until = time.monotonic() + 10
    while len(server.taken) < 5:
        assert time.monotonic() < until
        time.sleep(0.05)
    assert set(server.taken.values()) == {1}


CHILD = """
import sys, json
sys.path.insert(0, sys.argv[1])
from thinktwice_client import Client, FileStore, Options, Tiers
store = FileStore(sys.argv[3], patience=2)
client = Client(Options(base_url=sys.argv[2], api_key="k", tiers=Tiers.one("alert"), store=store))
template = json.loads(sys.argv[4])
for number in range(100_000):
    decision = client.decide({**template, "withdrawal_id": f"k-{number}"})
    if decision.is_recorded:
        print(number, flush=True)
"""


def test_an_answer_given_before_kill_9_is_told_by_the_next_process(
    server: Misbehaving, options: MakeOptions, tmp_path: Path
) -> None:
    """Whatever the killed process answered during the outage reaches the service, once."""
    server.go("refusing")
    path, sources = tmp_path / "store.db", Path(__file__).parents[3] / "clients" / "python" / "src"
    command = [sys.executable, "-c", CHILD, str(sources), server.url, str(path), json.dumps(withdrawal())]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        lines = [child.stdout.readline()]
        time.sleep(0.5)
        child.send_signal(signal.SIGKILL)
        lines += child.stdout.readlines()
    answered = [int(line) for line in lines if line.endswith("\n")]
    assert answered
    server.go("well")
    store = FileStore(path, patience=2)
    with Client(options(store=store)) as client:
        wait_until_delivered(client, store)
    store.close()
    told = {event["withdrawal"]["withdrawal_id"] for event in server.told.values()}
    assert {f"k-{number}" for number in answered} <= told
    assert set(server.taken.values()) == {1}


def test_own_events_are_queued_delivered_and_counted_once(server: Misbehaving, options: MakeOptions) -> None:
    """Sent twice, while the service is away and when it is back; one that is refused is set aside."""
    event = {
        "event_id": "e-1",
        "type": "withdrawal.completed",
        "occurred_at": "2026-11-20T12:00:00Z",
        "withdrawal_id": "w",
    }
    opts = options()
    with Client(opts) as client:
        server.go("refusing")
        assert client.send_events([event]).waiting == 1
        server.go("well")
        wait_until_delivered(client, opts.store)
        assert client.send_events([event, {**event, "event_id": "e-2", "type": "nonsense"}]).waiting == 0
        with pytest.raises(InvalidInputError):
            client.send_events([{"type": "withdrawal.completed"}])
    assert server.taken == {"e-1": 1}


def test_an_outage_lowers_no_protection_at_clearance(server: Misbehaving, options: MakeOptions) -> None:
    """A withdrawal let proceed without the service is screened before money leaves, as soon as it is back."""
    with Client(options(cool_off=0.05)) as client:
        server.go("refusing")
        alone = client.decide(withdrawal(1))
        assert alone.action == "proceed"
        assert client.clear(alone).is_cleared
        server.go("well")
        server.held.add(withdrawal()["destination"]["address"])
        server.clearance = "held"
        time.sleep(0.1)
        clearance = client.clear(alone)
        assert (clearance.is_cleared, clearance.status, clearance.source) == (False, "held", "service")
        assert clearance.decision.action == "hold"
        server.go("refusing")
        assert not client.clear(alone).is_cleared
    answers = {event["answer"] for event in server.told.values()}
    assert answers <= {"proceed", "cleared"}


def test_clearance_without_the_service(server: Misbehaving, options: MakeOptions) -> None:
    """Alerts and holds never; proceed only where the tier says so; a decision may come from a database."""
    server.alerted.add("0xaa")
    for tiers, is_cleared in (
        (Tiers.one("proceed"), True),
        (Tiers.one("proceed", clears=False), False),
        (Tiers.one("alert"), False),
        (Tiers.one("hold"), False),
    ):
        with Client(options(tiers=tiers)) as client:
            server.go("well")
            proceeding = client.decide(withdrawal(1))
            alerted = client.decide(withdrawal(2, address="0xaa"))
            assert (proceeding.action, alerted.action) == ("proceed", "alert")
            server.go("refusing")
            stored = json.loads(json.dumps(proceeding.stored()))
            assert client.clear(type(proceeding).restored(stored)).is_cleared is is_cleared
            assert client.clear(client.decide(withdrawal(3))).is_cleared is is_cleared
            assert client.clear(alerted).status == "open"
            assert not client.clear(alerted).is_cleared


@pytest.mark.parametrize("hours", [-26, 26])
def test_clocks_that_disagree_change_nothing(server: Misbehaving, options: MakeOptions, hours: int) -> None:
    """A day of skew either way: answers, holds and events are as ever, and no event is refused for its time."""
    server.date_offset = timedelta(hours=hours)
    address = "0x" + "3" * 40
    server.held.add(address)
    opts = options()
    with Client(opts) as client:
        assert client.decide(withdrawal(1)).source == "service"
        assert client.decide(withdrawal(2, address=address)).action == "hold"
        server.go("refusing")
        assert client.decide(withdrawal(3, address=address)).action == "hold"
        assert client.decide(withdrawal(4)).action == "proceed"
        server.go("well")
        wait_until_delivered(client, opts.store)
    assert len(server.taken) == 2


def test_an_event_of_the_future_heals_without_ever_having_met_the_service(
    server: Misbehaving, options: MakeOptions
) -> None:
    """The clock of this machine is an hour ahead and nobody knows: refused once, then told with the right time."""
    opts = options()
    server.go("refusing")
    server.date_offset = -timedelta(hours=1)
    with Client(opts) as client:
        client.decide(withdrawal(1))
        server.go("well")
        wait_until_delivered(client, opts.store)
    assert list(server.taken.values()) == [1]


def test_a_withdrawal_refused_for_its_time_alone_gets_the_answer_of_its_tier(
    server: Misbehaving, client: Client
) -> None:
    """Clocks too far apart are nobody's withdrawal's fault; every other refusal is raised with its fields."""
    server.refused_fields = ("initiated_at",)
    decision = client.decide(withdrawal(1))
    assert (decision.action, decision.away) == ("proceed", "clock")
    server.refused_fields = ("amount", "initiated_at")
    with pytest.raises(RejectedError) as refused:
        client.decide(withdrawal(2))
    assert [fault.field for fault in refused.value.faults] == ["amount", "initiated_at"]
    assert client.breaker_state == "closed"


def test_no_secret_and_no_customer_reaches_a_log(
    server: Misbehaving, options: MakeOptions, caplog: pytest.LogCaptureFixture
) -> None:
    """At the most talkative level, through every outage; nor does a repr show key, token or customer."""
    caplog.set_level("DEBUG")
    server.alerted.add("0xaa")
    opts = options()
    with Client(opts) as client:
        shown = [client.decide(withdrawal(1, address="0xaa"))]
        for number, mode in enumerate(OUTAGES):
            server.go(mode)
            shown.append(client.decide(withdrawal(number + 2)))
    text = caplog.text + repr(shown) + repr(opts)
    for secret in (SECRET, "customer-1", "t" * 64, "0x1111"):
        assert secret not in text
