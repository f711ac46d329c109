"""Today: what was decided and done, and what needs somebody.

Invariant: reads only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

from thinktwice.watchlist.lookup import harmless
from thinktwice.web.console.routes import Area
from thinktwice.web.console.today.chart import bars
from thinktwice.web.console.today.desk import WHATS, TodayDesk
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _

AREA: Final = Area("thinktwice.web.console.today", needs=(TodayDesk,))

WHAT_NAMES: Final[Mapping[str, str]] = {
    "decided": _("Decided"),
    "triggered": _("Triggered"),
    "seen": _("Seen"),
    "reviewed": _("Reviewed"),
    "not_sent": _("Not sent"),
    "reported": _("Reported"),
}
_SIGNALS_SHOWN: Final = 12


@AREA.page("GET", "/", permission="read_today")
def today(visit: Visit) -> Response:
    """Show today."""
    desk = visit.desk(TodayDesk)
    hours = desk.hours()
    unknowns = desk.unknowns()
    return visit.show(
        "today.html",
        title=_("Today"),
        behind=desk.behind(),
        hours=[hour for hour in reversed(hours) if any(hour.counts[what] for what in WHATS)],
        totals={what: sum(hour.counts[what] for hour in hours) for what in WHATS},
        charts={what: bars([hour.counts[what] for hour in hours]) for what in WHATS},
        most={what: max(hour.counts[what] for hour in hours) for what in WHATS},
        whats=WHAT_NAMES,
        queue=desk.queue(),
        service=desk.service(),
        lists=desk.sources(),
        feeds=desk.feeds(),
        contacts=desk.expiring(),
        today=visit.now.date(),
        radii=desk.radii(),
        unknowns=unknowns,
        signals=unknowns.signals[:_SIGNALS_SHOWN],
        harmless=harmless,
    )
