"""The console in a real browser: as a demonstration for the tour, and as an installation for signing in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page

from tests.support.console_server import ConsoleServer, serve_console


@pytest.fixture(scope="session")
def demo_console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConsoleServer]:
    with serve_console(tmp_path_factory.mktemp("demo-console"), is_demo=True) as server:
        yield server


@pytest.fixture(scope="session")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConsoleServer]:
    with serve_console(tmp_path_factory.mktemp("console")) as server:
        yield server


@dataclass
class Device:
    """Chromium's virtual authenticator: a device whose user is there and verified."""

    page: Page
    id: str = field(default="")

    def __post_init__(self) -> None:
        self.session = self.page.context.new_cdp_session(self.page)
        self.session.send("WebAuthn.enable")
        options = {
            "protocol": "ctap2",
            "transport": "internal",
            "hasResidentKey": True,
            "hasUserVerification": True,
            "isUserVerified": True,
            "automaticPresenceSimulation": True,
        }
        self.id = self.session.send("WebAuthn.addVirtualAuthenticator", {"options": options})["authenticatorId"]

    def verifies(self, is_verified: bool) -> None:
        """Let the device recognise its user, or not."""
        values = {"authenticatorId": self.id, "isUserVerified": is_verified}
        self.session.send("WebAuthn.setUserVerified", values)


def complaints(page: Page) -> list[str]:
    """Collect what the browser's console says about the page's own policy and script."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return said
