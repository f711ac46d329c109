"""One browser without script on one alert, asked over ASGI."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import count
from urllib.parse import urlencode

import httpx

from tests.support.alert_desk import MemoryDesk, customer_parts
from tests.support.alert_pack import FACTS, LOOKALIKE_FACTS, NOW, reference
from tests.support.http import ask
from thinktwice.records.vocabulary import Rung
from thinktwice.web.customer.app import create_customer

FORM = {"content-type": "application/x-www-form-urlencoded"}


class Visit:
    """Holds an alert, its desk, a clock that can be moved (``now``) and the page's path."""

    def __init__(
        self,
        *,
        rung: Rung | None = "confirm",
        parts: dict[str, object] | None = None,
        state: dict[str, object] | None = None,
        **changes: object,
    ) -> None:
        self.now: datetime = NOW
        self.desk = MemoryDesk(lambda: self.now)
        made = reference(**changes)
        self.id = made.alert_id
        self.token = self.desk.add(
            made, LOOKALIKE_FACTS if made.campaign == "lookalike" else FACTS, rung, **state or {}
        )
        numbers = count(1)
        self.app = create_customer(customer_parts(self.desk, lambda: f"event-{next(numbers):04}", **parts or {}))
        self.path = f"/alerts/{self.token}"

    def open(self, rest: str = "", headers: Mapping[str, str] | None = None) -> httpx.Response:
        """Ask for a page of the alert."""
        return ask(self.app, "GET", self.path + rest, headers=headers)

    def get(self, rest: str = "", headers: Mapping[str, str] | None = None) -> str:
        """Return the HTML of a page that opens."""
        response = self.open(rest, headers)
        assert response.status_code == 200, response.text
        return response.text

    def send(self, choice: str, event_id: str = "chosen-0001", **fields: str) -> httpx.Response:
        """Submit a choice as its form does."""
        form = urlencode({"choice": choice, "event_id": event_id} | fields).encode()
        return ask(self.app, "POST", self.path + "/choices", body=form, headers=FORM)

    def choose(self, choice: str, event_id: str = "chosen-0001", **fields: str) -> int:
        """Submit a choice and return the status."""
        return self.send(choice, event_id, **fields).status_code

    @property
    def types(self) -> list[str]:
        """What was recorded, in order."""
        return self.desk.types(self.id)
