"""Is this message real? A page that is reached by typing its address.

Invariants: it says whether a code was shown within the last 15 minutes, never to whom or about what; tries are limited
by origin, because a guess is right once in two million; a partner is named only where a campaign is live that it
approved, which whoever builds the parts vouches for, and beside no word that it did not sign (DESIGN rule 8).
"""

from __future__ import annotations

from typing import Final, Literal
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from thinktwice.errors import InputError
from thinktwice.web.customer.choices import MOST_FIELDS
from thinktwice.web.customer.desk import CustomerParts
from thinktwice.web.customer.views import bare_page, show
from thinktwice.web.edge.bodies import read_body
from thinktwice.web.edge.rates import TokenBuckets, origin_of

TRIES_PER_MINUTE: Final = 10
_FORM_BYTES: Final = 1_024

Result = Literal["genuine", "unknown", "too_many"]


class VerifyPages:
    """The endpoints of ``/verify``."""

    def __init__(self, parts: CustomerParts) -> None:
        self._parts = parts
        self._tries = TokenBuckets(TRIES_PER_MINUTE)

    async def form(self, request: Request) -> Response:
        """``GET /verify``: what no caller of ours asks for, the field for a code, the joint campaigns."""
        return self._page(request, None, None)

    async def check(self, request: Request) -> Response:
        """``POST /verify``: whether a message of ours showed the code."""
        wait = self._tries.take(origin_of(request.scope, is_behind_proxy=self._parts.is_behind_proxy))
        if wait:
            response = self._page(request, None, "too_many", 429)
            response.headers["Retry-After"] = str(wait)
            return response
        body = await read_body(request.scope, request.receive, _FORM_BYTES)
        try:
            fields = dict(parse_qsl(body.decode("utf-8"), max_num_fields=MOST_FIELDS))
        except ValueError as error:
            raise InputError.of("is a URL-encoded form with at most 32 fields") from error
        is_genuine = self._parts.codes.is_of_a_message(fields.get("code", ""), self._parts.clock())
        return self._page(request, fields.get("locale"), "genuine" if is_genuine else "unknown")

    def _page(self, request: Request, locale: str | None, result: Result | None, status: int = 200) -> HTMLResponse:
        page = bare_page(request, self._parts, locale)
        return HTMLResponse(show("verify.html", page, result=result, joint=self._parts.joint()), status)
