"""An authenticator in software: the same bytes as a passkey makes, so that approvals are tested without a browser."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from thinktwice.campaigns.approval import Assertion
from thinktwice.campaigns.partners import PinnedKey, to_base64url

RP_ID = "portal.example.org"
ORIGIN = "https://portal.example.org"

_PRESENT_AND_VERIFIED = 0x05
_PRESENT = 0x01


@dataclass
class Passkey:
    """One key pair on P-256, with its credential id."""

    name: str
    rp_id: str = RP_ID
    origin: str = ORIGIN
    count: int = 0
    secret: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def credential_id(self) -> bytes:
        return hashlib.sha256(self.name.encode()).digest()

    @property
    def public_key(self) -> bytes:
        """The public key as COSE."""
        numbers = self.secret.public_key().public_numbers()
        point = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        return bytes(cbor2.dumps(point))

    @property
    def pinned(self) -> PinnedKey:
        return PinnedKey(
            credential_id=self.credential_id, public_key=self.public_key, rp_id=self.rp_id, origins=(self.origin,)
        )

    def sign(self, challenge: bytes, *, is_verified: bool = True, kind: str = "webauthn.get") -> Assertion:
        """Answer a challenge; without ``is_verified`` nobody entered a PIN or showed a finger."""
        self.count += 1
        client = json.dumps(
            {"type": kind, "challenge": to_base64url(challenge), "origin": self.origin, "crossOrigin": False}
        ).encode()
        flags = _PRESENT_AND_VERIFIED if is_verified else _PRESENT
        data = hashlib.sha256(self.rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")
        signature = self.secret.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return Assertion(
            credential_id=self.credential_id, authenticator_data=data, client_data_json=client, signature=signature
        )

    def as_yaml(self) -> str:
        """One entry of ``keys`` in ``partners.yaml``, in flow style."""
        return (
            f"{{credential: {to_base64url(self.credential_id)}, public_key: {to_base64url(self.public_key)}, "
            f"rp_id: {self.rp_id}, origins: ['{self.origin}']}}"
        )
