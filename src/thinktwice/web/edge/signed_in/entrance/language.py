"""Choosing the language of the pages."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from thinktwice.web.edge.signed_in.entrance.area import AREA
from thinktwice.web.edge.signed_in.shell import LANGUAGE
from thinktwice.web.edge.signed_in.visit import Visit

_YEAR_SECONDS: Final = 365 * 24 * 3600


@AREA.public("POST", "/language")
def choose_language(visit: Visit) -> Response:
    """Keep the language in a cookie and show the same page again."""
    response = visit.go(visit.form.text("next"))
    visit.cookies.set(response, LANGUAGE, visit.form.text("language", 20) or "en", max_age=_YEAR_SECONDS)
    return response
