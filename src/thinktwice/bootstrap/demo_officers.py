"""The invented agency of a demonstration and its people.

Invariant: each account is set up like anybody's, with a password that nobody knows and an app that nobody has; only the
demonstration's own door opens it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

import pyotp

from thinktwice.audit.ledger import Actor, Ledger
from thinktwice.bootstrap.portal_desks import now_utc
from thinktwice.cases.agencies import Agencies
from thinktwice.cases.kinds import Trust
from thinktwice.people.person import Place
from thinktwice.people.service import People
from thinktwice.web.portal.demo.pages import DemoWho

ACTOR: Final = Actor("system", "demo")
AGENCY: Final = "Demo Police"
DOMAIN: Final = "police.demo.invalid"


@dataclass(frozen=True, slots=True)
class _Known:
    """What somebody is called, and where mail would go."""

    name: str
    email: str
    role: str


OFFICERS: Final[dict[DemoWho, _Known]] = {
    "officer": _Known("Demo officer", f"officer@{DOMAIN}", "officer"),
    "colleague": _Known("Demo colleague", f"colleague@{DOMAIN}", "officer"),
    "agency_administrator": _Known("Demo agency administrator", f"administrator@{DOMAIN}", "agency_administrator"),
}


class DemoOfficers:
    """Makes the agency and its people, and opens sessions of theirs."""

    def __init__(self, people: People, ledger: Ledger, agencies: Agencies) -> None:
        self._people = people
        self._ledger = ledger
        self._agencies = agencies
        agency_id = self.agency(AGENCY, DOMAIN, "trusted")
        self._accounts = {who: self.officer(known, agency_id) for who, known in OFFICERS.items()}

    def sign_in_as(self, who: DemoWho, place: Place) -> str:
        """Open a session of somebody of the agency."""
        account_id = self._accounts[who]
        with self._ledger.act(ACTOR, "session.open", "account", account_id) as act:
            return self._people.sessions.open(
                act, account_id, "portal", place, stage="open", method="passkey", second_factor_at=act.at
            )

    def agency(self, name: str, domain: str, trust: Trust) -> str:
        """Return the agency of this name, registered and verified by two of the operator's invented people."""
        for known in self._agencies.all():
            if known.name == name:
                return known.id
        one, two = self._staff("case-handler"), self._staff("compliance")
        made = self._agencies.register(one, name=name, country="HK", domain=domain)
        self._agencies.record_check(one, made, "domain", "Invented: the official directory names this domain.")
        found = {"number": "+852 2860 5012", "source": "Invented: a directory of the government"}
        self._agencies.record_check(one, made, "call_back", "Invented: the duty officer knew of it.", **found)
        self._agencies.record_check(two, made, "document", "Invented: saw a warrant card.")
        self._agencies.set_trust(two, made, trust)
        return made

    def officer(self, known: _Known, agency_id: str) -> str:
        """Return the account of somebody of an agency, set up with the operator's consent to an app."""
        account = self._people.accounts.by_email("portal", known.email)
        if account is not None:
            return account.id
        people, here = self._people, Place("127.0.0.1", "demo")
        account, link = people.invitations.invite(
            ACTOR, realm="portal", email=known.email, name=known.name, roles=(known.role,), agency_id=agency_id
        )
        people.accounts.require_passkey(ACTOR, account.id, is_required=False)
        pending = people.enrolment.pending(people.enrolment.begin(link, here))
        people.credentials.set_password(pending, secrets.token_urlsafe(24))
        app = people.credentials.add_app(pending)
        people.credentials.confirm_app(pending, app.id, pyotp.TOTP(app.secret).at(now_utc()))
        people.enrolment.finish(pending, here)
        return account.id

    def _staff(self, name: str) -> Actor:
        """Return one of the invented staff, or a stand-in where no console made any."""
        account = self._people.accounts.by_email("console", f"{name}@demo.invalid")
        return Actor("staff", account.id) if account else Actor("system", f"demo-{name}")
