"""The page on which a visitor of the demonstration chooses whose place to take.

Invariants: these pages exist only in a portal that was put together as a demonstration, which real keys refuse; the
session they open is an ordinary one, so that everything behind them is what officers would see.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from starlette.responses import Response

from thinktwice.people.person import Place
from thinktwice.web.edge.signed_in.shell import SESSION
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _
from thinktwice.web.portal.routes import Area

DemoWho = Literal["officer", "colleague", "agency_administrator"]

NAMES: Final[Mapping[DemoWho, tuple[str, str]]] = {
    "officer": (_("Officer"), _("Files requests, follows them, and reports addresses.")),
    "colleague": (_("Another officer"), _("Of the same agency: co-signs what the first one reports.")),
    "agency_administrator": (_("Agency administrator"), _("Invites, confirms and suspends the agency's officers.")),
}


@dataclass(frozen=True, slots=True)
class DemoDoor:
    """What lets visitors in: opens a session of an invented person and returns its secret."""

    sign_in_as: Callable[[DemoWho, Place], str]


AREA: Final = Area("thinktwice.web.portal.demo", needs=(DemoDoor,))


@AREA.public("GET", "/demo")
def people(visit: Visit) -> Response:
    """Offer everybody of the invented agency."""
    say = visit.words.say
    options = [(who, say(name), say(hint)) for who, (name, hint) in NAMES.items()]
    return visit.show("demo.html", title=_("Look around as"), options=options)


@AREA.public("POST", "/demo")
def enter(visit: Visit) -> Response:
    """Sign the visitor in."""
    typed = visit.form.text("who")
    who: DemoWho = next((one for one in NAMES if one == typed), "officer")
    secret = visit.desk(DemoDoor).sign_in_as(who, visit.place)
    response = visit.go("/")
    visit.cookies.set(response, SESSION, secret)
    return response
