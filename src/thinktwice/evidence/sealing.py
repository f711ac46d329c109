"""Putting parts together under one seal.

Invariants: the file is canonical JSON (RFC 8785) and a line end; the manifest names each part with its SHA-256 and is
what the seal covers; whatever the file says, ``verification`` can check without this module.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import msgspec
import rfc8785

from thinktwice import __version__
from thinktwice.errors import InputError
from thinktwice.evidence.verification import FORMAT
from thinktwice.keyring.keys import Key, Keyring
from thinktwice.keyring.seal import public_key_of, seal

Parts = Mapping[str, Any]

_EXACT: Final = 2**53
"""Beyond this, numbers of JSON are not read alike everywhere; such integers are written as text."""


def plain(value: Any) -> Any:
    """Return a record as JSON's own types: decimals and large integers as text, times as RFC 3339, bytes as base64."""
    return _exact(msgspec.to_builtins(value))


def _exact(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(name): _exact(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_exact(item) for item in value]
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _EXACT:
        return str(value)
    return value


def digest_of(part: Any) -> str:
    """Return the SHA-256 of a part as lower-case hex."""
    return hashlib.sha256(rfc8785.dumps(part)).hexdigest()


def seal_key_of(keyring: Keyring) -> Key:
    """Return the key to seal with.

    Raises:
        InputError: the installation has none.
    """
    if keyring.seal is None:
        raise InputError.of("evidence needs a seal key; `thinktwice key generate-keyring` makes one", field="seal")
    return keyring.seal


def sealed(
    parts: Parts, *, edition: str, decision_id: str, operator: str, made_at: datetime, keyring: Keyring
) -> bytes:
    """Return the evidence file.

    Raises:
        InputError: there is no seal key.
    """
    key = seal_key_of(keyring)
    manifest = {
        "format": FORMAT,
        "edition": edition,
        "decision_id": decision_id,
        "operator": operator,
        "made_at": plain(made_at),
        "made_by": f"thinktwice {__version__}",
        "seal_key": key.id,
        "is_test_key": keyring.is_test,
        "digests": {name: digest_of(part) for name, part in parts.items()},
    }
    stated = rfc8785.dumps(manifest)
    stamp = {
        "algorithm": "Ed25519",
        "public_key": base64.b64encode(public_key_of(key)).decode(),
        "manifest_sha256": hashlib.sha256(stated).hexdigest(),
        "signature": base64.b64encode(seal(key, FORMAT, stated)).decode(),
    }
    return rfc8785.dumps({"manifest": manifest, "parts": dict(parts), "seal": stamp}) + b"\n"
