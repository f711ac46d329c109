"""The alert page: server time of each address, and what a first visit weighs, compressed.

Budgets (DESIGN section 8): at most 100 ms of server time and 12 KB compressed. Measured at the application, without
a network; the desk behind it keeps nothing, because making events durable is the journal's figure.
"""

from __future__ import annotations

import asyncio
import gzip
import re
import time
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import httpx

from thinktwice.campaigns.library import Library, load_library, shipped_packs
from thinktwice.contacts.loading import shipped_contacts
from thinktwice.keyring.codes import Codes
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.records.alert import OpenAlert
from thinktwice.records.catalogue import CATALOGUE
from thinktwice.records.decision import AlertReference, CustomerFacts, LookalikePair
from thinktwice.records.event import AlertEvent
from thinktwice.web.customer.app import create_customer
from thinktwice.web.customer.desk import CustomerParts
from thinktwice.web.edge.asgi import App

Row = tuple[str, float, str, str | None]
ROUNDS = 200
KILOBYTE = 1_000
PAGES = (("", "alert"), ("/signs", "signs"), ("/continue", "second step"))


class _Desk:
    """Opens one alert under any token and forgets what it is told."""

    def __init__(self, opened: OpenAlert) -> None:
        self._opened = opened

    async def open(self, _: str) -> OpenAlert:
        return self._opened

    async def note(self, _: str, __: Sequence[AlertEvent]) -> None:
        return None


def _app(library: Library, campaign: str, facts: CustomerFacts, locale: str) -> App:
    now = datetime.now(UTC)
    reference = AlertReference(
        alert_id=str(uuid.uuid4()),
        campaign=campaign,
        version=library.versions[campaign],
        locale=locale,
        expires_at=now + timedelta(hours=1),
        arm="a",
    )
    opened = OpenAlert(decision_id="d", reference=reference, facts=facts, intervention="confirm")
    return create_customer(
        CustomerParts(
            desk=_Desk(opened),
            pack_of=library.pack,
            contacts=lambda: library.contacts,
            clock=lambda: datetime.now(UTC),
            new_id=lambda: str(uuid.uuid4()),
            operator_name="Harbour Exchange",
            codes=Codes(TEST_KEYRING.token),
        )
    )


def run() -> list[Row]:
    """Measure the ordinary and the look-alike alert in both languages."""
    return asyncio.run(_run())


async def _run() -> list[Row]:
    library = load_library(shipped_packs(), shipped_contacts(), datetime.now(UTC).date(), CATALOGUE)
    facts = CustomerFacts(
        asset="USDT",
        network="ethereum",
        amount=Decimal("12000.00"),
        fiat_amount=Decimal("12003.10"),
        fiat_currency="USD",
        address="0x25f56616d2c3a5f40978e1b6c8d0f2a4e2b02c50",
        jurisdiction="HK",
        lookalike=LookalikePair("0x25f5e86e1a90b7d3c4e2f6a8091b3c5d7eb02c50", "paid", datetime.now(UTC)),
    )
    rows: list[Row] = []
    for campaign in ("hk-joint-anti-scam", "lookalike"):
        for locale in ("en", "zh-Hant"):
            rows += await _figures(_app(library, campaign, facts, locale), f"{campaign} {locale}")
    return rows


async def _figures(app: App, name: str) -> list[Row]:
    rows: list[Row] = []
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as session:
        for path, page in PAGES:
            times = []
            for _ in range(ROUNDS):
                started = time.perf_counter()
                response = await session.get(f"/alerts/token{path}")
                times.append((time.perf_counter() - started) * 1000)
                assert response.status_code == 200
            times.sort()
            rows.append((f"{name}: {page}, median", round(times[ROUNDS // 2], 2), "ms", "<= 100"))
            rows.append((f"{name}: {page}, p99", round(times[ROUNDS * 99 // 100], 2), "ms", "<= 100"))
        page_text = (await session.get("/alerts/token")).text
        files = [await session.get(path) for path in re.findall(r'"(/alerts/assets/[^"]+)"', page_text)]
        parts = [page_text.encode(), *(file.content for file in files)]
        weight = sum(len(gzip.compress(part, 6)) for part in parts) / KILOBYTE
        rows.append((f"{name}: first visit with style and script, compressed", round(weight, 2), "KB", "<= 12"))
    return rows


if __name__ == "__main__":
    for row in run():
        print(*row, sep="\t")
