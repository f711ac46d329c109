"""Appeals: what customers asked of us about a hold, and which of it is still without an answer.

Invariants: a press on the page is an appeal as much as one that support notes; however often somebody asks before the
answer, and on however many attempts that met the hold, it is one appeal, which began with the first; a release by two
is an answer; an appeal that nobody answered stays, also when its hold has ended by itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from thinktwice.journal.finder_holds import FinderReader
from thinktwice.people.times import as_text

SELECT_NOTED: Final = """
SELECT decision_id, kind, at FROM intervention_note WHERE kind IN ('appeal', 'appeal_decided') AND at >= ?
"""
_EVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Wish:
    """The customer asked on the page that a person look at it again (*appeal*), or call (*call_me*)."""

    about: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Appeal:
    """One appeal and its answer, as long as there is none: None."""

    since: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Appealed:
    """An appeal, the hold it is against, and the decision on which it was asked last."""

    hold: str
    decision_id: str
    appeal: Appeal


class AppealBook:
    """Every appeal, by customers' pages and as staff noted it, by the hold that it is against."""

    def __init__(self, index: FinderReader, reading: Callable[[], AbstractContextManager[sqlite3.Connection]]) -> None:
        self._index = index
        self._reading = reading

    def since(self, since: datetime) -> tuple[Appealed, ...]:
        """Return what was asked since.

        Raises:
            UnavailableError: a database cannot be read.
        """
        with self._reading() as connection:
            rows = connection.execute(SELECT_NOTED, (as_text(since),)).fetchall()
        told = [(decision_id, kind == "appeal_decided", datetime.fromisoformat(at)) for decision_id, kind, at in rows]
        told += [(decision_id, False, at) for decision_id, at in self._index.appeals(since)]
        holds = self._index.holds({decision_id for decision_id, _, _ in told})
        by_hold: dict[str, list[tuple[str, bool, datetime]]] = {}
        for one in told:
            if one[0] in holds:
                by_hold.setdefault(holds[one[0]].hold, []).append(one)
        found = []
        for hold, every in by_hold.items():
            asked = [(at, decision_id) for decision_id, is_answer, at in every if not is_answer]
            answered = [at for _, is_answer, at in every if is_answer]
            released_at = holds[every[0][0]].released_at
            every_answer = answered if released_at is None else [*answered, released_at]
            found += [
                Appealed(hold, max(asked)[1], appeal) for appeal in appeals_of((at for at, _ in asked), every_answer)
            ]
        return tuple(found)

    def unanswered(self) -> tuple[Appealed, ...]:
        """Return what nobody answered, however long ago it was asked.

        Raises:
            UnavailableError: a database cannot be read.
        """
        return tuple(one for one in self.since(_EVER) if one.appeal.answered_at is None)


def appeals_of(asked: Iterable[datetime], answered: Iterable[datetime]) -> tuple[Appeal, ...]:
    """Return every appeal, oldest first."""
    told = sorted([*((at, False) for at in asked), *((at, True) for at in answered)])
    found: list[Appeal] = []
    since: datetime | None = None
    for at, is_answer in told:
        if not is_answer:
            since = since or at
        elif since is not None:
            found.append(Appeal(since, at))
            since = None
    return tuple(found) if since is None else (*found, Appeal(since, None))
