"""From a request to a page: the same questions in the same order for every route.

Invariants: who asks is known before anything of the request is read; what they may not do is refused before their form
is read; a form is checked for origin before it is read and for its token before the page sees it; a dangerous act asks
for a fresh second factor; whatever a signed-in person is refused stands in the audit chain before the answer leaves.
"""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode

import anyio.to_thread
import structlog
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from thinktwice.errors import InputError, UnavailableError, words_of
from thinktwice.people.errors import SecondFactorNeededError
from thinktwice.web.edge.access import log_unexpected
from thinktwice.web.edge.errors import ClientGoneError, EdgeError, ForgeryError, FormTypeError, RateError, TooLargeError
from thinktwice.web.edge.forgery import FIELD, require_form_token, require_own_origin
from thinktwice.web.edge.forms import FileError, read_form, require_size
from thinktwice.web.edge.problems import problem_headers
from thinktwice.web.edge.rates import TokenBuckets
from thinktwice.web.edge.signed_in.door import Door, leads_away
from thinktwice.web.edge.signed_in.refusals import PageClosedError, SignedOutError, is_expected, refusal_of
from thinktwice.web.edge.signed_in.routes import Page
from thinktwice.web.edge.signed_in.shell import SESSION, VISIT, Shell
from thinktwice.web.edge.signed_in.visit import Visit

SIGN_IN: Final = "/sign-in"
CONFIRM: Final = "/confirm"
REFRESHING: Final = "x-refreshing"
"""The header of a page that reloads itself, which is no sign that anybody is there."""


class Dispatch:
    """Answers the requests of one page."""

    def __init__(self, page: Page, shell: Shell, buckets: TokenBuckets, door: Door) -> None:
        self._page = page
        self._shell = shell
        self._buckets = buckets
        self._door = door

    async def answer(self, request: Request) -> Response:
        """Answer one request."""
        visit = self._shell.visit(request, self._page.area, None, None)
        try:
            visit = await self._known(visit)
            response = await self._answer(visit)
        except ClientGoneError:
            return Response(status_code=400)
        except Exception as error:  # noqa: BLE001  (every refusal, and every defect, gets a page)
            response = await self._refuse(visit, error)
        finally:
            visit.form.close()
        return self._with_visit_cookie(visit, response)

    async def _known(self, visit: Visit) -> Visit:
        """Say who asks, and which secret the forms of this page are bound to."""
        secret = visit.cookies.read(visit.request, SESSION)
        is_active = REFRESHING not in visit.request.headers
        gate = self._shell.parts.gate
        person = await anyio.to_thread.run_sync(lambda: gate.person(secret, is_active=is_active)) if secret else None
        if person is not None:
            words = self._shell.words_for(visit.request, person)
            return replace(visit, person=person, secret=secret, words=words)
        return replace(visit, secret=visit.cookies.read(visit.request, VISIT) or secrets.token_urlsafe(32))

    async def _answer(self, visit: Visit) -> Response:
        page = self._page
        if page.permission is not None:
            if visit.person is None:
                return self._ask_to_sign_in(visit)
            if not visit.person.may(page.permission):
                raise PageClosedError
        if page.is_guarded and page.method == "POST":
            parts, origin = visit.parts, visit.source
            seconds = self._buckets.take(origin)  # a flood is refused here, before it costs a transaction
            if seconds or (seconds := await anyio.to_thread.run_sync(parts.tries, origin, parts.sign_ins_per_minute)):
                raise RateError(seconds)
        if page.method == "POST":
            visit = await self._with_form(visit)
        if any(map(leads_away, (visit.form.raw("next"), visit.request.query_params.get("next", "")))):
            await anyio.to_thread.run_sync(self._put_down, visit, "address.follow", "leads away")  # it is not followed
        try:
            if page.is_fresh and not visit.who.is_confirmed(visit.now):
                return _ask_to_confirm(visit)
            return await anyio.to_thread.run_sync(page.answer, visit)
        except SecondFactorNeededError:
            return _ask_to_confirm(visit)
        finally:
            visit.form.close()

    async def _with_form(self, visit: Visit) -> Visit:
        request = visit.request
        require_own_origin(request.scope, is_secure=self._shell.parts.is_secure)
        require_size(request.scope, self._page.limits)
        form = await read_form(request.scope, request.receive, self._page.limits)
        try:
            require_form_token(visit.secret, form.raw(FIELD))
            for upload in form.files.values() if self._page.limits.is_text else ():
                await anyio.to_thread.run_sync(upload.require_text)
        except (ForgeryError, FileError):
            form.close()
            raise
        return replace(visit, form=form)

    def _ask_to_sign_in(self, visit: Visit) -> Response:
        if self._page.method == "POST":
            raise SignedOutError
        address = visit.address
        return RedirectResponse(SIGN_IN + (f"?{urlencode({'next': address})}" if address != "/" else ""), 303)

    async def _refuse(self, visit: Visit, error: Exception) -> Response:
        if isinstance(error, EdgeError | FileError | PageClosedError):
            act = "page.open" if isinstance(error, PageClosedError) else "form.send"
            try:
                await anyio.to_thread.run_sync(self._put_down, visit, act, _reason(error))
            except UnavailableError as unavailable:
                error = unavailable
        return refusal_page(self._shell, visit, error)

    def _put_down(self, visit: Visit, act: str, reason: str) -> None:
        """Enter a refusal in the audit chain: a person's always, a stranger's as long as the door has room."""
        if visit.person is None:
            self._door.refused(visit.source, act, self._page.name, reason)
        else:
            self._shell.parts.ledger.refused(visit.person.actor, act, "page", self._page.name, reason)

    def _with_visit_cookie(self, visit: Visit, response: Response) -> Response:
        """Let a browser without a session keep what the forms it was shown are bound to."""
        if visit.person is None and visit.secret and visit.cookies.read(visit.request, VISIT) != visit.secret:
            visit.cookies.set(response, VISIT, visit.secret)
        return response


def refusal_page(shell: Shell, visit: Visit, error: BaseException) -> Response:
    """Return the page that says why something was refused."""
    if not is_expected(error):
        log_unexpected(shell.parts.log or structlog.get_logger(f"thinktwice.{shell.surface.name}"), error)
    refusal = refusal_of(error)
    details = error.faults if isinstance(error, InputError) else ()
    text = words_of(error) if refusal.has_details and not details else ""
    facts = {"title": refusal.title, "refusal": refusal, "details": details, "text": text}
    response = HTMLResponse(shell.render(visit, "refusal.html", facts), refusal.status)
    response.raw_headers.extend(problem_headers(error))
    return response


def _ask_to_confirm(visit: Visit) -> Response:
    """Send somebody to show their second factor, and from there back to the page with the form."""
    back = visit.address
    if visit.request.method == "POST":
        back = _page_of_form(visit)
    return RedirectResponse(f"{CONFIRM}?{urlencode({'next': back})}", 303)


def _page_of_form(visit: Visit) -> str:
    """Return the path of the page that the form stood on, as far as the browser says."""
    _, _, rest = visit.request.headers.get("referer", "").partition("://")
    host, slash, path = rest.partition("/")
    return visit.safe_path(slash + path) if host == visit.request.headers.get("host") else "/"


def _reason(error: Exception) -> str:
    match error:
        case PageClosedError():
            return "permission"
        case ForgeryError(failed=failed):
            return f"foreign form: {failed}"
        case TooLargeError():
            return "too large"
        case FormTypeError():
            return "not a form"
        case FileError():
            return "not a text file"
        case _:
            return type(error).__name__
