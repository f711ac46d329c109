"""A passkey device in software: real CBOR, real COSE keys, real signatures; and every way in which it may lie."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

from thinktwice.people.assertions import decode, encode

UP, UV, AT = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One device with one passkey per site; counts its signatures unless ``counts`` is false."""

    origin: str = "https://console.example.org"
    kind: str = "es256"
    counts: bool = True
    verifies_user: bool = True
    count: int = 0
    cross_origin: bool = False
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    user_handle: bytes = b""

    def __post_init__(self) -> None:
        self.key: Any
        if self.kind == "es256":
            self.key = ec.generate_private_key(ec.SECP256R1())
        elif self.kind == "eddsa":
            self.key = ed25519.Ed25519PrivateKey.generate()
        else:
            self.key = rsa.generate_private_key(65537, 2048)

    def create(self, options: str, **changed: Any) -> str:
        """Answer ``navigator.credentials.create``."""
        asked = json.loads(options)
        self.user_handle = decode(asked["user"]["id"])
        rp_id = changed.get("rp_id", asked["rp"]["id"])
        attested = b"\x00" * 16 + len(self.credential_id).to_bytes(2, "big") + self.credential_id + self.cose_key()
        data = self._authenticator_data(rp_id, AT) + attested
        client = self._client_data("webauthn.create", changed.get("challenge", asked["challenge"]))
        statement = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(
            {
                "clientDataJSON": encode(client),
                "attestationObject": encode(statement),
                "transports": ["internal"],
            }
        )

    def get(self, options: str, **changed: Any) -> str:
        """Answer ``navigator.credentials.get``."""
        asked = json.loads(options)
        if self.counts:
            self.count += 1
        data = self._authenticator_data(changed.get("rp_id", asked["rpId"]), 0)
        client = self._client_data(changed.get("type", "webauthn.get"), changed.get("challenge", asked["challenge"]))
        signature = self._sign(data + hashlib.sha256(client).digest())
        return self._answer(
            {
                "clientDataJSON": encode(client),
                "authenticatorData": encode(data),
                "signature": encode(changed.get("signature", signature)),
                "userHandle": encode(self.user_handle),
            }
        )

    def cose_key(self) -> bytes:
        """The public key as devices give it."""
        public = self.key.public_key()
        if self.kind == "es256":
            numbers = public.public_numbers()
            pair = {-2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
            return cbor2.dumps({1: 2, 3: -7, -1: 1, **pair})
        if self.kind == "eddsa":
            return cbor2.dumps({1: 1, 3: -8, -1: 6, -2: public.public_bytes_raw()})
        numbers = public.public_numbers()
        return cbor2.dumps({1: 3, 3: -257, -1: numbers.n.to_bytes(256, "big"), -2: numbers.e.to_bytes(3, "big")})

    def _sign(self, message: bytes) -> bytes:
        if self.kind == "es256":
            return bytes(self.key.sign(message, ec.ECDSA(hashes.SHA256())))
        if self.kind == "eddsa":
            return bytes(self.key.sign(message))
        return bytes(self.key.sign(message, padding.PKCS1v15(), hashes.SHA256()))

    def _authenticator_data(self, rp_id: str, flags: int) -> bytes:
        flags |= UP | (UV if self.verifies_user else 0)
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client_data(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": self.cross_origin}
        return json.dumps(said).encode()

    def _answer(self, response: dict[str, Any]) -> str:
        name = encode(self.credential_id)
        return json.dumps(
            {"id": name, "rawId": name, "type": "public-key", "clientExtensionResults": {}, "response": response}
        )
