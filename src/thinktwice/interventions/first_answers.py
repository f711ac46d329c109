"""How soon a person answers whoever was held or referred, or appeals: each against its service target.

Invariants: what waits and since when is what the deciding process remembers of its holds, so that these figures, the
queue and clearance never differ; an answer counts when it is put down (an attempt, answers, a finding, an answered
appeal, an act on the hold in the console or over HTTP), never before; what was answered late stays late, what nobody
answered is late once its time has passed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final, Literal, get_args

import msgspec

from thinktwice.interventions.appeals import AppealBook
from thinktwice.interventions.waiting import due_at
from thinktwice.journal.finder_holds import FinderReader
from thinktwice.journal.seam import JournalReader
from thinktwice.people.times import as_text
from thinktwice.records.decision import Decision
from thinktwice.signals.state import CustomerHold, moment, unpack_customer

Waits = Literal["hold", "refer", "appeal"]
WAITS: Final[tuple[Waits, ...]] = get_args(Waits)

APPEAL_WITHIN: Final = timedelta(hours=24)
"""The service target for answering an appeal; those of holds and referrals stand in ``waiting``."""

WEEK: Final = timedelta(days=7)
WEEKS: Final = 4
ANSWERS: Final = ("contact", "answers", "disposition")
"""Notes that say a person acted for the customer."""

SELECT_NOTES: Final = "SELECT decision_id, kind, at FROM intervention_note WHERE at >= ? ORDER BY at, rowid"
SELECT_ASKED: Final = "SELECT decision_id, asked_at FROM resolution_asked WHERE asked_at >= ?"

_decision: Final = msgspec.json.Decoder(Decision)
_Place = tuple[str, str]
Standing = Literal["in_time", "late", "open"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstAnswer:
    """One hold, referral or appeal, and when a person first answered; None: nobody yet."""

    kind: Waits
    since: datetime
    due_at: datetime
    answered_at: datetime | None

    def standing(self, now: datetime) -> Standing:
        """Tell whether the target was kept; what has no answer yet is open until its time has passed."""
        if self.answered_at is None:
            return "open" if now <= self.due_at else "late"
        return "in_time" if self.answered_at <= self.due_at else "late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """How one kind was answered in some days: ``share`` is in time of all whose time is over or who were answered.

    ``median`` is over those who were answered; None where there is nothing to divide by.
    """

    kind: Waits
    began: int
    in_time: int
    late: int
    open: int
    median: timedelta | None

    @property
    def share(self) -> float | None:
        """The share within the target, or None while none can be told."""
        told = self.in_time + self.late
        return self.in_time / told if told else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """The kinds that began in seven days, each once, in the order of ``WAITS``."""

    since: datetime
    kinds: tuple[Service, ...]

    @property
    def began(self) -> int:
        """How many of all kinds began."""
        return sum(one.began for one in self.kinds)

    @property
    def late(self) -> int:
        """How many of all kinds were answered later than promised, or not at all."""
        return sum(one.late for one in self.kinds)


class FirstAnswers:
    """The figures over one journal and what staff put down beside it; ``appeals`` is what they count appeals from."""

    def __init__(
        self,
        reader: JournalReader,
        index: FinderReader,
        reading: Callable[[], AbstractContextManager[sqlite3.Connection]],
        clock: Callable[[], datetime],
    ) -> None:
        self._reader = reader
        self._index = index
        self._reading = reading
        self.appeals = AppealBook(index, reading)
        self._clock = clock

    def since(self, since: datetime) -> tuple[FirstAnswer, ...]:
        """Return everything that began since, oldest first.

        Raises:
            UnavailableError: a database cannot be read.
        """
        with self._reading() as connection:
            notes = [
                (decision_id, kind, datetime.fromisoformat(at))
                for decision_id, kind, at in connection.execute(SELECT_NOTES, (as_text(since),)).fetchall()
            ]
            asked = [
                (decision_id, datetime.fromisoformat(at))
                for decision_id, at in connection.execute(SELECT_ASKED, (as_text(since),)).fetchall()
            ]
        places: dict[str, _Place | None] = {}
        acts: dict[_Place, list[datetime]] = {}
        for decision_id, at in [*((one[0], one[2]) for one in notes if one[1] in ANSWERS), *asked]:
            place = self._place(decision_id, places)
            if place is not None:
                acts.setdefault(place, []).append(at)
        for ref, match_key, at in self._index.acts(since):
            acts.setdefault((ref, match_key), []).append(at)
        found = [*self._holds(since, acts), *self._appealed(since)]
        return tuple(sorted(found, key=lambda one: one.since))

    def weeks(self) -> tuple[Week, ...]:
        """Return the last ``WEEKS`` times seven days, the newest first.

        Raises:
            UnavailableError: a database cannot be read.
        """
        now = self._clock()
        every = self.since(now - WEEKS * WEEK)
        return tuple(
            week_of([one for one in every if now - (place + 1) * WEEK < one.since <= now - place * WEEK],
                    now - (place + 1) * WEEK, now)
            for place in range(WEEKS)
        )  # fmt: skip

    def _holds(self, since: datetime, acts: Mapping[_Place, Sequence[datetime]]) -> Iterator[FirstAnswer]:
        for ref in self._index.began(since):
            for hold in unpack_customer(self._reader.customer_state(ref)).holds:
                if moment(hold.started_at) >= since:
                    yield _of(hold, acts.get((ref, hold.match_key), ()))

    def _appealed(self, since: datetime) -> Iterator[FirstAnswer]:
        for one in self.appeals.since(since):
            asked_at, answered_at = one.appeal.since, one.appeal.answered_at
            yield FirstAnswer(kind="appeal", since=asked_at, due_at=asked_at + APPEAL_WITHIN, answered_at=answered_at)

    def _place(self, decision_id: str, places: dict[str, _Place | None]) -> _Place | None:
        """Return whose hold a decision is about and where to, as long as there is such a decision."""
        if decision_id not in places:
            body = self._reader.decision(decision_id)
            decision = None if body is None else _decision.decode(body)
            places[decision_id] = None if decision is None else (decision.customer_ref, decision.match_key)
        return places[decision_id]


def week_of(found: Sequence[FirstAnswer], since: datetime, now: datetime) -> Week:
    """Count what began in one week, as it stands now."""
    return Week(
        since=since, kinds=tuple(_service([one for one in found if one.kind == kind], kind, now) for kind in WAITS)
    )


def _service(found: Sequence[FirstAnswer], kind: Waits, now: datetime) -> Service:
    standings = [one.standing(now) for one in found]
    took = [(one.answered_at - one.since).total_seconds() for one in found if one.answered_at is not None]
    return Service(
        kind=kind,
        began=len(found),
        in_time=standings.count("in_time"),
        late=standings.count("late"),
        open=standings.count("open"),
        median=timedelta(seconds=round(median(took))) if took else None,
    )


def _of(hold: CustomerHold, acts: Sequence[datetime]) -> FirstAnswer:
    since = moment(hold.started_at)
    return FirstAnswer(
        kind="refer" if hold.rung == "refer" else "hold",
        since=since,
        due_at=due_at(since, moment(hold.until) if hold.until else None),
        answered_at=min((at for at in acts if at >= since), default=None),
    )
