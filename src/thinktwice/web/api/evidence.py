"""Evidence over HTTP: what is asked, and how it is made without holding anything else up.

Invariant: evidence takes seconds, so it is made one at a time in a thread of its own; more than a few that wait are
refused rather than queued.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, Protocol

import msgspec

from thinktwice.decisions.bodies import decoded, decoder_of
from thinktwice.errors import UnavailableError
from thinktwice.evidence.service import Edition

MOST_WAITING: Final = 8


class EvidenceMaker(Protocol):
    """Makes sealed evidence; ``evidence.service.EvidenceService`` does."""

    def make(self, decision_id: str, edition: str) -> bytes:
        """Return the evidence file about a decision.

        Raises:
            InputError: There is no key to seal with.
            NotFoundError: No such decision.
            UnavailableError: It cannot be made right now.
        """


class NoEvidence:
    """Stands where nothing can make evidence."""

    def make(self, decision_id: str, edition: str) -> bytes:  # noqa: ARG002  (the signature is the seam's)
        """Refuse."""
        raise UnavailableError("evidence cannot be made here")


class EvidenceRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of ``POST /v1/decisions/{decision_id}/evidence``; only the customer edition is for the customer."""

    edition: Edition


class Evidence(msgspec.Struct, frozen=True):
    """A sealed file. Keep its bytes as they are: a byte changed is a proof lost. The PDF is ``parts.document``."""

    manifest: dict[str, Any]
    parts: dict[str, Any]
    seal: dict[str, Any]


_decode: Final = decoder_of(EvidenceRequest)


class EvidenceLine:
    """Takes requests for evidence one after the other."""

    def __init__(self, maker: EvidenceMaker) -> None:
        self._maker = maker
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="evidence")
        self._waiting = 0

    async def make(self, decision_id: str, body: bytes) -> bytes:
        """Return the evidence that a request's body asks for.

        Raises:
            InputError: the body cannot be used, or there is no key to seal with.
            NotFoundError: no such decision.
            UnavailableError: it cannot be made right now, or too many wait already.
        """
        request: EvidenceRequest = decoded(_decode, body)
        if self._waiting >= MOST_WAITING:
            raise UnavailableError("evidence is being made for others; come back later")
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._thread, self._maker.make, decision_id, request.edition)
        finally:
            self._waiting -= 1
