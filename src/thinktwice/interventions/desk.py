"""The desk at which staff work on withdrawals that wait.

Invariants: every act needs its permission and becomes an entry of the audit chain, a refused one too; whoever appeals
is answered by somebody who did not propose or confirm the resolution appealed against; what is written here about a
customer is sealed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from thinktwice.audit.ledger import Ledger
from thinktwice.errors import NotFoundError, SecondPersonError, StateError
from thinktwice.interventions import resolutions
from thinktwice.interventions.appeals import Appeal, Wish, appeals_of
from thinktwice.interventions.first_answers import ANSWERS, APPEAL_WITHIN, FirstAnswers, Week
from thinktwice.interventions.notes import Note, add_note, check_note, read_notes, taken_by
from thinktwice.interventions.resolutions import Asked, asked_about, check_request, with_others
from thinktwice.interventions.waiting import Met, Waiting, WaitingList
from thinktwice.people.acting import acting
from thinktwice.people.permissions import Permission
from thinktwice.people.person import Person
from thinktwice.people.sealing import Sealing
from thinktwice.records.decision import Decision
from thinktwice.records.resolution import IndependentContact, ResolutionKind

Turn = Literal["first", "second"]
NEEDS: dict[str, Permission] = {
    "taken": "work_intervention",
    "contact": "work_intervention",
    "answers": "work_intervention",
    "disposition": "work_intervention",
    "appeal": "work_intervention",
    "appeal_decided": "decide_appeal",
    "hand_off": "hand_off_intervention",
    "recall": "request_recall",
}
"""What putting down each kind of note needs."""


class QueueLine(NamedTuple):
    """One line of the queue: what waits, who took it last, and since when an appeal is without an answer."""

    waiting: Waiting
    taken: str | None
    appealed_at: datetime | None


class EndedAppeal(NamedTuple):
    """An appeal without an answer whose hold has ended: on which decision, since when, and until when."""

    decision: Decision
    since: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervention:
    """One withdrawal that waits or waited, with everything staff did about its hold, on whichever attempt."""

    decision: Decision
    waiting: Waiting | None
    released_at: datetime | None
    newer: str | None
    notes: tuple[Note, ...]
    asked: tuple[Asked, ...]
    wishes: tuple[Wish, ...] = ()

    @property
    def open_appeal(self) -> Appeal | None:
        """The appeal that has no answer yet, by the customer's page or as staff noted it."""
        return _open_appeal(self.notes, self.wishes, self.released_at)

    @property
    def proposal(self) -> Asked | None:
        """The first of two acts that would end it early, as long as it waits for its second."""
        standing = self.waiting.proposal if self.waiting else None
        return next((one for one in self.asked if one.act_id == standing), None)

    @property
    def first_human_answer(self) -> datetime | None:
        """When a person first acted for the customer, for the service target."""
        times = [note.at for note in self.notes if note.kind in {*ANSWERS, "appeal_decided"}]
        return min([*times, *(one.asked_at for one in self.asked)], default=None)


class InterventionDesk:
    """Queue, notes and resolutions."""

    def __init__(
        self,
        waiting: WaitingList,
        ledger: Ledger,
        sealing: Sealing,
        clock: Callable[[], datetime],
        answers: FirstAnswers,
        *,
        name_of: Callable[[str], str | None] = lambda _account_id: None,
        has_webhook: bool = False,
    ) -> None:
        """Take what it works with; ``has_webhook`` says whether a hand-off is told to anybody."""
        self._waiting = waiting
        self._ledger = ledger
        self._sealing = sealing
        self._clock = clock
        self._answers = answers
        self._name_of = name_of
        self.has_webhook = has_webhook

    def name_of(self, person: str) -> str:
        """Return what somebody is called: who acted here by account, who acted over HTTP as the key says."""
        return self._name_of(person) or person

    def behind(self) -> int:
        """Return how many records were not looked through for the queue yet."""
        return self._waiting.behind()

    def queue(self, person: Person) -> tuple[QueueLine, ...]:
        """Return what waits, most urgent first.

        Raises:
            NotAllowedError: no role allows it.
        """
        person.require("read_interventions", self._clock())
        found = self._waiting.all()
        holds = self._waiting.met(found)
        with self._ledger.reading() as connection:
            taken = {holds[decision_id]: who for decision_id, who in taken_by(connection, holds)}
        appealed = {one.hold: one.appeal.since for one in self._answers.appeals.unanswered()}
        return tuple(QueueLine(one, taken.get(one.hold), appealed.get(one.hold)) for one in found)

    def ended_appeals(self, person: Person) -> tuple[EndedAppeal, ...]:
        """Return the appeals that nobody answered before their hold ended, the oldest first.

        Raises:
            NotAllowedError: no role allows it.
        """
        person.require("read_interventions", self._clock())
        self._waiting.follow()
        found = []
        for one in sorted(self._answers.appeals.unanswered(), key=lambda one: one.appeal.since):
            about = self._waiting.find(one.decision_id)
            if about is not None and about.waiting is None:
                since = one.appeal.since
                found.append(EndedAppeal(about.decision, since, since + APPEAL_WITHIN))
        return tuple(found)

    def service(self, person: Person) -> tuple[Week, ...]:
        """Return how soon people were answered, the last seven days first.

        Raises:
            NotAllowedError: no role allows it.
        """
        person.require("read_interventions", self._clock())
        self._waiting.follow()
        return self._answers.weeks()

    def find(self, person: Person, decision_id: str) -> Intervention:
        """Return one intervention.

        Raises:
            NotAllowedError: no role allows it.
            NotFoundError: no such decision, or one that never waited for a person.
        """
        person.require("read_interventions", self._clock())
        found = self._known(decision_id)
        with self._ledger.reading() as connection:
            notes = read_notes(connection, self._sealing, found.met)
            asked = asked_about(connection, self._sealing, found.met)
        return Intervention(
            decision=found.decision,
            waiting=found.waiting,
            released_at=found.released_at,
            newer=found.newer,
            notes=notes,
            asked=with_others(asked, self._waiting.acts(found.met)),
            wishes=self._waiting.wishes(found.met),
        )

    def recalls(self, person: Person, decision_id: str) -> tuple[Decision, tuple[Note, ...]]:
        """Return a decision, whether it ever waited or not, and the recall requests noted for it.

        Raises:
            NotAllowedError: no role allows it.
            NotFoundError: no such decision.
        """
        person.require("request_recall", self._clock())
        decision = self._decision(decision_id)
        with self._ledger.reading() as connection:
            notes = read_notes(connection, self._sealing, [decision_id])
        return decision, tuple(note for note in notes if note.kind == "recall")

    def note(self, person: Person, decision_id: str, kind: str, text: str, outcome: str | None = None) -> None:
        """Put something down.

        Raises:
            InputError: it cannot be put down like that.
            NotAllowedError: no role allows it.
            NotFoundError: no such decision, or one that never waited for a person.
            SecondPersonError: an appeal is answered by who acted on the hold.
            StateError: there is no appeal to answer.
        """
        check_note(kind, outcome, text)
        if kind == "recall":  # money is asked back for what never waited, too
            self._decision(decision_id)
        else:
            found = self._known(decision_id)
        with acting(self._ledger, person.actor, f"intervention.{kind}", "decision", decision_id) as act:
            person.require(NEEDS[kind], act.at)
            if kind == "appeal_decided":
                notes = read_notes(act.connection, self._sealing, found.met)
                # A release is an answer, and yet somebody may put the answer in words after it.
                appeal = _open_appeal(notes, self._waiting.wishes(found.met), None)
                asked = asked_about(act.connection, self._sealing, found.met)
                _check_appeal(person, appeal, with_others(asked, self._waiting.acts(found.met)))
            add_note(act, self._sealing, decision_id, person.account_id, kind=kind, outcome=outcome, text=text)

    def resolve(
        self,
        person: Person,
        decision_id: str,
        resolution: ResolutionKind,
        reason: str,
        *,
        contact: IndependentContact | None = None,
        mark_genuine: bool = False,
        turn: Turn | None = None,
    ) -> str:
        """Ask for a resolution and return the id of the act; the deciding process carries it out.

        ``turn`` says as which of two somebody means to release; None is whichever it is by now.

        Raises:
            InputError: no reason, or an unusable contact.
            NotAllowedError: no role allows it.
            NotFoundError: no such decision, or one that never waited for a person.
            SecondFactorNeededError: confirming a release needs a fresh second factor.
            SecondPersonError: a release waits for somebody else.
            StateError: nothing stands between this customer and this destination any more, or it is not one's turn.
        """
        check_request(resolution, reason, contact, self._clock())
        waiting = self._known(decision_id).waiting
        with acting(self._ledger, person.actor, f"hold.{resolution}", "decision", decision_id) as act:
            is_second = resolution == "release" and waiting is not None and waiting.proposed_by is not None
            person.require("confirm_resolution" if is_second else "resolve_hold", act.at)
            if waiting is None:
                raise StateError("nothing stands between this customer and this destination any more")
            if resolution == "release":
                _check_turn(turn, is_second=is_second)
            if is_second and waiting.proposed_by == person.account_id:
                raise SecondPersonError("a release needs a second person; yours was the first word")
            return resolutions.ask(
                act,
                self._sealing,
                decision_id,
                person.account_id,
                resolution=resolution,
                reason=reason,
                contact=contact,
                mark_genuine=mark_genuine,
                is_first=turn == "first",
            )

    def _decision(self, decision_id: str) -> Decision:
        found = self._waiting.decision(decision_id)
        if found is None:
            raise NotFoundError("there is no such withdrawal")
        return found

    def _known(self, decision_id: str) -> Met:
        found = self._waiting.find(decision_id)
        if found is None:
            raise NotFoundError("there is no such withdrawal, or it never waited for a person")
        return found


def _open_appeal(notes: Iterable[Note], wishes: Iterable[Wish], released_at: datetime | None) -> Appeal | None:
    """Return the appeal that has no answer yet, or None."""
    told = tuple(notes)
    asked = [note.at for note in told if note.kind == "appeal"]
    asked += [wish.at for wish in wishes if wish.about == "appeal"]
    answered = [note.at for note in told if note.kind == "appeal_decided"]
    found = appeals_of(asked, answered if released_at is None else [*answered, released_at])
    return found[-1] if found and found[-1].answered_at is None else None


def _check_turn(turn: Turn | None, *, is_second: bool) -> None:
    """Refuse to end at once what somebody means to propose, and to propose what somebody means to end.

    Raises:
        StateError: it is the other's turn.
    """
    if turn == "first" and is_second:
        raise StateError("somebody else has proposed an early end already; read it, then agree to it or keep the hold")
    if turn == "second" and not is_second:
        raise StateError("no proposal to end this early stands any more; speak with the customer and make one")


def _check_appeal(person: Person, appeal: Appeal | None, asked: tuple[Asked, ...]) -> None:
    if appeal is None:
        raise StateError("there is no appeal to answer")
    if not {person.account_id, person.name}.isdisjoint(one.person for one in asked):
        raise SecondPersonError("an appeal is answered by somebody who did not act on this hold")
