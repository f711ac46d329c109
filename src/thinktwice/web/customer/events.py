"""The alert as JSON, for the element on the operator's own page and for the module of the hosted page.

Invariants: the bearer token opens exactly the alert in the path; unknown fields, old or future times and bodies
beyond their bounds are refused whole; an answer is given only after the events are durable; a claim that would
lower protection passes the same checks as the form.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from thinktwice.alerts.plain import channel_texts
from thinktwice.alerts.rendered import RenderedAlert
from thinktwice.errors import ConflictError, Fault, InputError, NotFoundError
from thinktwice.keyring.tokens import TokenError
from thinktwice.records.alert import OpenAlert
from thinktwice.records.event import AlertEvent
from thinktwice.web.customer.choices import EVENT_ID, check_marked
from thinktwice.web.customer.desk import CustomerParts
from thinktwice.web.customer.element import call_code_of, element_view
from thinktwice.web.customer.opening import rendered
from thinktwice.web.edge.bodies import read_body, require_json

BODY_BYTES: Final = 16_384
MOST_EVENTS: Final = 20
MOST_DETAILS: Final = 12
LONGEST_DETAIL: Final = 200
EARLIEST: Final = timedelta(hours=25)
"""A token lives 24 hours, so nothing honest about its alert is older, give or take a wrong clock."""

LATEST: Final = timedelta(minutes=5)
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_BEARER: Final = re.compile(r"[Bb]earer ([A-Za-z0-9._~-]{1,200})")


class EventsBody(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of ``POST /v1/alerts/{id}/events``."""

    events: tuple[AlertEvent, ...]


_READ_BODY: Final = msgspec.json.Decoder(EventsBody)


class AlertJson:
    """The endpoints of the alert's JSON."""

    def __init__(self, parts: CustomerParts) -> None:
        self._parts = parts

    async def read(self, request: Request) -> Response:
        """``GET /v1/alerts/{id}``: the rendered alert."""
        _, opened = await self._open(request)
        alert = rendered(self._parts, opened, request.query_params.get("locale"))
        view = element_view(alert, opened, self._parts.operator_name, self._parts.codes, self._parts.clock())
        return Response(msgspec.json.encode(view), media_type="application/json")

    async def texts(self, request: Request) -> Response:
        """``GET /v1/alerts/{id}/texts``: the same words for push, in-app chat and SMS."""
        _, opened = await self._open(request)
        alert = rendered(self._parts, opened, request.query_params.get("locale"))
        texts = channel_texts(alert, call_code_of(alert, self._parts.codes))
        return Response(msgspec.json.encode(texts), media_type="application/json")

    async def note(self, request: Request) -> Response:
        """``POST /v1/alerts/{id}/events``: what happened to it; 202 once durable."""
        token, opened = await self._open(request)
        require_json(request.headers.get("content-type", "").encode("latin-1") or None)
        body = await read_body(request.scope, request.receive, BODY_BYTES)
        events = read_events(body, self._parts.clock())
        alert = rendered(self._parts, opened, None)
        events = tuple(_claim(event, opened, alert) for event in events)
        await self._parts.desk.note(token, events)
        return Response(b'{"recorded":%d}' % len(events), 202, media_type="application/json")

    async def _open(self, request: Request) -> tuple[str, OpenAlert]:
        """Open the alert of the path with the token of the header; every mistake looks the same."""
        match = _BEARER.fullmatch(request.headers.get("authorization", ""))
        if match is None:
            raise TokenError
        try:
            opened = await self._parts.desk.open(match[1])
        except NotFoundError:
            raise TokenError from None
        if opened.reference.alert_id != request.path_params["alert_id"]:
            raise TokenError
        return match[1], opened


def read_events(body: bytes, now: datetime) -> Sequence[AlertEvent]:
    """Read and bound a list of events; nothing is taken of a list with a fault.

    Raises:
        InputError: with every fault.
    """
    try:
        events = _READ_BODY.decode(body).events
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError.of(str(error), field="events") from error
    if not 1 <= len(events) <= MOST_EVENTS:
        raise InputError.of(f"holds 1 to {MOST_EVENTS} events", field="events")
    if len({event.event_id for event in events}) < len(events):
        raise InputError.of("each event has an id of its own", field="events")
    faults = [fault for position, event in enumerate(events) for fault in _faults(event, f"events[{position}]", now)]
    if faults:
        raise InputError(*faults)
    return events


def _faults(event: AlertEvent, field: str, now: datetime) -> list[Fault]:
    """Return what is wrong with one event."""
    faults = []
    if not EVENT_ID.fullmatch(event.event_id):
        faults.append(Fault("is 8 to 64 letters, digits, '-' or '_'", f"{field}.event_id"))
    if event.occurred_at.tzinfo is None:
        faults.append(Fault("needs a time zone", f"{field}.occurred_at"))
    elif not now - EARLIEST <= event.occurred_at <= now + LATEST:
        faults.append(Fault("lies within the life of the alert", f"{field}.occurred_at"))
    if len(event.detail) > MOST_DETAILS or not all(map(_is_bounded, event.detail.items())):
        faults.append(
            Fault(f"has at most {MOST_DETAILS} names with values of {LONGEST_DETAIL} characters", f"{field}.detail")
        )
    return faults


def _is_bounded(item: tuple[str, str]) -> bool:
    name, value = item
    return _NAME.fullmatch(name) is not None and len(value) <= LONGEST_DETAIL and value.isprintable()


def _claim(event: AlertEvent, opened: OpenAlert, alert: RenderedAlert) -> AlertEvent:
    """Return the event as it may be recorded.

    Raises:
        ConflictError: going on is no longer open.
        InputError: it goes on without what its alert asks for.
    """
    if event.detail.get("locale") not in {None, *(one.locale for one in alert.locales)}:
        detail = {name: said for name, said in event.detail.items() if name != "locale"}
        event = msgspec.structs.replace(event, detail=detail)
    if event.type != "continued":
        return event
    if alert.is_notice or opened.choice not in {None, "continued"}:
        raise ConflictError("another choice was made; going on is no longer open")
    if alert.actions is None or alert.actions.go_on is None:
        raise ConflictError("this withdrawal waits or cannot be made; nobody goes on from here")
    if alert.ask is not None:
        raise ConflictError("the questions come first; each can be left with not_sure or prefer_not_to_say")
    if alert.second_step is None or alert.pair is None:
        return event
    detail = dict(event.detail)
    check = check_marked(opened.facts, detail.pop("marked", ""), is_read_back=detail.pop("read_back", "") == "yes")
    if check in {"missing", "differs"}:
        raise InputError.of("needs the marked characters, or read_back: yes", field="events.detail.marked")
    # What was typed is not kept; that it was right is.
    return msgspec.structs.replace(event, detail=detail | {"check": check})
