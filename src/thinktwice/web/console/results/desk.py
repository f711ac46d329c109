"""What the pages of results work with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from thinktwice.errors import NotFoundError
from thinktwice.measurement.analysis.records import Declared
from thinktwice.measurement.results import Results
from thinktwice.web.console.results.standings import Standings


class Write(Protocol):
    """Writes one edition in one format."""

    def __call__(self, campaign: str, edition: str, format: str, *, locale: str, until: datetime) -> bytes:  # noqa: A002 - the word of the command
        """Return the file.

        Raises:
            InputError: an unfinished experiment, or no seal key for a card.
            NotFoundError: no such campaign.
            UnavailableError: the journal cannot be read, or a PDF cannot be laid out.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsDesk:
    """Results of campaigns that are or were live; ``is_synthetic`` where every customer is invented."""

    results: Results
    declared: Callable[[], Mapping[str, Declared]]
    standings: Standings
    write: Write
    is_synthetic: bool = False

    def one(self, campaign: str) -> Declared:
        """Return what a campaign says of itself.

        Raises:
            NotFoundError: it was never live.
        """
        found = self.declared().get(campaign)
        if found is None:
            raise NotFoundError("no campaign of this name was ever live")
        return found
