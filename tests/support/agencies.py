"""Agencies, officers and the operator's people, at a desk over a real database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from pyrage import x25519

from thinktwice.audit.ledger import Ledger
from thinktwice.cases.agencies import Agencies
from thinktwice.cases.desk import CaseDesk, Taking
from thinktwice.cases.filing import CaseFiling
from thinktwice.cases.form import RequestForm
from thinktwice.cases.identifiers import Identifier
from thinktwice.cases.kinds import Kind, Trust
from thinktwice.cases.legal_basis import load_legal_bases
from thinktwice.cases.reports import Reports
from thinktwice.cases.vault import FileVault
from thinktwice.keyring.keys import Key
from thinktwice.people.invitations import INSERT_ACCOUNT
from thinktwice.people.permissions import Role
from thinktwice.people.person import Person
from thinktwice.people.sealing import Sealing
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate

START = datetime(2026, 11, 20, 9, tzinfo=UTC)
BASES = load_legal_bases(Path(__file__).parents[2] / "src" / "thinktwice" / "packs" / "legal_bases")
OFFICERS_KEY = x25519.Identity.generate()


def form(**changes: object) -> RequestForm:
    """Return a form that lacks nothing for any kind in Hong Kong, where the basis fits."""
    fields: dict[str, object] = {
        "unit": "Cyber unit",
        "officer_name": "A. Officer",
        "rank": "Inspector",
        "officer_number": "12345",
        "supervisor_name": "A. Supervisor",
        "supervisor_contact": "supervisor@example.org",
        "case_number": "RN26000123",
        "offence": "Obtaining property by deception",
        "legal_basis": "crime_exemption",
        "legal_entity": "Example Exchange Ltd",
        "identifiers": (Identifier("account", "a-1"),),
        "necessity": "To trace the money of one victim.",
        "question": "Please add the helpline.",
        **changes,
    }
    return RequestForm(**fields)  # type: ignore[arg-type]  # the fields are the form's own


def data_form() -> RequestForm:
    """Return a form for a production."""
    today = START.date()
    return form(
        legal_basis="production_order",
        instrument_file="file-1",
        signatory="A. Judge",
        data_categories=("identity", "withdrawals"),
        period_from=today - timedelta(days=20),
        period_until=today,
        zone="UTC",
        delivery_key=str(OFFICERS_KEY.to_public()),
    )


class Office:
    """The operator's case office; the clock moves when told."""

    def __init__(self, folder: Path) -> None:
        migrate(folder)
        self.folder = DataFolder(folder)
        self.now = START
        self.sealing = Sealing([Key("m1", b"m" * 32)])
        self.ledger = Ledger(self.folder.control, lambda: self.now)
        self.agencies = Agencies(self.ledger, self.sealing, lambda: self.now)
        self.desk = CaseDesk(self.ledger, self.sealing, BASES, lambda: self.now)
        self.vault = FileVault(folder / "cases", most_bytes=50 << 20)
        self.filing = CaseFiling(self.ledger, self.sealing, self.vault, lambda: self.now)
        self.reports = Reports(self.ledger, self.sealing, lambda: self.now)
        self.first = self.person("p-1", "case_handler", "compliance")
        self.second = self.person("p-2", "case_handler", "compliance")
        self.third = self.person("p-3", "case_handler", "compliance")

    def close(self) -> None:
        """Close the database."""
        self.ledger.close()

    def person(self, account_id: str, *roles: Role, agency_id: str | None = None) -> Person:
        """Return somebody who is signed in and has just confirmed it."""
        return Person(
            account_id=account_id,
            name=account_id,
            realm="portal" if agency_id else "console",
            roles=frozenset(roles),
            agency_id=agency_id,
            session_id=f"session-{account_id}",
            method="passkey",
            opened_at=self.now,
            expires_at=self.now + timedelta(hours=12),
            second_factor_at=self.now,
        )

    def agency(self, name: str = "Example Police", trust: Trust = "trusted") -> str:
        """Register and verify an agency."""
        agency_id = self.agencies.register(self.first.actor, name=name, country="HK", domain="police.example.org")
        self.agencies.record_check(self.first.actor, agency_id, "domain", "the official directory names it")
        self.agencies.record_check(
            self.first.actor,
            agency_id,
            "call_back",
            "spoke with the duty officer",
            number="+852 2860 5012",
            source="the government's telephone directory",
        )
        self.agencies.record_check(self.second.actor, agency_id, "document", "saw the warrant card in person")
        self.agencies.set_trust(self.second.actor, agency_id, trust)
        return agency_id

    def officer(self, agency_id: str, account_id: str = "o-1") -> Person:
        """Return an officer of an agency."""
        return self.person(account_id, "officer", agency_id=agency_id)

    def suspend_officer(self, account_id: str, agency_id: str) -> None:
        """Let an officer's account stand in the table, suspended."""
        with closing(sqlite3.connect(self.folder.control)) as connection, connection:
            values = (account_id, "portal", b"", b"", b"", "officer", agency_id, 1, START.isoformat(), None)
            connection.execute(INSERT_ACCOUNT, values)
            connection.execute("UPDATE account SET state = 'suspended' WHERE id = ?", (account_id,))

    def submitted(self, officer: Person, kind: Kind, request_form: RequestForm | None = None) -> str:
        """File a whole request and return its id."""
        case_id = self.desk.draft(officer, kind)
        self.desk.save(officer, case_id, request_form or form(), 1)
        self.desk.step(officer, case_id, "submit")
        return case_id

    def produced(self, person: Person, case_id: str) -> None:
        """Attach something in the place of archive and receipt."""
        for name in ("production-1.zip.age", "production-1.receipt.json"):
            self.filing.attach(person, case_id, name, BytesIO(name.encode()), purpose="production")

    def approved(self, case_id: str, *, by_two: bool = False) -> None:
        """Bring a request to its approval."""
        self.desk.step(self.first, case_id, "take")
        self.desk.step(self.first, case_id, "call_back", Taking(note="called the number of the directory"))
        self.desk.step(self.first, case_id, "confirm_requester")
        self.desk.step(self.first, case_id, "approve")
        if by_two:
            self.desk.step(self.second, case_id, "confirm_approval")
