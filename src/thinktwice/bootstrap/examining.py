"""Looking at what officers report, where the operator's own knowledge is: in the console's process.

Invariant: what an address means to the operator's customers is counted here and goes nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Final

from thinktwice.audit.ledger import Ledger
from thinktwice.bootstrap.following import following
from thinktwice.cases.reported import Standing
from thinktwice.cases.reports import Reports
from thinktwice.decisions.clock import utc_now
from thinktwice.journal.finder import Finder
from thinktwice.people.sealing import Sealing
from thinktwice.storage.layout import DataFolder
from thinktwice.watchlist.service import Watchlist

REACH: Final = timedelta(days=30)


@contextmanager
def examining(folder: DataFolder, ledger: Ledger, sealing: Sealing, finder: Finder) -> Iterator[Reports]:
    """Examine for as long as the block lasts; gives the reports.

    Raises:
        UnavailableError: the watchlist cannot be opened.
    """
    reports = Reports(ledger, sealing, utc_now)
    with ExitStack() as stack:
        watchlist = stack.enter_context(Watchlist(folder))
        standing = _standing_of(watchlist, finder)
        stack.enter_context(following(folder.control, lambda: reports.examine(standing), "examining"))
        yield reports


def _standing_of(watchlist: Watchlist, finder: Finder) -> Callable[[Sequence[str]], Standing]:
    def standing_of(keys: Sequence[str]) -> Standing:
        finder.follow()
        watchlist.refresh()
        now = utc_now()
        listing = watchlist.snapshot().find(tuple(keys), None, now)
        return Standing(
            is_service=listing is not None and "service" in listing.kinds,
            is_allowed=listing is not None and listing.is_allowed,
            customers_30d=max((finder.customers(key, now - REACH) for key in keys), default=0),
        )

    return standing_of
