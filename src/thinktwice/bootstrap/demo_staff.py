"""The invented staff of a demonstration: one person a role.

Invariant: each account is set up like anybody's, with a password that nobody knows and an app that nobody has; only the
demonstration's own door opens it.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Final

import pyotp

from thinktwice.audit.ledger import Actor, Ledger
from thinktwice.decisions.clock import utc_now
from thinktwice.people.permissions import STAFF_ROLES, StaffRole
from thinktwice.people.person import Place
from thinktwice.people.service import People

ACTOR: Final = Actor("system", "demo")

NAMES: Final[Mapping[StaffRole, str]] = {
    "author": "Demo author",
    "approver": "Demo approver",
    "analyst": "Demo analyst",
    "intervention_handler": "Demo handler",
    "case_handler": "Demo case handler",
    "compliance": "Demo compliance",
    "administrator": "Demo administrator",
}


class DemoStaff:
    """Makes the people, and opens sessions of theirs."""

    def __init__(self, people: People, ledger: Ledger) -> None:
        self._people = people
        self._ledger = ledger
        self._accounts = {role: self._make(role) for role in STAFF_ROLES}

    def sign_in_as(self, role: StaffRole, place: Place) -> str:
        """Open a session of the person with a role."""
        account_id = self._accounts[role]
        with self._ledger.act(ACTOR, "session.open", "account", account_id) as act:
            return self._people.sessions.open(
                act, account_id, "console", place, stage="open", method="passkey", second_factor_at=act.at
            )

    def _make(self, role: StaffRole) -> str:
        """Invite somebody, and set the account up with a password that nobody knows and an app that nobody has."""
        email = f"{role.replace('_', '-')}@demo.invalid"
        known = self._people.accounts.by_email("console", email)
        if known is not None:
            return known.id
        account, link = self._people.invitations.invite(
            ACTOR, realm="console", email=email, name=NAMES[role], roles=(role,)
        )
        here = Place("127.0.0.1", "demo")
        pending = self._people.enrolment.pending(self._people.enrolment.begin(link, here))
        self._people.credentials.set_password(pending, secrets.token_urlsafe(24))
        app = self._people.credentials.add_app(pending)
        self._people.credentials.confirm_app(pending, app.id, pyotp.TOTP(app.secret).at(utc_now()))
        self._people.enrolment.finish(pending, here)
        return account.id
