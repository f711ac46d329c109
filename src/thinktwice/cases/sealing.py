"""What cases keep, closed: words in envelopes, files for a key of their case, identifiers as blind indexes.

Invariants: the database and the folder of files without the ``master`` key reveal no file, no message and no
identifier; a sealed value opens only in the row and column for which it was sealed; whoever only files (the portal's
upload) needs the public half of a case's key alone.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from pyrage import x25519

from thinktwice.cases.identifiers import Identifier
from thinktwice.errors import UnavailableError
from thinktwice.keyring.envelope import Randomness, blind_index, enclose, open_envelope, rewrap
from thinktwice.keyring.keys import Key


@dataclass(frozen=True, slots=True)
class CaseKey:
    """The key pair of one case: files are encrypted for ``recipient``; ``identity_sealed`` opens them."""

    recipient: str
    identity_sealed: bytes


class Sealing:
    """Seals and opens with the installation's master keys; the first seals, all open."""

    def __init__(self, masters: Sequence[Key], randomness: Randomness = os.urandom) -> None:
        if not masters:
            raise UnavailableError("cases need the key `master`; see `thinktwice key --help`")
        self._masters = tuple(masters)
        self._randomness = randomness

    def seal(self, text: str, place: str) -> bytes:
        """Close a text for one place, such as ``case_message/ID/body``."""
        return enclose(self._masters[0], text.encode(), context=place, randomness=self._randomness)

    def open(self, sealed: bytes, place: str) -> str:
        """Return the text.

        Raises:
            EnvelopeError: it was sealed by another key or for another place, or it was changed.
        """
        return open_envelope(self._masters, sealed, context=place).decode()

    def renewed(self, sealed: bytes, place: str) -> bytes:
        """Return the same text under the newest master key.

        Raises:
            EnvelopeError: as ``open``.
        """
        return rewrap(self._masters, sealed, context=place, randomness=self._randomness)

    def new_case_key(self, case_id: str) -> CaseKey:
        """Return a key pair for a new case."""
        identity = x25519.Identity.generate()
        return CaseKey(str(identity.to_public()), self.seal(str(identity), f"case_request/{case_id}/identity"))

    def identity(self, case_id: str, identity_sealed: bytes) -> x25519.Identity:
        """Return what opens the files of a case.

        Raises:
            EnvelopeError: as ``open``.
        """
        return x25519.Identity.from_str(self.open(identity_sealed, f"case_request/{case_id}/identity"))

    def blind(self, identifier: Identifier) -> bytes:
        """Return what an identifier is found by; under the oldest key, so that rotation keeps old ones findable."""
        text = "\x00".join((identifier.kind, identifier.network or "", identifier.value.casefold()))
        return blind_index(self._masters[-1], "case identifier", text)
