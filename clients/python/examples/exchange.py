"""A small exchange in FastAPI: two calls stand between a customer and the chain.

Run it with ``uvicorn exchange:create_exchange --factory`` and, in the environment, ``THINKTWICE_URL``,
``THINKTWICE_API_KEY`` (scopes decide, clear, events) and ``EXCHANGE_STORE`` (a file on a local disk).
"""

from __future__ import annotations

import contextlib
import os
import uuid
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from fastapi import FastAPI, HTTPException
from thinktwice_client import AsyncClient, Decision, FileStore, Options, RejectedError, Tier, Tiers


def tier_of(withdrawal: Mapping[str, Any]) -> str:
    """Say in the exchange's own words how risky a withdrawal is; asked only while ThinkTwice is away."""
    if withdrawal.get("channel") in ("api", "batch"):
        return "no_screen"
    return "large" if Decimal(withdrawal["fiat_amount"]) >= 1_000 else "small"


TIERS = Tiers({"small": Tier("proceed"), "large": Tier("alert"), "no_screen": Tier("hold")}, tier_of)


def shown(decision: Decision) -> dict[str, Any]:
    """Return what the customer's browser gets: where the alert is, or the words to show when ThinkTwice is away."""
    generic = decision.generic_alert
    return {
        "action": decision.action,
        "source": decision.source,
        "alert_url": decision.alert.url if decision.alert else None,
        "words": {"headline": generic.headline, "self_check": generic.self_check} if generic else None,
        "held_until": decision.hold.until if decision.hold else None,
    }


def create_exchange() -> FastAPI:
    """Return the exchange."""
    store = FileStore(os.environ["EXCHANGE_STORE"])
    client = AsyncClient(
        Options(
            base_url=os.environ["THINKTWICE_URL"],
            api_key=os.environ["THINKTWICE_API_KEY"],
            tiers=TIERS,
            store=store,
        )
    )
    orders: dict[str, Decision] = {}  # a real exchange keeps `decision.stored()` with the order

    @contextlib.asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        async with client:
            yield
        store.close()

    app = FastAPI(title="Example exchange", lifespan=life)

    @app.post("/withdrawals")
    async def begin(withdrawal: dict[str, Any]) -> dict[str, Any]:
        """First call: before the withdrawal is queued."""
        try:
            decision = await client.decide(withdrawal)
        except RejectedError as error:
            raise HTTPException(422, str(error)) from None
        orders[decision.withdrawal_id] = decision
        return shown(decision)

    @app.post("/withdrawals/{number}/send")
    async def send(number: str) -> dict[str, Any]:
        """Second call: right before money leaves."""
        if number not in orders:
            raise HTTPException(404, "there is no such withdrawal")
        clearance = await client.clear(orders[number])
        orders[number] = clearance.decision
        if not clearance.is_cleared:
            return {"sent": False, "status": clearance.status, **shown(clearance.decision)}
        # Here the exchange signs and broadcasts; then it says so.
        completed = {
            "event_id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"completed:{number}")),
            "type": "withdrawal.completed",
            "occurred_at": datetime.now(UTC),  # noqa: TID251  (a rule for pure packages of the service)
            "withdrawal_id": number,
            "attempt": clearance.decision.attempt,
        }
        await client.send_events([completed])
        return {"sent": True, "status": clearance.status}

    return app
