"""Invitations and resets: how an account gets, or gets again, its first credentials.

Invariants: an account exists only because somebody was invited; a link's token has 256 random bits, is shown once and
stored as its SHA-256; it ends when the account has been set up with it, when it is withdrawn or replaced, and after its
time (7 days for an invitation, 1 day for a reset); a reset takes every credential and session away before it gives a
link, and nobody can ask for one for themselves, so a stolen mailbox gains nothing.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal

from thinktwice.audit.entry import Actor
from thinktwice.audit.ledger import Act, Ledger
from thinktwice.errors import InputError, NotFoundError, StateError
from thinktwice.people.accounts import OFFICER_ACCESS, SELECT_ACCOUNT, Account, AccountStore, read_roles
from thinktwice.people.acting import acting
from thinktwice.people.errors import LinkError
from thinktwice.people.names import read_email, read_name
from thinktwice.people.permissions import Realm
from thinktwice.people.sealing import Sealing
from thinktwice.people.sessions import end_sessions
from thinktwice.people.times import as_text

Kind = Literal["invitation", "reset"]

LASTS: Final[dict[Kind, timedelta]] = {"invitation": timedelta(days=7), "reset": timedelta(days=1)}

_TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{43}")

INSERT_ACCOUNT: Final = """
INSERT INTO account (id, realm, state, name_sealed, email_sealed, email_index, roles, agency_id, must_have_passkey,
created_at, access_expires_at) VALUES (?, ?, 'invited', ?, ?, ?, ?, ?, ?, ?, ?)
"""
INSERT_INVITATION: Final = """
INSERT INTO invitation (id, account_id, kind, token_hash, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)
"""
WITHDRAW_OPEN: Final = """
UPDATE invitation SET withdrawn_at = ? WHERE account_id = ? AND used_at IS NULL AND withdrawn_at IS NULL
"""
SELECT_OPEN: Final = """
SELECT id, account_id, kind, created_at, expires_at FROM invitation
WHERE token_hash = ? AND used_at IS NULL AND withdrawn_at IS NULL AND expires_at > ?
"""
LIST_OPEN: Final = """
SELECT i.id, i.account_id, i.kind, i.created_at, i.expires_at FROM invitation i JOIN account a ON a.id = i.account_id
WHERE a.realm = ? AND i.used_at IS NULL AND i.withdrawn_at IS NULL AND i.expires_at > ? ORDER BY i.created_at, i.id
"""
USE: Final = "UPDATE invitation SET used_at = ? WHERE account_id = ? AND used_at IS NULL AND withdrawn_at IS NULL"
HAS_ADMINISTRATOR: Final = """
SELECT 1 FROM account WHERE realm = 'console' AND ended_at IS NULL AND ' ' || roles || ' ' LIKE '% administrator %'
"""
TAKE_CREDENTIALS: Final = (
    "UPDATE account SET state = 'invited', password_hash = NULL WHERE id = ?",
    "UPDATE totp_app SET ended_at = :at WHERE account_id = :account AND ended_at IS NULL",
    "UPDATE passkey SET ended_at = :at WHERE account_id = :account AND ended_at IS NULL",
    "UPDATE recovery_code SET ended_at = :at WHERE account_id = :account AND ended_at IS NULL",
    "UPDATE account_subject SET ended_at = :at WHERE account_id = :account AND ended_at IS NULL",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """An open link; its token is known to whoever was given it."""

    id: str
    account: Account
    kind: Kind
    created_at: datetime
    expires_at: datetime


class InvitationStore:
    """The links in ``control.db``."""

    def __init__(self, ledger: Ledger, accounts: AccountStore, sealing: Sealing, clock: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._accounts = accounts
        self._sealing = sealing
        self._clock = clock

    def invite(
        self,
        actor: Actor,
        *,
        realm: Realm,
        email: str,
        name: str,
        roles: Collection[str],
        agency_id: str | None = None,
        must_have_passkey: bool | None = None,
        access_expires_at: datetime | None = None,
    ) -> tuple[Account, str]:
        """Make an account and the token of the link with which its owner sets it up.

        Args:
            actor: Who invites; an officer invites into the own agency only.
            realm: Where the account is to work.
            email: Its address; one account per realm and address.
            name: The person's name.
            roles: Roles of that realm.
            agency_id: The agency of an officer; None for staff.
            must_have_passkey: Whether codes of an app are not enough; default: for officers.
            access_expires_at: When access ends by itself; default: never for staff, after 90 days for officers.

        Raises:
            InputError: Something is not as it should be.
            StateError: The address has an account already, or an officer invites into another agency.
        """
        address, called, chosen = read_email(email), read_name(name), read_roles(realm, roles)
        if (agency_id is None) != (realm == "console"):
            raise InputError.of("belongs to officers, and every officer has one", field="agency_id")
        if access_expires_at is not None and "administrator" in chosen:
            raise InputError.of("an administrator's access must not expire by itself", field="access_expires_at")
        account_id = f"acc_{secrets.token_hex(12)}"
        must = (realm == "portal") if must_have_passkey is None else must_have_passkey
        with acting(self._ledger, actor, "account.invite", "account", account_id) as act:
            self._within_reach(act, actor, realm, agency_id)
            if self._accounts.on_connection(act.connection, realm, address) is not None:
                raise StateError("there is an account with this address already")
            if realm == "portal":
                latest = act.at + OFFICER_ACCESS
                access_expires_at = min(access_expires_at or latest, latest)
            sealed = self._sealing.seal(called, f"account.name:{account_id}")
            act.connection.execute(
                INSERT_ACCOUNT,
                (
                    account_id, realm, sealed, self._sealing.seal(address, f"account.email:{account_id}"),
                    self._sealing.index(f"account.email:{realm}", address), " ".join(sorted(chosen)), agency_id,
                    int(must), as_text(act.at), as_text(access_expires_at) if access_expires_at else None,
                ),
            )  # fmt: skip
            act.after({"realm": realm, "roles": chosen, "agency": agency_id, "must_have_passkey": must})
            act.note(realm=realm, roles=" ".join(sorted(chosen)), agency=agency_id)
            act.commit_to("email", address)
            token = self._give_link(act, account_id, "invitation")
        return self._accounts.find(account_id), token

    def invite_first_administrator(self, actor: Actor, *, email: str, name: str) -> tuple[Account, str]:
        """Make the first account of an installation; for the command line only.

        Raises:
            StateError: There is an administrator, invited, active or suspended: ``reset`` gives that one a new link.
        """
        with self._ledger.reading() as connection:
            if connection.execute(HAS_ADMINISTRATOR).fetchone():
                self._ledger.refused(actor, "account.invite", "account", "first", "there is an administrator already")
                raise StateError("there is an administrator already; `thinktwice user reset` gives a new link")
        return self.invite(actor, realm="console", email=email, name=name, roles=("administrator",))

    def reset(self, actor: Actor, account_id: str) -> str:
        """Take an account's credentials and sessions away and return the token of a new link.

        An invited account gets a new link and loses the old one.

        Raises:
            NotFoundError: No such account within the actor's reach.
            StateError: One's own, a suspended or an ended account.
        """
        with acting(self._ledger, actor, "account.reset", "account", account_id) as act:
            account = self._reached(act, actor, account_id)
            if actor.id == account_id:
                raise StateError("nobody resets their own account")
            if account.state not in ("active", "invited"):
                raise StateError("only an account in use or invited can be reset")
            act.connection.execute(TAKE_CREDENTIALS[0], (account_id,))
            for statement in TAKE_CREDENTIALS[1:]:
                act.connection.execute(statement, {"at": as_text(act.at), "account": account_id})
            end_sessions(act, account_id, "account reset")
            act.before({"state": account.state})
            act.after({"state": "invited"})
            return self._give_link(act, account_id, "reset" if account.activated_at else "invitation")

    def withdraw(self, actor: Actor, account_id: str) -> None:
        """End the open links of an account.

        Raises:
            NotFoundError: No such account within the actor's reach.
        """
        with acting(self._ledger, actor, "invitation.withdraw", "account", account_id) as act:
            self._reached(act, actor, account_id)
            cursor = act.connection.execute(WITHDRAW_OPEN, (as_text(act.at), account_id))
            act.note(links_ended=cursor.rowcount)

    def read(self, token: str, realm: Realm) -> Invitation:
        """Return what a link is for; reading does not use it up, because mail scanners follow links.

        Raises:
            LinkError: It does not work (any more); which of the reasons is not told.
        """
        if not _TOKEN.fullmatch(token):
            raise LinkError
        with self._ledger.reading() as connection:
            row = connection.execute(SELECT_OPEN, (hash_token(token), as_text(self._clock()))).fetchone()
        if row is None:
            raise LinkError
        invitation = self._from_row(row)
        if invitation.account.realm != realm or invitation.account.state != "invited":
            raise LinkError
        return invitation

    def open(self, realm: Realm) -> tuple[Invitation, ...]:
        """Return the links that still work, oldest first."""
        with self._ledger.reading() as connection:
            rows = connection.execute(LIST_OPEN, (realm, as_text(self._clock()))).fetchall()
        return tuple(map(self._from_row, rows))

    def _give_link(self, act: Act, account_id: str, kind: Kind) -> str:
        """Write a new link, which ends the ones before."""
        token = secrets.token_urlsafe(32)
        act.connection.execute(WITHDRAW_OPEN, (as_text(act.at), account_id))
        values = (f"inv_{secrets.token_hex(12)}", account_id, kind, hash_token(token))
        act.connection.execute(INSERT_INVITATION, (*values, as_text(act.at), as_text(act.at + LASTS[kind])))
        return token

    def _reached(self, act: Act, actor: Actor, account_id: str) -> Account:
        row = act.connection.execute(SELECT_ACCOUNT, (account_id,)).fetchone()
        if row is None:
            raise NotFoundError("there is no such account")
        account = self._accounts.from_row(row)
        self._within_reach(act, actor, account.realm, account.agency_id)
        return account

    def _within_reach(self, act: Act, actor: Actor, realm: Realm, agency_id: str | None) -> None:
        if actor.kind != "officer":
            return
        row = act.connection.execute(SELECT_ACCOUNT, (actor.id,)).fetchone()
        own = self._accounts.from_row(row).agency_id if row else None
        if realm != "portal" or own is None or own != agency_id:
            raise NotFoundError("there is no such account")

    def _from_row(self, row: tuple[Any, ...]) -> Invitation:
        invitation_id, account_id, kind, created_at, expires_at = row
        return Invitation(
            id=invitation_id,
            account=self._accounts.find(account_id),
            kind=kind,
            created_at=datetime.fromisoformat(created_at),
            expires_at=datetime.fromisoformat(expires_at),
        )


def use_invitation(act: Act, account_id: str) -> None:
    """End the link with which an account was set up.

    Raises:
        LinkError: It was used or withdrawn meanwhile.
    """
    if act.connection.execute(USE, (as_text(act.at), account_id)).rowcount == 0:
        raise LinkError


def hash_token(token: str) -> bytes:
    """Return what is stored of a link's token."""
    return hashlib.sha256(token.encode()).digest()
