"""The hosted alert page: four addresses, no script needed.

Invariants: opening a page records at most one ``delivered`` and one ``reviewed``; a choice is recorded before the
browser is sent on; after a choice nothing is offered that lowers protection; to stop is possible in every state.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from thinktwice.alerts.asking import contact_question
from thinktwice.alerts.rendered import AskStep, RenderedAlert
from thinktwice.alerts.words import words_for
from thinktwice.errors import ConflictError, NotFoundError, ThinkTwiceError, UnavailableError
from thinktwice.keyring.tokens import TokenError
from thinktwice.records.alert import OpenAlert
from thinktwice.records.event import AlertEvent
from thinktwice.records.questionnaire import CONTACT, next_question
from thinktwice.web.customer.choices import (
    FORM_BYTES,
    Check,
    ChoiceForm,
    check_marked,
    events_of,
    exposure,
    read_choice,
)
from thinktwice.web.customer.desk import CustomerParts
from thinktwice.web.customer.element import call_code_of
from thinktwice.web.customer.opening import note_once, open_alert, see_other
from thinktwice.web.customer.questions import question_after, read_answers
from thinktwice.web.customer.views import Page, alert_page, plain_page, show
from thinktwice.web.edge.bodies import read_body
from thinktwice.web.edge.problems import problem_headers, problem_of

Endpoint = Callable[[Request], Awaitable[Response]]


class AlertPages:
    """The endpoints of the hosted page."""

    def __init__(self, parts: CustomerParts) -> None:
        self._parts = parts

    async def first(self, request: Request) -> Response:
        """``GET /alerts/{token}``: the alert, or what follows from the choice already made."""
        opened, alert = await open_alert(self._parts, request)
        await note_once(self._parts, request, opened, alert, "delivered")
        page = alert_page(request, self._parts, opened, alert)
        if opened.choice is not None and not alert.is_notice:
            how = contact_question(words_for(alert.locale))
            return _html(show("after.html", page, alert=alert, choice=opened.choice, how=how, answers=opened.answers))
        if alert.waiting is None and alert.action in {"alert", "proceed"}:
            return _html(show("alert.html", page, alert=alert))
        call_code = call_code_of(alert, self._parts.codes)
        return _html(show("waiting.html", page, alert=alert, call_code=call_code))

    async def signs(self, request: Request) -> Response:
        """``GET /alerts/{token}/signs``: what to look for; opening it is *reviewed*."""
        opened, alert = await open_alert(self._parts, request)
        await note_once(self._parts, request, opened, alert, "reviewed")
        return _html(show("signs.html", alert_page(request, self._parts, opened, alert), alert=alert))

    async def second_step(self, request: Request) -> Response:
        """``GET /alerts/{token}/continue``: the deliberate step before going on."""
        opened, alert = await open_alert(self._parts, request)
        if alert.second_step is None or opened.choice is not None:
            return see_other(request, alert)
        page = alert_page(request, self._parts, opened, alert)
        if alert.ask is not None:
            return RedirectResponse(page.questions, 303)
        return _html(show("second_step.html", page, alert=alert, fault=None, is_missing=False))

    async def questions(self, request: Request) -> Response:
        """``GET /alerts/{token}/questions``: the first question, or what has to be done before any."""
        opened, alert = await open_alert(self._parts, request)
        if alert.ask is None or opened.choice is not None:
            return see_other(request, alert)
        page = alert_page(request, self._parts, opened, alert)
        if not alert.ask.questions:
            return _html(show("sharing.html", page, alert=alert))
        return _html(self._question(page, alert, alert.ask, {}))

    async def answer(self, request: Request) -> Response:
        """``POST /alerts/{token}/questions``: the next question, or after the last one what follows from them."""
        form = read_answers(await read_body(request.scope, request.receive, FORM_BYTES))
        opened, alert = await open_alert(self._parts, request, form.locale)
        if alert.ask is None or not alert.ask.questions or opened.choice is not None:
            return see_other(request, alert)
        page = alert_page(request, self._parts, opened, alert)
        if form.is_unanswered:
            return _html(self._question(page, alert, alert.ask, form.answers, is_missing=True), 422)
        if next_question(form.answers) is not None:
            return _html(self._question(page, alert, alert.ask, form.answers))
        detail = {**exposure(alert.locale, form.viewport), **form.answers}
        event = AlertEvent(event_id=form.event_id, type="answered", occurred_at=self._parts.clock(), detail=detail)
        with suppress(ConflictError):  # sent twice: the page shows what stands
            await self._parts.desk.note(request.path_params["token"], [event])
        opened, alert = await open_alert(self._parts, request, form.locale)
        return RedirectResponse(page.second_step, 303) if alert.second_step else see_other(request, alert)

    def _question(
        self, page: Page, alert: RenderedAlert, step: AskStep, answers: Mapping[str, str], *, is_missing: bool = False
    ) -> str:
        question = question_after(step, answers)
        return show(
            "questions.html", page, alert=alert, step=step, question=question, answers=answers, is_missing=is_missing
        )

    async def choose(self, request: Request) -> Response:
        """``POST /alerts/{token}/choices``: record a choice, then show the alert again."""
        form = read_choice(await read_body(request.scope, request.receive, FORM_BYTES))
        opened, alert = await open_alert(self._parts, request, form.locale)
        if form.choice == "continued":
            refusal = self._refusal(request, form, opened, alert)
            if refusal is not None:
                return refusal
        if not alert.is_notice and not _is_known(form, opened):
            check = _check(form, opened, alert)
            events = events_of(form, alert, self._parts.clock(), check)
            try:
                await self._parts.desk.note(request.path_params["token"], events)
            except ConflictError:
                # Sent twice, or too late: the page shows what stands.
                return see_other(request, alert)
        return see_other(request, alert)

    def _refusal(self, request: Request, form: ChoiceForm, opened: OpenAlert, alert: RenderedAlert) -> Response | None:
        """Return the page that stands in the way of going on, or None when nothing does."""
        if alert.is_notice or opened.choice is not None or alert.actions is None or alert.actions.go_on is None:
            return see_other(request, alert)
        if alert.second_step is None:
            return None
        if alert.ask is not None:
            return RedirectResponse(alert_page(request, self._parts, opened, alert).questions, 303)
        if form.step != "second":
            return RedirectResponse(alert_page(request, self._parts, opened, alert).second_step, 303)
        check = _check(form, opened, alert)
        if check in {None, "typed", "read_back"}:
            return None
        words = words_for(alert.locale)
        count = alert.pair.last_asked - alert.pair.first_asked + 1 if alert.pair else 0
        fault = words.typing_differs if check == "differs" else words.typing_missing.format(count=count)
        page = alert_page(request, self._parts, opened, alert)
        return _html(show("second_step.html", page, alert=alert, fault=fault, is_missing=check == "missing"), 422)


def _is_known(form: ChoiceForm, opened: OpenAlert) -> bool:
    """Whether the choice counts already, or says nothing that could count."""
    if form.choice == "help":
        return form.about in opened.asked_for
    if form.choice == "answered":
        return CONTACT in opened.answers or CONTACT not in form.told
    return form.choice in opened.event_types


def guarded(parts: CustomerParts, endpoint: Endpoint) -> Endpoint:
    """Give every refusal its page; tokens forged, changed, expired or unknown get the same one."""

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except (TokenError, NotFoundError):
            return _html(plain_page(request, parts, "gone", "gone_text"), 404)
        except (UnavailableError, ConflictError) as error:
            response = _html(plain_page(request, parts, "away", "away_text"), 503)
            response.raw_headers.extend(problem_headers(error))
            return response
        except ThinkTwiceError as error:
            return _html(plain_page(request, parts, "gone", "gone_text"), problem_of(error).status)

    return answer


def _check(form: ChoiceForm, opened: OpenAlert, alert: RenderedAlert) -> Check | None:
    """Judge the marked characters where the alert asks for them."""
    if form.choice != "continued" or alert.pair is None or alert.second_step is None:
        return None
    return check_marked(opened.facts, form.marked, is_read_back=form.is_read_back)


def _html(text: str, status: int = 200) -> HTMLResponse:
    return HTMLResponse(text, status)
