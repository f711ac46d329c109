"""The area of the watchlist, whose pages stand in several modules."""

from __future__ import annotations

from typing import Final

from thinktwice.web.console.routes import Area
from thinktwice.web.console.watchlist.desk import WatchlistDesk
from thinktwice.web.edge.words import mark as _

AREA: Final = Area(
    "thinktwice.web.console.watchlist",
    needs=(WatchlistDesk,),
    says={
        "allowed": _("This destination is allowed now, whatever lists say."),
        "disallowed": _("The allowance has ended; the lists count again."),
        "delisted": _("What this source says about the address has ended."),
        "dispute-recorded": _("The dispute is recorded; compliance decides it."),
        "dispute-decided": _("The dispute is decided."),
        "feed-asked": _("The feed will run in a moment. What it brought before counts until it is done."),
        "feed-paused": _("The feed is paused. What it brought goes on counting."),
        "feed-resumed": _("The feed runs by itself again."),
    },
)
