"""The portal with real people, agencies and cases; browsers on paper; the operator's side through its services."""

from __future__ import annotations

import html
import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import httpx

from tests.support.console_browser import Browser
from tests.support.people import CLI, PORTAL, Member, World
from thinktwice.bootstrap.portal_desks import portal_desks
from thinktwice.cases.agencies import Agencies
from thinktwice.cases.desk import CaseDesk, Taking
from thinktwice.cases.filing import CaseFiling
from thinktwice.cases.kinds import Trust
from thinktwice.cases.reports import Reports
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.people.permissions import Role
from thinktwice.people.person import Person
from thinktwice.people.sessions import SessionStore
from thinktwice.settings import load_settings
from thinktwice.web.edge.asgi import App
from thinktwice.web.edge.headers import HostNames
from thinktwice.web.edge.signed_in.parts import SurfaceParts
from thinktwice.web.portal.app import create_portal

URL = PORTAL.origins[0]
SESSION = "__Host-tt-portal-session"


@dataclass(frozen=True)
class Gate:
    """The portal's gate over real sessions."""

    sessions: SessionStore

    def person(self, secret: str, *, is_active: bool) -> Person | None:
        return self.sessions.read(secret, "portal", is_active=is_active)


class OfficersBrowser(Browser):
    """A browser at the portal; it signs in with a passkey and sends files too."""

    def sign_in(self, world: World, member: Member) -> httpx.Response:
        """Sign in with the member's passkey alone."""
        self.get("/sign-in")
        assert member.device is not None
        return self.send("/sign-in/passkey", {"answer": member.device.get(self.options)})

    def upload(
        self, path: str, fields: Mapping[str, Any], field: str, name: str, content: bytes, **headers: str
    ) -> httpx.Response:
        """Send a form with a file in it."""
        found = re.search(r'name="form_token" value="([^"]*)"', self.page.text)
        token = html.unescape(found[1]) if found else ""
        edge = secrets.token_hex(8)
        pairs = [("form_token", token)]
        for key, value in fields.items():
            pairs.extend((key, one) for one in (value if isinstance(value, list | tuple) else [value]))
        parts = [
            f'--{edge}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
            for key, value in pairs
        ]
        head = f'--{edge}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
        head += "Content-Type: application/octet-stream\r\n\r\n"
        parts += [head.encode(), content, f"\r\n--{edge}--\r\n".encode()]
        sent = {
            "Content-Type": f"multipart/form-data; boundary={edge}",
            "Origin": self.url,
            "Sec-Fetch-Site": "same-origin",
            "Referer": self.here,
        }
        return self._follow(self._send("POST", path, b"".join(parts), {**sent, **headers}))


class Bureau:
    """One installation: people of both realms, agencies, and the portal's application."""

    def __init__(self, folder: Path, settings: Mapping[str, Any] | None = None, **changes: Any) -> None:
        self.world = World(folder)
        chosen = load_settings(data=folder, **(settings or {}))
        self.desks = portal_desks(chosen, TEST_KEYRING, self.world.ledger, self.world.portal, self.world.clock)
        usual: dict[str, Any] = {
            "hosts": HostNames(["portal.example.org"]),
            "url": URL,
            "sign_ins_per_minute": 10_000,
            "operator_name": "Harbour Exchange",
        }
        self.app: App = create_portal(
            SurfaceParts(
                gate=Gate(self.world.portal.sessions),
                ledger=self.world.ledger,
                desks=self.desks,
                clock=self.world.clock,
                **(usual | changes),
            )
        )
        self.first, self.second = self.staff("staff-1"), self.staff("staff-2")

    def close(self) -> None:
        self.world.close()

    @property
    def agencies(self) -> Agencies:
        return cast("Agencies", self.desks[Agencies])

    @property
    def desk(self) -> CaseDesk:
        return cast("CaseDesk", self.desks[CaseDesk])

    @property
    def filing(self) -> CaseFiling:
        return cast("CaseFiling", self.desks[CaseFiling])

    @property
    def reports(self) -> Reports:
        return cast("Reports", self.desks[Reports])

    def staff(self, account_id: str, *roles: Role) -> Person:
        """Somebody of the operator, who has just confirmed it."""
        now = self.world.clock()
        return Person(
            account_id=account_id,
            name=account_id,
            realm="console",
            roles=frozenset(roles or ("case_handler", "compliance")),
            agency_id=None,
            session_id=f"session-{account_id}",
            method="passkey",
            opened_at=now,
            expires_at=now + timedelta(hours=12),
            second_factor_at=now,
        )

    def agency(self, name: str = "Example Police", trust: Trust = "trusted") -> str:
        """Register and verify an agency."""
        agency_id = self.agencies.register(CLI, name=name, country="HK", domain="police.example.org")
        if trust != "registered":
            note = "the official directory names it"
            self.agencies.record_check(self.first.actor, agency_id, "domain", note)
            number = {"number": "+852 2860 5012", "source": "the government's telephone directory"}
            self.agencies.record_check(self.first.actor, agency_id, "call_back", "spoke with the officer", **number)
            self.agencies.record_check(self.second.actor, agency_id, "document", "saw the warrant card in person")
            self.agencies.set_trust(self.second.actor, agency_id, trust)
        return agency_id

    def officer(self, agency_id: str, *roles: str) -> Member:
        """Invite an officer and set the account up with a passkey."""
        return self.world.member(*(roles or ("officer",)), realm="portal", agency=agency_id)

    def person(self, member: Member) -> Person:
        """Somebody signed in through the services, as pages would see them."""
        return self.world.person(self.world.sign_in(member, realm="portal").token, "portal")

    def browser(self, member: Member | None = None, **facts: Any) -> OfficersBrowser:
        """A browser at the portal, signed in as somebody."""
        made = OfficersBrowser(self.app, url=URL, **facts)
        if member is not None:
            made.sign_in(self.world, member)
        return made


FORM: dict[str, Any] = {
    "unit": "Cyber unit",
    "officer_name": "A. Officer",
    "rank": "Inspector",
    "officer_number": "12345",
    "supervisor_name": "A. Supervisor",
    "supervisor_contact": "supervisor@police.example.org",
    "case_number": "RN26000123",
    "offence": "Obtaining property by deception",
    "legal_entity": "Example Exchange Ltd",
    "identifiers": "account,a-1",
    "necessity": "To trace the money of one victim.",
    "is_customer_told": "told",
    "then": "go-on",
}
"""What an officer types so that an information request lacks nothing."""


def draft(browser: Browser, kind: str = "information") -> str:
    """Begin a draft and return its id."""
    browser.get("/requests/new")
    answer = browser.send("/requests/new", {"kind": kind})
    found = re.search(r"/requests/([0-9a-f]{32})/form", str(answer.request.url))
    assert found, answer.text
    return found[1]


def filed(browser: Browser, kind: str = "information", **changes: Any) -> str:
    """File a whole request and return its id."""
    case_id = draft(browser, kind)
    browser.send(f"/requests/{case_id}/form", {**FORM, "revision": "1", **changes})
    browser.get(f"/requests/{case_id}/check")
    answer = browser.send(f"/requests/{case_id}/submit")
    assert str(answer.request.url).endswith(f"/requests/{case_id}?said=request-submitted"), answer.text
    return case_id


def taken_up(bureau: Bureau, case_id: str) -> None:
    """Take a request up as the operator's people do."""
    bureau.desk.step(bureau.first, case_id, "take")


def asked_more(bureau: Bureau, case_id: str, note: str = "Which of the two accounts?") -> None:
    """Ask the officer for more."""
    bureau.desk.step(bureau.first, case_id, "ask_more", Taking(note=note))


@contextmanager
def open_bureau(folder: Path, **changes: Any) -> Iterator[Bureau]:
    """Open the portal over a fresh ``control.db``."""
    made = Bureau(folder, **changes)
    try:
        yield made
    finally:
        made.close()
