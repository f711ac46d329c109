"""What the pages about people work with."""

from __future__ import annotations

from dataclasses import dataclass

from thinktwice.people.accounts import AccountStore
from thinktwice.people.invitations import InvitationStore
from thinktwice.people.sessions import SessionStore


@dataclass(frozen=True, slots=True)
class PeopleDesk:
    """The stores of people; ``console_url`` is where a link that is shown once begins, without a slash at its end."""

    accounts: AccountStore
    invitations: InvitationStore
    sessions: SessionStore
    console_url: str

    def link(self, token: str) -> str:
        """Return the address with which somebody sets their account up."""
        return f"{self.console_url}/invitation/{token}"
