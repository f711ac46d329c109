"""The customer surface on a real port, for browsers."""

from __future__ import annotations

import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import uvicorn
from msgspec.structs import replace

from tests.support.alert_desk import IN_ARABIC, MemoryDesk, customer_parts
from tests.support.alert_pack import FACTS, LOOKALIKE_FACTS, PACK, reference
from thinktwice.records.vocabulary import Rung
from thinktwice.web.customer.app import create_customer


def _clock() -> datetime:
    return datetime.now(UTC)


def _new_id() -> str:
    return str(uuid.uuid4())


@dataclass(frozen=True)
class CustomerServer:
    """A running surface: where it is, and the desk behind it."""

    url: str
    desk: MemoryDesk

    def alert(
        self,
        *,
        locale: str = "en",
        rung: Rung | None = "confirm",
        state: dict[str, object] | None = None,
        jurisdiction: str = "HK",
        **changes: object,
    ) -> tuple[str, str]:
        """Make an alert; return its id and the address of its page. In Arabic it has a pack that speaks it."""
        if locale == "ar":
            campaign = str(changes.get("campaign", PACK.id))
            changes["campaign"] = IN_ARABIC.get(campaign, campaign)
        alert_id = _new_id()
        made = reference(
            **{"alert_id": alert_id, "locale": locale, "expires_at": _clock() + timedelta(hours=1)} | changes
        )
        is_lookalike = (made.campaign or "").startswith("lookalike")
        facts = LOOKALIKE_FACTS if is_lookalike else replace(FACTS, jurisdiction=jurisdiction)
        token = self.desk.add(made, facts, rung, **state or {})
        return alert_id, f"{self.url}/alerts/{token}"


@contextmanager
def serve_customer(**parts: object) -> Iterator[CustomerServer]:
    """Run the surface on a free loopback port for as long as the block lasts; ``parts`` change its usual parts."""
    desk = MemoryDesk(_clock)
    usual: dict[str, object] = {"clock": _clock, "return_url": "https://harbour.example/withdrawals"}
    app = create_customer(customer_parts(desk, _new_id, **(usual | parts)))
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield CustomerServer(f"http://127.0.0.1:{listening.getsockname()[1]}", desk)
    server.should_exit = True
    thread.join(5)
    listening.close()
