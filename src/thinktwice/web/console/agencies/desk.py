"""What the pages about agencies work with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from thinktwice.audit.entry import Actor
from thinktwice.cases.agencies import Agencies, Agency
from thinktwice.errors import InputError, NotFoundError, Phrase
from thinktwice.people.accounts import OFFICER_ACCESS, Account, AccountStore
from thinktwice.people.invitations import InvitationStore
from thinktwice.people.permissions import OFFICER_ROLES
from thinktwice.people.sessions import SessionStore


@dataclass(frozen=True, slots=True, kw_only=True)
class AgencyOffice:
    """Agencies and their officers; ``portal_url`` is where officers set their accounts up."""

    agencies: Agencies
    accounts: AccountStore
    invitations: InvitationStore
    sessions: SessionStore
    portal_url: str
    name_of: Callable[[str], str | None]

    def officers(self, agency: Agency) -> tuple[Account, ...]:
        """Return the officers of an agency that have not ended."""
        found = self.accounts.all("portal", agency_id=agency.id)
        return tuple(account for account in found if account.state != "ended")

    def officer(self, agency_id: str, account_id: str) -> Account:
        """Return one officer of an agency.

        Raises:
            NotFoundError: There is none.
        """
        account = self.accounts.find(account_id)
        if account.realm != "portal" or account.agency_id != agency_id:
            raise NotFoundError("there is no such officer")
        return account

    def invite(self, actor: Actor, agency: Agency, *, email: str, name: str, role: str) -> tuple[Account, str]:
        """Invite an officer and return the link.

        Raises:
            InputError: Something is not as it should be.
            StateError: The address has an account already.
        """
        if role not in OFFICER_ROLES:
            raise InputError.of(Phrase("is one of %(choices)s", choices=", ".join(OFFICER_ROLES)), field="role")
        account, token = self.invitations.invite(
            actor, realm="portal", email=email, name=name, roles=(role,), agency_id=agency.id
        )
        return account, f"{self.portal_url}/invitation/{token}"

    def confirm(self, actor: Actor, officer: Account, now: datetime) -> None:
        """Confirm that an officer still needs access, for the longest time that one confirmation gives.

        Raises:
            StateError: The account has ended.
        """
        self.accounts.extend_access(actor, officer.id, now + OFFICER_ACCESS)

    def new_link(self, actor: Actor, officer: Account) -> str:
        """Take an officer's passkeys and sessions away and return a new link, as when a device is lost.

        Raises:
            StateError: The account is suspended or has ended.
        """
        return f"{self.portal_url}/invitation/{self.invitations.reset(actor, officer.id)}"

    def sessions_of(self, agency: Agency) -> int:
        """Return how many sessions of an agency's officers are open now."""
        return sum(len(self.sessions.list(officer.id)) for officer in self.officers(agency))
