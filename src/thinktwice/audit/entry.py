"""One entry of the chain and its hash: pure, so that whoever checks an export needs nothing else.

Invariants: the hash is SHA-256 over the canonical JSON (RFC 8785) of the entry without its own hash, which includes the
hash of the entry before; the first entry follows the hash of the chain's own beginning, so entries of one installation
never fit into another's chain.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, get_args

import msgspec
import rfc8785

from thinktwice.errors import InputError, Phrase

ActorKind = Literal["staff", "officer", "key", "cli", "system"]
Outcome = Literal["done", "refused"]
Detail = str | int | bool | None

FORMAT: Final = "thinktwice-audit/1"
ACTOR_KINDS: Final[tuple[str, ...]] = get_args(ActorKind)

_ID: Final = re.compile(r"[^\s@\x00-\x1f\x7f]{1,200}")
_ACT: Final = re.compile(r"[a-z0-9_]+(?:\.[a-z0-9_]+)*")
_NAME: Final = re.compile(r"[A-Za-z0-9_]{1,80}")
_LARGEST: Final = 2**53 - 1
_ENCODER: Final = msgspec.json.Encoder(order="sorted")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account, an API key, a user of the command line, or a part of the system.

    ``id`` is an account id, key id, ``cli:<os user>`` or the name of a component; never an e-mail address or a name.
    """

    kind: ActorKind
    id: str

    def __post_init__(self) -> None:
        """Refuse what would put a person into the chain.

        Raises:
            InputError: an unknown kind, or an id that is empty, longer than 200, or holds blanks or an ``@``.
        """
        if self.kind not in ACTOR_KINDS:
            raise InputError.of(Phrase("is one of %(choices)s", choices=", ".join(ACTOR_KINDS)), field="actor.kind")
        if not _ID.fullmatch(self.id):
            raise InputError.of("is an id of 1 to 200 characters, without blanks or '@'", field="actor.id")


class Sealed(msgspec.Struct, frozen=True, kw_only=True):
    """A commitment to something personal: it can be opened with its salt only, and tells nothing without."""

    digest: str
    salt: str


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One act as it stands in the chain; hashes are hexadecimal SHA-256."""

    seq: int
    at: str
    actor_kind: str
    actor_id: str
    act: str
    object_kind: str
    object_id: str
    outcome: Outcome
    before: str | None
    after: str | None
    details: dict[str, Detail]
    commitments: dict[str, Sealed]
    previous: str


class Beginning(msgspec.Struct, frozen=True, kw_only=True):
    """What makes a chain this one: a random id and the time of its first entry."""

    chain: str
    begun_at: str
    format: str = FORMAT


@dataclass(slots=True)
class Noted:
    """What an act has said about itself so far."""

    before: str | None = None
    after: str | None = None
    details: dict[str, Detail] = field(default_factory=dict)


def hash_of(entry: Entry | Beginning) -> str:
    """Return the hash of an entry, or of a chain's beginning."""
    return hashlib.sha256(canonical(entry)).hexdigest()


def canonical(value: Entry | Beginning | Mapping[str, Any]) -> bytes:
    """Return the canonical JSON (RFC 8785) of what an entry may hold.

    For text, whole numbers within 53 bits, true, false and null under ASCII names, sorting the names is all there is to
    it, which the encoder does 25 times as fast as a general implementation; a test holds both equal.
    """
    return _ENCODER.encode(value)


def digest_of(value: object) -> str:
    """Return the hash that stands for a state of an object; times become text, sets sorted lists, bytes base64."""
    return hashlib.sha256(rfc8785.dumps(msgspec.to_builtins(value, order="deterministic"))).hexdigest()


def check_act(act: str, object_kind: str, object_id: str) -> None:
    """Refuse a name that no filter could find again.

    Raises:
        InputError: with what would be right.
    """
    if not _ACT.fullmatch(act):
        raise InputError.of("is words of a-z, 0-9 and _, separated by dots", field="act")
    if not _ACT.fullmatch(object_kind):
        raise InputError.of("is a word of a-z, 0-9 and _", field="object_kind")
    check_object_id(object_id)


def check_object_id(object_id: str) -> None:
    """Refuse what is no id.

    Raises:
        InputError: with what would be right.
    """
    if not 1 <= len(object_id) <= 300 or "@" in object_id or not object_id.isprintable():
        raise InputError.of("is an id of 1 to 300 printable characters, without '@'", field="object_id")


def check_details(details: Mapping[str, Any]) -> None:
    """Refuse details that canonical JSON could not hold.

    Raises:
        InputError: naming the detail.
    """
    for name, value in details.items():
        if not _NAME.fullmatch(name):
            raise InputError.of("is a name of a-z, A-Z, 0-9 and _", field=name)
        if isinstance(value, int) and abs(value) > _LARGEST:
            raise InputError.of("is too large for JSON", field=name)
        if not isinstance(value, str | int | bool | None):
            raise InputError.of("is text, a whole number, true, false or nothing", field=name)
        if isinstance(value, str) and (len(value) > 2000 or not _is_unicode(value)):
            raise InputError.of("is at most 2,000 characters of Unicode text", field=name)


def _is_unicode(text: str) -> bool:
    """Tell whether a text can be encoded: half of a surrogate pair cannot."""
    return not any("\ud800" <= char <= "\udfff" for char in text)
