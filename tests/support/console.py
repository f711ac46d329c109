"""The console for tests: people on paper, everything else real."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx

from tests.support.http import HOST, ask
from thinktwice.audit.ledger import Ledger
from thinktwice.people.permissions import Role
from thinktwice.people.person import Person
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate
from thinktwice.web.console.app import create_console
from thinktwice.web.console.routes import Area
from thinktwice.web.edge.asgi import App
from thinktwice.web.edge.forgery import FIELD, form_token
from thinktwice.web.edge.headers import HostNames
from thinktwice.web.edge.signed_in.parts import SurfaceParts

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def person(*roles: Role, **facts: Any) -> Person:
    """Return somebody signed in with these roles; ``facts`` are other fields."""
    usual: dict[str, Any] = {
        "account_id": "acc_1",
        "name": "Ada",
        "realm": "console",
        "roles": frozenset(roles),
        "agency_id": None,
        "session_id": "ses_1",
        "method": "totp",
        "opened_at": NOW,
        "expires_at": NOW + timedelta(hours=12),
        "second_factor_at": NOW,
    }
    return Person(**(usual | facts))


@dataclass
class PaperGate:
    """Who holds which secret."""

    people: dict[str, Person] = field(default_factory=dict)

    def person(self, secret: str, *, is_active: bool) -> Person | None:
        return self.people.get(secret)


@dataclass(frozen=True)
class Console:
    """The console as an application, and what its audit chain says."""

    app: App
    gate: PaperGate
    ledger: Ledger

    def sign_in(self, *roles: Role, **facts: Any) -> str:
        """Return the secret of a session with these roles."""
        secret = f"secret-{len(self.gate.people)}"
        self.gate.people[secret] = person(*roles, **facts)
        return secret

    def get(self, path: str, secret: str | None = None, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """Open a page."""
        return ask(self.app, "GET", path, headers={**cookie(secret), **(headers or {})})

    def post(
        self,
        path: str,
        fields: Mapping[str, str] | None = None,
        secret: str | None = None,
        *,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        """Send a form as the console's own page would; ``token`` replaces the right one."""
        bound = secret or "visit-secret"
        body = {FIELD: form_token(bound) if token is None else token, **(fields or {})}
        sent = {"Origin": HOST, "Sec-Fetch-Site": "same-origin", "Content-Type": "application/x-www-form-urlencoded"}
        named = cookie(secret) if secret else {"Cookie": "tt-console-visit=visit-secret"}
        return ask(
            self.app,
            "POST",
            path,
            body=httpx.QueryParams(body).__str__().encode(),
            headers={**sent, **named, **(headers or {})},
        )

    def entries(self) -> list[tuple[str, str, str, str]]:
        """Return actor, act, object and outcome of every entry of the chain."""
        with self.ledger.reading() as connection:
            rows = connection.execute("SELECT actor_id, act, object_id, outcome FROM audit_entry ORDER BY seq")
            return [tuple(row) for row in rows]


def cookie(secret: str | None) -> dict[str, str]:
    return {"Cookie": f"tt-console-session={secret}"} if secret else {}


def open_console(
    data: Path, areas: Sequence[Area] | None = None, *, clock: Callable[[], datetime] = lambda: NOW, **changes: Any
) -> Console:
    """Return a console over a fresh control.db; ``changes`` are fields of its parts."""
    migrate(data)
    gate = PaperGate()
    ledger = Ledger(DataFolder(data).control, clock)
    usual: dict[str, Any] = {"hosts": HostNames(["localhost"]), "url": "http://localhost", "clock": clock}
    parts = SurfaceParts(gate=gate, ledger=ledger, **(usual | changes))
    app = create_console(parts) if areas is None else create_console(parts, areas)
    return Console(app, gate, ledger)
