"""The invented people of a demonstration, put right again whatever visitors did to them.

Invariants: each account is set up like anybody's, with a password that nobody knows and an app that nobody has; only
the demonstration's own doors open it; a door that a visitor broke works for the next one.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pyotp

from thinktwice.audit.ledger import Actor, Ledger
from thinktwice.decisions.clock import utc_now
from thinktwice.people.accounts import Account
from thinktwice.people.permissions import Realm
from thinktwice.people.person import Place
from thinktwice.people.service import People

ACTOR: Final = Actor("system", "demo")
_HERE: Final = Place("127.0.0.1", "demo")


@dataclass(frozen=True, slots=True, kw_only=True)
class Invented:
    """Somebody who does not exist: where, under which address and name, with which roles, of which agency."""

    realm: Realm
    email: str
    name: str
    roles: Sequence[str]
    agency_id: str | None = None


class DemoPeople:
    """Makes invented people, and opens sessions of theirs."""

    def __init__(self, people: People, ledger: Ledger) -> None:
        self._people = people
        self._ledger = ledger

    def ready(self, who: Invented) -> str:
        """Return the account of somebody, in use and with the roles they have."""
        people = self._people
        account = people.accounts.by_email(who.realm, who.email)
        if account is None:
            account, link = people.invitations.invite(
                ACTOR, realm=who.realm, email=who.email, name=who.name, roles=who.roles, agency_id=who.agency_id
            )
            self._set_up(account, link)
            return account.id
        if account.state == "suspended":
            people.accounts.restore(ACTOR, account.id)
            account = people.accounts.find(account.id)
        if account.state == "invited":
            self._set_up(account, people.invitations.reset(ACTOR, account.id))
        if set(account.roles) != set(who.roles):
            people.accounts.change_roles(ACTOR, account.id, who.roles)
        return account.id

    def sign_in_as(self, who: Invented, place: Place) -> str:
        """Open a session of somebody."""
        account_id = self.ready(who)
        with self._ledger.act(ACTOR, "session.open", "account", account_id) as act:
            return self._people.sessions.open(
                act, account_id, who.realm, place, stage="open", method="passkey", second_factor_at=act.at
            )

    def _set_up(self, account: Account, link: str) -> None:
        people = self._people
        if account.realm == "portal":
            people.accounts.require_passkey(ACTOR, account.id, is_required=False)
        pending = people.enrolment.pending(people.enrolment.begin(link, _HERE))
        people.credentials.set_password(pending, secrets.token_urlsafe(24))
        app = people.credentials.add_app(pending)
        people.credentials.confirm_app(pending, app.id, pyotp.TOTP(app.secret).at(utc_now()))
        people.enrolment.finish(pending, _HERE)
