"""A person's own credentials: password, apps, passkeys, linked identities, recovery codes.

Invariants: whoever sets up from a link, or is signed in with a fresh second factor, changes their own and nobody
else's; a signed-in person keeps at least one second factor, and every other session of theirs ends when the password
changes or a factor goes; an account that must have a passkey gets nothing weaker.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from thinktwice.audit.ledger import Act, Ledger
from thinktwice.errors import NotFoundError, Phrase, StateError
from thinktwice.people.accounts import AccountStore
from thinktwice.people.acting import acting
from thinktwice.people.challenges import Challenges
from thinktwice.people.errors import SignInError
from thinktwice.people.factors import FactorStore
from thinktwice.people.guessing import Guessing, Subject
from thinktwice.people.names import read_name
from thinktwice.people.oidc import Identity
from thinktwice.people.passkeys import RelyingParty, challenge_of, registration_options, verify_registration
from thinktwice.people.passwords import accept_password, check_password, hash_password
from thinktwice.people.person import Pending, Person
from thinktwice.people.recovery import hash_code, new_codes
from thinktwice.people.sealing import Sealing
from thinktwice.people.sessions import end_sessions, note_second_factor
from thinktwice.people.subjects import SubjectStore
from thinktwice.people.times import as_text
from thinktwice.people.totp import accepted_step, new_secret, provisioning_uri

MOST_OF_A_KIND: Final = 10
"""Passkeys, and apps, that one account may have."""

SELECT_PASSWORD: Final = "SELECT password_hash FROM account WHERE id = ?"  # noqa: S105 (a statement)
SET_PASSWORD: Final = "UPDATE account SET password_hash = ? WHERE id = ?"  # noqa: S105 (a statement)
INSERT_APP: Final = "INSERT INTO totp_app (id, account_id, name, secret_sealed, created_at) VALUES (?, ?, ?, ?, ?)"
SELECT_NEW_APP: Final = """
SELECT secret_sealed FROM totp_app WHERE id = ? AND account_id = ? AND confirmed_at IS NULL AND ended_at IS NULL
"""
CONFIRM_APP: Final = "UPDATE totp_app SET confirmed_at = ?, last_step = ? WHERE id = ?"
INSERT_PASSKEY: Final = """
INSERT INTO passkey (id, account_id, name, credential_id, cose_key, public_key, sign_count, transports, is_synced,
created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
KNOWN_CREDENTIAL: Final = "SELECT 1 FROM passkey WHERE credential_id = ?"
END_FACTORS: Final = (
    "UPDATE passkey SET ended_at = ? WHERE id = ? AND account_id = ? AND ended_at IS NULL",
    "UPDATE totp_app SET ended_at = ? WHERE id = ? AND account_id = ? AND ended_at IS NULL",
)
END_CODES: Final = "UPDATE recovery_code SET ended_at = ? WHERE account_id = ? AND ended_at IS NULL"
INSERT_CODE: Final = "INSERT INTO recovery_code (code_hash, account_id, created_at) VALUES (?, ?, ?)"

Owner = Pending | Person
"""Who sets up: somebody with a link, or somebody signed in."""


@dataclass(frozen=True, slots=True)
class NewApp:
    """An app to be confirmed: ``uri`` goes into a QR code, ``secret`` is for typing; both are shown this once."""

    id: str
    secret: str
    uri: str


class Credentials:
    """Changing credentials on one surface."""

    def __init__(
        self,
        ledger: Ledger,
        party: RelyingParty,
        *,
        accounts: AccountStore,
        factors: FactorStore,
        subjects: SubjectStore,
        challenges: Challenges,
        sealing: Sealing,
        guessing: Guessing,
        clock: Callable[[], datetime],
    ) -> None:
        self._ledger = ledger
        self._party = party
        self._accounts = accounts
        self._factors = factors
        self._subjects = subjects
        self._challenges = challenges
        self._sealing = sealing
        self._guessing = guessing
        self._clock = clock

    def set_password(self, owner: Owner, password: str, *, current: str | None = None) -> None:
        """Set or change the password; a signed-in person gives the current one and loses every other session.

        Raises:
            InputError: The password is not accepted.
            SecondFactorNeededError: Signed in, and the second factor is too old.
            SignInError: The current password is wrong.
        """
        self._allow(owner)
        account = self._accounts.find(owner.account_id)
        accepted = accept_password(password, about=(account.name, account.email, self._party.name))
        if isinstance(owner, Person) and account.has_password:
            self._check_current(owner, current or "")
        hashed = hash_password(accepted)
        with acting(self._ledger, owner.actor, "account.set_password", "account", account.id) as act:
            act.connection.execute(SET_PASSWORD, (hashed, account.id))
            end_sessions(act, account.id, "password changed", keep=owner.session_id)

    def add_app(self, owner: Owner, name: str = "authenticator app") -> NewApp:
        """Make the secret of a new app; it counts once ``confirm_app`` has seen a code of it.

        Raises:
            InputError: The name is not usable.
            SecondFactorNeededError: Signed in, and the second factor is too old.
            StateError: The account must use a passkey, or has enough apps.
        """
        self._allow(owner)
        account, called, secret = self._accounts.find(owner.account_id), read_name(name), new_secret()
        app_id = f"app_{secrets.token_hex(12)}"
        with acting(self._ledger, owner.actor, "account.add_app", "account", account.id) as act:
            if account.must_have_passkey:
                raise StateError("this account is opened by a passkey only")
            if len(self._factors.on_connection(act.connection, account.id).apps) >= MOST_OF_A_KIND:
                raise StateError(Phrase("an account has at most %(most)s apps", most=MOST_OF_A_KIND))
            sealed = self._sealing.seal(secret, f"totp_app.secret:{app_id}")
            act.connection.execute(INSERT_APP, (app_id, account.id, called, sealed, as_text(act.at)))
        return NewApp(app_id, secret, provisioning_uri(secret, account=account.email, issuer=self._party.name))

    def confirm_app(self, owner: Owner, app_id: str, code: str) -> None:
        """Accept an app by its first code.

        Raises:
            SignInError: Not the code of this app at this time.
        """
        self._allow(owner)
        with acting(self._ledger, owner.actor, "account.confirm_app", "account", owner.account_id) as act:
            row = act.connection.execute(SELECT_NEW_APP, (app_id, owner.account_id)).fetchone()
            secret = self._sealing.open(row[0], f"totp_app.secret:{app_id}") if row else None
            step = accepted_step(secret, code, act.at, last_step=None) if secret else None
            if step is None:
                raise SignInError("wrong code of a new app")
            act.connection.execute(CONFIRM_APP, (as_text(act.at), step, app_id))

    def passkey_options(self, owner: Owner) -> str:
        """Return the JSON for ``navigator.credentials.create``.

        Raises:
            SecondFactorNeededError: Signed in, and the second factor is too old.
        """
        self._allow(owner)
        account = self._accounts.find(owner.account_id)
        challenge = self._challenges.new("register", owner.session_id)
        known = self._factors.of(account.id).passkeys
        return registration_options(
            self._party, challenge, account_id=account.id, email=account.email, name=account.name, known=known
        )

    def add_passkey(self, owner: Owner, response: str, name: str = "passkey") -> str:
        """Accept a device's answer to ``passkey_options``; returns the passkey's id.

        Raises:
            InputError: The name is not usable.
            SecondFactorNeededError: Signed in, and the second factor is too old.
            SignInError: Wrong site, replayed, known already, or malformed.
        """
        self._allow(owner)
        called, key_id = read_name(name), f"pky_{secrets.token_hex(12)}"
        challenge = challenge_of(response)
        with acting(self._ledger, owner.actor, "account.add_passkey", "account", owner.account_id) as act:
            self._challenges.spend(act, challenge, "register", owner.session_id)
            new = verify_registration(self._party, response, challenge=challenge)
            if act.connection.execute(KNOWN_CREDENTIAL, (new.credential_id,)).fetchone():
                raise SignInError("passkey is registered already")
            if len(self._factors.on_connection(act.connection, owner.account_id).passkeys) >= MOST_OF_A_KIND:
                raise StateError(Phrase("an account has at most %(most)s passkeys", most=MOST_OF_A_KIND))
            values = (key_id, owner.account_id, called, new.credential_id, new.cose_key, new.public_key)
            rest = (new.sign_count, " ".join(new.transports), int(new.is_synced), as_text(act.at))
            act.connection.execute(INSERT_PASSKEY, (*values, *rest))
            act.note(passkey=key_id)
        return key_id

    def link_identity(self, owner: Owner, identity: Identity) -> None:
        """Link a subject of an identity provider to one's own account.

        Raises:
            SecondFactorNeededError: Signed in, and the second factor is too old.
            SignInError: This answer of the provider was used already.
            StateError: The subject belongs to an account already.
        """
        self._allow(owner)
        with acting(self._ledger, owner.actor, "account.link_identity", "account", owner.account_id) as act:
            self._subjects.link(act, owner.account_id, owner.realm, identity)
            act.note(counts_as_second_factor=identity.has_second_factor)
            if isinstance(owner, Pending) and identity.has_second_factor:
                note_second_factor(act, owner.session_id)

    def remove_factor(self, person: Person, factor_id: str) -> None:
        """End one of one's own passkeys or apps, and every other session.

        Raises:
            NotFoundError: No such factor of one's own.
            SecondFactorNeededError: The second factor is too old.
            StateError: It is the last one, or the last passkey where one is needed: add another first.
        """
        self._allow(person)
        with acting(self._ledger, person.actor, "account.remove_factor", "account", person.account_id) as act:
            values = (as_text(act.at), factor_id, person.account_id)
            if not any(act.connection.execute(statement, values).rowcount for statement in END_FACTORS):
                raise NotFoundError("there is no such passkey or app")
            left = self._factors.on_connection(act.connection, person.account_id)
            must = self._accounts.within(act, person.account_id).must_have_passkey
            if left.count == 0 or (must and not left.passkeys):
                raise StateError("this is the last one; add another first")
            act.note(factor=factor_id)
            end_sessions(act, person.account_id, "second factor removed", keep=person.session_id)

    def renew_recovery_codes(self, person: Person) -> tuple[str, ...]:
        """Make new recovery codes, to be shown once; the old ones end.

        Raises:
            SecondFactorNeededError: The second factor is too old.
            StateError: The account is opened by a passkey only.
        """
        self._allow(person)
        with acting(self._ledger, person.actor, "account.renew_recovery_codes", "account", person.account_id) as act:
            if self._accounts.within(act, person.account_id).must_have_passkey:
                raise StateError("this account is opened by a passkey only")
            return new_recovery_codes(act, person.account_id)

    def _check_current(self, person: Person, current: str) -> None:
        """Compare the current password, counting the try first: whoever took over a session guesses it no faster."""
        tried = (Subject("factor", person.account_id),)
        wait = self._guessing.count(tried)
        with self._ledger.reading() as connection:
            (stored,) = connection.execute(SELECT_PASSWORD, (person.account_id,)).fetchone()
        if not check_password(stored, current).is_right:
            reason = "wrong current password"
            self._ledger.refused(person.actor, "account.set_password", "account", person.account_id, reason)
            raise SignInError(reason, retry_after=wait or None)
        self._guessing.was_right(tried)

    def _allow(self, owner: Owner) -> None:
        """Refuse a change of credentials to a session whose second factor is too old."""
        if isinstance(owner, Person):
            owner.require_confirmed(self._clock())


def new_recovery_codes(act: Act, account_id: str) -> tuple[str, ...]:
    """Write a new set of recovery codes inside an act, which ends the set before; returns what to show once."""
    codes = new_codes()
    act.connection.execute(END_CODES, (as_text(act.at), account_id))
    for code in codes:
        act.connection.execute(INSERT_CODE, (hash_code(account_id, code), account_id, as_text(act.at)))
    return codes
