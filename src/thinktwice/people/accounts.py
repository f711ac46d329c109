"""Accounts: a person, invited into one realm with roles there.

Invariants: an account is never deleted, it ends; whoever loses access (suspended, ended, roles changed) loses every
session in the same transaction; nobody changes their own roles, suspends or resets themselves; one administrator at
least stays able to sign in; an officer reaches accounts of the own agency only. Every change is an entry of the audit
chain, every refused attempt too. Names and e-mail addresses are sealed; entries hold account ids only.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal, cast

from thinktwice.audit.entry import Actor
from thinktwice.audit.ledger import Act, Ledger
from thinktwice.errors import InputError, NotFoundError, Phrase, StateError
from thinktwice.people.acting import acting
from thinktwice.people.names import read_email
from thinktwice.people.permissions import OFFICER_ROLES, STAFF_ROLES, Realm, Role
from thinktwice.people.sealing import Sealing
from thinktwice.people.sessions import end_sessions
from thinktwice.people.times import as_text, from_text

State = Literal["invited", "active", "suspended", "ended"]

COLUMNS: Final = (
    "id, realm, state, name_sealed, email_sealed, roles, agency_id, must_have_passkey, password_hash IS NOT NULL, "
    "created_at, activated_at, access_expires_at, agency_id IS NULL OR EXISTS "
    "(SELECT 1 FROM agency WHERE agency.id = account.agency_id AND agency.state = 'active')"
)
SELECT_ACCOUNT: Final = f"SELECT {COLUMNS} FROM account WHERE id = ?"  # noqa: S608 (columns are a constant)
SELECT_ACCOUNTS: Final = f"""
SELECT {COLUMNS} FROM account WHERE realm = ? AND (? IS NULL OR agency_id = ?) ORDER BY created_at, id
"""  # noqa: S608 (columns are a constant)
SELECT_BY_EMAIL: Final = f"""
SELECT {COLUMNS} FROM account WHERE realm = ? AND email_index = ? AND ended_at IS NULL
"""  # noqa: S608 (columns are a constant)
COUNT_ADMINISTRATORS: Final = """
SELECT count(*) FROM account WHERE realm = 'console' AND state = 'active' AND id != ?
AND ' ' || roles || ' ' LIKE '% administrator %'
"""
HAS_CREDENTIALS: Final = """
SELECT 1 FROM passkey WHERE account_id = :account AND ended_at IS NULL
UNION ALL SELECT 1 FROM totp_app WHERE account_id = :account AND confirmed_at IS NOT NULL AND ended_at IS NULL
UNION ALL SELECT 1 FROM account_subject WHERE account_id = :account AND ended_at IS NULL
"""
SET_STATE: Final = "UPDATE account SET state = ? WHERE id = ?"
END_ACCOUNT: Final = "UPDATE account SET state = 'ended', ended_at = ?, password_hash = NULL WHERE id = ?"
SET_ROLES: Final = "UPDATE account SET roles = ? WHERE id = ?"
SET_ACCESS: Final = "UPDATE account SET access_expires_at = ? WHERE id = ?"
SET_MUST: Final = "UPDATE account SET must_have_passkey = ? WHERE id = ?"

OFFICER_ACCESS: Final = timedelta(days=90)
"""An officer's access ends after this, unless somebody confirms that it is still needed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One person in one realm, as administrators see it; staff have no agency, so none that could be suspended."""

    id: str
    realm: Realm
    state: State
    name: str
    email: str
    roles: frozenset[Role]
    agency_id: str | None
    must_have_passkey: bool
    has_password: bool
    created_at: datetime
    activated_at: datetime | None
    access_expires_at: datetime | None
    has_active_agency: bool

    def is_in_use(self, now: datetime) -> bool:
        """Whether its owner may sign in: set up, not suspended, not expired; of officers, the agency neither."""
        has_access = self.access_expires_at is None or self.access_expires_at > now
        return self.state == "active" and has_access and self.has_active_agency


class AccountStore:
    """The accounts in ``control.db``."""

    def __init__(self, ledger: Ledger, sealing: Sealing, clock: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._sealing = sealing
        self._clock = clock

    def find(self, account_id: str, *, agency_id: str | None = None) -> Account:
        """Return one account, ended ones too; with ``agency_id`` only one of that agency, and no other is even opened.

        Raises:
            NotFoundError: No such account.
        """
        with self._ledger.reading() as connection:
            return self._found(connection, account_id, agency_id)

    def all(self, realm: Realm, *, agency_id: str | None = None) -> tuple[Account, ...]:
        """Return the accounts of a realm, of one agency when given, oldest first, ended ones included."""
        with self._ledger.reading() as connection:
            rows = connection.execute(SELECT_ACCOUNTS, (realm, agency_id, agency_id)).fetchall()
        return tuple(map(self.from_row, rows))

    def by_email(self, realm: Realm, email: str) -> Account | None:
        """Return the account with this address that has not ended, however the address is spelt."""
        try:
            address = read_email(email)
        except InputError:
            return None
        with self._ledger.reading() as connection:
            return self.on_connection(connection, realm, address)

    def within(self, act: Act, account_id: str) -> Account:
        """As ``find``, inside an act.

        Raises:
            NotFoundError: No such account.
        """
        return self._found(act.connection, account_id)

    def on_connection(self, connection: sqlite3.Connection, realm: Realm, address: str) -> Account | None:
        """Return the account with a normalised address, read on this connection."""
        for index in self._sealing.indexes(f"account.email:{realm}", address):
            row = connection.execute(SELECT_BY_EMAIL, (realm, index)).fetchone()
            if row:
                return self.from_row(row)
        return None

    def suspend(self, actor: Actor, account_id: str) -> None:
        """Take access away at once, everywhere; ``restore`` gives it back.

        Raises:
            NotFoundError: No such account within the actor's reach.
            StateError: One's own, the last administrator, or an account that is not in use.
        """
        with acting(self._ledger, actor, "account.suspend", "account", account_id) as act:
            account = self._reached(act, actor, account_id)
            _not_oneself(actor, account, Phrase("nobody suspends their own account"))
            if account.state not in ("active", "invited"):
                raise StateError("only an account in use or invited can be suspended")
            self._not_the_last(act, account)
            self._set_state(act, account, "suspended")
            end_sessions(act, account_id, "account suspended")

    def restore(self, actor: Actor, account_id: str) -> None:
        """Give access back to a suspended account, with its credentials as they were.

        One whose credentials were taken away before is invited again, and needs a new link.

        Raises:
            NotFoundError: No such account within the actor's reach.
            StateError: One's own, or not suspended.
        """
        with acting(self._ledger, actor, "account.restore", "account", account_id) as act:
            account = self._reached(act, actor, account_id)
            _not_oneself(actor, account, Phrase("nobody restores their own account"))
            if account.state != "suspended":
                raise StateError("only a suspended account can return")
            can_sign_in = act.connection.execute(HAS_CREDENTIALS, {"account": account_id}).fetchone() is not None
            self._set_state(act, account, "active" if account.activated_at and can_sign_in else "invited")

    def end(self, actor: Actor, account_id: str) -> None:
        """End an account for good; its address can be invited again, as another account.

        Raises:
            NotFoundError: No such account within the actor's reach.
            StateError: One's own, the last administrator, or ended already.
        """
        with acting(self._ledger, actor, "account.end", "account", account_id) as act:
            account = self._reached(act, actor, account_id)
            _not_oneself(actor, account, Phrase("nobody ends their own account"))
            if account.state == "ended":
                raise StateError("this account has ended already")
            self._not_the_last(act, account)
            act.before({"state": account.state})
            act.connection.execute(END_ACCOUNT, (as_text(act.at), account_id))
            act.after({"state": "ended"})
            end_sessions(act, account_id, "account ended")

    def change_roles(self, actor: Actor, account_id: str, roles: Collection[str]) -> None:
        """Replace the roles of somebody else; every session of theirs ends.

        Raises:
            InputError: An unknown role, none, or one of the other realm.
            NotFoundError: No such account within the actor's reach.
            StateError: One's own, the last administrator's, or an ended account's.
        """
        with acting(self._ledger, actor, "account.change_roles", "account", account_id) as act:
            account = self._reached(act, actor, account_id)
            _not_oneself(actor, account, Phrase("nobody changes the roles of their own account"))
            if account.state == "ended":
                raise StateError("this account has ended")
            chosen = read_roles(account.realm, roles)
            if "administrator" not in chosen:
                self._not_the_last(act, account)
            if "administrator" in chosen and account.access_expires_at is not None:
                raise StateError("an administrator's access must not expire by itself")
            act.before({"roles": account.roles})
            act.connection.execute(SET_ROLES, (" ".join(sorted(chosen)), account_id))
            act.after({"roles": chosen})
            act.note(roles=" ".join(sorted(chosen)))
            end_sessions(act, account_id, "roles changed")

    def extend_access(self, actor: Actor, account_id: str, until: datetime | None) -> None:
        """Set when access ends by itself (None: never), as when somebody confirms that it is still needed.

        Raises:
            NotFoundError: No such account within the actor's reach.
            StateError: One's own, an administrator's, or an ended account; or an officer's for more than 90 days.
        """
        with acting(self._ledger, actor, "account.extend_access", "account", account_id) as act:
            account = self._reached(act, actor, account_id)
            _not_oneself(actor, account, Phrase("nobody extends the access of their own account"))
            if account.state == "ended" or (until is not None and "administrator" in account.roles):
                raise StateError("an ended account has no access, and an administrator's must not expire by itself")
            if account.realm == "portal" and (until is None or until > act.at + OFFICER_ACCESS):
                raise StateError(
                    Phrase("an officer's access is confirmed for %(days)s days at most", days=OFFICER_ACCESS.days)
                )
            act.before({"access_expires_at": account.access_expires_at})
            act.connection.execute(SET_ACCESS, (as_text(until) if until else None, account_id))
            act.after({"access_expires_at": until})

    def require_passkey(self, actor: Actor, account_id: str, *, is_required: bool) -> None:
        """Say whether a passkey is the only way in; for officers the operator's staff alone decides it.

        Requiring it ends every session and makes codes useless at once; whoever has no passkey needs a reset.

        Raises:
            NotFoundError: No such account within the actor's reach.
            StateError: One's own or an ended account, or an officer decides.
        """
        with acting(self._ledger, actor, "account.require_passkey", "account", account_id) as act:
            account = self._reached(act, actor, account_id)
            _not_oneself(actor, account, Phrase("nobody decides this for their own account"))
            if account.state == "ended" or actor.kind == "officer":
                raise StateError("the operator decides this, for an account that has not ended")
            act.before({"must_have_passkey": account.must_have_passkey})
            act.connection.execute(SET_MUST, (int(is_required), account_id))
            act.after({"must_have_passkey": is_required})
            if is_required:
                end_sessions(act, account_id, "passkey required")

    def _reached(self, act: Act, actor: Actor, account_id: str) -> Account:
        """Return the account if this actor may know of it."""
        account = self._found(act.connection, account_id)
        if actor.kind == "officer":
            own = self._found(act.connection, actor.id)
            if account.realm != "portal" or own.agency_id is None or account.agency_id != own.agency_id:
                raise NotFoundError("there is no such account")
        return account

    def _found(self, connection: sqlite3.Connection, account_id: str, agency_id: str | None = None) -> Account:
        row = connection.execute(SELECT_ACCOUNT, (account_id,)).fetchone()
        if row is None or (agency_id is not None and (row[1], row[6]) != ("portal", agency_id)):
            raise NotFoundError("there is no such account")
        return self.from_row(row)

    def _not_the_last(self, act: Act, account: Account) -> None:
        """Refuse to take away the last administrator who can sign in."""
        is_one = account.state == "active" and "administrator" in account.roles
        if is_one and act.connection.execute(COUNT_ADMINISTRATORS, (account.id,)).fetchone()[0] == 0:
            raise StateError("this is the last administrator; make somebody else one first")

    def _set_state(self, act: Act, account: Account, state: State) -> None:
        act.before({"state": account.state})
        act.connection.execute(SET_STATE, (state, account.id))
        act.after({"state": state})

    def from_row(self, row: tuple[Any, ...]) -> Account:
        """Return the account of one row of ``COLUMNS``."""
        account_id, realm, state, name, email, roles, agency_id, must, has_password, *rest = row
        made, activated, expires, has_active_agency = rest
        return Account(
            id=account_id,
            realm=realm,
            state=state,
            name=self._sealing.open(name, f"account.name:{account_id}"),
            email=self._sealing.open(email, f"account.email:{account_id}"),
            roles=cast("frozenset[Role]", frozenset(roles.split())),
            agency_id=agency_id,
            must_have_passkey=bool(must),
            has_password=bool(has_password),
            created_at=datetime.fromisoformat(made),
            activated_at=from_text(activated),
            access_expires_at=from_text(expires),
            has_active_agency=bool(has_active_agency),
        )


def read_roles(realm: Realm, roles: Collection[str]) -> frozenset[Role]:
    """Return the roles if all of them belong to the realm.

    Raises:
        InputError: None, an unknown one, or one of the other realm.
    """
    known: tuple[str, ...] = STAFF_ROLES if realm == "console" else OFFICER_ROLES
    if not roles or not set(roles) <= set(known):
        raise InputError.of(Phrase("is one or more of %(choices)s", choices=", ".join(known)), field="roles")
    return cast("frozenset[Role]", frozenset(roles))


def _not_oneself(actor: Actor, account: Account, refusal: Phrase) -> None:
    if actor.id == account.id:
        raise StateError(refusal)
