"""The demo exchange: a withdrawal page that really calls ThinkTwice, and asks for clearance before it "sends".

Invariants: the exchange never decides; it executes only what was cleared; the customer sees the exchange's words and
the alert in its page, never why something was decided. Orders live in memory: this is a stage, not a ledger.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from importlib.resources import files
from typing import Any, Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from thinktwice.decisions.identity import uuid7
from thinktwice.demo.cases import Case, order_of
from thinktwice.demo.client import Call, Client
from thinktwice.errors import InputError, NotFoundError
from thinktwice.measurement import page
from thinktwice.measurement.report import document
from thinktwice.signals.state import micros
from thinktwice.simulation.wire import stamp
from thinktwice.web.edge.asgi import App
from thinktwice.web.edge.headers import AllowedHosts, HostNames, SecurityHeaders, policy
from thinktwice.web.edge.pages import page_environment

MAX_ORDERS: Final = 1_000
_COOKIE: Final = "last_order"
_PAGES: Final = page_environment("thinktwice.demo")
_PAGES.filters["grouped"] = lambda amount: f"{Decimal(amount):,f}"
_PAGES.filters["moment"] = lambda stamped: f"{datetime.fromisoformat(stamped):%-d %B %Y, %H:%M} UTC"
_PAGES.filters["pretty"] = lambda value: json.dumps(value, indent=2, ensure_ascii=False)


@dataclass(slots=True)
class Order:
    """One withdrawal at the exchange, and every call made about it."""

    number: str
    case: Case
    body: dict[str, Any]
    calls: list[Call] = field(default_factory=list)
    status: str = "open"

    @property
    def answer(self) -> dict[str, Any]:
        """What ThinkTwice answered first; empty when it refused or was away."""
        first = self.calls[0]
        return first.received if first.status == 200 else {}

    @property
    def alert(self) -> dict[str, Any] | None:
        """What the exchange's own page shows; None where nobody looks at a page, and once the money is on its way."""
        is_watched = self.case.person.channel in {"app", "web"} and self.status != "sent"
        has_words = self.answer.get("action") in {"alert", "hold", "refer"}
        return self.answer.get("alert") if is_watched and has_words else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What the exchange is built from.

    ``render_counts`` returns the page of plain counts, ``render_results`` the report of a campaign in a language.
    """

    cases: tuple[Case, ...]
    client: Client
    api_url: str
    console_url: str
    portal_url: str
    render_counts: Callable[[], str]
    render_results: Callable[[str, str], str]
    hosts: tuple[str, ...] = ("127.0.0.1", "localhost")


def create_exchange(stage: Stage) -> App:
    """Return the application of the demo exchange."""
    exchange = _Exchange(stage)
    app = Starlette(
        routes=[
            Route("/", exchange.home),
            Route("/assets/demo.css", exchange.style),
            Route("/report", exchange.counts),
            Route("/results/{campaign}", exchange.results),
            Route("/assets/report.css", exchange.report_style),
            Route("/return", exchange.came_back),
            Route("/customers/{slug}", exchange.form),
            Route("/customers/{slug}/withdrawals", exchange.start, methods=["POST"]),
            Route("/withdrawals/{number}", exchange.show),
            Route("/withdrawals/{number}/send", exchange.send, methods=["POST"]),
        ],
        exception_handlers={HTTPException: exchange.lost},
    )
    # The element comes from ThinkTwice and asks nobody else; the exchange has no script of its own.
    allowed = policy(
        style_src="'self'",
        img_src="'self' data:",
        form_action="'self'",
        script_src=stage.api_url,
        connect_src=stage.api_url,
        require_trusted_types_for="'script'",
        trusted_types="'none'",
    )
    return AllowedHosts(SecurityHeaders(app, allowed), HostNames(stage.hosts))


class _Exchange:
    """The pages."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._cases = {case.slug: case for case in stage.cases}
        self._orders: dict[str, Order] = {}

    async def home(self, _request: Request) -> Response:
        """List the prepared customers."""
        return self._page("home.html", cases=self._stage.cases)

    async def style(self, _request: Request) -> Response:
        """Serve the one style sheet: the report's, and the exchange's own additions."""
        own = (files("thinktwice.demo") / "assets" / "demo.css").read_text("utf-8")
        return Response(page.css() + own, media_type="text/css")

    async def report_style(self, _request: Request) -> Response:
        """Serve the style sheet of a campaign's report."""
        return Response(document.css(), media_type="text/css")

    async def counts(self, _request: Request) -> Response:
        """Show what happened so far, what was done here included."""
        return HTMLResponse(await asyncio.to_thread(self._stage.render_counts))

    async def results(self, request: Request) -> Response:
        """Show whether a campaign helped, as far as one can tell by now."""
        given = request.path_params["campaign"], request.query_params.get("locale", "en")
        try:
            return HTMLResponse(await asyncio.to_thread(self._stage.render_results, *given))
        except (NotFoundError, InputError) as error:
            raise HTTPException(404) from error

    async def came_back(self, request: Request) -> Response:
        """Take a customer who returns from the alert page to their withdrawal."""
        number = request.cookies.get(_COOKIE, "")
        return RedirectResponse(f"/withdrawals/{number}" if number in self._orders else "/", 303)

    async def form(self, request: Request) -> Response:
        """Show the withdrawal form of one customer."""
        case = self._cases.get(request.path_params["slug"])
        if case is None:
            return self._missing()
        return self._page("form.html", case=case, typed={"address": case.address, "amount": case.amount}, faults=())

    async def start(self, request: Request) -> Response:
        """Begin a withdrawal: ask ThinkTwice, then show the order, and in it the alert."""
        case = self._cases.get(request.path_params["slug"])
        if case is None or _is_foreign(request):
            return self._missing()
        typed = {name: str(value) for name, value in (await request.form()).items() if name in {"address", "amount"}}
        amount = _amount(typed.get("amount", ""))
        if amount is None:
            return self._page("form.html", status=422, case=case, typed=typed, faults=("Amount: a number above 0",))
        now = datetime.now(UTC)
        number = f"demo-{uuid7(micros(now))}"
        fiat = str((amount * case.coin.price).quantize(Decimal("0.01")))
        body = order_of(case, number, str(amount), fiat, typed.get("address", ""), now)
        order = Order(number, case, body, [await self._stage.client.decide(body)])
        if order.calls[0].status == 422:
            faults = tuple(_faults(order.calls[0].received))
            return self._page("form.html", status=422, case=case, typed=typed, faults=faults)
        self._keep(order)
        response = RedirectResponse(f"/withdrawals/{number}", 303)
        response.set_cookie(_COOKIE, number, httponly=True, samesite="lax")
        return response

    async def show(self, request: Request) -> Response:
        """Show one withdrawal."""
        order = self._orders.get(request.path_params["number"])
        return self._page("order.html", order=order) if order else self._missing()

    async def send(self, request: Request) -> Response:
        """Ask for clearance; only when cleared, "send", and tell ThinkTwice that the money left."""
        order = self._orders.get(request.path_params["number"])
        if order is None or _is_foreign(request):
            return self._missing()
        if order.status != "sent" and order.answer:
            clearance = await self._stage.client.clear(order.answer["decision_id"])
            order.calls.append(clearance)
            order.status = "refused"
            if clearance.status == 200 and clearance.received.get("is_cleared") is True:
                now = datetime.now(UTC)
                event: dict[str, Any] = {
                    "type": "withdrawal.completed",
                    "event_id": uuid7(micros(now)),
                    "occurred_at": stamp(now),
                }
                event |= {"withdrawal_id": order.number, "attempt": 1}
                order.calls.append(await self._stage.client.note(event))
                order.status = "sent"
        return RedirectResponse(f"/withdrawals/{order.number}", 303)

    async def lost(self, _request: Request, _error: Exception) -> Response:
        """Answer a path that is not there."""
        return self._missing()

    def _keep(self, order: Order) -> None:
        self._orders[order.number] = order
        while len(self._orders) > MAX_ORDERS:
            self._orders.pop(next(iter(self._orders)))

    def _missing(self) -> Response:
        return self._page("missing.html", status=404)

    def _page(self, name: str, *, status: int = 200, **facts: Any) -> Response:
        stage = self._stage
        urls = {"api_url": stage.api_url, "console_url": stage.console_url, "portal_url": stage.portal_url}
        return HTMLResponse(_PAGES.get_template(name).render(urls | facts), status)


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text.strip().replace(",", ""))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 < amount < Decimal(10) ** 12 else None


def _faults(problem: dict[str, Any]) -> list[str]:
    """Return what ThinkTwice said is wrong with the input, in its own words."""
    faults = problem.get("faults") or problem.get("errors") or [{"message": problem.get("detail", "not usable")}]
    return [f"{fault.get('field') or 'input'}: {fault.get('message') or fault.get('detail')}" for fault in faults]


def _is_foreign(request: Request) -> bool:
    """Whether another site made the browser send this form."""
    return request.headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}
