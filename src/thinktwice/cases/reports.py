"""Addresses that officers report: taken without an answer, examined by the operator's own process, then listed or not.

Invariants: reporting tells an officer nothing about the address: every report is answered alike and looks alike
afterwards, whatever became of it, until it is retracted or expires; an officer's first report, and one that would reach
more than 20 customers in 30 days, needs a second officer and the operator; a service or an allowed destination needs
the operator, and so does whatever a suspended agency or officer reported; every listing expires, and ends when its
officer's agency retracts it.
"""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, get_args

from thinktwice.addresses.destinations import decode_everywhere, match_keys_for_lookup, read_destination
from thinktwice.addresses.networks import find_network
from thinktwice.audit.entry import Actor, Detail
from thinktwice.audit.ledger import Act, Ledger
from thinktwice.cases.agencies import SELECT_AGENCY, agency_of
from thinktwice.cases.reach import own_agency
from thinktwice.cases.report_statements import (
    INSERT_REPORT,
    SELECT_EARLIER,
    SELECT_OWN,
    SELECT_REASON,
    SELECT_REPORT,
    SELECT_SUSPENDED,
    SELECT_UNEXAMINED,
    SELECT_WAITING,
    SET_DECIDED,
    SET_NEEDS,
    SET_SECOND,
)
from thinktwice.cases.reported import (
    OwnReport,
    Report,
    Standing,
    as_seen_by_its_agency,
    needs_of,
    report_of,
)
from thinktwice.errors import InputError, NotFoundError, Phrase, SecondPersonError, StateError
from thinktwice.languages.writing import require_seen
from thinktwice.people.acting import acting
from thinktwice.people.errors import NotAllowedError
from thinktwice.people.person import Person
from thinktwice.people.sealing import Sealing
from thinktwice.people.times import as_text
from thinktwice.watchlist.intake import Handling, Reported, end_reported, list_reported

HANDLINGS: Final[tuple[Handling, ...]] = get_args(Handling)
MOST_DAYS: Final = 180
_NOT_EXAMINED: Final = "unexamined"
_IDS_A_DETAIL: Final = 60


@dataclass(frozen=True, slots=True)
class Named:
    """An address to report; nothing is listed longer than ``until``, where whoever named it said so."""

    network: str
    address: str
    until: datetime | None = None


class Reports:
    """The reports in ``control.db``."""

    def __init__(self, ledger: Ledger, sealing: Sealing, clock: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._sealing = sealing
        self._clock = clock

    def report(self, person: Person, *, network: str, address: str, handling: str, reason: str, days: int = 90) -> str:
        """Take a report and return its id; see ``report_all``."""
        named = [Named(network, address)]
        (report_id,) = self.report_all(person, named, handling=handling, reason=reason, days=days)
        return report_id

    def report_all(
        self, person: Person, addresses: Sequence[Named], *, handling: str, reason: str, days: int = 90
    ) -> tuple[str, ...]:
        """Take a report of each address, or of none, and return their ids; nothing more is said about any address.

        The list is one act, whose entry names every report.

        Raises:
            InputError: An address, the handling, reason or days cannot be used.
            NotAllowedError: No role allows it, or the agency is only registered.
            NotFoundError: Not an officer of an active agency.
        """
        made = {uuid.uuid4().hex: (one, *_read(one.network, one.address)) for one in addresses}
        _check(handling, reason, days)
        if not made:
            return ()
        with acting(self._ledger, person.actor, "report.make", "agency_report", next(iter(made))) as act:
            person.require("report_address", act.at)
            agency = own_agency(act.connection, person)
            if agency.trust == "registered":
                raise NotAllowedError("report_address")
            last = act.at + timedelta(days=days)
            for report_id, (one, network, keys) in made.items():
                sealed = self._sealing.seal(reason.strip(), f"agency_report.reason:{report_id}")
                end = last if one.until is None else min(last, one.until)
                values = (
                    report_id, agency.id, person.account_id, network, one.address.strip(), json.dumps(keys), handling,
                    sealed, as_text(act.at), as_text(end), _NOT_EXAMINED,
                )  # fmt: skip
                act.connection.execute(INSERT_REPORT, values)
            act.note(handling=handling)
            if len(made) > 1:
                act.note(**_named(tuple(made)))
        return tuple(made)

    def own(self, person: Person) -> tuple[OwnReport, ...]:
        """Return what the officer's agency reported, newest first: never what others did.

        Raises:
            NotFoundError: Not an officer of an active agency.
        """
        person.require("report_address", self._clock())
        with self._ledger.reading() as connection:
            agency = own_agency(connection, person)
            found = map(report_of, connection.execute(SELECT_OWN, (agency.id,)).fetchall())
        return tuple(as_seen_by_its_agency(report, self._clock()) for report in found)

    def co_sign(self, person: Person, report_id: str) -> None:
        """Be the second officer of a report.

        Raises:
            NotFoundError: No such report of the officer's agency.
            SecondPersonError: The officer who made it.
            StateError: It has two officers, or was taken back.
        """
        with acting(self._ledger, person.actor, "report.co_sign", "agency_report", report_id) as act:
            person.require("report_address", act.at)
            report = self._own(act.connection, person, report_id)
            if report.officer == person.account_id:
                raise SecondPersonError("another officer of your agency has to agree")
            if report.state == "retracted" or report.second_officer is not None:
                raise StateError("this report has two officers, or was taken back")
            needs = set(report.needs) - {"second_officer"}
            if not _is_in_good_standing(act.connection, report):
                needs.add("operator")
            act.connection.execute(SET_SECOND, (person.account_id, _joined(needs), report_id))
            if not needs and report.state == "received":
                self._accept(act, report, person.actor)

    def retract(self, person: Person, report_id: str) -> None:
        """Take a report back; what it listed ends at once.

        Raises:
            NotFoundError: No such report of the officer's agency.
            StateError: It was retracted already.
        """
        with acting(self._ledger, person.actor, "report.retract", "agency_report", report_id) as act:
            person.require("retract_report", act.at)
            report = self._own(act.connection, person, report_id)
            if report.state == "retracted":
                raise StateError("it was taken back already")
            end_reported(act.connection, report.source, report.id, act.at)
            act.connection.execute(SET_DECIDED, ("retracted", person.account_id, as_text(act.at), report_id))

    def examine(self, standing_of: Callable[[Sequence[str]], Standing]) -> int:
        """Look at what came in, list what needs nobody, and return how many were looked at.

        Called by the operator's own process, which alone may know what an address means to its customers.
        """
        with self._ledger.reading() as connection:
            new = [report_of(row) for row in connection.execute(SELECT_UNEXAMINED).fetchall()]
        for found in new:
            standing = standing_of(found.match_keys)
            with self._ledger.act(Actor("system", "reports"), "report.examine", "agency_report", found.id) as act:
                # Read again: meanwhile it may have been taken back, or a second officer may have signed it.
                report = report_of(act.connection.execute(SELECT_REPORT, (found.id,)).fetchone())
                if report.state != "received":
                    continue
                is_first = act.connection.execute(SELECT_EARLIER, (report.officer,)).fetchone() is None
                needs = set(needs_of(standing, is_first=is_first))
                if not _is_in_good_standing(act.connection, report):
                    needs.add("operator")
                if report.second_officer is not None:
                    needs.discard("second_officer")
                act.connection.execute(SET_NEEDS, (_joined(needs), as_text(act.at), report.id))
                if not needs:
                    self._accept(act, report, Actor("system", "reports"))
        return len(new)

    def waiting(self, person: Person) -> tuple[Report, ...]:
        """Return what waits for somebody, oldest first, for the operator's people.

        Raises:
            NotAllowedError: No role allows accepting reports.
        """
        person.require("accept_flag", self._clock())
        with self._ledger.reading() as connection:
            return tuple(map(report_of, connection.execute(SELECT_WAITING).fetchall()))

    def reason_of(self, person: Person, report: Report) -> str:
        """Return what the officer said happened, for the operator's people.

        Raises:
            NotAllowedError: No role allows accepting reports.
        """
        person.require("accept_flag", self._clock())
        with self._ledger.reading() as connection:
            (sealed,) = connection.execute(SELECT_REASON, (report.id,)).fetchone()
        return self._sealing.open(sealed, f"agency_report.reason:{report.id}")

    def decide(self, person: Person, report_id: str, *, is_accepted: bool, reason: str = "") -> None:
        """Decide a report for the operator; one that wants a second officer still waits for that.

        Raises:
            NotAllowedError: No role allows it.
            NotFoundError: No such report.
            StateError: It was decided, or nobody has examined it yet.
        """
        with acting(self._ledger, person.actor, "report.decide", "agency_report", report_id) as act:
            person.require("accept_flag", act.at)
            row = act.connection.execute(SELECT_REPORT, (report_id,)).fetchone()
            if row is None:
                raise NotFoundError("there is no such report")
            report = report_of(row)
            if report.state != "received" or _NOT_EXAMINED in report.needs:
                raise StateError("this report does not wait for you")
            act.note(is_accepted=is_accepted)
            if reason.strip():
                act.commit_to("reason", reason.strip()[:500])
            if not is_accepted:
                act.connection.execute(SET_DECIDED, ("declined", person.account_id, as_text(act.at), report_id))
                return
            needs = report.needs - {"operator"}
            act.connection.execute(SET_NEEDS, (_joined(needs), as_text(act.at), report_id))
            if not needs:
                self._accept(act, report, person.actor)

    def _accept(self, act: Act, report: Report, by: Actor) -> None:
        act.connection.execute(SET_DECIDED, ("accepted", by.id, as_text(act.at), report.id))
        reported = Reported(
            report_id=report.id,
            source=report.source,
            address=report.address,
            match_keys=report.match_keys,
            handling=report.handling,
            reported_at=report.reported_at,
            expires_at=report.expires_at,
        )
        list_reported(act.connection, reported, act.at)

    def _own(self, connection: sqlite3.Connection, person: Person, report_id: str) -> Report:
        agency = own_agency(connection, person)
        row = connection.execute(SELECT_REPORT, (report_id,)).fetchone()
        if row is None or row[1] != agency.id:
            raise NotFoundError("there is no such report")
        return report_of(row)


def _is_in_good_standing(connection: sqlite3.Connection, report: Report) -> bool:
    """Tell whether agency and officers are not suspended: what a stolen account flagged last waits for a person."""
    agency = connection.execute(SELECT_AGENCY, (report.agency_id,)).fetchone()
    officers = [one for one in (report.officer, report.second_officer) if one is not None]
    suspended = [one for one in officers if connection.execute(SELECT_SUSPENDED, (one,)).fetchone() is not None]
    return agency is not None and agency_of(agency).state == "active" and not suspended


def _read(network: str, address: str) -> tuple[str, tuple[str, ...]]:
    """Return the network's name and the keys under which a destination of this address is looked up."""
    found = find_network(network)
    destination = read_destination(found, address)
    if destination.is_valid is False:
        raise InputError.of(
            Phrase("is not an address of %(name)s; check every character", name=found.name), field="address"
        )
    keys = match_keys_for_lookup(destination)
    return found.name, keys[:1] if destination.address_type is not None else (*keys, *decode_everywhere(address))


def _check(handling: str, reason: str, days: int) -> None:
    if handling not in HANDLINGS:
        raise InputError.of(Phrase("is one of %(choices)s", choices=", ".join(HANDLINGS)), field="handling")
    if not 10 <= len(reason.strip()) <= 2_000:
        raise InputError.of("say what happened, in 10 to 2,000 characters", field="reason")
    require_seen(reason, "reason", has_lines=True)
    if not 1 <= days <= MOST_DAYS:
        raise InputError.of(Phrase("is 1 to %(most)s", most=MOST_DAYS), field="days")


def _named(ids: Sequence[str]) -> dict[str, Detail]:
    """Return the ids of a list as details of its entry, as many in each as one may hold."""
    rows = (ids[start : start + _IDS_A_DETAIL] for start in range(0, len(ids), _IDS_A_DETAIL))
    return {"count": len(ids)} | {f"reports_{number}": " ".join(row) for number, row in enumerate(rows, 1)}


def _joined(needs: Iterable[str]) -> str:
    return " ".join(sorted(needs))
