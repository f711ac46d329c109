"""What the decision pages work with: the index, the journal, the campaigns' audiences, the makers of proof.

Invariants: reads only; nobody is found by name, because the journal holds no names; test traffic is not found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

import msgspec

from thinktwice.addresses.destinations import decode_everywhere, trimmed
from thinktwice.addresses.networks import FAMILIES
from thinktwice.errors import InputError, NotFoundError
from thinktwice.journal.finder import FOR_A_PAGE, Finder
from thinktwice.journal.finding import FoundDecision, Wanted
from thinktwice.journal.seam import JournalReader
from thinktwice.records.decision import Decision
from thinktwice.records.signal import Catalogue, SignalValues, from_plain
from thinktwice.targeting.audience import read_tree
from thinktwice.targeting.interpreting import truth
from thinktwice.targeting.printing import to_text
from thinktwice.targeting.tree import And, Condition, Or

A_PAGE: Final = 50
_decision: Final = msgspec.json.Decoder(Decision)

MakeEvidence = Callable[[str, str], bytes]
"""Makes the sealed proof of a decision in an edition."""

AudienceOf = Callable[[str, str], str | None]
"""Gives the audience of a campaign's version, None where its words are not kept any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One event of an alert: what, when, with which details."""

    at: datetime
    type: str
    detail: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionTruth:
    """A part of an audience and what it said: true, false, or None for unknown; ``depth`` is how deep it stands."""

    text: str
    truth: bool | None
    depth: int


class DecisionSearch:
    """Finds decisions and reads one."""

    def __init__(
        self,
        finder: Finder,
        reader: JournalReader,
        catalogue: Catalogue,
        audience_of: AudienceOf,
        make_evidence: MakeEvidence,
    ) -> None:
        self._finder = finder
        self._reader = reader
        self._catalogue = catalogue
        self._audience_of = audience_of
        self._make_evidence = make_evidence

    def search(
        self, *, withdrawal: str, destination: str, campaign: str, action: str, day: str, page: int
    ) -> tuple[FoundDecision, ...]:
        """Return a page of decisions that fit, newest first, and one more when there are further ones.

        Raises:
            InputError: nothing was asked for, or a day that is none.
            UnavailableError: the index cannot be read.
        """
        self._finder.follow(FOR_A_PAGE)
        since, until = _bounds(day)
        wanted = Wanted(
            withdrawal_id=withdrawal or None,
            match_keys=_keys(destination),
            campaign=campaign or None,
            action=action or None,
            since=since,
            until=until,
        )
        return self._finder.search(wanted, limit=A_PAGE + 1, offset=page * A_PAGE)

    def behind(self) -> int:
        """Return how many records no search finds yet."""
        return self._finder.behind()

    def find(self, decision_id: str) -> Decision:
        """Return one decision.

        Raises:
            NotFoundError: there is none, or it is test traffic.
        """
        body = self._reader.decision(decision_id)
        decision = None if body is None else _decision.decode(body)
        if decision is None or decision.is_test:
            raise NotFoundError("there is no such decision")
        return decision

    def conditions(self, decision: Decision) -> tuple[ConditionTruth, ...]:
        """Return the audience of the decision's campaign, taken apart, each part with what it said then."""
        explanation = decision.explanation
        if explanation.campaign is None or explanation.version is None:
            return ()
        audience = self._audience_of(explanation.campaign, explanation.version)
        if audience is None:
            return ()
        try:
            tree = read_tree(audience, self._catalogue)
        except InputError:  # written for attributes that this installation no longer declares
            return (ConditionTruth(text=audience, truth=None, depth=0),)
        return tuple(_taken_apart(tree, from_plain(explanation.signals, self._catalogue), 0))

    def happened(self, decision: Decision) -> tuple[Happened, ...]:
        """Return what happened to the decision's alert, in order."""
        if decision.alert is None:
            return ()
        found = []
        for record in self._reader.alert_events(decision.alert.alert_id):
            body = msgspec.json.decode(record.body)
            found.append(Happened(at=record.recorded_at, type=body["type"], detail=body.get("detail") or {}))
        return tuple(found)

    def evidence(self, decision_id: str, edition: str) -> bytes:
        """Return the sealed proof of a decision.

        Raises:
            InputError: no such edition.
            NotFoundError: no such decision.
        """
        return self._make_evidence(decision_id, edition)


def _bounds(day: str) -> tuple[datetime | None, datetime | None]:
    if not day:
        return None, None
    try:
        start = datetime.combine(date.fromisoformat(day), time(), UTC)
        return start, start + timedelta(days=1)
    except (ValueError, OverflowError):  # the last day that there is has no next
        raise InputError.of("is a day like 2026-11-20", field="day") from None


def _keys(destination: str) -> tuple[str, ...]:
    """Return the keys under which a destination may have been decided.

    These are what it is in each family that can read it, and its text in all the others, because an address that is
    wrong on its network is kept as it was typed; or it is a key already.
    """
    if not destination:
        return ()
    try:
        text = trimmed(destination, "destination")
        decoded = decode_everywhere(destination)
    except InputError as error:
        raise InputError.of(error.faults[0].message, field="destination") from None
    as_typed = (f"{family}:{text}" for family in FAMILIES)
    is_key = text.partition(":")[0] in FAMILIES
    return tuple(dict.fromkeys((*([text] if is_key else ()), *decoded, *as_typed)))


def _taken_apart(condition: Condition, signals: SignalValues, depth: int) -> Iterator[ConditionTruth]:
    """Yield the parts of a condition; what joins them stands before them, one step less deep."""
    if isinstance(condition, And | Or):
        joined = "AND" if isinstance(condition, And) else "OR"
        yield ConditionTruth(text=joined, truth=truth(condition, signals), depth=depth)
        for part in condition.operands:
            yield from _taken_apart(part, signals, depth + 1)
        return
    yield ConditionTruth(text=to_text(condition), truth=truth(condition, signals), depth=depth)
