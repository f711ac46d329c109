"""Opening an alert for a page, and recording that it was opened.

Invariants: opening records at most one event of each kind; what was only fetched ahead is not recorded; a page is
shown also when nothing can be recorded right now, because the warning matters more than its record.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from thinktwice.alerts.figures import zone_of
from thinktwice.alerts.rendered import RenderedAlert
from thinktwice.alerts.screens import render_opened
from thinktwice.alerts.vouching import vouched
from thinktwice.campaigns.stored import StoredVersion
from thinktwice.contacts.registry import Contacts
from thinktwice.errors import ConflictError, UnavailableError
from thinktwice.records.alert import OpenAlert
from thinktwice.records.event import AlertEvent
from thinktwice.records.vocabulary import AlertEventType
from thinktwice.web.customer.desk import CustomerParts
from thinktwice.web.customer.views import path_of


def rendered(parts: CustomerParts, opened: OpenAlert, locale: str | None) -> RenderedAlert:
    """Render an opened alert in the language asked for, else in the one it was addressed in.

    Raises:
        NotFoundError: the pack of this version is no longer here.
    """
    reference = opened.reference
    pack = parts.pack_of(reference.campaign, reference.version) if reference.campaign and reference.version else None
    if locale:
        opened = msgspec.structs.replace(opened, reference=msgspec.structs.replace(reference, locale=locale))
    # A version no longer in force is shown with its own contacts, so that it can be proved what was shown.
    now = parts.clock()
    contacts = pack.contacts if isinstance(pack, StoredVersion) else _live_contacts(parts, opened, now)
    alert = render_opened(opened, pack, contacts, now)
    if pack is None or reference.campaign is None or reference.version is None:
        return alert
    # As it is at this moment (DESIGN rule 8).
    partners = parts.badge(reference.campaign, reference.version, opened.facts.jurisdiction)
    return vouched(alert, partners, lambda one: None if one.logo is None else f"{one.mark}.png")


def _live_contacts(parts: CustomerParts, opened: OpenAlert, now: datetime) -> Contacts:
    """Return the contacts of today, with lines resting that were sent as many calls as they agreed to."""
    iso2 = opened.facts.jurisdiction
    return parts.calls.relieve(
        parts.contacts(),
        iso2,
        opened.reference.alert_id,
        keeps_first_line=opened.keeps_first_line or opened.facts.lookalike is not None,
        today=now.astimezone(zone_of(iso2)).date(),
        now=now,
    )


async def open_alert(
    parts: CustomerParts, request: Request, locale: str | None = None
) -> tuple[OpenAlert, RenderedAlert]:
    """Open the alert of the path, in the language of the form, of the address, or in which it was addressed."""
    opened = await parts.desk.open(request.path_params["token"])
    return opened, rendered(parts, opened, locale or request.query_params.get("locale"))


async def note_once(
    parts: CustomerParts,
    request: Request,
    opened: OpenAlert,
    alert: RenderedAlert,
    kind: AlertEventType,
    detail: Mapping[str, str] | None = None,
) -> None:
    """Record that a page was opened, unless known or only fetched ahead; what cannot be recorded is not counted."""
    is_ahead = "prefetch" in (request.headers.get("sec-purpose") or request.headers.get("purpose") or "")
    if kind in opened.event_types or is_ahead or request.method != "GET":
        return
    facts = {"locale": alert.locale, **(detail or {})}
    event = AlertEvent(event_id=parts.new_id(), type=kind, occurred_at=parts.clock(), detail=facts)
    try:
        await parts.desk.note(request.path_params["token"], [event])
    except (UnavailableError, ConflictError):
        return


def see_other(request: Request, alert: RenderedAlert) -> Response:
    """Send the browser to the alert, which shows what stands."""
    token = request.path_params["token"]
    return RedirectResponse(path_of(request, "alerts", token, locale=alert.locale), 303)
