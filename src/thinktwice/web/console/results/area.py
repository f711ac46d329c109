"""The area of results, whose pages stand in two modules."""

from __future__ import annotations

from typing import Final

from thinktwice.web.console.results.desk import ResultsDesk
from thinktwice.web.console.routes import Area
from thinktwice.web.edge.words import mark as _

AREA: Final = Area(
    "thinktwice.web.console.results",
    needs=(ResultsDesk,),
    says={
        "results-published": _("It is published. The partners' officers read it in the portal from now on."),
        "copy-cancelled": _("The copy will not be made, unless it was finished before."),
    },
)
