"""Replies are read as if a stranger had sent them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from thinktwice_client import Decision, InvalidInputError, Options, RejectedError, Tiers
from thinktwice_client.deliveries import batches, body_of, settlement
from thinktwice_client.store import Queued
from thinktwice_client.wire import (
    AwayError,
    EventResult,
    Reply,
    read_clearance,
    read_decision,
    read_event_results,
    skew,
    stamp_of,
)
from thinktwice_client.withdrawals import read_withdrawal

from tests.clients.python.misbehaving import withdrawal

ASKED = read_withdrawal(withdrawal())
GOOD: dict[str, Any] = {
    "decision_id": "01930000-0000-7000-8000-000000000000",
    "withdrawal_id": "w-1",
    "attempt": 1,
    "action": "proceed",
    "intervention": None,
    "alert": None,
    "hold": None,
}
ALERT = {"id": "a", "url": "https://x/alerts/t", "token": "t", "locale": "en", "expires_at": "2026-11-20T12:00:00Z"}


def reply(body: bytes | dict[str, Any], status: int = 200, kind: str = "application/json") -> Reply:
    return Reply(status, kind, None, body if isinstance(body, bytes) else json.dumps(body).encode())


def test_a_good_reply_is_read() -> None:
    """Every action the service may answer, with what belongs to it; unknown fields of a later version are ignored."""
    assert read_decision(reply(GOOD), ASKED, "all").action == "proceed"
    alert = read_decision(reply({**GOOD, "action": "alert", "alert": ALERT, "new": 1}), ASKED, "all")
    assert alert.alert is not None
    assert alert.alert.token == "t"
    for action in ("hold", "refer", "block"):
        assert (
            read_decision(reply({**GOOD, "action": action, "hold": {"until": "rubbish"}}), ASKED, "all").action
            == action
        )


@pytest.mark.parametrize(
    "changes",
    [
        {"action": "PROCEED"},
        {"action": None},
        {"action": ["proceed"]},
        {"decision_id": ""},
        {"decision_id": None},
        {"withdrawal_id": "w-2"},
        {"attempt": 2},
        {"attempt": "1"},
        {"intervention": 3},
        {"action": "alert"},
        {"action": "alert", "alert": {**ALERT, "url": "javascript:alert(1)"}},
        {"action": "alert", "alert": {**ALERT, "token": None}},
        {"alert": []},
    ],
)
def test_a_wrong_shape_is_no_answer(changes: dict[str, Any]) -> None:
    """Any part of a wrong kind, or about another withdrawal, counts as being away."""
    with pytest.raises(AwayError):
        read_decision(reply({**GOOD, **changes}), ASKED, "all")


def test_every_truncation_is_no_answer() -> None:
    """Cut after any byte."""
    whole = json.dumps(GOOD).encode()
    for length in range(len(whole)):
        with pytest.raises(AwayError):
            read_decision(reply(whole[:length]), ASKED, "all")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.integers(100, 599), st.sampled_from(["application/json", "text/html", ""]))
def test_any_bytes_are_an_answer_or_away(body: bytes, status: int, kind: str) -> None:
    """Whatever comes, nothing but AwayError or RejectedError is raised, and nothing is decided."""
    for read in (
        lambda found: read_decision(found, ASKED, "all"),
        lambda found: read_clearance(found, decision()),
        read_event_results,
    ):
        with pytest.raises((AwayError, RejectedError)):
            read(reply(body, status, kind))


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*GOOD, "results"]), inner, max_size=4)
        ),
    )
)
def test_any_json_is_an_answer_or_away(value: object) -> None:
    """The same for well-formed JSON under our own field names."""
    body = json.dumps(value).encode()
    for status in (200, 422):
        with pytest.raises((AwayError, RejectedError)):
            read_decision(reply(body, status), ASKED, "all")


def decision() -> Decision:
    return read_decision(reply(GOOD), ASKED, "all")


def test_only_a_problem_document_is_a_refusal() -> None:
    """A 404 or 422 of something in between is being away; one of the service, with the same status inside, is not."""
    problem = {"type": "/docs#problem-conflict", "title": "T", "status": 409, "faults": []}
    with pytest.raises(RejectedError) as refused:
        read_decision(reply(problem, 409, "application/problem+json; charset=utf-8"), ASKED, "all")
    assert refused.value.status == 409
    for body, status, kind in (
        (problem, 404, "application/problem+json"),
        (problem, 409, "application/json"),
        ({**problem, "status": 503}, 503, "application/problem+json"),
        ({**problem, "status": 401}, 401, "application/problem+json"),
        ({**problem, "status": 404, "type": "/docs#problem-no-such-path"}, 404, "application/problem+json"),
    ):
        with pytest.raises(AwayError):
            read_decision(reply(body, status, kind), ASKED, "all")


def test_clearance_means_what_its_status_says() -> None:
    """Cleared must be said twice, in both fields."""
    assert read_clearance(reply({"is_cleared": True, "status": "cleared", "until": None}), decision()).is_cleared
    for body in (
        {"is_cleared": True, "status": "open"},
        {"is_cleared": False, "status": "cleared"},
        {"is_cleared": 1, "status": "cleared"},
        {"is_cleared": "true", "status": "cleared"},
        {"is_cleared": False, "status": "away"},
        {"is_cleared": True, "status": "cleared", "until": "tomorrow"},
    ):
        with pytest.raises(AwayError):
            read_clearance(reply(body), decision())


def test_an_event_leaves_the_queue_only_on_a_word_about_itself() -> None:
    """Not mentioned: again; refused for its time: later; refused otherwise: aside; there already: taken."""
    batch = [Queued(name, "{}") for name in "abcdef"]
    results = [
        EventResult("a", "recorded", ()),
        EventResult("b", "duplicate", ()),
        EventResult("c", "conflict", ()),
        EventResult("d", "rejected", ("events[3].withdrawal.initiated_at",)),
        EventResult("e", "rejected", ("events[4].answer",)),
        EventResult("zz", "recorded", ()),
    ]
    found = settlement(batch, results)
    assert found.taken == ["a", "b", "c"]
    assert found.later == ["d"]
    assert [name for name, _ in found.refused] == ["e"]


def test_batches_fit_and_keep_order() -> None:
    """At most 100 events and 1 MB each."""
    events = [Queued(str(number), json.dumps({"x": "é" * (number * 150)})) for number in range(150)]
    cut = list(batches(events))
    assert [event for batch in cut for event in batch] == events
    assert all(len(batch) <= 100 and len(body_of(batch, datetime.now(UTC))) < 1_000_000 for batch in cut)


def test_skew_is_believed_within_reason() -> None:
    """Seconds are no skew, hours are, a clock that never ran is nobody's."""
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    told = {
        "Fri, 20 Nov 2026 12:00:01 GMT": timedelta(),
        "Fri, 20 Nov 2026 14:00:00 GMT": timedelta(hours=2),
        "Thu, 01 Jan 1970 00:00:00 GMT": None,
        "yesterday": None,
    }
    for date, expected in told.items():
        assert skew(Reply(200, "", date, b""), now) == expected
    assert stamp_of(GOOD["decision_id"]) == 0x01930000_0000
    assert stamp_of("d-1") == 0


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"withdrawal_id": 5},
        {**withdrawal(), "attempt": "1"},
        {**withdrawal(), "customer": {"id": ""}},
        {**withdrawal(), "amount": float("nan")},
        {**withdrawal(), "amount": object()},
        {**withdrawal(), "initiated_at": datetime(2026, 1, 1)},  # noqa: DTZ001  (a naive time is what is refused)
    ],
)
def test_a_withdrawal_without_what_every_call_needs_is_refused_before_any_call(body: dict[str, Any]) -> None:
    """A defect of the integration is told at once, and quotes no value."""
    with pytest.raises(InvalidInputError):
        read_withdrawal(body)


@pytest.mark.parametrize(
    "wrong",
    [
        {"base_url": "ftp://x"},
        {"base_url": "http://user:pass@x"},
        {"api_key": "two\nlines"},
        {"api_key": ""},
        {"deadline": 0},
        {"deadline": float("nan")},
        {"attempts": 0},
    ],
)
def test_options_that_cannot_work_are_refused_at_once(wrong: dict[str, Any]) -> None:
    """Not at the first withdrawal."""
    with pytest.raises(InvalidInputError):
        Options(**{"base_url": "https://x", "api_key": "k", "tiers": Tiers.one("hold"), **wrong})
