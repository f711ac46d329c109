"""What the first page is made from: counts by hour, what waits, what is about to run out.

Invariants: reads only; what costs more than a look is kept for some seconds and bounded in rows and time, so that a
page which refreshes itself on many screens costs no more than one.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Generic, TypeVar

import msgspec

from thinktwice.audit.ledger import Ledger
from thinktwice.campaigns.library import Library
from thinktwice.campaigns.limiting import StandingLimit, standing_limits
from thinktwice.contacts.registry import Contact
from thinktwice.decisions.limiter import allowed_by
from thinktwice.errors import Fault
from thinktwice.interventions.first_answers import Week
from thinktwice.interventions.waiting import WaitingList
from thinktwice.journal.finder import FOR_A_PAGE, Finder
from thinktwice.journal.seam import JournalReader
from thinktwice.records.campaign import ANYWHERE, CampaignPolicy
from thinktwice.records.decision import Decision
from thinktwice.records.signal import is_nothing
from thinktwice.watchlist.sources import Source, sources

WHATS: Final = ("decided", "triggered", "seen", "reviewed", "not_sent", "reported")
"""What is counted by hour, in the order of the table."""

HOURS: Final = 24
EXPIRING_DAYS: Final = 30
NEAR: Final = 80
"""Per cent of what a campaign was promised to interrupt, from which on staff should look."""

SAMPLE: Final = 2_000
SAMPLE_SECONDS: Final = 0.5
_KEPT_SECONDS: Final = 60.0
_WAITING_SECONDS: Final = 5.0
_decision: Final = msgspec.json.Decoder(Decision)

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour and how often each thing happened in it."""

    at: datetime
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits for staff: how many, how many past their time, how many for a second person."""

    waiting: int
    late: int
    second: int


@dataclass(frozen=True, slots=True)
class Radius:
    """How much of what a campaign was promised to interrupt it has used."""

    campaign: str
    triggers: int
    allowed: int
    within_minutes: int
    standing: StandingLimit | None

    @property
    def percent(self) -> int:
        """The part used, in per cent."""
        return self.triggers * 100 // self.allowed

    @property
    def is_near(self) -> bool:
        """Whether somebody should look."""
        return self.standing is not None or self.percent >= NEAR


@dataclass(frozen=True, slots=True)
class Unknown:
    """How often something could not be told: ``times`` of ``of`` decisions."""

    name: str
    times: int
    of: int

    @property
    def percent(self) -> float:
        """The part, in per cent, to one place."""
        return round(100 * self.times / self.of, 1)


@dataclass(frozen=True, slots=True)
class Unknowns:
    """What was unknown in the newest decisions, by campaign and by signal that one asks, the most frequent first."""

    looked_at: int
    campaigns: tuple[Unknown, ...]
    signals: tuple[Unknown, ...]


class _Kept(Generic[Value]):
    """A value that is made anew when it is older than some seconds; one thread makes it, the others wait."""

    def __init__(self, make: Callable[[], Value], seconds: float) -> None:
        self._make = make
        self._seconds = seconds
        self._lock = threading.Lock()
        self._found: tuple[float, Value] | None = None

    def value(self) -> Value:
        with self._lock:
            now = time.monotonic()
            if self._found is None or now - self._found[0] > self._seconds:
                self._found = (now, self._make())
            return self._found[1]


class TodayDesk:
    """The first page's facts."""

    def __init__(
        self,
        finder: Finder,
        reader: JournalReader,
        ledger: Ledger,
        library: Callable[[], Library],
        clock: Callable[[], datetime],
        service: Callable[[], tuple[Week, ...]],
        *,
        feeds: Callable[[], tuple[Fault, ...]] = tuple,
    ) -> None:
        """Take what the page reads; ``feeds`` says which feeds somebody has to look at."""
        self._finder = finder
        self._reader = reader
        self._ledger = ledger
        self._clock = clock
        self._waiting_list = WaitingList(reader, finder, clock)
        self._library = _Kept(library, _KEPT_SECONDS)
        self._queue = _Kept(self._read_queue, _WAITING_SECONDS)
        self._unknowns = _Kept(self._read_unknowns, _KEPT_SECONDS)
        self._service = _Kept(service, _KEPT_SECONDS)
        self._feeds = _Kept(feeds, _WAITING_SECONDS)

    def hours(self) -> tuple[Hour, ...]:
        """Return the last ``HOURS`` hours, this one included, oldest first.

        Raises:
            UnavailableError: the journal or its index cannot be read.
        """
        self._finder.follow(FOR_A_PAGE)
        this = self._clock().replace(minute=0, second=0, microsecond=0)
        first = this - timedelta(hours=HOURS - 1)
        counts: dict[datetime, Counter[str]] = {first + timedelta(hours=place): Counter() for place in range(HOURS)}
        for at, what, number in self._finder.hours(first, this + timedelta(hours=1)):
            if at in counts:
                counts[at][what] += number
        return tuple(Hour(at, counts[at]) for at in counts)

    def feeds(self) -> tuple[Fault, ...]:
        """Return what is wrong with feeds, each named by its field."""
        return self._feeds.value()

    def behind(self) -> int:
        """Return how many records are not counted yet."""
        return self._finder.behind()

    def queue(self) -> Queue:
        """Return what waits for staff.

        Raises:
            UnavailableError: the journal or its index cannot be read.
        """
        return self._queue.value()

    def service(self) -> Week:
        """Return how soon people were answered in the last seven days.

        Raises:
            UnavailableError: a database cannot be read.
        """
        return self._service.value()[0]

    def sources(self) -> tuple[Source, ...]:
        """Return every list with its last import."""
        with self._ledger.reading() as connection:
            return sources(connection)

    def expiring(self) -> tuple[Contact, ...]:
        """Return checked contacts that no customer sees any more within 30 days, or already; the first to go first."""
        last = self._today() + timedelta(days=EXPIRING_DAYS)
        everywhere = (one for found in self._library.value().contacts.by_jurisdiction.values() for one in found)
        due = [contact for contact in everywhere if contact.is_verified and contact.expires <= last]
        return tuple(sorted(due, key=lambda contact: (contact.expires, contact.key)))

    def radii(self) -> tuple[Radius, ...]:
        """Return every campaign that was promised a limit, the nearest to it first.

        A known-bad destination counts here and not against the limit itself, so this says at most too much.
        """
        with self._ledger.reading() as connection:
            standing = {limit.campaign: limit for limit in standing_limits(connection)}
        found = [self._radius(policy, standing.get(policy.id)) for policy in self._library.value().policies]
        return tuple(sorted((one for one in found if one), key=lambda one: (one.standing is None, -one.percent)))

    def unknowns(self) -> Unknowns:
        """Return what could not be told in the newest decisions."""
        return self._unknowns.value()

    def _today(self) -> date:
        return self._clock().date()

    def _radius(self, policy: CampaignPolicy, standing: StandingLimit | None) -> Radius | None:
        radius, expected = policy.blast_radius, policy.expected_daily_triggers
        if radius is None or expected is None:
            return None
        since = self._clock() - timedelta(minutes=radius.within_minutes)
        triggers = self._finder.triggers(since).get(policy.id, 0)
        return Radius(policy.id, triggers, allowed_by(radius, expected), radius.within_minutes, standing)

    def _read_queue(self) -> Queue:
        found = self._waiting_list.all()
        now = self._clock()
        return Queue(len(found), sum(one.is_late(now) for one in found), sum(bool(one.proposed_by) for one in found))

    def _read_unknowns(self) -> Unknowns:
        deadline = time.monotonic() + SAMPLE_SECONDS
        places: Counter[str] = Counter()
        campaigns: Counter[str] = Counter()
        signals: Counter[str] = Counter()
        for decision_id in self._finder.newest(SAMPLE):
            if time.monotonic() > deadline:
                break
            body = self._reader.decision(decision_id)
            if body is None:
                continue
            decision = _decision.decode(body)
            places[decision.facts.jurisdiction] += 1
            campaigns.update(decision.explanation.unknown)
            known = decision.explanation.signals
            signals.update(name for name, value in known.items() if value is None and not is_nothing(name, known))
        library = self._library.value()
        asked = frozenset[str]().union(*(pack.audience.signals for pack in library.packs.values()))
        of = {policy.id: _asked_in(policy, places) for policy in library.policies}
        looked_at = places.total()
        return Unknowns(
            looked_at,
            tuple(Unknown(name, times, of.get(name) or looked_at) for name, times in campaigns.most_common()),
            tuple(Unknown(name, times, looked_at) for name, times in signals.most_common() if name in asked),
        )


def _asked_in(policy: CampaignPolicy, places: Counter[str]) -> int:
    """Return how many decisions a campaign was asked about, by where their customers are."""
    if ANYWHERE in policy.jurisdictions:
        return places.total()
    return sum(places[place] for place in policy.jurisdictions)
