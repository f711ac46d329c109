"""The page on which an agency applies.

Invariants: whoever applies is told nothing, neither whether an agency is known nor what becomes of the application;
nothing typed here is ever used to reach the agency: staff call a number that they found elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from thinktwice.errors import InputError
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _
from thinktwice.web.portal.routes import Area

Apply = Callable[[str, str, str], None]


@dataclass(frozen=True, slots=True)
class Applications:
    """Takes applications; ``bootstrap`` gives what knows who acts when nobody is signed in.

    ``apply`` takes name, country and domain. It raises ``InputError`` for what cannot be used, and ``UnavailableError``
    when too many wait.
    """

    apply: Apply


AREA: Final = Area("thinktwice.web.portal.application", needs=(Applications,))


@AREA.public("GET", "/apply")
def form(visit: Visit) -> Response:
    """Show what an application needs, and what happens then."""
    return visit.show("apply.html", title=_("Apply for your agency"), name="", country="", domain="")


@AREA.public("POST", "/apply", is_guarded=True)
def apply(visit: Visit) -> Response:
    """Take an application."""
    typed = {
        "name": visit.form.text("name", 121),
        "country": visit.form.text("country", 3).upper(),
        "domain": visit.form.text("domain", 254).lower(),
    }
    try:
        visit.desk(Applications).apply(typed["name"], typed["country"], typed["domain"])
    except InputError as error:
        return visit.show_again(error, "apply.html", title=_("Apply for your agency"), **typed)
    return visit.show("applied.html", title=_("We have your application"))
