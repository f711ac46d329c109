"""Telling suspected victims: an agency's list is matched where customers are known, and only a rounded count goes back.

Invariants: matched only for a request that was approved by two people and called back; who matched goes to the
operator's own systems, never to the agency; the agency is told a count rounded to tens and nothing exact below ten; the
words that customers get are exactly those that the agency's officer approved with a passkey, named by a code; matching
twice tells nobody twice.
"""

from __future__ import annotations

import csv
import io
import sqlite3
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

import msgspec

from thinktwice.addresses.destinations import match_keys_for_lookup, read_destination
from thinktwice.addresses.networks import find_network
from thinktwice.audit.ledger import Ledger
from thinktwice.cases import statements as sql
from thinktwice.cases.cells import safe_cell
from thinktwice.cases.identifiers import Identifier
from thinktwice.cases.reach import reached
from thinktwice.cases.request import CaseRequest
from thinktwice.cases.wordings import SET_TOLD, newest
from thinktwice.errors import StateError
from thinktwice.people.acting import acting
from thinktwice.people.person import Person
from thinktwice.people.sealing import Sealing
from thinktwice.people.times import as_text

LEAST_TOLD: Final = 10
REACH: Final = timedelta(days=365)
MESSAGE_KIND: Final = "victim_message"
_AT_ONCE: Final = 500
_MATCHED: Final = frozenset({"approved", "partly_approved", "fulfilled"})
_WAS_MATCHED: Final = "SELECT 1 FROM case_notice WHERE case_id = ? AND kind = ? LIMIT 1"


class CustomersOf(Protocol):
    """Finds who paid, or wanted to pay, to a destination."""

    def customer_refs(self, match_keys: Iterable[str], since: datetime) -> tuple[str, ...]:
        """Return references of customers of any of some destinations since a moment."""
        ...

    def follow(self) -> int:
        """Take in what was recorded since."""
        ...


Prepared = Callable[[CaseRequest], Sequence[str]]
"""Returns the customers whom the operator's own systems found for a request, such as by its transactions."""


def nobody_prepared(request: CaseRequest) -> Sequence[str]:
    """Return nobody, where the operator's systems prepare nothing."""
    del request
    return ()


class VictimMessages(msgspec.Struct, frozen=True, kw_only=True):
    """Some of the customers to be told: the code of the approved message, its words by locale, and their hash."""

    message: str
    customer_refs: tuple[str, ...]
    words: Mapping[str, str] = {}
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """What matching found, for staff: who, and how many identifiers nobody can be found by.

    ``prepared`` are how many of the customers the operator's own systems named.
    """

    customer_refs: tuple[str, ...]
    looked_up: int
    not_looked_up: int
    prepared: int = 0


class VictimMatching:
    """Matches the lists of approved requests."""

    def __init__(
        self,
        ledger: Ledger,
        sealing: Sealing,
        customers: CustomersOf,
        clock: Callable[[], datetime],
        prepared: Prepared = nobody_prepared,
    ) -> None:
        self._ledger = ledger
        self._sealing = sealing
        self._customers = customers
        self._clock = clock
        self._prepared = prepared

    def match(self, person: Person, case_id: str) -> Matched:
        """Look the list up among our customers; nobody is told.

        Raises:
            NotAllowedError: No role allows it.
            NotFoundError: No such request.
            SecondFactorNeededError: Confirm first.
            StateError: Not a victim notification that was approved.
        """
        if person.may("match_victims"):
            # Before the act: over a large journal it takes minutes, in which nobody else could write.
            self._customers.follow()
        with acting(self._ledger, person.actor, "case.match_victims", "case", case_id) as act:
            person.require("match_victims", act.at)
            matched = self._matched(self._approved(act.connection, person, case_id))
            act.note(looked_up=matched.looked_up)
        return matched

    def tell(self, person: Person, case_id: str) -> Matched:
        """Hand the customers to be told to the operator's systems, once, and a rounded count to the agency.

        Raises:
            NotAllowedError: No role allows it.
            NotFoundError: No such request.
            SecondFactorNeededError: Confirm first.
            StateError: Not a victim notification that was approved, its words are not approved, or told already.
        """
        matched = self.match(person, case_id)
        with acting(self._ledger, person.actor, "case.tell_victims", "case", case_id) as act:
            person.require("match_victims", act.at)
            # Looked at again: the agency may have taken the request back while the list was being matched.
            self._approved(act.connection, person, case_id)
            if act.connection.execute(_WAS_MATCHED, (case_id, MESSAGE_KIND)).fetchone() is not None:
                raise StateError("these customers are being told already")
            wording = newest(act.connection, case_id, self._sealing)
            if wording is None or not wording.is_approved:
                raise StateError("the agency has not approved the words yet")
            for refs in _some(matched.customer_refs) or [()]:
                message = VictimMessages(
                    message=wording.code, customer_refs=tuple(refs), words=wording.words, digest=wording.digest
                )
                self._notice(act.connection, case_id, message, as_text(act.at))
            about = tens(len(matched.customer_refs))
            act.connection.execute(SET_TOLD, (as_text(act.at), about, wording.id))
            act.note(message=wording.code)
        return matched

    def was_told(self, case_id: str) -> bool:
        """Whether the customers of a list were handed over."""
        with self._ledger.reading() as connection:
            return connection.execute(_WAS_MATCHED, (case_id, MESSAGE_KIND)).fetchone() is not None

    def _approved(self, connection: sqlite3.Connection, person: Person, case_id: str) -> CaseRequest:
        """Return a request whose list may be matched and told."""
        found = reached(connection, person, case_id, self._sealing)
        if found.kind != "victim_notification" or found.state not in _MATCHED:
            raise StateError("only the list of an approved victim notification is matched")
        return found

    def _notice(self, connection: sqlite3.Connection, case_id: str, message: VictimMessages, at: str) -> None:
        notice_id = uuid.uuid4().hex
        sealed = self._sealing.seal(msgspec.json.encode(message).decode(), f"case_notice.recipient:{notice_id}")
        connection.execute(sql.INSERT_NOTICE, (notice_id, case_id, MESSAGE_KIND, sealed, at))

    def _matched(self, found: CaseRequest) -> Matched:
        since = self._clock() - REACH
        prepared = set(self._prepared(found))
        addresses = [one for one in found.form.identifiers if one.kind == "address" and one.network is not None]
        keys = {key for identifier in addresses for key in _keys_of(identifier)}
        return Matched(
            customer_refs=tuple(sorted(prepared.union(self._customers.customer_refs(sorted(keys), since)))),
            looked_up=len(addresses),
            not_looked_up=len(found.form.identifiers) - len(addresses),
            prepared=len(prepared),
        )


def _keys_of(identifier: Identifier) -> tuple[str, ...]:
    """Return what an address is looked up by."""
    return match_keys_for_lookup(read_destination(find_network(identifier.network or ""), identifier.value))


def rounded(number: int) -> str:
    """Return what an agency may know of a count: tens, and nothing exact below ten."""
    return f"about {tens(number):,}" if number >= LEAST_TOLD else f"fewer than {LEAST_TOLD}"


def tens(number: int) -> int:
    """Return a count rounded to tens, 0 where it is below the least that is told."""
    return (number + 5) // 10 * 10 if number >= LEAST_TOLD else 0


def csv_of(matched: Matched, message: str) -> bytes:
    """Return who is to be told what, as a table for the operator's systems."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("customer_ref", "message"))
    writer.writerows((safe_cell(ref), safe_cell(message)) for ref in matched.customer_refs)
    return text.getvalue().encode()


def _some(refs: Sequence[str]) -> list[Sequence[str]]:
    return [refs[start : start + _AT_ONCE] for start in range(0, len(refs), _AT_ONCE)]
