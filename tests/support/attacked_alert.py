"""One alert on a running service, as somebody meets it who means harm."""

from __future__ import annotations

import uuid
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from tests.support.world import request
from thinktwice.journal.reader import SqliteJournalReader
from thinktwice.storage.layout import DataFolder


@dataclass(frozen=True)
class Alert:
    """One alert on a running service."""

    url: str
    id: str
    token: str

    @property
    def page(self) -> str:
        return f"{self.url}/alerts/{self.token}"

    @property
    def bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def send(self, *events: dict[str, Any]) -> httpx.Response:
        """Claim events as a browser does."""
        path = f"{self.url}/v1/alerts/{self.id}/events"
        return httpx.post(path, headers=self.bearer, json={"events": events})


def alert_at(url: str, headers: dict[str, str], name: str, **changes: Any) -> Alert:
    """Decide withdrawals of different customers until one is outside the holdout."""
    for _ in range(50):
        customer = f"{name}-{uuid.uuid4().hex}"
        fields: dict[str, Any] = {"customer__id": customer, "initiated_at": datetime.now(UTC).isoformat()} | changes
        answer = httpx.post(f"{url}/v1/decisions", json=request(customer, **fields), headers=headers)
        assert answer.status_code == 200, answer.text
        if answer.json()["alert"] is not None:
            made = answer.json()["alert"]
            return Alert(url, made["id"], made["token"])
    raise AssertionError("every customer was held out")


def event(kind: str = "seen", event_id: str = "event-0001", **changes: Any) -> dict[str, Any]:
    """Return a claim that is made now."""
    return {"event_id": event_id, "type": kind, "occurred_at": datetime.now(UTC).isoformat()} | changes


def recorded(data: Path, alert_id: str) -> list[str]:
    """Return what the journal counts for an alert."""
    with closing(SqliteJournalReader(DataFolder(data).journal)) as reader:
        return [record.event_type or "" for record in reader.alert_events(alert_id)]
