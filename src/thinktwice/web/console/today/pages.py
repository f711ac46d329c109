"""Today: what was decided and done, and what needs somebody.

Invariant: reads only.
"""

from __future__ import annotations

from starlette.responses import Response

from thinktwice.web.console.routes import Area
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _

AREA = Area("thinktwice.web.console.today")


@AREA.page("GET", "/", permission="read_today")
def today(visit: Visit) -> Response:
    """Show today."""
    return visit.show("today.html", title=_("Today"))
