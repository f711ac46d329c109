"""Signing in: password, then second factor, then a session; or a passkey alone; or an identity provider.

::

    with_password ─→ Waiting ─→ with_totp | with_second_passkey | with_recovery_code ─→ Opened
    with_passkey ─────────────────────────────────────────────────────────────────────→ Opened
    with_identity ─→ Waiting (as above), or Opened where the provider's second factor counts

Invariants: an unknown address, a wrong password, an account that is not in use and one without a password get the same
answer after the same work; every try is counted before it is checked; nothing opens without two factors (a passkey
whose device verified its user is two); each success and each refusal is an entry of the audit chain; each step gives a
new token, and tokens are never taken from the browser.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from thinktwice.audit.entry import Actor
from thinktwice.audit.ledger import Act, Ledger
from thinktwice.errors import InputError
from thinktwice.people.accounts import Account, AccountStore
from thinktwice.people.acting import acting
from thinktwice.people.credentials import SELECT_PASSWORD, SET_PASSWORD
from thinktwice.people.errors import SignInError
from thinktwice.people.factors import FactorStore
from thinktwice.people.guessing import Guessing, Subject, source_of
from thinktwice.people.names import read_email
from thinktwice.people.oidc import Identity
from thinktwice.people.passwords import check_password, hash_password
from thinktwice.people.permissions import Realm
from thinktwice.people.person import Method, Opened, Pending, Person, Place, SecondMethod, Waiting
from thinktwice.people.sessions import SessionStore, end_session
from thinktwice.people.subjects import SubjectStore

__all__ = ["Opened", "SecondMethod", "SignIn", "Waiting"]

SYSTEM: Final = Actor("system", "sign_in")
"""Who acts as long as nobody has proven to be anybody."""


class SignIn:
    """Signing in to one realm."""

    def __init__(
        self,
        realm: Realm,
        ledger: Ledger,
        *,
        accounts: AccountStore,
        sessions: SessionStore,
        factors: FactorStore,
        subjects: SubjectStore,
        guessing: Guessing,
        clock: Callable[[], datetime],
    ) -> None:
        self._realm = realm
        self._ledger = ledger
        self._accounts = accounts
        self._sessions = sessions
        self._factors = factors
        self._subjects = subjects
        self._guessing = guessing
        self._clock = clock

    def with_password(self, email: str, password: str, place: Place) -> Waiting:
        """Check address and password; what comes next is the second factor.

        Raises:
            SignInError: Not right, or too many tries (``retry_after``); one answer for all reasons.
            UnavailableError: The database cannot be written.
        """
        account = self._accounts.by_email(self._realm, email)
        tried = self._subjects_of(account, email, place)
        wait = self._guessing.count(tried)
        checked = check_password(self._password_of(account), password)
        if account is None or not checked.is_right:
            reason = "wrong password" if self._is_in_use(account) else "no such account in use"
            self._ledger.refused(SYSTEM, "session.begin", "account", account.id if account else "unknown", reason)
            raise SignInError(reason, retry_after=wait or None)
        self._guessing.was_right(tried)
        new_hash = hash_password(password) if checked.needs_new_hash else None
        with acting(self._ledger, self._actor(account.id), "session.begin", "account", account.id) as act:
            if new_hash:
                act.connection.execute(SET_PASSWORD, (new_hash, account.id))
            return self._waiting(act, account, "password", place)

    def passkey_options(self, binding: str = "") -> str:
        """Return the JSON for ``navigator.credentials.get`` on the sign-in page.

        ``binding`` ties the answer to this browser, such as the value of the form's CSRF cookie, as in
        ``with_passkey``.
        """
        return self._factors.passkey_options("sign_in", binding)

    def with_passkey(self, response: str, place: Place, binding: str = "") -> Opened:
        """Sign in with a passkey alone; ``response`` is the browser's answer as JSON.

        Raises:
            SignInError: Unknown passkey, wrong site, replayed, copied, account not in use.
        """
        with (
            self._counted(_passkeys_from(place)),
            acting(self._ledger, SYSTEM, "session.open", "account", "by_passkey") as act,
        ):
            passkey = self._factors.check_passkey(act, response, "sign_in", binding)
            account = self._accounts.within(act, passkey.account_id)
            if not self._is_in_use(account):
                raise SignInError("account is not in use")
            act.note(account=account.id)
            return self._opened(act, account.id, "passkey", place)

    def second_factor_options(self, token: str) -> str:
        """Return the JSON for ``navigator.credentials.get`` as second factor.

        Raises:
            SignInError: Nobody is signing in with this token (any more).
        """
        pending = self._pending(token)
        return self._factors.passkey_options("second_factor", pending.session_id, account_id=pending.account_id)

    def with_second_passkey(self, token: str, response: str, place: Place) -> Opened:
        """Finish signing in with a passkey.

        Raises:
            SignInError: Not this account's passkey, or not right.
        """
        pending = self._pending(token)
        with self._second_step(pending, _passkeys_from(place)) as act:
            passkey = self._factors.check_passkey(act, response, "second_factor", pending.session_id)
            if passkey.account_id != pending.account_id:
                raise SignInError("passkey of another account")
            return self._opened(act, pending.account_id, "passkey", place)

    def with_totp(self, token: str, code: str, place: Place) -> Opened:
        """Finish signing in with the code of an app.

        Raises:
            SignInError: Wrong or used code, too many tries, or the account must use a passkey.
        """
        pending = self._pending(token)
        with self._second_step(pending, _codes_of(pending.account_id, place)) as act:
            self._factors.check_totp(act, pending.account_id, code)
            return self._opened(act, pending.account_id, "totp", place)

    def with_recovery_code(self, token: str, code: str, place: Place) -> Opened:
        """Finish signing in with a recovery code; the session may do nothing dangerous until a new factor is set up.

        Raises:
            SignInError: Wrong or used code, too many tries, or the account must use a passkey.
        """
        pending = self._pending(token)
        with self._second_step(pending, _codes_of(pending.account_id, place)) as act:
            self._factors.check_recovery_code(act, pending.account_id, code)
            return self._opened(act, pending.account_id, "recovery", place)

    def with_identity(self, identity: Identity, place: Place) -> Waiting | Opened:
        """Sign in as the account that this subject of an identity provider is linked to; none is ever made.

        Raises:
            SignInError: Linked to no account in use, or the account must use a passkey and has none.
        """
        with acting(self._ledger, SYSTEM, "session.open", "account", "by_oidc") as act:
            account_id = self._subjects.owner(act, self._realm, identity)
            account = self._accounts.within(act, account_id) if account_id else None
            if account is None or not self._is_in_use(account):
                raise SignInError("subject is linked to no account in use")
            act.note(account=account.id, issuer=identity.issuer)
            if identity.has_second_factor and not account.must_have_passkey:
                return self._opened(act, account.id, "oidc", place)
            return self._waiting(act, account, "oidc", place)

    def confirm_options(self, person: Person) -> str:
        """Return the JSON for ``navigator.credentials.get`` before a dangerous act."""
        return self._factors.passkey_options("confirm", person.session_id, account_id=person.account_id)

    def confirm_with_passkey(self, person: Person, response: str) -> str:
        """Note a fresh second factor; returns the session's new token, the old one is void.

        Raises:
            SignInError: Not this person's passkey, or not right.
        """
        with acting(self._ledger, person.actor, "session.confirm", "session", person.session_id) as act:
            passkey = self._factors.check_passkey(act, response, "confirm", person.session_id)
            if passkey.account_id != person.account_id:
                raise SignInError("passkey of another account")
            return self._sessions.strengthen(act, person.session_id, "passkey", act.at)

    def confirm_with_totp(self, person: Person, code: str, place: Place) -> str:
        """As ``confirm_with_passkey``, with the code of an app.

        Raises:
            SignInError: Wrong or used code, too many tries, or the account must use a passkey.
        """
        with (
            self._counted(_codes_of(person.account_id, place)),
            acting(self._ledger, person.actor, "session.confirm", "session", person.session_id) as act,
        ):
            self._factors.check_totp(act, person.account_id, code)
            return self._sessions.strengthen(act, person.session_id, "totp", act.at)

    def confirm_with_identity(self, person: Person, identity: Identity) -> str:
        """As ``confirm_with_passkey``, with an identity provider that asked for a second factor just now.

        Raises:
            SignInError: Another person's identity, not asked anew, or what it asked does not count here.
        """
        with acting(self._ledger, person.actor, "session.confirm", "session", person.session_id) as act:
            owner = self._subjects.owner(act, self._realm, identity)
            account = self._accounts.within(act, person.account_id)
            counts = identity.has_second_factor and identity.is_fresh and not account.must_have_passkey
            if owner != person.account_id or not counts:
                raise SignInError("oidc: not a fresh second factor of this person")
            return self._sessions.strengthen(act, person.session_id, "oidc", act.at)

    def sign_out(self, person: Person) -> None:
        """End the person's own session."""
        self._sessions.end(person.actor, person.session_id)

    @contextmanager
    def _second_step(self, pending: Pending, tried: tuple[Subject, ...]) -> Iterator[Act]:
        """Turn a pending sign-in into a session, unless the body refuses; the pending one ends."""
        with (
            self._counted(tried),
            acting(self._ledger, pending.actor, "session.open", "account", pending.account_id) as act,
        ):
            yield act
            end_session(act, pending.session_id, "second factor given")

    @contextmanager
    def _counted(self, tried: tuple[Subject, ...]) -> Iterator[None]:
        """Count a try before it is checked, and take it back when it was right."""
        wait = self._guessing.count(tried)
        try:
            yield
        except SignInError as error:
            raise SignInError(error.reason, retry_after=wait or None) from error
        self._guessing.was_right(tried)

    def _pending(self, token: str) -> Pending:
        pending = self._sessions.read_pending(token, self._realm, "second_factor")
        if pending is None:
            raise SignInError("no sign-in is waiting with this token")
        return pending

    def _waiting(self, act: Act, account: Account, method: Method, place: Place) -> Waiting:
        token = self._sessions.open(act, account.id, self._realm, place, stage="second_factor", method=method)
        factors = self._factors.on_connection(act.connection, account.id)
        methods: set[SecondMethod] = {"passkey"} if factors.passkeys else set()
        if factors.apps and not account.must_have_passkey:
            methods.add("totp")
        if factors.recovery_codes_left and not account.must_have_passkey:
            methods.add("recovery")
        return Waiting(token, frozenset(methods))

    def _opened(self, act: Act, account_id: str, method: Method, place: Place) -> Opened:
        """Open the session; a recovery code is no second factor for what is dangerous."""
        second_factor_at = None if method == "recovery" else act.at
        token = self._sessions.open(
            act, account_id, self._realm, place, stage="open", method=method, second_factor_at=second_factor_at
        )
        return Opened(token, account_id, has_lost_factor=method == "recovery")

    def _subjects_of(self, account: Account | None, email: str, place: Place) -> tuple[Subject, ...]:
        """Return what this try counts for; the same for a name that has no account."""
        source = source_of(place.address)
        is_known = self._sessions.is_known_place(account.id if account else "nobody", place)
        try:
            address = read_email(email)
        except InputError:
            address = email.strip().casefold()[:254]
        name = f"{self._realm}:{address}"
        of_account = Subject("place", f"{name} {source}") if is_known else Subject("account", name)
        return (of_account, Subject("source", source))

    def _password_of(self, account: Account | None) -> str | None:
        """Return the stored hash, or None where nothing typed can be right."""
        with self._ledger.reading() as connection:
            row = connection.execute(SELECT_PASSWORD, (account.id if account else "nobody",)).fetchone()
        return row[0] if row and self._is_in_use(account) else None

    def _is_in_use(self, account: Account | None) -> bool:
        return account is not None and account.realm == self._realm and account.is_in_use(self._clock())

    def _actor(self, account_id: str) -> Actor:
        return Actor("staff" if self._realm == "console" else "officer", account_id)


def _codes_of(account_id: str, place: Place) -> tuple[Subject, ...]:
    """Return what a code counts for."""
    return (Subject("factor", account_id), Subject("source", source_of(place.address)))


def _passkeys_from(place: Place) -> tuple[Subject, ...]:
    """Return what a passkey's answer counts for."""
    return (Subject("passkey", source_of(place.address)),)
