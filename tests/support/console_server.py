"""The console on a real port, for browsers."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn

from thinktwice.audit.entry import Actor
from thinktwice.audit.ledger import Ledger
from thinktwice.bootstrap.console import open_console
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.people.passkeys import RelyingParty
from thinktwice.people.service import open_people
from thinktwice.settings import load_settings
from thinktwice.storage.layout import DataFolder

CLI = Actor("cli", "cli:tests")


@dataclass(frozen=True)
class ConsoleServer:
    """Where the console is, and the data folder behind it."""

    url: str
    data: Path

    def invite(self, *roles: str, email: str, name: str = "A new colleague") -> str:
        """Invite somebody as another process would, and return the address of the link."""
        control = DataFolder(self.data).control
        ledger = Ledger(control)
        people = open_people(
            realm="console",
            control=control,
            ledger=ledger,
            masters=TEST_KEYRING.masters,
            party=RelyingParty("localhost", "tests", (self.url,)),
            clock=lambda: datetime.now(UTC),
        )
        _account, token = people.invitations.invite(CLI, realm="console", email=email, name=name, roles=roles)
        people.close()
        ledger.close()
        return f"{self.url}/invitation/{token}"


@contextmanager
def serve_console(data: Path, *, is_demo: bool = False, **changes: Any) -> Iterator[ConsoleServer]:
    """Run the console on a free loopback port for as long as the block lasts; keywords change its settings."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        url = f"http://localhost:{listening.getsockname()[1]}"
        settings = load_settings(data=data, console_url=url, operator_name="Harbour Exchange", **changes)
        with open_console(settings, TEST_KEYRING, is_demo=is_demo, sign_ins_per_minute=100_000) as app:
            config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", ws="none")
            server = uvicorn.Server(config)
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
            thread.start()
            while not server.started:
                time.sleep(0.01)
            try:
                yield ConsoleServer(url, data)
            finally:
                server.should_exit = True
                thread.join(10)
