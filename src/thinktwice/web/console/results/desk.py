"""What the pages of results work with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from thinktwice.errors import NotFoundError
from thinktwice.measurement.analysis.records import Declared
from thinktwice.measurement.copies import Copies, Write
from thinktwice.measurement.report.document import ShownPartner
from thinktwice.measurement.results import Results
from thinktwice.web.console.results.standings import Standings


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsDesk:
    """Results of campaigns that are or were live.

    ``is_large`` tells whether counting takes long; ``is_synthetic`` where every customer is invented.
    """

    results: Results
    declared: Callable[[], Mapping[str, Declared]]
    standings: Standings
    write: Write
    copies: Copies
    is_large: Callable[[], bool] = lambda: False
    is_synthetic: bool = False
    partners: Callable[[str, str], Mapping[str, ShownPartner]] = lambda _campaign, _locale: {}

    def is_long(self, format: str) -> bool:  # noqa: A002 - the word of the address
        """Whether nobody should wait for a copy while a page loads: a PDF, or anything over a large journal."""
        return format == "pdf" or self.is_large()

    def one(self, campaign: str) -> Declared:
        """Return what a campaign says of itself.

        Raises:
            NotFoundError: it was never live.
        """
        found = self.declared().get(campaign)
        if found is None:
            raise NotFoundError("no campaign of this name was ever live")
        return found
