"""Who is asking: the person behind a session, and what that person may do right now.

Invariants: what no role allows is refused; a dangerous act needs a second factor given within ten minutes; a session
opened with a recovery code may set up a new second factor and nothing dangerous until that was done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal

from thinktwice.audit.entry import Actor
from thinktwice.people.errors import NotAllowedError, SecondFactorNeededError
from thinktwice.people.permissions import DANGEROUS, Permission, Realm, Role, permissions_of

Stage = Literal["enrolment", "second_factor", "open"]
Method = Literal["invitation", "password", "totp", "passkey", "recovery", "oidc"]
"""What the session was opened or last strengthened with."""

SecondMethod = Literal["passkey", "totp", "recovery"]

RECENT: Final = timedelta(minutes=10)
"""How long a second factor counts for dangerous acts."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request comes from: the client's address and what its browser calls itself."""

    address: str
    agent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person signed in, as read for one request; never kept longer than that request."""

    account_id: str
    name: str
    realm: Realm
    roles: frozenset[Role]
    agency_id: str | None
    session_id: str
    method: Method
    opened_at: datetime
    expires_at: datetime
    second_factor_at: datetime | None
    language: str | None = None
    """The language this person chose, by its tag; None: none yet, so the browser's."""

    @property
    def actor(self) -> Actor:
        """Who this is in the audit chain."""
        return Actor("staff" if self.realm == "console" else "officer", self.account_id)

    @property
    def permissions(self) -> frozenset[Permission]:
        """Every act that some role of this person allows."""
        return permissions_of(self.roles)

    def may(self, permission: Permission) -> bool:
        """Whether a role allows the act; says nothing about the second factor's age."""
        return permission in self.permissions

    def is_confirmed(self, now: datetime) -> bool:
        """Whether a second factor was given within the last ten minutes."""
        return self.second_factor_at is not None and now - self.second_factor_at <= RECENT

    def require(self, permission: Permission, now: datetime) -> None:
        """Refuse an act that this person may not do now.

        Raises:
            NotAllowedError: No role allows it.
            SecondFactorNeededError: It is dangerous and the second factor is older than ten minutes.
        """
        if not self.may(permission):
            raise NotAllowedError(permission)
        if permission in DANGEROUS and not self.is_confirmed(now):
            raise SecondFactorNeededError

    def require_confirmed(self, now: datetime) -> None:
        """Refuse a change of one's own credentials without a fresh second factor.

        A session opened with a recovery code may do so for ten minutes, because a lost factor is what it is for.

        Raises:
            SecondFactorNeededError: Ask for it first.
        """
        was_recovered = self.method == "recovery" and now - self.opened_at <= RECENT
        if not (self.is_confirmed(now) or was_recovered):
            raise SecondFactorNeededError


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A sign-in that waits for its second factor, or an account being set up."""

    account_id: str
    session_id: str
    realm: Realm
    stage: Stage
    method: Method
    must_have_passkey: bool
    expires_at: datetime

    @property
    def actor(self) -> Actor:
        """Who this is in the audit chain."""
        return Actor("staff" if self.realm == "console" else "officer", self.account_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionInfo:
    """A session as its owner and administrators see it; there is no way back to its token."""

    id: str
    stage: Stage
    method: Method
    opened_at: datetime
    seen_at: datetime
    expires_at: datetime
    second_factor_at: datetime | None
    place: Place


@dataclass(frozen=True, slots=True)
class Waiting:
    """The first factor was right: the browser keeps ``token`` for ten minutes and gives one of ``methods`` next."""

    token: str
    methods: frozenset[SecondMethod]


@dataclass(frozen=True, slots=True)
class Opened:
    """Signed in: ``token`` is the session's, to be kept in a cookie of this surface only.

    ``has_lost_factor`` means that a recovery code was used: lead the person to set up a new second factor.
    """

    token: str
    account_id: str
    has_lost_factor: bool = False
