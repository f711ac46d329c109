"""What agencies asked of the demo exchange before the visitor came: requests in several states, and reports.

Invariants: everything goes through the same desks as a real request, so that timeline, audit chain and encryption are
those of any; every text says that it is invented.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from pyrage import x25519

from thinktwice.audit.ledger import Ledger
from thinktwice.bootstrap.demo_officers import DOMAIN
from thinktwice.bootstrap.portal_desks import now_utc
from thinktwice.cases.agencies import Agencies
from thinktwice.cases.course import Step
from thinktwice.cases.desk import CaseDesk, Taking
from thinktwice.cases.filing import CaseFiling
from thinktwice.cases.form import RequestForm
from thinktwice.cases.identifiers import Identifier
from thinktwice.cases.kinds import Kind
from thinktwice.cases.legal_basis import load_legal_bases, shipped_legal_bases
from thinktwice.cases.reports import Reports
from thinktwice.cases.vault import FileVault
from thinktwice.cases.wordings import Wordings
from thinktwice.demo.prepare import DEMO
from thinktwice.keyring.keys import Keyring
from thinktwice.people.accounts import AccountStore
from thinktwice.people.permissions import Realm
from thinktwice.people.person import Person
from thinktwice.people.sealing import Sealing
from thinktwice.settings import Settings
from thinktwice.storage.layout import DataFolder

LISTED: Final = Identifier("account", "demo-listed")
LOOKALIKE: Final = Identifier("account", "demo-lookalike")
REPORTED: Final = ("0x52908400098527886E0F7030069857D2E4169EE7", "0x8617E340B3D01FA5F11F306F4090FD50E238070D")
"""Two invented addresses that the officer reports: the first report wants a colleague and the operator."""

PAID: Final = Identifier("address", REPORTED[0], "ethereum")
WORDS: Final = {
    "en": "Invented for a demonstration: police believe that you may have been deceived. Nobody will ask you to pay.",
    "zh-Hant": "示範用的虛構訊息：警方相信你可能受騙。不會有人要求你付款。",
}
"""What customers who paid there would read, once an officer approved it: a visitor can be that officer."""


@dataclass(frozen=True, slots=True)
class _Bench:
    """The desks and the people who sit at them."""

    desk: CaseDesk
    filing: CaseFiling
    reports: Reports
    wordings: Wordings
    officer: Person
    handler: Person

    def files(self, kind: Kind, identifiers: tuple[Identifier, ...], case_number: str, **changes: Any) -> str:
        """File a request, submit it and return its id."""
        case_id = self.desk.draft(self.officer, kind)
        instrument = changes.pop("instrument", None)
        if instrument is not None:
            given = io.BytesIO(instrument)
            changes["instrument_file"] = self.filing.attach(
                self.officer, case_id, "demo-order.txt", given, purpose="instrument"
            )
        self.desk.save(self.officer, case_id, _form(identifiers, case_number, **changes), 1)
        self.desk.step(self.officer, case_id, "submit")
        return case_id

    def works(self, case_id: str, *steps: Step) -> None:
        """Let the operator's case handler take steps."""
        for step in steps:
            note = "Invented: the duty officer knows of this request." if step == "call_back" else ""
            self.desk.step(self.handler, case_id, step, Taking(note=note))


def make_agency_work(settings: Settings, keyring: Keyring) -> None:
    """Fill the areas of agencies' requests; console and portal have made their people before."""
    with _bench(settings, keyring) as (bench, agencies):
        agencies.register(
            DEMO, name="Demo Harbour Bureau", country="HK", domain="bureau.demo.invalid", is_applying=True
        )
        urgent = bench.files("urgent_preservation", (LISTED,), "DEMO-0001", measure_days=2)
        bench.works(urgent, "take", "call_back", "confirm_requester", "approve")
        bench.filing.write(bench.officer, urgent, "Invented: the victim paid this morning; the hours count.")
        today = now_utc().date()
        order = bench.files(
            "production",
            (LISTED, LOOKALIKE),
            "DEMO-0002",
            instrument=b"Invented for a demonstration. Not an order of any court.\n",
            legal_basis="production_order",
            signatory="Demo judge",
            data_categories=("identity", "withdrawals", "alerts"),
            period_from=today - timedelta(days=90),
            period_until=today,
            zone="Asia/Hong_Kong",
            delivery_key=str(x25519.Identity.generate().to_public()),
        )
        bench.works(order, "take", "call_back", "confirm_requester")
        standing = bench.files("preservation", (LOOKALIKE,), "DEMO-0003", measure_days=30)
        bench.works(standing, "take", "confirm_requester", "approve", "fulfil")
        bench.files("information", (LISTED,), "DEMO-0004", question="Invented: how long are records of alerts kept?")
        victims = bench.files("victim_notification", (PAID,), "DEMO-0005")
        bench.works(victims, "take", "call_back", "confirm_requester", "approve")
        bench.wordings.propose(bench.officer, victims, WORDS)
        bench.desk.draft(bench.officer, "voluntary_restriction")
        for address in REPORTED:
            bench.reports.report(
                bench.officer,
                network="ethereum",
                address=address,
                handling="warn",
                reason="Invented: three victims were told to pay there this week.",
            )


@contextmanager
def _bench(settings: Settings, keyring: Keyring) -> Iterator[tuple[_Bench, Agencies]]:
    folder, sealing = DataFolder(settings.data), Sealing(keyring.masters)
    with closing(Ledger(folder.control, now_utc)) as ledger:
        accounts = AccountStore(ledger, sealing, now_utc)
        yield (
            _Bench(
                CaseDesk(ledger, sealing, load_legal_bases(shipped_legal_bases()), now_utc),
                CaseFiling(ledger, sealing, FileVault(folder.cases), now_utc),
                Reports(ledger, sealing, now_utc),
                Wordings(ledger, sealing, now_utc),
                _person(accounts, "portal", f"officer@{DOMAIN}"),
                _person(accounts, "console", "case-handler@demo.invalid"),
            ),
            Agencies(ledger, sealing, now_utc),
        )


def _person(accounts: AccountStore, realm: Realm, email: str) -> Person:
    """Return one of the invented people, as if just signed in.

    Raises:
        LookupError: neither console nor portal made anybody of this address.
    """
    account, now = accounts.by_email(realm, email), now_utc()
    if account is None:
        raise LookupError(f"the demonstration has nobody of {email}")
    return Person(
        account_id=account.id,
        name=account.name,
        realm=realm,
        roles=account.roles,
        agency_id=account.agency_id,
        session_id="demo",
        method="passkey",
        opened_at=now,
        expires_at=now + timedelta(hours=1),
        second_factor_at=now,
    )


def _form(identifiers: tuple[Identifier, ...], case_number: str, **changes: Any) -> RequestForm:
    fields: dict[str, Any] = {
        "unit": "Demo unit",
        "officer_name": "Demo officer",
        "rank": "Inspector",
        "officer_number": "12345",
        "supervisor_name": "Demo supervisor",
        "supervisor_contact": f"supervisor@{DOMAIN}",
        "case_number": case_number,
        "offence": "Obtaining property by deception (invented)",
        "legal_basis": "crime_exemption",
        "legal_entity": "Demo exchange",
        "identifiers": identifiers,
        "necessity": "Invented: to trace what one victim paid.",
    }
    return RequestForm(**fields | changes)
