"""The console with real people, and browsers on paper that keep cookies and fill forms."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
from starlette.responses import Response

from tests.support.people import CONSOLE, PASSWORD, Member, World
from thinktwice.people.keys import ApiKeyRegister, ApiKeyStore
from thinktwice.people.person import Person
from thinktwice.people.service import People
from thinktwice.people.sessions import SessionStore
from thinktwice.web.console.app import create_console
from thinktwice.web.console.keys.desk import KeyDesk
from thinktwice.web.console.keys.pages import AREA as KEYS
from thinktwice.web.console.people.pages import AREA as PEOPLE
from thinktwice.web.console.routes import Area
from thinktwice.web.console.settings.pages import AREA as SETTINGS
from thinktwice.web.console.settings.pages import SettingsDesk
from thinktwice.web.edge.asgi import App
from thinktwice.web.edge.headers import HostNames
from thinktwice.web.edge.signed_in.account.pages import AREA as ACCOUNT
from thinktwice.web.edge.signed_in.entrance import AREA as ENTRANCE
from thinktwice.web.edge.signed_in.parts import SurfaceParts
from thinktwice.web.edge.signed_in.visit import Visit

URL = CONSOLE.origins[0]
FRONT = Area("thinktwice.web.edge.signed_in.account")
"""A first page that needs no data, in place of the real one."""

OWN_AREAS = (ENTRANCE, FRONT, ACCOUNT, PEOPLE, KEYS, SETTINGS)
"""The areas about people; others have tests of their own."""


@FRONT.page("GET", "/", permission="read_today")
def front(visit: Visit) -> Response:
    return visit.show("/codes.html", title="Today", codes=(), onward="/")


SESSION = "__Host-tt-console-session"


@dataclass(frozen=True)
class Gate:
    """The console's gate over real sessions."""

    sessions: SessionStore

    def person(self, secret: str, *, is_active: bool) -> Person | None:
        return self.sessions.read(secret, "console", is_active=is_active)


@contextmanager
def peopled_console(folder: Path, **changes: Any) -> Iterator[tuple[World, App]]:
    """Open a console with real people on a fresh ``control.db``; ``changes`` are fields of its parts."""
    world = World(folder)
    keys = ApiKeyStore(world.control)
    desks: dict[type, object] = {
        People: world.console,
        KeyDesk: KeyDesk(keys, ApiKeyRegister(world.ledger), world.clock),
        SettingsDesk: SettingsDesk((("data", "x", "Folder."),)),
    }
    usual: dict[str, Any] = {"hosts": HostNames(["console.example.org"]), "url": URL, "sign_ins_per_minute": 10_000}
    app = create_console(
        SurfaceParts(
            gate=Gate(world.console.sessions),
            ledger=world.ledger,
            desks=desks,
            clock=world.clock,
            **(usual | changes),
        ),
        OWN_AREAS,
    )
    yield world, app
    keys.close()
    world.close()


@dataclass
class Browser:
    """One browser: cookies, the page it shows, and an address of its own."""

    app: App
    address: str = "203.0.113.7"
    url: str = URL
    cookies: dict[str, str] = field(default_factory=dict)
    page: httpx.Response = field(default_factory=lambda: httpx.Response(200))

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> httpx.Response:
        """Open a page and follow where it leads."""
        return self._follow(self._send("GET", path, headers=headers))

    def send(self, path: str, fields: Mapping[str, Any] | None = None, **headers: str) -> httpx.Response:
        """Send a form of the page that is open, and follow where it leads."""
        found = re.search(r'name="form_token" value="([^"]*)"', self.page.text)
        token = html.unescape(found[1]) if found else ""
        body = urlencode({"form_token": token, **(fields or {})}, doseq=True).encode()
        sent = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Origin": self.url,
            "Sec-Fetch-Site": "same-origin",
        }
        return self._follow(self._send("POST", path, body, {**sent, "Referer": self.here, **headers}))

    def sign_in(self, world: World, member: Member) -> httpx.Response:
        """Sign in with password and code."""
        self.get("/sign-in")
        self.send("/sign-in", {"email": member.email, "password": PASSWORD})
        return self.send("/sign-in/second/code", {"code": world.code(member)})

    @property
    def here(self) -> str:
        """The address of the page."""
        return str(self.page.request.url) if self.page.text else self.url

    @property
    def heading(self) -> str:
        """The heading of the page."""
        found = re.search(r"<h1>(.*?)</h1>", self.page.text, re.DOTALL)
        return html.unescape(found[1]) if found else ""

    @property
    def options(self) -> str:
        """What the page asks a passkey."""
        found = re.search(r'data-options="([^"]*)"', self.page.text)
        assert found, self.page.text
        return html.unescape(found[1])

    def _follow(self, response: httpx.Response) -> httpx.Response:
        for _ in range(5):
            if response.status_code != 303:
                break
            response = self._send("GET", response.headers["location"])
        self.page = response
        return response

    def _send(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        sent = dict(headers or {})
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())

        async def run() -> httpx.Response:
            transport = httpx.ASGITransport(app=self.app, client=(self.address, 1234))
            async with httpx.AsyncClient(transport=transport, base_url=self.url) as client:
                return await client.request(method, path, content=body, headers=sent)

        response = asyncio.run(run())
        for line in response.headers.get_list("set-cookie"):
            name, _, rest = line.partition("=")
            value = rest.partition(";")[0].strip('"')
            if "Max-Age=0" in line:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value
        return response
