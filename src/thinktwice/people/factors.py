"""Second factors of an account: passkeys, apps that show codes, recovery codes; and how each is checked.

Invariants: a check and what it uses up (the step of a code, the counter of a passkey, a recovery code, a challenge) are
written in the transaction of the act that it allows, so nothing is accepted twice, whatever processes are asked at the
same time; an account that must have a passkey is opened by nothing else.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from thinktwice.audit.ledger import Act, Ledger
from thinktwice.people.assertions import Assertion
from thinktwice.people.challenges import Challenges, spend_once
from thinktwice.people.errors import SignInError
from thinktwice.people.passkeys import (
    Passkey,
    RelyingParty,
    assertion_options,
    challenge_of,
    credential_id_of,
    verify_assertion,
)
from thinktwice.people.recovery import hash_code
from thinktwice.people.sealing import Sealing
from thinktwice.people.times import as_text
from thinktwice.people.totp import accepted_step

SIGNATURES_KEPT: Final = timedelta(days=3650)
"""How long a challenge that was signed for good cannot be signed for again."""

PASSKEY_COLUMNS: Final = (
    "id, account_id, name, credential_id, cose_key, public_key, sign_count, transports, is_synced, created_at, used_at"
)
SELECT_PASSKEYS: Final = f"""
SELECT {PASSKEY_COLUMNS} FROM passkey WHERE account_id = ? AND ended_at IS NULL ORDER BY created_at, id
"""  # noqa: S608 (columns are a constant)
SELECT_PASSKEY: Final = f"""
SELECT {PASSKEY_COLUMNS} FROM passkey WHERE credential_id = ? AND ended_at IS NULL
"""  # noqa: S608 (columns are a constant)
NOTE_PASSKEY: Final = "UPDATE passkey SET sign_count = ?, used_at = ? WHERE id = ?"
SELECT_APPS: Final = """
SELECT id, name, created_at, secret_sealed, last_step FROM totp_app
WHERE account_id = ? AND confirmed_at IS NOT NULL AND ended_at IS NULL ORDER BY created_at, id
"""
NOTE_STEP: Final = "UPDATE totp_app SET last_step = ? WHERE id = ?"
COUNT_CODES: Final = """
SELECT count(*) FROM recovery_code WHERE account_id = ? AND used_at IS NULL AND ended_at IS NULL
"""
USE_CODE: Final = """
UPDATE recovery_code SET used_at = ? WHERE code_hash = ? AND account_id = ? AND used_at IS NULL AND ended_at IS NULL
"""
MUST_HAVE_PASSKEY: Final = "SELECT must_have_passkey FROM account WHERE id = ?"


@dataclass(frozen=True, slots=True)
class App:
    """An app that shows codes, as its owner sees it."""

    id: str
    name: str
    created_at: str


@dataclass(frozen=True, slots=True)
class Factors:
    """What an account has beside its password."""

    passkeys: tuple[Passkey, ...]
    apps: tuple[App, ...]
    recovery_codes_left: int

    @property
    def count(self) -> int:
        """How many lasting second factors there are; recovery codes are none."""
        return len(self.passkeys) + len(self.apps)


class FactorStore:
    """The second factors in ``control.db``, as one surface (relying party) checks them."""

    def __init__(self, ledger: Ledger, sealing: Sealing, challenges: Challenges, party: RelyingParty) -> None:
        self._ledger = ledger
        self._sealing = sealing
        self._challenges = challenges
        self._party = party

    def of(self, account_id: str) -> Factors:
        """Return the factors of an account that work now."""
        with self._ledger.reading() as connection:
            return self.on_connection(connection, account_id)

    def on_connection(self, connection: sqlite3.Connection, account_id: str) -> Factors:
        """As ``of``, within a transaction."""
        passkeys = connection.execute(SELECT_PASSKEYS, (account_id,)).fetchall()
        apps = connection.execute(SELECT_APPS, (account_id,)).fetchall()
        (codes,) = connection.execute(COUNT_CODES, (account_id,)).fetchone()
        return Factors(tuple(map(_passkey, passkeys)), tuple(App(*row[:3]) for row in apps), codes)

    def passkey_options(self, purpose: str, binding: str, *, account_id: str | None = None) -> str:
        """Return the JSON for ``navigator.credentials.get``, with a new challenge for this purpose.

        With an account only its passkeys are asked for; without one the device offers what it has, so that nobody
        learns from the page which accounts there are.
        """
        allowed = self.of(account_id).passkeys if account_id else ()
        return assertion_options(self._party, self._challenges.new(purpose, binding), allowed=allowed)

    def signing_options(self, account_id: str, challenge: bytes) -> str:
        """Return the JSON with which this person's passkey signs a challenge of the caller's own."""
        return assertion_options(self._party, challenge, allowed=self.of(account_id).passkeys)

    def check_passkey(self, act: Act, response: str, purpose: str, binding: str) -> Passkey:
        """Accept a passkey's answer to ``passkey_options``, once; returns the passkey, which names its account.

        Raises:
            SignInError: Unknown or withdrawn passkey, or the answer is not right; nothing is used up.
        """
        challenge = challenge_of(response)
        self._challenges.spend(act, challenge, purpose, binding)
        return self._checked(act, response, challenge)[0]

    def check_signature(self, act: Act, account_id: str, response: str, *, challenge: bytes) -> Assertion:
        """Accept this person's signature on a challenge of the caller's own, once, and return what was signed.

        Inside the act that it allows, such as an approval: challenge = version hash + nonce. Anyone can verify the
        result later with ``people.assertions.verify`` and the public key.

        Raises:
            SignInError: Not this person's passkey, another challenge, origin or site, a copied key, or signed before.
        """
        spend_once(act, b"signature\x00" + challenge, act.at + SIGNATURES_KEPT)
        passkey, assertion = self._checked(act, response, challenge)
        if passkey.account_id != account_id:
            raise SignInError("passkey of another account")
        return assertion

    def check_totp(self, act: Act, account_id: str, typed: str) -> None:
        """Accept a code of one of the account's apps, once.

        Raises:
            SignInError: Wrong, used before, or this account must use a passkey.
        """
        self._may_do_without_passkey(act, account_id)
        for app_id, _, _, sealed, last_step in act.connection.execute(SELECT_APPS, (account_id,)).fetchall():
            secret = self._sealing.open(sealed, f"totp_app.secret:{app_id}")
            step = accepted_step(secret, typed, act.at, last_step=last_step)
            if step is not None:
                act.connection.execute(NOTE_STEP, (step, app_id))
                return
        raise SignInError("wrong or used code")

    def check_recovery_code(self, act: Act, account_id: str, typed: str) -> None:
        """Accept a recovery code, once.

        Raises:
            SignInError: Wrong, used before, or this account must use a passkey.
        """
        self._may_do_without_passkey(act, account_id)
        values = (as_text(act.at), hash_code(account_id, typed), account_id)
        if act.connection.execute(USE_CODE, values).rowcount == 0:
            raise SignInError("wrong or used recovery code")

    def _checked(self, act: Act, response: str, challenge: bytes) -> tuple[Passkey, Assertion]:
        row = act.connection.execute(SELECT_PASSKEY, (credential_id_of(response),)).fetchone()
        if row is None:
            raise SignInError("unknown or withdrawn passkey")
        passkey = _passkey(row)
        assertion, proven = verify_assertion(
            passkey, response, challenge=challenge, origins=self._party.origins, rp_id=self._party.id
        )
        act.connection.execute(NOTE_PASSKEY, (proven.sign_count, as_text(act.at), passkey.id))
        return passkey, assertion

    @staticmethod
    def _may_do_without_passkey(act: Act, account_id: str) -> None:
        row = act.connection.execute(MUST_HAVE_PASSKEY, (account_id,)).fetchone()
        if row is None or row[0]:
            raise SignInError("this account is opened by a passkey only")


def _passkey(row: tuple[Any, ...]) -> Passkey:
    key_id, account_id, name, credential_id, cose, public, count, transports, is_synced, created_at, used_at = row
    return Passkey(
        id=key_id,
        account_id=account_id,
        name=name,
        credential_id=credential_id,
        cose_key=cose,
        public_key=public,
        sign_count=count,
        transports=tuple(transports.split()),
        is_synced=bool(is_synced),
        created_at=created_at,
        used_at=used_at,
    )
