"""The life of one request as a state machine.

Invariants: pure, told the time and who acts; whatever the table does not allow is refused; nothing is fulfilled
without its approvals; what needs two people has a recorded call-back and an approval by two of the operator's people,
the second of whom neither approved first nor made a call; nothing happens to a request whose time has passed, except
that it expires. Each rule is explored exhaustively by a test.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from thinktwice.cases.course import FROM, SIDES, WAITS, Side, State, Step
from thinktwice.cases.kinds import RULES, Kind
from thinktwice.errors import Phrase, SecondPersonError, StateError


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """How one request stands; people are account ids.

    ``called_by`` are all who made a call-back; ``only`` are the categories of data that a partial approval leaves, none
    when the whole is approved or open.
    ``expires_at`` is when it expires unless something happens; ``measure_until`` ends a measure that stands.
    """

    kind: Kind
    author: str
    state: State = "draft"
    called_by: tuple[str, ...] = ()
    approved_by: tuple[str, ...] = ()
    is_partial: bool = False
    only: tuple[str, ...] = ()
    expires_at: datetime | None = None
    measure_until: datetime | None = None

    @property
    def awaits_second(self) -> bool:
        """Whether one of two approvals is there."""
        return self.state == "legal_review" and len(self.approved_by) == 1

    def is_measure_in_force(self, now: datetime) -> bool:
        """Whether a preservation or restriction binds right now."""
        return self.state in {"fulfilled", "delivered"} and self.measure_until is not None and now < self.measure_until


def start(kind: Kind, author: str, now: datetime) -> Case:
    """Return a new draft."""
    return Case(kind=kind, author=author, expires_at=now + WAITS["draft"])


def advance(
    case: Case,
    step: Step,
    *,
    side: Side,
    person: str,
    now: datetime,
    days: int | None = None,
    only: tuple[str, ...] = (),
) -> Case:
    """Return the case after a step.

    ``days`` is how long an approved measure shall stand, ``only`` what a partial approval of data leaves.

    Raises:
        StateError: the step does not fit how the case stands, or its time has passed.
        SecondPersonError: somebody else has to take this step.
    """
    if side not in SIDES[step]:
        raise StateError(Phrase("'%(step)s' is not a step of the %(side)s", step=step, side=side))
    if case.state not in FROM[step]:
        raise StateError(
            Phrase(
                "'%(step)s' does not fit a request that is %(state)s",
                step=step,
                state=Phrase(case.state.replace("_", " ")),
            )
        )
    is_over = case.expires_at is not None and now >= case.expires_at
    if step == "lapse":
        if not is_over:
            raise StateError("its time has not passed")
        return replace(case, state="expired", expires_at=None)
    if is_over:
        raise StateError("its time has passed; start a new request")
    return _STEPS[step](case, _Taking(person, now, days, only))


def lacks(case: Case) -> tuple[str, ...]:
    """Return what still has to happen before a request under review may be fulfilled, in plain words."""
    rule, missing = RULES[case.kind], []
    if rule.needs_call_back and not case.called_by:
        missing.append(Phrase("a recorded call-back to the agency"))
    if not case.approved_by:
        missing.append(Phrase("an approval"))
    if rule.needs_two and len(case.approved_by) < 2:
        missing.append(Phrase("an approval by a second person who neither approved first nor made the call"))
    return tuple(missing)


@dataclass(frozen=True, slots=True)
class _Taking:
    """Who takes a step, when, for how long a measure shall stand, and what a partial approval leaves."""

    person: str
    now: datetime
    days: int | None
    only: tuple[str, ...]


def _to(case: Case, state: State, now: datetime) -> Case:
    wait = WAITS.get(state)
    return replace(case, state=state, expires_at=now + wait if wait is not None else None)


def _going_to(state: State) -> _Do:
    return lambda case, taking: _to(case, state, taking.now)


def _back_to(state: State) -> _Do:
    """Forget approvals: what changes, or is doubted, is approved afresh."""
    return lambda case, taking: _to(replace(case, approved_by=(), is_partial=False, only=()), state, taking.now)


def _submit(case: Case, taking: _Taking) -> Case:
    if taking.person != case.author:
        raise StateError("a draft is submitted by the officer who wrote it")
    return _to(case, "submitted", taking.now)


def _call_back(case: Case, taking: _Taking) -> Case:
    return replace(case, called_by=tuple(dict.fromkeys((*case.called_by, taking.person))))


def _answer(case: Case, taking: _Taking) -> Case:
    """Forget approvals and calls: what was confirmed by telephone may not be what is asked now."""
    return replace(_back_to("verifying_requester")(case, taking), called_by=())


def _confirm_requester(case: Case, taking: _Taking) -> Case:
    if RULES[case.kind].needs_call_back and not case.called_by:
        raise StateError("first call the agency back, on a number that it did not give")
    return _to(case, "legal_review", taking.now)


def _approving(*, is_partial: bool) -> _Do:
    def approve(case: Case, taking: _Taking) -> Case:
        if case.approved_by:
            raise StateError("it was approved once; a second person confirms or reconsiders it")
        if bool(taking.only) != (is_partial and RULES[case.kind].outcome == "data"):
            raise StateError("a partial approval of data names what it leaves, and no other approval does")
        approved = replace(case, approved_by=(taking.person,), is_partial=is_partial, only=taking.only)
        return approved if RULES[case.kind].needs_two else _approved(approved, taking.now)

    return approve


def _confirm(case: Case, taking: _Taking) -> Case:
    if not case.awaits_second:
        raise StateError("nothing waits for a second approval")
    if taking.person in case.approved_by:
        raise SecondPersonError("the second approval is another person's")
    if taking.person in case.called_by:
        raise SecondPersonError("the second look is independent: not by who made the call")
    return _approved(replace(case, approved_by=(*case.approved_by, taking.person)), taking.now)


def _approved(case: Case, now: datetime) -> Case:
    return _to(case, "partly_approved" if case.is_partial else "approved", now)


def _fulfil(case: Case, taking: _Taking) -> Case:
    if missing := lacks(case):
        raise StateError(Phrase("it lacks %(missing)s", missing=missing[0]))
    most = RULES[case.kind].days
    if most is None:
        return _to(case, "fulfilled", taking.now)
    chosen = most if taking.days is None else taking.days
    if not 1 <= chosen <= most:
        raise StateError(Phrase("this measure stands for 1 to %(most)s days", most=most))
    until = taking.now + timedelta(days=chosen)
    return replace(case, state="fulfilled", measure_until=until, expires_at=until)


def _deliver(case: Case, taking: _Taking) -> Case:
    if RULES[case.kind].outcome != "data":
        raise StateError("this kind of request has nothing to deliver")
    return _to(case, "delivered", taking.now)


def _close(case: Case, taking: _Taking) -> Case:
    if case.state == "fulfilled" and RULES[case.kind].outcome == "data":
        raise StateError("what was produced is delivered first")
    if case.measure_until is not None:
        raise StateError("a measure lapses by itself, or is lifted by a request of its own")
    return _to(case, "closed", taking.now)


_Do = Callable[[Case, _Taking], Case]

_STEPS: Final[Mapping[Step, _Do]] = {
    "submit": _submit,
    "take": _going_to("verifying_requester"),
    "ask_more": _back_to("needs_information"),
    "answer": _answer,
    "call_back": _call_back,
    "confirm_requester": _confirm_requester,
    "approve": _approving(is_partial=False),
    "approve_partly": _approving(is_partial=True),
    "confirm_approval": _confirm,
    "reconsider": _back_to("legal_review"),
    "fulfil": _fulfil,
    "deliver": _deliver,
    "close": _close,
    "refuse": _going_to("refused"),
    "withdraw": _going_to("withdrawn"),
}
"""What each step does; ``lapse`` is the clock's and is done before."""
