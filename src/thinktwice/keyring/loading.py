"""Key files and key environments, as text (DESIGN section 5, *Keys*).

A key file is TOML; each entry is ``"id:secret"`` with the secret in unpadded URL-safe base64::

    ref = "ref-1:…"
    assign = "assign-1:…"
    token = ["token-2:…", "token-1:…"]   # the first signs, all verify
    seal = "seal-1:…"                     # optional
    master = "master-1:…"                 # optional; a list while one replaces another, the new one first
    webhook = ["webhook-1:…"]             # optional; all sign

Invariants: nothing here reads a file or draws randomness; no error repeats a secret.
"""

from __future__ import annotations

import base64
import binascii
import re
import tomllib
from collections.abc import Iterable, Mapping
from typing import Final

from thinktwice.errors import Fault, InputError
from thinktwice.keyring.keys import SECRET_BYTES, TEST_KEYRING, Key, Keyring

ENVIRONMENT_PREFIX: Final = "THINKTWICE_KEY_"
"""``THINKTWICE_KEY_REF`` and so on; several token, webhook or master keys are separated by commas."""

PURPOSES: Final = ("ref", "assign", "token", "seal", "master", "webhook")
_SEVERAL: Final = ("token", "webhook")
_REPLACED_IN_PLACE: Final = ("master",)
"""Written as one key, and as a list while what the old one sealed is sealed anew."""

_REQUIRED: Final = ("ref", "assign", "token")
_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,16}")


def read_keyring(text: str, *, where: str | None = None) -> Keyring:
    """Read a key file; ``where`` names it in faults.

    Raises:
        InputError: Not TOML, or a key is missing, malformed, too short or unknown; every fault is listed.
    """
    try:
        entries = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        # The parser's own message may quote the line, which holds a secret.
        raise InputError.of('is not a key file: expected lines such as ref = "ref-1:SECRET"', where=where) from None
    texts = {purpose: tuple(_as_list(value)) for purpose, value in entries.items()}
    return _keyring(texts, where)


def read_keyring_environment(environment: Mapping[str, str]) -> Keyring:
    """Read keys from the environment: ``THINKTWICE_KEY_`` and a purpose in capitals, such as ``THINKTWICE_KEY_REF``.

    Raises:
        InputError: As ``read_keyring``.
    """
    texts = {
        purpose: tuple(part.strip() for part in value.split(","))
        for purpose in PURPOSES
        if (value := environment.get(ENVIRONMENT_PREFIX + purpose.upper()))
    }
    return _keyring(texts, "environment")


def write_keyring(secrets: Mapping[str, bytes], *, suffix: str) -> str:
    """Return the text of a new key file with the secrets given, one for each purpose; ids end in ``suffix``."""
    lines = [
        "# ThinkTwice keys. Keep this file secret, outside backups of the databases, and readable by the service alone."
    ]
    for purpose, secret in secrets.items():
        entry = f'"{purpose}-{suffix}:{_encode(secret)}"'
        lines.append(f"{purpose} = {f'[{entry}]' if purpose in _SEVERAL else entry}")
    return "\n".join(lines) + "\n"


def _as_list(value: object) -> Iterable[str]:
    """Return the entries of one purpose; what is no text becomes one that no key matches."""
    return (part if isinstance(part, str) else "" for part in (value if isinstance(value, list) else [value]))


def _keyring(texts: Mapping[str, tuple[str, ...]], where: str | None) -> Keyring:
    """Build the keyring, or refuse with every fault."""
    faults = [
        Fault(f"is not one of {', '.join(PURPOSES)}", str(purpose)[:40], where)
        for purpose in texts
        if purpose not in PURPOSES
    ]
    keys: dict[str, list[Key]] = {}
    for purpose in PURPOSES:
        keys[purpose] = []
        if purpose in _REQUIRED and not texts.get(purpose):
            faults.append(Fault("is required", purpose, where))
        if purpose not in (*_SEVERAL, *_REPLACED_IN_PLACE) and len(texts.get(purpose, ())) > 1:
            faults.append(Fault("takes one key", purpose, where))
        for text in texts.get(purpose, ()):
            found = _read_key(text, purpose, where)
            (faults if isinstance(found, Fault) else keys[purpose]).append(found)  # type: ignore[arg-type]  # by kind
    if len({key.secret for group in keys.values() for key in group}) != sum(map(len, keys.values())):
        faults.append(Fault("every key needs a secret of its own", None, where))
    faults += [
        Fault("every key needs an id of its own", purpose, where)
        for purpose in ("token", *_REPLACED_IN_PLACE)
        if len({key.id for key in keys[purpose]}) != len(keys[purpose])
    ]
    if faults:
        raise InputError(*faults)
    return Keyring(
        ref=keys["ref"][0],
        assign=keys["assign"][0],
        token=tuple(keys["token"]),
        seal=next(iter(keys["seal"]), None),
        master=next(iter(keys["master"]), None),
        former_masters=tuple(keys["master"][1:]),
        webhook=tuple(keys["webhook"]),
        is_test=any(key.secret in _TEST_SECRETS for group in keys.values() for key in group),
    )


def _read_key(text: str, purpose: str, where: str | None) -> Key | Fault:
    """Read ``id:secret``."""
    key_id, colon, encoded = text.partition(":")
    if not colon or not _ID.fullmatch(key_id):
        return Fault("is written id:secret, the id 1 to 16 letters, digits, '-' or '_'", purpose, where)
    try:
        secret = base64.b64decode(encoded.encode("ascii") + b"=" * (-len(encoded) % 4), b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        return Fault(f"the secret of '{key_id}' is not URL-safe base64", purpose, where)
    if len(secret) < SECRET_BYTES:
        return Fault(f"the secret of '{key_id}' is shorter than {SECRET_BYTES} bytes", purpose, where)
    return Key(key_id, secret)


def _encode(secret: bytes) -> str:
    """Return unpadded URL-safe base64."""
    return base64.urlsafe_b64encode(secret).rstrip(b"=").decode("ascii")


_TEST_SECRETS: Final = frozenset(
    key.secret
    for key in (
        TEST_KEYRING.ref,
        TEST_KEYRING.assign,
        *TEST_KEYRING.token,
        TEST_KEYRING.seal,
        TEST_KEYRING.master,
        *TEST_KEYRING.webhook,
    )
    if key is not None
)
