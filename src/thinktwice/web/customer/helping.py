"""The help page and the report to take to the police.

Invariants: help comes before questions, and no field has to be filled; the download holds only what the customer knows
or wrote, and exists only once a report stopped the withdrawal.
"""

from __future__ import annotations

import asyncio

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from thinktwice.alerts.asking import contact_question
from thinktwice.alerts.report import PoliceReport, report_as_text, reports_of
from thinktwice.alerts.words import words_for
from thinktwice.errors import NotFoundError
from thinktwice.web.customer.desk import CustomerParts
from thinktwice.web.customer.opening import note_once, open_alert, see_other
from thinktwice.web.customer.views import alert_page, environment, show


class HelpPages:
    """The endpoints for somebody who thinks that this is a scam."""

    def __init__(self, parts: CustomerParts) -> None:
        self._parts = parts
        self._one_at_a_time = asyncio.Semaphore(1)

    async def help(self, request: Request) -> Response:
        """``GET /alerts/{token}/help``: what to do now, then what we would like to know."""
        opened, alert = await open_alert(self._parts, request)
        page = alert_page(request, self._parts, opened, alert)
        if not page.may_report:
            return see_other(request, alert)
        await note_once(self._parts, request, opened, alert, "help", {"about": "scammed"})
        return HTMLResponse(show("help.html", page, alert=alert, how=contact_question(words_for(alert.locale))))

    async def report(self, request: Request) -> Response:
        """``GET /alerts/{token}/report.txt``: the report in the customer's language and the force's."""
        reports = await self._reports(request)
        if isinstance(reports, Response):
            return reports
        # A mark at the start tells old editors that this is UTF-8.
        text = "\N{ZERO WIDTH NO-BREAK SPACE}" + report_as_text(reports)
        headers = {"Content-Disposition": 'attachment; filename="report.txt"'}
        return Response(text, media_type="text/plain; charset=utf-8", headers=headers)

    async def report_pdf(self, request: Request) -> Response:
        """``GET /alerts/{token}/report.pdf``: the same on paper."""
        reports, pdf = await self._reports(request), self._parts.pdf
        if isinstance(reports, Response):
            return reports
        if pdf is None:
            raise NotFoundError("no PDF is made here")
        page = environment().get_template("report.html").render(reports=reports)
        async with self._one_at_a_time:
            document = await asyncio.to_thread(pdf, page)
        headers = {"Content-Disposition": 'attachment; filename="report.pdf"'}
        return Response(document, media_type="application/pdf", headers=headers)

    async def _reports(self, request: Request) -> tuple[PoliceReport, ...] | Response:
        """Return the report in its languages, or where to go while there is none."""
        opened, alert = await open_alert(self._parts, request)
        if "reported" in opened.event_types:
            return reports_of(opened, alert.locale, self._parts.operator_name, self._parts.clock())
        page = alert_page(request, self._parts, opened, alert)
        return RedirectResponse(page.help, 303) if page.may_report else see_other(request, alert)
