"""Console and portal as processes of their own, started as a user starts them, and browsers on paper that reach them.

Behind a proxy the name in the address bar is not where a process listens; so it is here: each surface believes in an
https name of its own, and the browser sends that name with every request.
"""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Final

import httpx

from tests.support.authenticator import Authenticator
from tests.support.people import PASSWORD
from tests.support.portal import OfficersBrowser
from tests.support.serving import COMMAND, PATIENCE_SECONDS, Installation
from thinktwice.audit.entry import Actor
from thinktwice.audit.ledger import Ledger
from thinktwice.bootstrap.choices import read_key_file
from thinktwice.cases.agencies import Agencies
from thinktwice.people.passkeys import RelyingParty
from thinktwice.people.permissions import Realm
from thinktwice.people.sealing import Sealing
from thinktwice.people.service import open_people
from thinktwice.storage.layout import DataFolder

URLS: Final[Mapping[Realm, str]] = {"console": "https://console.example.org", "portal": "https://portal.example.org"}
_ANNOUNCED: Final = re.compile(r"^serving (?:console|portal) at (\S+) ", re.MULTILINE)
CLI: Final = Actor("cli", "cli:tests")


class Surface:
    """A surface as a process; it starts while others do, and is waited for when its address is asked for."""

    def __init__(self, installation: Installation, realm: Realm, **environment: str) -> None:
        self.url = URLS[realm]
        self.log = installation.data / f"{realm}.log"
        urls = {f"THINKTWICE_{one.upper()}_URL": url for one, url in URLS.items()}
        with self.log.open("wb") as stream:
            self.process = subprocess.Popen(
                [COMMAND, "serve", realm, "--data", str(installation.data), "--port", "0"],
                stderr=stream,
                cwd=installation.data,
                env=os.environ | urls | {"THINKTWICE_KEY_FILE": str(installation.key_file)} | environment,
            )

    @cached_property
    def at(self) -> str:
        """Where it listens."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            if found := _ANNOUNCED.search(self.log.read_text("utf-8")):
                return found[1]
            time.sleep(0.01)
        raise AssertionError(f"the surface did not start: {self.log.read_text('utf-8')}")

    @property
    def most_bytes(self) -> int:
        """The most memory that its process ever held, as the system counts it (what ``ru_maxrss`` says at its end)."""
        said = Path(f"/proc/{self.process.pid}/status").read_text("ascii")
        return int(said.partition("VmHWM:")[2].split()[0]) << 10

    def stop(self) -> None:
        """Ask it to end, and see that it ended well."""
        self.process.terminate()
        try:
            assert self.process.wait(30) == 0, self.log.read_text("utf-8")
        finally:
            self.process.kill()


@contextmanager
def running(installation: Installation, realm: Realm, **environment: str) -> Iterator[Surface]:
    """Run ``thinktwice serve console`` or ``portal`` for as long as the block lasts."""
    surface = Surface(installation, realm, **environment)
    try:
        yield surface
    finally:
        surface.stop()


@dataclass
class RealBrowser(OfficersBrowser):
    """A browser that reaches a surface over the network, and the passkey of whoever sits at it."""

    at: str = ""
    device: Authenticator = field(default_factory=Authenticator)

    def __post_init__(self) -> None:
        headers = {"Host": self.url.partition("://")[2], "X-Forwarded-For": self.address}
        self.client = httpx.Client(base_url=self.at, timeout=60, headers=headers)
        self.device.origin = self.url

    def close(self) -> None:
        self.client.close()

    @property
    def here(self) -> str:
        """The address of the page as the address bar shows it."""
        return self.url + (self.page.request.url.path if self.page.text else "")

    def come_in(self, link: str) -> None:
        """Set an account up through its invitation, with a passkey and, where one is asked for, a password."""
        self.get(link)
        self.send(link, {"password": PASSWORD, "again": PASSWORD})
        answer = self.send("/setting-up/passkey", {"answer": self.device.create(self.options)})
        assert answer.status_code == 200, answer.text

    def _send(
        self, method: str, path: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> httpx.Response:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {**(headers or {}), **({"Cookie": cookies} if cookies else {})}
        response = self.client.request(method, path, content=body, headers=sent)
        self.client.cookies.clear()
        for line in response.headers.get_list("set-cookie"):
            name, _, rest = line.partition("=")
            if "Max-Age=0" in line:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = rest.partition(";")[0].strip('"')
        return response


async def nobody(scope: object, receive: object, send: object) -> None:
    """Stand where an application would: the browser talks to a process instead."""
    raise AssertionError("nothing is called within this process")


class Outside:
    """What is prepared before a story begins: agencies that are verified, and links that people come in by."""

    def __init__(self, installation: Installation) -> None:
        self._control = DataFolder(installation.data).control
        self._ledger = Ledger(self._control, _now)
        self._masters = read_key_file(installation.key_file).masters
        self._agencies = Agencies(self._ledger, Sealing(self._masters), _now)

    def close(self) -> None:
        self._ledger.close()

    def agency(self, name: str = "Harbour Police") -> str:
        """Register and verify an agency, by two people."""
        one, two = Actor("staff", "acc_one"), Actor("staff", "acc_two")
        agency_id = self._agencies.register(one, name=name, country="HK", domain="police.example.org")
        self._agencies.record_check(one, agency_id, "domain", "the official directory names it")
        found = {"number": "+852 2860 5012", "source": "the government's telephone directory"}
        self._agencies.record_check(one, agency_id, "call_back", "spoke with the duty officer", **found)
        self._agencies.record_check(two, agency_id, "document", "saw the warrant card")
        self._agencies.set_trust(two, agency_id, "trusted")
        return agency_id

    def link(self, realm: Realm, *roles: str, email: str, name: str, agency_id: str | None = None) -> str:
        """Invite somebody and return the path of the link."""
        people = open_people(
            realm=realm,
            control=self._control,
            ledger=self._ledger,
            masters=self._masters,
            party=RelyingParty(URLS[realm].partition("://")[2], "tests", (URLS[realm],)),
            clock=_now,
        )
        try:
            _account, token = people.invitations.invite(
                CLI, realm=realm, email=email, name=name, roles=roles, agency_id=agency_id
            )
        finally:
            people.close()
        return f"/invitation/{token}"

    def browser(
        self, surface: Surface, realm: Realm, *roles: str, name: str, agency_id: str | None = None
    ) -> RealBrowser:
        """Return a browser in which somebody new has come in."""
        email = f"{name.lower().replace(' ', '.')}@police.example.org"
        made = RealBrowser(nobody, url=surface.url, at=surface.at)
        made.come_in(self.link(realm, *roles, email=email, name=name, agency_id=agency_id))
        return made


def _now() -> datetime:
    return datetime.now(UTC)
