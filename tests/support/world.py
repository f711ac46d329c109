"""A small real world for tests: the decision service over a temporary SQLite journal."""

from __future__ import annotations

import itertools
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from thinktwice.decisions.answer import Answering
from thinktwice.decisions.asks import Clear, Decide, Note, NoteAlert
from thinktwice.decisions.event_intake import EventIntake
from thinktwice.decisions.intake import Intake
from thinktwice.decisions.live import LiveCampaigns
from thinktwice.decisions.service import DecisionService, Sources
from thinktwice.journal.sqlite import SqliteJournal
from thinktwice.keyring.keys import TEST_KEYRING, Keyring
from thinktwice.records.campaign import CampaignPolicy, FrequencyCap, HoldRule
from thinktwice.records.clearance import Clearance, EventResult
from thinktwice.records.decision import Decision
from thinktwice.records.event import AlertEvent
from thinktwice.records.installation import Installation
from thinktwice.storage.migrate import migrate
from thinktwice.watchlist.service import Watchlist
from thinktwice.watchlist.snapshot import Snapshot

START = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HOLD = HoldRule(hours=24, legal_basis="terms-7.3", maximum_hours=72, appeal="in_app")


def policy(name: str = "hk-joint-anti-scam", **changes: Any) -> CampaignPolicy:
    """Return a campaign policy like the shipped one for Hong Kong; keywords replace its fields."""
    fields: dict[str, Any] = {
        "id": name,
        "version": "a" * 64,
        "release": "b" * 64,
        "priority": 50,
        "jurisdictions": ("HK",),
        "audience": "NOT is_established_destination AND fiat_amount >= 200",
        "intervention": "confirm",
        "no_screen": "hold",
        "arms": {"a": 1, "b": 1},
        "experiment": f"{name}-pilot",
        "holdout": Decimal("0.10"),
        "partners": ("hk-police-cstcb",),
        "frequency_cap": FrequencyCap(1, 7),
        "hold": HOLD,
    }
    return CampaignPolicy(**{**fields, **changes})


NEW_DESTINATION = policy(
    "new-destination",
    version="c" * 64,
    priority=10,
    jurisdictions=("*",),
    no_screen="notice",
    partners=(),
    holdout=Decimal(0),
)
LOOKALIKE = policy(
    "lookalike",
    version="d" * 64,
    priority=100,
    jurisdictions=("*",),
    audience="is_lookalike",
    partners=(),
    holdout=Decimal(0),
    frequency_cap=None,
)
SHIPPED = (policy(), NEW_DESTINATION, LOOKALIKE)


def request(withdrawal_id: str = "w-1", **changes: Any) -> dict[str, Any]:
    """Return a valid request body; dotted keywords written with ``__`` replace nested fields."""
    body: dict[str, Any] = {
        "withdrawal_id": withdrawal_id,
        "initiated_at": START.isoformat().replace("+00:00", "Z"),
        "customer": {"id": "c-1", "jurisdiction": "HK", "locale": "zh-Hant-HK"},
        "asset": "USDT",
        "network": "ethereum",
        "amount": "12000.00",
        "fiat_amount": "12003.10",
        "fiat_currency": "USD",
        "destination": {"address": "0x25f5aa11bb22cc33dd44ee55ff6600778899b02c"},
    }
    for name, value in changes.items():
        *path, last = name.split("__")
        place = body
        for part in path:
            place = place.setdefault(part, {})
        place[last] = value
    return body


class World:
    """The service, a clock that only moves when told, and short words for what tests ask."""

    def __init__(
        self,
        folder: Path,
        policies: tuple[CampaignPolicy, ...] = SHIPPED,
        *,
        installation: Installation | None = None,
        keyring: Keyring = TEST_KEYRING,
        watchlist: Watchlist | None = None,
        is_telling: bool = False,
    ) -> None:
        migrate(folder)
        self.folder = folder
        self.now = START
        self.installation = installation or Installation()
        self.keyring = keyring
        self.intake = Intake(self.installation, keyring)
        self.events = EventIntake(self.intake)
        self.campaigns = LiveCampaigns(policies, self.installation.catalogue)
        self.answering = Answering(keyring, "http://127.0.0.1:8080")
        self.journal = SqliteJournal(folder / "journal.db")
        empty = Snapshot(None, {}, 0)
        self.service = DecisionService(
            self.journal,
            Sources(
                campaigns=lambda: self.campaigns,
                snapshot=watchlist.snapshot if watchlist else lambda: empty,
                choose_locale=lambda requested, _policy: requested or "en",
            ),
            keyring,
            self.installation,
            clock=lambda: self.now,
            is_telling=is_telling,
        )
        self._ids = itertools.count(1)

    def close(self) -> None:
        """Give the journal back."""
        self.journal.close()

    def pass_time(self, **duration: float) -> None:
        """Move the clock."""
        self.now += timedelta(**duration)

    def ask(self, item: Any) -> Any:
        """Ask one thing in a batch of its own; errors are raised."""
        (answer,) = self.service.handle([item])
        if isinstance(answer, Exception):
            raise answer
        return answer

    def decide(self, body: dict[str, Any] | None = None, *, is_test: bool = False, **changes: Any) -> Decision:
        """Decide a withdrawal made now."""
        if body is None:
            changes.setdefault("initiated_at", self.now.isoformat())
            body = request(changes.pop("withdrawal_id", f"w-{next(self._ids)}"), **changes)
        withdrawal = self.intake.withdrawal(json.dumps(body).encode(), now=self.now, is_test=is_test)
        decision: Decision = self.ask(Decide(withdrawal))
        return decision

    def note(self, kind: str, *, is_test: bool = False, **fields: Any) -> EventResult:
        """Note an operator event that occurs now."""
        event = {"event_id": f"e-{next(self._ids)}", "type": kind, "occurred_at": self.now.isoformat(), **fields}
        noted = self.events.event(json.dumps(event).encode(), now=self.now, is_test=is_test)
        result: EventResult = self.ask(Note(noted))
        return result

    def complete(self, decision: Decision) -> EventResult:
        """Note that the money of a decision left."""
        return self.note(
            "withdrawal.completed",
            withdrawal_id=decision.withdrawal_id,
            attempt=decision.attempt,
            is_test=decision.is_test,
        )

    def claim(self, decision: Decision, kind: Any) -> EventResult:
        """Note what a browser claims about the decision's alert."""
        assert decision.alert is not None
        event = AlertEvent(event_id=f"b-{next(self._ids)}", type=kind, occurred_at=self.now)
        result: EventResult = self.ask(
            NoteAlert(decision.alert.alert_id, decision.withdrawal_id, decision.attempt, decision.is_test, event)
        )
        return result

    def clear(self, decision: Decision) -> Clearance:
        """Ask for clearance."""
        clearance: Clearance = self.ask(Clear(decision.decision_id, decision.is_test))
        return clearance
