"""Telling suspected victims: an agency's list is matched where customers are known, and only a rounded count goes back.

Invariants: matched only for a request that was approved by two people and called back; who matched goes to the
operator's own systems, never to the agency; the agency is told a count rounded to tens and nothing exact below ten; the
words that customers get are the operator's, named by a code; matching twice tells nobody twice.
"""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

import msgspec

from thinktwice.addresses.destinations import match_keys_for_lookup, read_destination
from thinktwice.addresses.networks import find_network
from thinktwice.audit.ledger import Ledger
from thinktwice.cases import statements as sql
from thinktwice.cases.identifiers import Identifier
from thinktwice.cases.reach import reached
from thinktwice.cases.transparency import safe_cell
from thinktwice.errors import InputError, StateError
from thinktwice.people.acting import acting
from thinktwice.people.person import Person
from thinktwice.people.sealing import Sealing
from thinktwice.people.times import as_text

LEAST_TOLD: Final = 10
REACH: Final = timedelta(days=365)
MESSAGE_KIND: Final = "victim_message"
_AT_ONCE: Final = 500
_MATCHED: Final = frozenset({"approved", "partly_approved", "fulfilled"})
_CODE_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")
_WAS_MATCHED: Final = "SELECT 1 FROM case_notice WHERE case_id = ? AND kind = ? LIMIT 1"


class CustomersOf(Protocol):
    """Finds who paid, or wanted to pay, to a destination."""

    def customer_refs(self, match_key: str, since: datetime) -> tuple[str, ...]:
        """Return references of customers since a moment."""
        ...

    def follow(self) -> int:
        """Take in what was recorded since."""
        ...


class VictimMessages(msgspec.Struct, frozen=True, kw_only=True):
    """Some of the customers to be told, and the code of the message that was approved."""

    message: str
    customer_refs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """What matching found, for staff: who, and how many identifiers nobody can be found by."""

    customer_refs: tuple[str, ...]
    looked_up: int
    not_looked_up: int


class VictimMatching:
    """Matches the lists of approved requests."""

    def __init__(self, ledger: Ledger, sealing: Sealing, customers: CustomersOf, clock: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._sealing = sealing
        self._customers = customers
        self._clock = clock

    def match(self, person: Person, case_id: str) -> Matched:
        """Look the list up among our customers; nobody is told.

        Raises:
            NotAllowedError: No role allows it.
            NotFoundError: No such request.
            SecondFactorNeededError: Confirm first.
            StateError: Not a victim notification that was approved.
        """
        with acting(self._ledger, person.actor, "case.match_victims", "case", case_id) as act:
            person.require("match_victims", act.at)
            found = reached(act.connection, person, case_id, self._sealing)
            if found.kind != "victim_notification" or found.state not in _MATCHED:
                raise StateError("only the list of an approved victim notification is matched")
            matched = self._matched(found.form.identifiers)
            act.note(looked_up=matched.looked_up)
        return matched

    def tell(self, person: Person, case_id: str, message: str) -> Matched:
        """Hand the customers to be told to the operator's systems, once, and a rounded count to the agency.

        Raises:
            InputError: No code of a message.
            NotAllowedError: No role allows it.
            NotFoundError: No such request.
            SecondFactorNeededError: Confirm first.
            StateError: Not a victim notification that was approved, or told already.
        """
        if not 3 <= len(message) <= 64 or not set(message) <= _CODE_LETTERS:
            raise InputError.of("is the code of an approved message, such as victim-notice-hk-1", field="message")
        matched = self.match(person, case_id)
        with acting(self._ledger, person.actor, "case.tell_victims", "case", case_id) as act:
            person.require("match_victims", act.at)
            if act.connection.execute(_WAS_MATCHED, (case_id, MESSAGE_KIND)).fetchone() is not None:
                raise StateError("these customers are being told already")
            for refs in _some(matched.customer_refs) or [()]:
                notice_id = uuid.uuid4().hex
                body = msgspec.json.encode(VictimMessages(message=message, customer_refs=tuple(refs))).decode()
                sealed = self._sealing.seal(body, f"case_notice.recipient:{notice_id}")
                values = (notice_id, case_id, MESSAGE_KIND, sealed, as_text(act.at))
                act.connection.execute(sql.INSERT_NOTICE, values)
            text = f"Customers found who may be affected: {rounded(len(matched.customer_refs))}. They are being told."
            message_id = uuid.uuid4().hex
            sealed = self._sealing.seal(text, f"case_message.body:{message_id}")
            entry = (message_id, case_id, "operator", person.account_id, 0, as_text(act.at), sealed)
            act.connection.execute(sql.INSERT_MESSAGE, entry)
            act.note(message=message)
        return matched

    def was_told(self, case_id: str) -> bool:
        """Whether the customers of a list were handed over."""
        with self._ledger.reading() as connection:
            return connection.execute(_WAS_MATCHED, (case_id, MESSAGE_KIND)).fetchone() is not None

    def _matched(self, identifiers: Iterable[Identifier]) -> Matched:
        since = self._clock() - REACH
        self._customers.follow()
        refs: set[str] = set()
        looked_up = not_looked_up = 0
        for identifier in identifiers:
            if identifier.kind != "address" or identifier.network is None:
                not_looked_up += 1
                continue
            looked_up += 1
            destination = read_destination(find_network(identifier.network), identifier.value)
            for key in match_keys_for_lookup(destination):
                refs.update(self._customers.customer_refs(key, since))
        return Matched(customer_refs=tuple(sorted(refs)), looked_up=looked_up, not_looked_up=not_looked_up)


def rounded(number: int) -> str:
    """Return what an agency may know of a count: tens, and nothing exact below ten."""
    return f"about {(number + 5) // 10 * 10:,}" if number >= LEAST_TOLD else f"fewer than {LEAST_TOLD}"


def csv_of(matched: Matched, message: str) -> bytes:
    """Return who is to be told what, as a table for the operator's systems."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(("customer_ref", "message"))
    writer.writerows((safe_cell(ref), safe_cell(message)) for ref in matched.customer_refs)
    return text.getvalue().encode()


def _some(refs: Sequence[str]) -> list[Sequence[str]]:
    return [refs[start : start + _AT_ONCE] for start in range(0, len(refs), _AT_ONCE)]
