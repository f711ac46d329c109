"""The simulator of the ``AlertDesk`` seam: genuine tokens, events in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

import msgspec

from tests.support.alert_pack import CONTACTS, LOOKALIKE, NOW, PACK
from thinktwice.campaigns.library import Library, load_library, shipped_packs
from thinktwice.campaigns.message import Message
from thinktwice.campaigns.pack import GENERIC_PACK, Pack
from thinktwice.contacts.loading import shipped_contacts
from thinktwice.errors import ConflictError, NotFoundError, UnavailableError
from thinktwice.keyring.codes import Codes
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.keyring.tokens import read_token, sign_token
from thinktwice.records.alert import Choice, OpenAlert
from thinktwice.records.catalogue import CATALOGUE
from thinktwice.records.decision import AlertReference, CustomerFacts
from thinktwice.records.event import AlertEvent
from thinktwice.records.vocabulary import Rung
from thinktwice.web.customer.desk import CustomerParts

_STRONGEST_FIRST: tuple[Choice, ...] = ("reported", "cancelled", "changed", "continued")


class MemoryDesk:
    """Holds alerts and their events; ``is_away`` makes it refuse notes as a full disk would."""

    def __init__(self, clock: Callable[[], datetime] = lambda: NOW) -> None:
        self._clock = clock
        self._alerts: dict[str, OpenAlert] = {}
        self.events: dict[str, list[AlertEvent]] = {}
        self.is_away = False
        self.left: set[str] = set()
        """Alerts whose money has left: they stand as sent, and a wish to stop does not count."""

    def add(self, reference: AlertReference, facts: CustomerFacts, rung: Rung | None = "confirm", **state: Any) -> str:
        """Keep an alert and return its token; ``state`` are further fields of ``OpenAlert``."""
        alert_id = reference.alert_id
        self._alerts[alert_id] = OpenAlert(
            decision_id=f"decision-{alert_id}", reference=reference, facts=facts, intervention=rung, **state
        )
        self.events[alert_id] = []
        return sign_token(TEST_KEYRING.token[0], alert_id, reference.expires_at)

    async def open(self, token: str) -> OpenAlert:
        """Open by token."""
        alert_id = read_token(TEST_KEYRING.token, token, self._clock()).alert_id
        if alert_id not in self._alerts:
            raise NotFoundError("no such alert")
        kept, events = self._alerts[alert_id], self.events[alert_id]
        types = frozenset(event.type for event in events)
        choice = next((choice for choice in _STRONGEST_FIRST if choice in types), None)
        if alert_id in self.left:
            kept = msgspec.structs.replace(kept, standing="sent")
            choice = "reported" if choice == "reported" else None
        return msgspec.structs.replace(
            kept,
            asked_for=frozenset(event.detail.get("about", "") for event in events if event.type == "help"),
            answers=dict(kept.answers)
            | {
                name: answer
                for event in events
                if event.type == "answered"
                for name, answer in event.detail.items()
                if name != "locale"
            },
            report=next((event.detail for event in events if event.type == "reported"), {}),
            choice=choice,
            event_types=types,
        )

    async def note(self, token: str, events: Sequence[AlertEvent]) -> None:
        """Keep events, each once."""
        alert_id = (await self.open(token)).reference.alert_id
        if self.is_away:
            raise UnavailableError("the disk is full")
        kept = {event.event_id: event for event in self.events[alert_id]}
        for event in events:
            if kept.setdefault(event.event_id, event) != event:
                raise ConflictError("this event id came before with another content")
        self.events[alert_id] = list(kept.values())

    def types(self, alert_id: str) -> list[str]:
        """What happened to an alert, in order."""
        return [event.type for event in self.events[alert_id]]


@cache
def shipped() -> Library:
    """Return the packs that come with ThinkTwice."""
    return load_library(shipped_packs(), shipped_contacts(), NOW.date(), CATALOGUE)


IN_ARABIC: dict[str, str] = {PACK.id: "in-arabic", LOOKALIKE.id: "lookalike-in-arabic"}
"""The packs of the tests with the Arabic words of the shipped packs beside theirs, by the id of the one without."""


def arabic_of(campaign: str) -> Message:
    """Return the shipped Arabic words that go with a pack of the tests."""
    return shipped().packs[LOOKALIKE.id if campaign == LOOKALIKE.id else "hk-joint-anti-scam"].messages["ar"]


def pack_of(campaign: str, version: str) -> Pack:
    """Return the packs of the tests."""
    if campaign == GENERIC_PACK:
        return shipped().packs[GENERIC_PACK]
    for plain in (PACK, LOOKALIKE):
        if campaign == IN_ARABIC[plain.id]:
            return replace(plain, id=campaign, messages={**plain.messages, "ar": arabic_of(plain.id)})
    found = {PACK.id: PACK, LOOKALIKE.id: LOOKALIKE}.get(campaign)
    if found is None:
        raise NotFoundError(f"no pack {campaign} {version}")
    return found


def customer_parts(desk: MemoryDesk, new_id: Callable[[], str], **changes: object) -> CustomerParts:
    """Return the parts of a customer surface over a desk in memory."""
    usual: dict[str, object] = {
        "desk": desk,
        "pack_of": pack_of,
        "contacts": lambda: CONTACTS,
        "clock": lambda: NOW,
        "new_id": new_id,
        "operator_name": "Harbour Exchange",
        "codes": Codes(TEST_KEYRING.token),
    }
    return CustomerParts(**(usual | changes))  # type: ignore[arg-type]  # a test names the parts it changes
