"""The page on which a visitor of the demonstration chooses a role.

Invariants: these pages exist only in a console that was put together as a demonstration, which real keys refuse; the
session they open is an ordinary one, so that everything behind them is what staff would see.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from thinktwice.people.permissions import STAFF_ROLES, StaffRole
from thinktwice.people.person import Place
from thinktwice.web.console.role_words import ROLE_HINTS, ROLE_NAMES
from thinktwice.web.console.routes import Area
from thinktwice.web.edge.signed_in.shell import SESSION
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _


@dataclass(frozen=True, slots=True)
class DemoDoor:
    """What lets visitors in: opens a session of the invented person with a role and returns its secret."""

    sign_in_as: Callable[[StaffRole, Place], str]


AREA: Final = Area("thinktwice.web.console.demo", needs=(DemoDoor,))


@AREA.public("GET", "/demo")
def roles(visit: Visit) -> Response:
    """Offer every role."""
    say = visit.words.say
    options = [(role, say(ROLE_NAMES[role]), say(ROLE_HINTS[role])) for role in STAFF_ROLES]
    return visit.show("demo.html", title=_("Look around as"), options=options)


@AREA.public("POST", "/demo")
def enter(visit: Visit) -> Response:
    """Sign the visitor in."""
    role = next((role for role in STAFF_ROLES if role == visit.form.text("role")), STAFF_ROLES[0])
    secret = visit.desk(DemoDoor).sign_in_as(role, visit.place)
    response = visit.go("/")
    visit.cookies.set(response, SESSION, secret)
    return response
