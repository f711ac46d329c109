"""Passkeys: registering one, and checking what one signed (W3C Web Authentication, by the library ``webauthn``).

Invariants: pure but for the library; the device must have verified its user (PIN, finger, face) each time, so that a
passkey alone is two factors; origin and relying party are exact; frames of other sites are refused; a counter that does
not rise is refused, because the key may have been copied; what an assertion signed is kept byte for byte.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final

import webauthn
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from webauthn.helpers import (
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    parse_authentication_credential_json,
    parse_registration_credential_json,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from thinktwice.people.assertions import Assertion, ProofError, Proven, verify
from thinktwice.people.errors import SignInError

ALGORITHMS: Final = [
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
"""What devices in use can sign with, and what the offline verifier checks."""

RESPONSE_LENGTH: Final = 20_000
"""A browser's answer is a few hundred bytes; the largest keys and attestations stay below this."""

TIMEOUT_MS: Final = 120_000


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """One surface as passkeys know it: its domain, the name shown by the device, and its exact origins."""

    id: str
    name: str
    origins: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """A registered passkey; there is nothing secret in it."""

    id: str
    account_id: str
    name: str
    credential_id: bytes
    cose_key: bytes
    public_key: bytes
    sign_count: int
    transports: tuple[str, ...]
    is_synced: bool
    created_at: str
    used_at: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPasskey:
    """What a device registered."""

    credential_id: bytes
    cose_key: bytes
    public_key: bytes
    sign_count: int
    transports: tuple[str, ...]
    is_synced: bool


def registration_options(
    party: RelyingParty, challenge: bytes, *, account_id: str, email: str, name: str, known: tuple[Passkey, ...] = ()
) -> str:
    """Return the JSON that ``navigator.credentials.create`` is called with; ``known`` passkeys are not made twice."""
    options = webauthn.generate_registration_options(
        rp_id=party.id,
        rp_name=party.name,
        user_id=account_id.encode(),
        user_name=email,
        user_display_name=name,
        challenge=challenge,
        timeout=TIMEOUT_MS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[_descriptor(passkey) for passkey in known],
        supported_pub_key_algs=ALGORITHMS,
    )
    return webauthn.options_to_json(options)


def assertion_options(party: RelyingParty, challenge: bytes, *, allowed: tuple[Passkey, ...] = ()) -> str:
    """Return the JSON that ``navigator.credentials.get`` is called with; without ``allowed`` any passkey may answer."""
    options = webauthn.generate_authentication_options(
        rp_id=party.id,
        challenge=challenge,
        timeout=TIMEOUT_MS,
        allow_credentials=[_descriptor(passkey) for passkey in allowed],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def verify_registration(party: RelyingParty, response: str, *, challenge: bytes) -> NewPasskey:
    """Check a device's answer to ``registration_options``.

    Raises:
        SignInError: It is for another challenge, origin or site, its user was not verified, or it is malformed.
    """
    _bounded(response)
    try:
        credential = parse_registration_credential_json(response)
        _not_framed(credential.response.client_data_json)
        verified = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=list(party.origins),
            require_user_verification=True,
            supported_pub_key_algs=ALGORITHMS,
        )
        public_key = _public_key_of(verified.credential_public_key)
    except _REFUSALS as error:
        raise SignInError(f"passkey not registered: {error}"[:300]) from None
    transports = credential.response.transports or []
    return NewPasskey(
        credential_id=verified.credential_id,
        cose_key=verified.credential_public_key,
        public_key=public_key,
        sign_count=verified.sign_count,
        transports=tuple(str(transport.value) for transport in transports),
        is_synced=verified.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
    )


def verify_assertion(
    passkey: Passkey, response: str, *, challenge: bytes, origins: tuple[str, ...], rp_id: str
) -> tuple[Assertion, Proven]:
    """Check a device's answer to ``assertion_options`` for any challenge, and keep what it signed.

    The library checks it, and then the offline verifier does, so that what is accepted here can be verified later.

    Raises:
        SignInError: Another passkey, challenge, origin or site; the user was not verified; a counter that does not
        rise;
            a signature that does not match; or malformed.
    """
    _bounded(response)
    try:
        credential = parse_authentication_credential_json(response)
        if credential.raw_id != passkey.credential_id:
            raise ProofError("was made with another passkey")
        webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=rp_id,
            expected_origin=list(origins),
            credential_public_key=passkey.cose_key,
            credential_current_sign_count=0,  # compared below, after the signature: only then is the count the key's
            require_user_verification=True,
        )
        assertion = Assertion(
            credential_id=credential.raw_id,
            public_key=passkey.public_key,
            authenticator_data=credential.response.authenticator_data,
            client_data=credential.response.client_data_json,
            signature=credential.response.signature,
        )
        proven = verify(assertion, challenge=challenge, origins=origins, rp_id=rp_id, public_key=passkey.public_key)
    except _REFUSALS as error:
        raise SignInError(f"passkey refused: {error}"[:300]) from None
    if (proven.sign_count or passkey.sign_count) and proven.sign_count <= passkey.sign_count:
        raise SignInError("passkey refused: its counter did not rise, so it may have been copied")
    return assertion, proven


def credential_id_of(response: str) -> bytes:
    """Return which passkey a device says it answered with.

    Raises:
        SignInError: Malformed.
    """
    _bounded(response)
    try:
        return parse_authentication_credential_json(response).raw_id
    except _REFUSALS as error:
        raise SignInError(f"passkey refused: {error}"[:300]) from None


def challenge_of(response: str) -> bytes:
    """Return which challenge a device says it answered; whether that is ours is for the caller to check.

    Raises:
        SignInError: Malformed.
    """
    _bounded(response)
    try:
        values = json.loads(response)["response"]["clientDataJSON"]
        return webauthn.base64url_to_bytes(json.loads(webauthn.base64url_to_bytes(values))["challenge"])
    except _REFUSALS as error:
        raise SignInError(f"passkey refused: {error}"[:300]) from None


_REFUSALS: Final = (
    WebAuthnException,
    ProofError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
    RecursionError,
)
"""What the library raises for answers that a browser never gives; anything malformed is a refusal."""


def _bounded(response: str) -> None:
    if len(response) > RESPONSE_LENGTH:
        raise SignInError("passkey refused: the answer is too long")


def _not_framed(client_data: bytes) -> None:
    """Refuse an answer given inside a frame of another site (the library does not look)."""
    said: dict[str, Any] = json.loads(client_data)
    if said.get("crossOrigin") is True or "topOrigin" in said:
        raise ProofError("was given inside another site's page")


def _public_key_of(cose_key: bytes) -> bytes:
    """Return the DER SubjectPublicKeyInfo of a key that a device gave as COSE."""
    key = decoded_public_key_to_cryptography(decode_credential_public_key(cose_key))
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _descriptor(passkey: Passkey) -> PublicKeyCredentialDescriptor:
    known = {transport.value: transport for transport in AuthenticatorTransport}
    return PublicKeyCredentialDescriptor(
        id=passkey.credential_id, transports=[known[name] for name in passkey.transports if name in known]
    )
