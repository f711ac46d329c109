"""Results over HTTP: one campaign's analysis, made without holding anything else up.

Invariant: an analysis reads the whole history, so it is made one at a time in a thread of its own; more than a few that
wait are refused rather than queued.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, Protocol

import msgspec

from thinktwice.errors import UnavailableError

MOST_WAITING: Final = 4


class ResultsMaker(Protocol):
    """Makes analyses; ``bootstrap.reporting.JsonResults`` does."""

    def make(self, campaign: str) -> bytes:
        """Return the analysis of a campaign, as of now, as JSON.

        Raises:
            NotFoundError: No campaign in force has this id.
            UnavailableError: The history cannot be read right now.
        """


class NoResults:
    """Stands where nothing can make analyses."""

    def make(self, campaign: str) -> bytes:  # noqa: ARG002  (the signature is the seam's)
        """Refuse."""
        raise UnavailableError("results cannot be made here")


class CampaignResults(msgspec.Struct, frozen=True):
    """Everything that may be said about one campaign, and why the rest may not; see `docs/measurement.md`."""

    format: str
    made_by: str
    analysis: dict[str, Any]


class ResultsLine:
    """Takes requests for analyses one after the other."""

    def __init__(self, maker: ResultsMaker) -> None:
        self._maker = maker
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="results")
        self._waiting = 0

    async def make(self, campaign: str) -> bytes:
        """Return the analysis of a campaign.

        Raises:
            NotFoundError: no campaign in force has this id.
            UnavailableError: it cannot be made right now, or too many wait already.
        """
        if self._waiting >= MOST_WAITING:
            raise UnavailableError("results are being made for others; come back later")
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._maker.make, campaign)
        finally:
            self._waiting -= 1
