"""The case office of the console, and what its process does by the clock: let lapse, tell what waits to be told.

Invariants: a request whose time has passed expires without anybody looking, and a target that is missed is told; a week
that is over is counted once; a notice is tried until its receiver acknowledges it, later each time, under the same id.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any, Final

from thinktwice.addresses.destinations import match_keys_for_lookup, read_destination
from thinktwice.addresses.networks import find_network
from thinktwice.audit.ledger import Ledger
from thinktwice.bootstrap.prepared import prepared_victims
from thinktwice.bootstrap.scanning import scanner_of
from thinktwice.cases.agencies import Agencies
from thinktwice.cases.deconfliction import Deconfliction
from thinktwice.cases.desk import CaseDesk
from thinktwice.cases.feedback import Feedback
from thinktwice.cases.filing import CaseFiling
from thinktwice.cases.identifiers import Identifier
from thinktwice.cases.legal_basis import LegalBases, load_legal_bases, shipped_legal_bases
from thinktwice.cases.notices import Notice, Notices
from thinktwice.cases.reports import Reports
from thinktwice.cases.sampling import Sampling
from thinktwice.cases.targets import Targets
from thinktwice.cases.vault import FileVault
from thinktwice.cases.victims import VictimMatching
from thinktwice.cases.weighing import Weighing
from thinktwice.cases.wordings import Wordings
from thinktwice.decisions.clock import utc_now
from thinktwice.errors import ThinkTwiceError
from thinktwice.evidence.customer_records import CustomerRecords, FolderRecords
from thinktwice.evidence.producing import ProductionDesk
from thinktwice.interventions.handing import HandOff, HandOffs
from thinktwice.journal.finder import Finder
from thinktwice.journal.finding import MOST_FOUND, Wanted
from thinktwice.keyring.keys import Keyring, customer_ref
from thinktwice.outbox.deliverer import wait_after
from thinktwice.outbox.endpoint import Endpoint, new_client
from thinktwice.outbox.message import OutboxMessage
from thinktwice.people.sealing import Sealing
from thinktwice.people.service import People
from thinktwice.settings import Settings
from thinktwice.storage.layout import DataFolder
from thinktwice.web.console.agencies.desk import AgencyOffice
from thinktwice.web.console.cases.office import CaseOffice

LAPSE_SECONDS: Final = 15.0
TELL_SECONDS: Final = 1.0

_log: Final = logging.getLogger(__name__)


def legal_bases_of(settings: Settings) -> LegalBases:
    """Return the operator's tables of legal bases, or the example that ships with us.

    Raises:
        InputError: a table cannot be used.
    """
    return load_legal_bases(settings.legal_bases_dir or shipped_legal_bases())


@dataclass(frozen=True, slots=True)
class OwnDecisions:
    """Our own decisions, as productions take them: by destination, or by the customer whose account is named."""

    finder: Finder
    keyring: Keyring
    make_evidence: Callable[[str, str], bytes]

    def decisions(self, identifier: Identifier, since: datetime, until: datetime) -> Iterator[str]:
        """Yield the ids of all decisions about an identifier, as far as somebody asks."""
        self.finder.follow()
        for wanted in self._wanted(identifier, since, until):
            for offset in count(0, MOST_FOUND):
                found = self.finder.search(wanted, limit=MOST_FOUND, offset=offset)
                yield from (one.decision_id for one in found)
                if len(found) < MOST_FOUND:
                    break

    def evidence(self, decision_id: str) -> bytes:
        """Return the sealed evidence, in the edition that a customer may read."""
        return self.make_evidence(decision_id, "customer")

    def _wanted(self, identifier: Identifier, since: datetime, until: datetime) -> Iterator[Wanted]:
        if identifier.kind == "account" and self.keyring.ref is not None:
            ref = customer_ref(self.keyring.ref, identifier.value)
            yield Wanted(customer_ref=ref, since=since, until=until)
        if identifier.kind == "address" and identifier.network is not None:
            destination = read_destination(find_network(identifier.network), identifier.value)
            for key in match_keys_for_lookup(destination):
                yield Wanted(destination_key=key, since=since, until=until)


def case_office(
    settings: Settings,
    keyring: Keyring,
    folder: DataFolder,
    ledger: Ledger,
    people: People,
    *,
    finder: Finder,
    reports: Reports,
    make_evidence: Callable[[str, str], bytes],
    name_of: Callable[[str], str | None],
) -> CaseOffice:
    """Return what the pages about cases work with.

    Raises:
        InputError: a table of legal bases cannot be used.
    """
    sealing = Sealing(keyring.masters)
    bases = legal_bases_of(settings)
    agencies = Agencies(ledger, sealing, utc_now)
    desk = CaseDesk(ledger, sealing, bases, utc_now)
    filing = CaseFiling(ledger, sealing, FileVault(folder.cases), utc_now, scanner_of(settings))
    records: CustomerRecords | None = FolderRecords(settings.case_sources_dir) if settings.case_sources_dir else None
    return CaseOffice(
        desk=desk,
        filing=filing,
        agencies=agencies,
        bases=bases,
        weighing=Weighing(ledger, sealing, people.accounts, utc_now),
        deconfliction=Deconfliction(ledger, sealing, utc_now),
        sampling=Sampling(ledger, sealing, utc_now),
        victims=VictimMatching(ledger, sealing, finder, utc_now, prepared_victims(records, keyring)),
        wordings=Wordings(ledger, sealing, utc_now),
        production=ProductionDesk(
            desk,
            filing,
            keyring,
            operator=settings.operator_name,
            agency_of=lambda agency_id: agencies.find(agency_id).name,
            workspace=folder.cases,
            clock=utc_now,
            records=records,
            own=OwnDecisions(finder, keyring, make_evidence),
        ),
        reports=reports,
        notices=Notices(ledger, sealing),
        targets=Targets(ledger, sealing, utc_now),
        ledger=ledger,
        name_of=name_of,
        clock=utc_now,
        has_webhook=settings.webhook_url is not None,
    )


def agency_office(
    settings: Settings, agencies: Agencies, people: People, name_of: Callable[[str], str | None]
) -> AgencyOffice:
    """Return what the pages about agencies work with."""
    return AgencyOffice(
        agencies=agencies,
        accounts=people.accounts,
        invitations=people.invitations,
        sessions=people.sessions,
        portal_url=str(settings.portal_url).rstrip("/"),
        name_of=name_of,
    )


def endpoint_of(settings: Settings, keyring: Keyring) -> Endpoint | None:
    """Return where notices are told.

    Raises:
        InputError: the address may not be used, or there is no key to sign with.
    """
    return Endpoint(settings.webhook_url, keyring.webhook) if settings.webhook_url is not None else None


@contextmanager
def by_the_clock(office: CaseOffice, hand_offs: HandOffs, endpoint: Endpoint | None, finder: Finder) -> Iterator[None]:
    """Let lapse what is over, and tell what waits, for as long as the block lasts."""
    stopped = threading.Event()
    feedback = Feedback(office.ledger, utc_now)
    lapsing = (office.desk, office.targets, finder, feedback, stopped)
    threads = [threading.Thread(target=_lapse, args=lapsing, name="cases-lapse", daemon=True)]
    if endpoint is not None:
        teller = threading.Thread(
            target=_tell, args=(office.notices, hand_offs, endpoint, stopped), name="cases-notices", daemon=True
        )
        threads.append(teller)
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopped.set()
        for thread in threads:
            thread.join()


def _lapse(desk: CaseDesk, targets: Targets, finder: Finder, feedback: Feedback, stopped: threading.Event) -> None:
    while not stopped.is_set():
        try:
            desk.lapse()
            targets.tell_missed()
            finder.follow()
            feedback.count(finder)
        except ThinkTwiceError as error:
            _log.warning("cases could not lapse (%s); it is tried again", error)
        except Exception:  # noqa: BLE001 - a thread that ended would let nothing expire any more, in silence
            _log.exception("cases could not lapse; it is tried again")
        stopped.wait(LAPSE_SECONDS)


def _tell(notices: Notices, hand_offs: HandOffs, endpoint: Endpoint, stopped: threading.Event) -> None:
    failures = 0
    while not stopped.is_set():
        try:
            faults = notices.tell(lambda notice: deliver(notice, endpoint, utc_now()))
            faults += hand_offs.tell(lambda hand_off: deliver(hand_off, endpoint, utc_now()))
        except Exception as error:  # noqa: BLE001 - the notices are still there; giving up would lose them silently
            faults = [type(error).__name__]
        failures = failures + 1 if faults else 0
        if faults:
            _log.warning("%s notices could not be told (%s); they are tried again", len(faults), faults[0])
        stopped.wait(wait_after(failures).total_seconds() if faults else TELL_SECONDS)


def deliver(notice: Notice | HandOff, endpoint: Endpoint, now: datetime) -> str | None:
    """Send one notice once by Standard Webhooks; returns None when it was acknowledged."""
    message = message_of(notice)

    async def send() -> str | None:
        async with new_client() as client:
            return await endpoint.send(client, message, now)

    return asyncio.run(send())


def message_of(notice: Notice | HandOff) -> OutboxMessage:
    """Return the webhook of a notice, under the notice's own id."""
    facts: dict[str, Any] = {"created_at": 0, "due_at": 0}
    return OutboxMessage(message_id=f"notice_{notice.id}", topic="case.notice", body=notice.body, **facts)
