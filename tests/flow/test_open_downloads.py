"""A download that is under way ends with the access of whoever began it, over real connections."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from tests.support.console_server import serve_console
from tests.support.people import CLI
from tests.support.portal import filed
from tests.support.portal_server import PortalServer, serve_portal
from tests.support.surfaces import RealBrowser, nobody
from thinktwice.audit.ledger import Ledger
from thinktwice.audit.reading import AuditReader, Filters
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.people.passkeys import RelyingParty
from thinktwice.people.service import open_people
from thinktwice.storage.layout import DataFolder

SIZE = 90 << 20
ENDS = ("suspend the officer", "suspend the agency", "end the session", "nothing")


@dataclass
class Noise:
    """A file of bytes that no compression helps with, made while it is read."""

    left: int = SIZE
    piece: bytes = field(default_factory=lambda: random.Random(1).randbytes(1 << 16))

    def read(self, size: int = -1) -> bytes:
        taken = min(len(self.piece), self.left, size if size >= 0 else self.left)
        self.left -= taken
        return self.piece[:taken]


@dataclass(frozen=True)
class Room:
    """A portal and a console over the same data, on real ports."""

    portal: PortalServer
    console_url: str
    data: Path
    closing: ExitStack

    def browser(self, url: str, link: str) -> RealBrowser:
        """Return a browser in which somebody new has come in."""
        made = RealBrowser(nobody, url=url, at=url)
        self.closing.callback(made.close)
        made.come_in(link.removeprefix(url))
        return made

    def refusals(self) -> list[str]:
        """Return what the chain holds of downloads that were refused."""
        ledger = Ledger(DataFolder(self.data).control)
        try:
            entries = AuditReader(ledger).find(Filters(outcome="refused"))
        finally:
            ledger.close()
        return [entry.act for entry in entries]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    with ExitStack() as closing:
        portal = closing.enter_context(serve_portal(tmp_path))
        console = closing.enter_context(serve_console(tmp_path))
        yield Room(portal, console.url, tmp_path, closing)


def taken(browser: RealBrowser, method: str, path: str, meanwhile: Callable[[], None]) -> int:
    """Begin to take a file away, let something happen, and return how many bytes came in all.

    Raises:
        httpx.RemoteProtocolError: The connection broke before the file was whole.
    """
    found = re.search(r'name="form_token" value="([^"]*)"', browser.page.text)
    assert found
    headers = {
        "Cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items()),
        "Origin": browser.url,
        "Sec-Fetch-Site": "same-origin",
        "Referer": browser.here,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    content = f"form_token={found[1]}".encode() if method == "POST" else None
    with browser.client.stream(method, path, content=content, headers=headers) as answer:
        assert answer.status_code == 200, answer.read()
        assert int(answer.headers["content-length"]) == SIZE
        pieces = answer.iter_bytes(1 << 16)
        came = len(next(pieces))
        meanwhile()
        time.sleep(1.2)
        for piece in pieces:
            came += len(piece)
    return came


@pytest.mark.parametrize("end", ENDS)
def test_an_officers_download_under_way_ends_with_the_access(room: Room, end: str) -> None:
    """Whether officer, agency or session ends, the connection breaks, and the chain says so; otherwise it is whole."""
    portal = room.portal
    agency = portal.agency("Harbour Police")
    email = "officer@police.example.org"
    officer = room.browser(portal.url, portal.invite(agency, "officer", email=email, name="An officer"))
    account = portal.people.accounts.by_email("portal", email)
    assert account is not None
    case_id = filed(officer)
    portal.desk.step(portal.staff("staff-1"), case_id, "take")
    file_id = portal.filing.attach(portal.staff("staff-1"), case_id, "large.bin", Noise())
    officer.get(f"/requests/{case_id}")
    led = _begun(officer, f"/requests/{case_id}/files/{file_id}/download")

    def meanwhile() -> None:
        match end:
            case "suspend the officer":
                portal.people.accounts.suspend(CLI, account.id)
            case "suspend the agency":
                portal.agencies.suspend(CLI, agency, "its mailbox was stolen")
            case "end the session":
                (session,) = portal.people.sessions.list(account.id)
                portal.people.sessions.end(CLI, session.id)

    if end == "nothing":
        assert taken(officer, "GET", led, meanwhile) == SIZE
        assert "case.download.use" not in room.refusals()
        return
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
        taken(officer, "GET", led, meanwhile)
    assert "case.download.use" in room.refusals()


def test_a_staff_members_download_under_way_ends_with_the_access(room: Room) -> None:
    """The console's downloads break off alike."""
    portal = room.portal
    link = portal.invite(portal.agency("Harbour Police"), "officer", email="o@police.example.org", name="An officer")
    officer = room.browser(portal.url, link)
    case_id = filed(officer)
    file_id = portal.filing.attach(portal.staff("staff-1"), case_id, "large.bin", Noise())
    ledger = Ledger(DataFolder(room.data).control)
    people = open_people(
        realm="console",
        control=DataFolder(room.data).control,
        ledger=ledger,
        masters=TEST_KEYRING.masters,
        party=RelyingParty("localhost", "tests", (room.console_url,)),
        clock=lambda: datetime.now(UTC),
    )
    room.closing.callback(ledger.close)
    room.closing.callback(people.close)
    account, token = people.invitations.invite(
        CLI, realm="console", email="h@example.org", name="A handler", roles=["case_handler"]
    )
    handler = room.browser(room.console_url, f"/invitation/{token}")
    handler.get(f"/cases/{case_id}")
    path = f"/cases/{case_id}/files/{file_id}"
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
        taken(handler, "POST", path, lambda: people.accounts.suspend(CLI, account.id))


def _begun(officer: RealBrowser, path: str) -> str:
    """Ask for a leave and return where the file is then taken from."""
    found = re.search(r'name="form_token" value="([^"]*)"', officer.page.text)
    assert found
    headers = {
        "Origin": officer.url,
        "Sec-Fetch-Site": "same-origin",
        "Referer": officer.here,
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": "; ".join(f"{name}={value}" for name, value in officer.cookies.items()),
    }
    led = officer.client.post(path, content=f"form_token={found[1]}".encode(), headers=headers)
    assert led.status_code == 303, led.text
    return str(led.headers["location"])
