"""What an approval says, and whether a passkey really said it.

Invariants: pure, so an approval can be verified anywhere and at any time, without us and without the network; what is
signed is the hash of a statement that holds the version, the side and a nonce used once (the operator's approval names
the release too); an approval counts only under a key that was pinned outside the database, with the person present and
verified by the authenticator.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Protocol

import rfc8785

from thinktwice.campaigns.partners import OPERATOR, PinnedKey, from_base64url, to_base64url
from thinktwice.errors import InputError, Phrase, words_of

PURPOSE: Final = "thinktwice-campaign-approval/1"
"""Keeps a signature given here from being one for anything else, such as signing in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What one side approves; ``release`` only on the operator's side: schedule and weights are the operator's."""

    campaign: str
    version: str
    side: str
    nonce: str
    release: str | None = None

    @property
    def content(self) -> bytes:
        """The statement as canonical JSON (RFC 8785)."""
        said = {name: value for name, value in asdict(self).items() if value is not None}
        return rfc8785.dumps({"purpose": PURPOSE, **said})

    @property
    def challenge(self) -> bytes:
        """What the authenticator signs: SHA-256 of the statement."""
        return hashlib.sha256(self.content).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Assertion:
    """What an authenticator answered to a challenge, raw."""

    credential_id: bytes
    authenticator_data: bytes
    client_data_json: bytes
    signature: bytes


class Verifier(Protocol):
    """Checks one assertion against one key; ``people.assertions`` has the one that is used."""

    def __call__(self, assertion: Assertion, key: PinnedKey, challenge: bytes) -> str | None:
        """Return why the assertion does not hold, or None when it does."""


def load_verifier() -> None:
    """Load the library that verifies assertions, which takes long enough for somebody to notice."""
    import webauthn  # noqa: F401 - loading it is the purpose


def verify_with_library(assertion: Assertion, key: PinnedKey, challenge: bytes) -> str | None:
    """Check signature, challenge, origin, relying party, presence and verification of the person.

    The sign counter is not looked at: an approval is verified again and again, long after it was given.
    """
    # Imported here: only surfaces that show a badge and the command that verifies need it, and it is slow to load.
    from webauthn import verify_authentication_response
    from webauthn.helpers.exceptions import WebAuthnException
    from webauthn.helpers.structs import AuthenticationCredential, AuthenticatorAssertionResponse

    credential = AuthenticationCredential(
        id=to_base64url(assertion.credential_id),
        raw_id=assertion.credential_id,
        response=AuthenticatorAssertionResponse(
            client_data_json=assertion.client_data_json,
            authenticator_data=assertion.authenticator_data,
            signature=assertion.signature,
        ),
    )
    try:
        verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=key.rp_id,
            expected_origin=list(key.origins),
            credential_public_key=key.public_key,
            credential_current_sign_count=-1,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError, AttributeError) as error:
        return words_of(error) or type(error).__name__
    return None


def why_not(
    statement: Statement, assertion: Assertion, keys: Sequence[PinnedKey], verify: Verifier = verify_with_library
) -> str | None:
    """Return why an assertion is no approval of a statement under any of these keys, or None when it is one."""
    key = next((one for one in keys if one.credential_id == assertion.credential_id), None)
    if key is None:
        who = Phrase("the operator's approvers") if statement.side == OPERATOR else statement.side
        return Phrase("no key with this credential is pinned for %(who)s", who=who)
    return verify(assertion, key, statement.challenge)


def as_json(statement: Statement, assertion: Assertion, public_key: bytes) -> dict[str, Any]:
    """Return an approval as it is exported: everything needed to verify it, bytes in base64url."""
    return {
        "purpose": PURPOSE,
        **{name: value for name, value in asdict(statement).items() if value is not None},
        "challenge": to_base64url(statement.challenge),
        "credential": to_base64url(assertion.credential_id),
        "public_key": to_base64url(public_key),
        "authenticator_data": to_base64url(assertion.authenticator_data),
        "client_data_json": to_base64url(assertion.client_data_json),
        "signature": to_base64url(assertion.signature),
    }


def from_json(fields: dict[str, Any]) -> tuple[Statement, Assertion]:
    """Read an exported approval back; its key is not taken from it but from the pinned ones.

    Raises:
        InputError: a field is missing or is not what it should be.
    """
    try:
        statement = Statement(
            campaign=fields["campaign"],
            version=fields["version"],
            side=fields["side"],
            nonce=fields["nonce"],
            release=fields.get("release"),
        )
        names = ("authenticator_data", "client_data_json", "signature")
        raw = {name: from_base64url(fields[name]) for name in names}
        return statement, Assertion(credential_id=from_base64url(fields["credential"]), **raw)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError.of(Phrase("is no exported approval: %(error)s", error=error)) from error
