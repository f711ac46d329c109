"""Choosing the language of the pages: kept with the account of whoever is signed in, and in this browser.

Invariant: in a demonstration, whose accounts many share, one visitor's choice stays that visitor's.
"""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from thinktwice.people.languages import choose_language as keep_language
from thinktwice.web.edge.signed_in.entrance.area import AREA
from thinktwice.web.edge.signed_in.shell import LANGUAGE
from thinktwice.web.edge.signed_in.visit import Visit

_YEAR_SECONDS: Final = 365 * 24 * 3600


@AREA.public("POST", "/language")
def choose_language(visit: Visit) -> Response:
    """Keep the language and show the same page again."""
    chosen = visit.form.text("language", 20) or "en"
    if visit.person is not None and not visit.parts.is_demo and chosen in visit.languages:
        keep_language(visit.parts.ledger, visit.person, chosen)
    response = visit.go(visit.form.text("next"))
    visit.cookies.set(response, LANGUAGE, chosen, max_age=_YEAR_SECONDS)
    return response
