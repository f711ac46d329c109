"""The area that every module of the entrance declares its pages in."""

from __future__ import annotations

from typing import Final

from thinktwice.people.service import People
from thinktwice.web.edge.signed_in.routes import Area
from thinktwice.web.edge.words import mark as _

AREA: Final = Area(
    "thinktwice.web.edge.signed_in.entrance",
    needs=(People,),
    says={
        "signed-out": _("You are signed out."),
        "confirmed": _("Thank you. You have ten minutes."),
    },
)
