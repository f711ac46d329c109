"""The portal on a real port, for browsers, with the operator's people at their desk over the same data folder."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import uvicorn

from tests.support.people import CLI
from thinktwice.audit.ledger import Ledger
from thinktwice.bootstrap.portal import open_portal
from thinktwice.bootstrap.portal_desks import portal_desks
from thinktwice.cases.agencies import Agencies
from thinktwice.cases.desk import CaseDesk
from thinktwice.cases.filing import CaseFiling
from thinktwice.cases.reports import Reports
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.people.passkeys import RelyingParty
from thinktwice.people.person import Person
from thinktwice.people.service import People, open_people
from thinktwice.settings import load_settings
from thinktwice.storage.layout import DataFolder


@dataclass(frozen=True)
class PortalServer:
    """Where the portal is, and the operator's side of the same database."""

    url: str
    people: People
    agencies: Agencies
    desk: CaseDesk
    filing: CaseFiling
    reports: Reports

    def staff(self, account_id: str) -> Person:
        """Somebody of the operator, who has just confirmed it."""
        now = datetime.now(UTC)
        return Person(
            account_id=account_id,
            name=account_id,
            realm="console",
            roles=frozenset({"case_handler", "compliance"}),
            agency_id=None,
            session_id=f"session-{account_id}",
            method="passkey",
            opened_at=now,
            expires_at=now + timedelta(hours=12),
            second_factor_at=now,
        )

    def agency(self, name: str) -> str:
        """Register and verify an agency."""
        first, second = self.staff("staff-1").actor, self.staff("staff-2").actor
        agency_id = self.agencies.register(CLI, name=name, country="HK", domain="police.example.org")
        self.agencies.record_check(first, agency_id, "domain", "the official directory names it")
        found = {"number": "+852 2860 5012", "source": "the government's telephone directory"}
        self.agencies.record_check(first, agency_id, "call_back", "spoke with the duty officer", **found)
        self.agencies.record_check(second, agency_id, "document", "saw the warrant card")
        self.agencies.set_trust(second, agency_id, "trusted")
        return agency_id

    def invite(self, agency_id: str, *roles: str, email: str, name: str) -> str:
        """Invite somebody and return the address of the link."""
        _account, token = self.people.invitations.invite(
            CLI, realm="portal", email=email, name=name, roles=roles, agency_id=agency_id
        )
        return f"{self.url}/invitation/{token}"


@contextmanager
def serve_portal(data: Path, *, is_demo: bool = False, **changes: Any) -> Iterator[PortalServer]:
    """Run the portal on a free loopback port for as long as the block lasts; keywords change its settings."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        url = f"http://localhost:{listening.getsockname()[1]}"
        settings = load_settings(data=data, portal_url=url, operator_name="Harbour Exchange", **changes)
        with open_portal(settings, TEST_KEYRING, is_demo=is_demo, sign_ins_per_minute=100_000) as app:
            config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", ws="none")
            server = uvicorn.Server(config)
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
            thread.start()
            while not server.started:
                time.sleep(0.01)
            control = DataFolder(data).control
            ledger = Ledger(control, lambda: datetime.now(UTC))
            people = open_people(
                realm="portal",
                control=control,
                ledger=ledger,
                masters=TEST_KEYRING.masters,
                party=RelyingParty("localhost", "tests", (url,)),
                clock=lambda: datetime.now(UTC),
            )
            desks = portal_desks(settings, TEST_KEYRING, ledger, people)
            try:
                yield PortalServer(
                    url,
                    people,
                    cast("Agencies", desks[Agencies]),
                    cast("CaseDesk", desks[CaseDesk]),
                    cast("CaseFiling", desks[CaseFiling]),
                    cast("Reports", desks[Reports]),
                )
            finally:
                server.should_exit = True
                thread.join(10)
                people.close()
                ledger.close()
