"""What happens once somebody is in: the session's cookie, and the page they wanted.

Invariant: the secret of a session is one that the service made at this moment; none that a browser brought is kept.
"""

from __future__ import annotations

from urllib.parse import urlencode

from starlette.responses import Response

from thinktwice.people.sign_in import Opened
from thinktwice.web.edge.signed_in.entrance.carried import WAITING
from thinktwice.web.edge.signed_in.shell import SESSION, VISIT
from thinktwice.web.edge.signed_in.visit import Visit


def onward(path: str, next_path: str) -> str:
    """Return a path that remembers where somebody wanted to go."""
    return f"{path}?{urlencode({'next': next_path})}" if next_path else path


def entered(visit: Visit, opened: Opened, next_path: str) -> Response:
    """Give the browser its session; who lost a second factor sets up a new one first."""
    response = visit.go("/account" if opened.has_lost_factor else next_path)
    visit.cookies.set(response, SESSION, opened.token)
    visit.cookies.end(response, WAITING)
    visit.cookies.end(response, VISIT)
    return response
