"""The clearance machine, explored: whatever is done in whatever order, nothing lowers protection but two people.

The exploration runs the product's own screening, memory, clearance and resolution over one customer's state in memory;
states that later acts cannot tell apart are visited once.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, get_args

import msgspec
import pytest

from tests.support.world import LOOKALIKE, NEW_DESTINATION, START, policy, request
from thinktwice.decisions.choosing import remember_choice, stop_as_reported
from thinktwice.decisions.clearance import FIRST, LIFE, TABLE, Act, clear, is_outdone
from thinktwice.decisions.events import destination_of
from thinktwice.decisions.intake import Intake
from thinktwice.decisions.live import LiveCampaigns
from thinktwice.decisions.resolving import resolve
from thinktwice.decisions.screening import Screening
from thinktwice.errors import ThinkTwiceError
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.records.decision import Decision
from thinktwice.records.installation import Installation
from thinktwice.records.resolution import IndependentContact, ResolutionAct
from thinktwice.records.vocabulary import ClearanceStatus, Rung, is_stronger, strongest
from thinktwice.signals.memory import remember_completion, remember_continued, remember_decision, remember_report
from thinktwice.signals.state import DestinationState, micros, pack, unpack_customer
from thinktwice.watchlist.snapshot import Snapshot

INSTALLATION = Installation()
INTAKE = Intake(INSTALLATION, TEST_KEYRING)
EMPTY = Snapshot(None, {}, 0)


def test_the_table_is_whole_and_only_going_on_clears() -> None:
    """Every state has its row; only an open alert is cleared, and only by going on; nothing leaves *blocked*."""
    assert set(TABLE) == set(get_args(ClearanceStatus))
    for status, row in TABLE.items():
        for act, after in row.items():
            assert act in get_args(Act)
            assert (after == "cleared") is ((status, act) == ("open", "continued"))
    assert TABLE["blocked"] == {}
    assert set(TABLE["cancelled"].values()) == {"blocked"}
    assert {action for action, status in FIRST.items() if status == "cleared"} == {"proceed"}


@dataclass(frozen=True)
class Node:
    """One point of the exploration: the packed memory, the clock, the decisions so far, and what staff have done."""

    memory: bytes
    now: datetime
    decisions: tuple[Decision, ...]
    is_released: bool = False
    first_by: str | None = None
    path: tuple[str, ...] = ()


ATTEMPTS: dict[str, dict[str, Any]] = {
    "app": {},
    "app, split in small": {"amount": "190", "fiat_amount": "190"},
    "app, tiny, new device": {"amount": "1", "fiat_amount": "1", "session__is_new_device": True},
    "web": {"channel": "web"},
    "api": {"channel": "api"},
    "api, split in small": {"channel": "api", "amount": "190", "fiat_amount": "190"},
}
CHOICES = ("continued", "cancelled", "reported", "changed", "completed")
TIMES = {"an hour": timedelta(hours=1), "the hold's end": timedelta(hours=24)}
STAFF = ("Ann releases", "Bob releases", "Ann releases without contact", "Ann cancels", "Ann keeps")


class Explorer:
    """Walks every sequence of acts from a first decision."""

    def __init__(self, intervention: Any, *, is_unauthorised: bool = False) -> None:
        first = policy(
            intervention=intervention,
            no_screen="refer" if is_unauthorised else "hold",
            holdout=Decimal("0.5"),
            is_unauthorised=is_unauthorised,
        )
        # Two rungs at one destination: what asks of one attempt may not be tapped away on another.
        asks = policy("asks", audience="is_new_device", intervention="ask", holdout=Decimal(0))
        among = (first, asks) if intervention == "inform" else (first,)
        campaigns = LiveCampaigns((*among, NEW_DESTINATION, LOOKALIKE), INSTALLATION.catalogue)
        self.screening = Screening(INSTALLATION, TEST_KEYRING, campaigns, EMPTY, lambda _wish, _policy: "en")
        self.count = 0

    def explore(self, first: str, depth: int) -> Iterator[tuple[Node, Node]]:
        """Yield every step, from and to."""
        start = self.attempt(Node(pack(unpack_customer(None)), START, ()), first)
        queue, seen = deque([start]), set[object]()
        while queue:
            node = queue.popleft()
            if len(node.path) > depth:
                continue
            for after in self.steps(node):
                yield node, after
                mark = self.mark(after)
                if mark not in seen:
                    seen.add(mark)
                    queue.append(after)

    def steps(self, node: Node) -> Iterator[Node]:
        for name in ATTEMPTS:
            yield self.attempt(node, name)
        yield self.attempt(node, "app", of=node.decisions[0].withdrawal_id)
        for kind in CHOICES:
            for index in {0, len(node.decisions) - 1}:
                yield self.choose(node, kind, index)
        for name, duration in TIMES.items():
            yield replace(node, now=node.now + duration, path=(*node.path, name))
        for name in STAFF:
            yield self.staff(node, name)

    def attempt(self, node: Node, name: str, of: str | None = None) -> Node:
        now = node.now + timedelta(minutes=1)
        number = len(node.decisions) + 1
        body = request(of or f"w-{number}", initiated_at=now.isoformat(), attempt=number, **ATTEMPTS[name])
        withdrawal = INTAKE.withdrawal(json.dumps(body).encode(), now=now)
        state = unpack_customer(node.memory)
        decision, _ = self.screening.screen(withdrawal, state, DestinationState(), now)
        remember_decision(state, withdrawal, decision, is_lookalike=False)
        # Two decisions back are enough: what is older is superseded, lapsed, or looks like these.
        decisions = (*node.decisions[-2:], decision)
        path = (*node.path, f"{name}{' again' if of else ''}")
        return replace(node, memory=pack(state), now=now, decisions=decisions, path=path)

    def choose(self, node: Node, kind: str, index: int) -> Node:
        decision, state = node.decisions[index], unpack_customer(node.memory)
        past, at = state.withdrawal(decision.withdrawal_id), micros(node.now)
        after = replace(node, path=(*node.path, f"{kind} {index}"))
        if kind == "reported":
            remember_report(state, decision, at)
            stop_as_reported(state, decision, at)
        elif kind == "cancelled":
            remember_choice(state, decision, kind, at)
        if past is None or past.decision_id != decision.decision_id:
            return replace(after, memory=pack(state))
        if kind == "continued":
            is_stopped = past.cancelled_at or past.reported_at or past.changed_at
            if decision.action == "alert" and not (is_stopped or is_outdone(decision, state, node.now)):
                remember_continued(state, past, at)
        elif kind == "changed":
            past.changed_at = past.changed_at or at
        elif (
            kind == "completed" and clear(decision, state, None, node.now).is_cleared
        ):  # exchanges execute what is cleared and nothing else
            remember_completion(state, decision, destination_of(decision), at)
        return replace(after, memory=pack(state))

    def staff(self, node: Node, name: str) -> Node:
        who = name.split(maxsplit=1)[0]
        contact = IndependentContact(how="call to a number of file", at=node.now, note_ref="n-1")
        kind: Any = {"releases": "release", "cancels": "cancel", "keeps": "keep"}[name.split()[1]]
        act = ResolutionAct(
            decision_id="d",
            act_id="a",
            resolution=kind,
            reason="r",
            actor=who,
            key_id=f"key-{who}",
            digest=b"",
            contact=None if "without" in name else contact,
        )
        state = unpack_customer(node.memory)
        after = replace(node, path=(*node.path, name))
        try:
            status = resolve(act, node.decisions[-1], state, node.now)
        except ThinkTwiceError:
            return after
        first_by = who if status == "awaiting_second" else None if status in ("kept", "released") else node.first_by
        if status == "released":
            assert {node.first_by, who} == {"Ann", "Bob"}, node.path
        return replace(
            after, memory=pack(state), is_released=node.is_released or status == "released", first_by=first_by
        )

    def mark(self, node: Node) -> object:
        """Return what later acts can tell apart: memory and decisions without their names, and the time since each."""
        now = micros(node.now)
        state = unpack_customer(node.memory)
        names = {one.decision_id: index for index, one in enumerate(node.decisions)}
        return (
            tuple((one.action, one.intervention, now - micros(one.decided_at)) for one in node.decisions),
            tuple(
                (
                    names.get(past.decision_id),
                    now - past.started_at,
                    past.fiat_amount,
                    bool(past.completed_at),
                    bool(past.cancelled_at or past.reported_at),
                    bool(past.changed_at),
                    bool(past.continued_at),
                )
                for past in state.withdrawals
            ),
            tuple(
                (
                    hold.rung,
                    hold.until and hold.until - now,
                    bool(hold.released_at),
                    hold.proposal and hold.proposal.actor,
                )
                for hold in state.holds
            ),
            tuple((one.rung, one.fiat_amount, now - one.at) for one in state.open_alerts),
            state.last_reported_at > 0,
            node.is_released,
        )


def standing(node: Node) -> Any:
    state = unpack_customer(node.memory)
    return state.hold_at(node.decisions[-1].match_key, micros(node.now))


def statuses(node: Node) -> tuple[ClearanceStatus, ...]:
    state = unpack_customer(node.memory)
    return tuple(clear(one, state, None, node.now).status for one in node.decisions)


def check(before: Node, after: Node) -> None:
    """Say what may not happen in one step."""
    hold, still = standing(before), standing(after)
    found, path = statuses(after), after.path
    act = path[-1]
    if hold is not None:
        # 1. A hold ends by its own time or by two people, never otherwise, and is never shortened.
        if still is None:
            is_over = hold.until and hold.until <= micros(after.now)
            assert is_over or (after.is_released and "releases" in act and before.first_by not in (None, act[:3])), path
        else:
            assert (still.rung == "refer", not still.until, still.until) >= (
                hold.rung == "refer",
                not hold.until,
                hold.until,
            ), path
    if still is not None:
        # 2. While a hold stands nothing between this customer and this destination is cleared.
        assert "cleared" not in found, path
        if len(after.decisions) > len(before.decisions) or act in ATTEMPTS:
            assert after.decisions[-1].action in ("hold", "refer"), path
    if act == "the hold's end" or act == "an hour" or act in STAFF:
        # 3. Neither time nor staff clears anything: what was not cleared before is not cleared by them.
        was = dict(zip([one.decision_id for one in before.decisions], statuses(before), strict=True))
        for one, status in zip(after.decisions, found, strict=True):
            assert status != "cleared" or was[one.decision_id] == "cleared", path
    for one, status in zip(after.decisions, found, strict=True):
        if status == "cleared":
            # 4. What is cleared was decided so, or gone past deliberately, within a day, and after any hold began.
            assert one.action in ("proceed", "alert"), path
            assert after.now - one.decided_at < LIFE, path
    if act.startswith("continued"):
        check_gone_past(before, after)
    if act.removesuffix(" again") in ATTEMPTS:
        check_fresh(before, after)


def check_fresh(before: Node, after: Node) -> None:
    """A fresh attempt on a screen meets at least what stood open or has just ended at this destination."""
    decision, state = after.decisions[-1], unpack_customer(before.memory)
    if decision.explanation.signals["channel"] in ("api", "batch"):
        return
    at = micros(after.now)
    mine = [hold for hold in state.holds if hold.match_key == decision.match_key]
    is_ended = any(not hold.stands_at(at) for hold in mine)
    floor: list[Rung] = [one.rung for one in state.open_alerts]
    if is_ended:
        floor.append("confirm")
    if floor:
        assert decision.intervention is not None, after.path
        assert not is_stronger(strongest(*floor), decision.intervention), after.path


def check_gone_past(before: Node, after: Node) -> None:
    """Going past one alert settles no stronger one, and clears nothing that a stronger one came after."""
    index = int(after.path[-1].split()[-1])
    decision = before.decisions[index]
    if decision.intervention is None:
        return
    was, now = unpack_customer(before.memory).open_alerts, unpack_customer(after.memory).open_alerts
    stronger = [one for one in was if is_stronger(one.rung, decision.intervention)]
    assert all(one in now for one in stronger), after.path
    if any(one.at > micros(decision.decided_at) for one in stronger):
        assert statuses(after)[index] != "cleared" or statuses(before)[index] == "cleared", after.path


STARTS = [
    ("inform", "app", False),
    ("confirm", "app", False),
    ("confirm", "api", False),
    ("hold", "app", False),
    ("refer", "app", False),
    ("refer", "app", True),
    ("refer", "api", True),
]


def explore(intervention: Any, first: str, depth: int, *, is_unauthorised: bool) -> tuple[int, int]:
    """Check every step, and return how many there were and how many of them released a hold."""
    explorer = Explorer(intervention, is_unauthorised=is_unauthorised)
    steps = released = 0
    for before, after in explorer.explore(first, depth):
        check(before, after)
        steps += 1
        released += after.is_released and not before.is_released
    return steps, released


@pytest.mark.parametrize(("intervention", "first", "is_unauthorised"), STARTS)
def test_no_path_lowers_protection(intervention: Any, first: str, is_unauthorised: bool) -> None:
    """Every sequence of four acts after the first attempt, over all acts of customer, operator, staff and time."""
    steps, released = explore(intervention, first, 4, is_unauthorised=is_unauthorised)
    assert steps > 10_000
    # The one way there is does exist: two people, after contact, end a hold.
    assert released > 0


@pytest.mark.prove
@pytest.mark.parametrize(("intervention", "first", "is_unauthorised"), STARTS)
def test_no_longer_path_lowers_protection(intervention: Any, first: str, is_unauthorised: bool) -> None:
    """The same with five acts, which takes a minute or more."""
    assert explore(intervention, first, 5, is_unauthorised=is_unauthorised)[0] > 100_000


def test_after_a_release_the_next_attempt_is_confirmed_not_held_again() -> None:
    """A hold and a refer released by two lead to a deliberate confirmation on a screen, and to no new hold."""
    for intervention, is_unauthorised in (("hold", False), ("refer", False), ("refer", True)):
        explorer = Explorer(intervention, is_unauthorised=is_unauthorised)
        node = explorer.attempt(Node(pack(unpack_customer(None)), START, ()), "app")
        node = explorer.staff(explorer.staff(node, "Ann releases"), "Bob releases")
        assert node.is_released
        assert statuses(node) == ("expired",)
        node = explorer.attempt(node, "app")
        assert (node.decisions[-1].action, node.decisions[-1].intervention) == ("alert", "confirm")


def test_one_person_with_two_names_or_two_keys_is_one_person() -> None:
    """The same key, and the same name in other letters, are no second person."""
    explorer = Explorer("hold")
    node = explorer.attempt(Node(pack(unpack_customer(None)), START, ()), "app")
    node = explorer.staff(node, "Ann releases")
    for name in ("Ann releases", "ANN releases", "ann releases"):
        again = explorer.staff(node, name)
        assert not again.is_released
        assert standing(again) is not None


def test_a_first_release_waits_a_day() -> None:
    """The contact it rests on is old then; the second act counts as a new first."""
    explorer = Explorer("refer")
    node = explorer.attempt(Node(pack(unpack_customer(None)), START, ()), "app")
    node = explorer.staff(node, "Ann releases")
    node = replace(node, now=node.now + timedelta(days=1))
    assert not explorer.staff(node, "Bob releases").is_released


def test_states_written_before_these_fields_existed_are_read() -> None:
    """A row packed without the newest fields at its end unpacks with their defaults."""
    explorer = Explorer("hold")
    node = explorer.attempt(Node(pack(unpack_customer(None)), START, ()), "app")
    rows = msgspec.msgpack.decode(node.memory)
    del rows[-1]
    rows[5] = [hold[:7] for hold in rows[5]]
    rows[3] = [past[:13] for past in rows[3]]
    state = unpack_customer(msgspec.msgpack.encode(rows))
    assert state.open_alerts == []
    assert state.hold_at(node.decisions[0].match_key, micros(node.now)) is not None
