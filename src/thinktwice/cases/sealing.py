"""What cases keep, closed: words in envelopes, files for a key of their case, identifiers as blind indexes.

Invariants: the database and the folder of files without the ``master`` key reveal no file, no message and no
identifier; a sealed value opens only in the row and column for which it was sealed; whoever only files (the portal's
upload) needs the public half of a case's key alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from pyrage import x25519

from thinktwice.cases.identifiers import Identifier
from thinktwice.people.sealing import Sealing

_IDENTIFIER = "case.identifier"


@dataclass(frozen=True, slots=True)
class CaseKey:
    """The key pair of one case: files are encrypted for ``recipient``; ``identity_sealed`` opens them."""

    recipient: str
    identity_sealed: bytes


def new_case_key(sealing: Sealing, case_id: str) -> CaseKey:
    """Return a key pair for a new case."""
    identity = x25519.Identity.generate()
    return CaseKey(str(identity.to_public()), sealing.seal(str(identity), identity_place(case_id)))


def identity_of(sealing: Sealing, case_id: str, identity_sealed: bytes) -> x25519.Identity:
    """Return what opens the files of a case.

    Raises:
        EnvelopeError: It was sealed with another key or for another case, or it was changed.
    """
    return x25519.Identity.from_str(sealing.open(identity_sealed, identity_place(case_id)))


def identity_place(case_id: str) -> str:
    """Return where a case's identity is sealed for."""
    return f"case_request.identity:{case_id}"


def blind(sealing: Sealing, identifier: Identifier) -> bytes:
    """Return what a new row of an identifier is found by."""
    return sealing.index(_IDENTIFIER, _text(identifier))


def blinds(sealing: Sealing, identifier: Identifier) -> tuple[bytes, ...]:
    """Return what an identifier may be found by, under each master key."""
    return sealing.indexes(_IDENTIFIER, _text(identifier))


def _text(identifier: Identifier) -> str:
    return "\x00".join((identifier.kind, identifier.network or "", identifier.value.casefold()))
