"""What a form of the entrance says when nobody is let in: the same, whatever the reason was."""

from __future__ import annotations

from starlette.responses import Response

from thinktwice.errors import Fault
from thinktwice.people.errors import SignInError
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _


def tell(visit: Visit, error: SignInError, text: str, field: str | None) -> None:
    """Put a refusal at the top of the form; ``text`` is a marked text."""
    visit.faults.append(Fault(text, field))
    if error.retry_after is not None:
        wait = visit.words.say(_("Wait %(seconds)s seconds before the next try."), seconds=error.retry_after)
        visit.faults.append(Fault(wait))


def with_wait(response: Response, error: SignInError) -> Response:
    """Say to programs too when the next try is allowed."""
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(error.retry_after)
    return response
