"""The portal in a real browser: one server, and officers who sign in with Chromium's virtual authenticator."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.console.conftest import Device
from tests.support.portal_server import PortalServer, serve_portal

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalServer]:
    with serve_portal(tmp_path_factory.mktemp("portal")) as server:
        yield server


@pytest.fixture(scope="session")
def agency(portal: PortalServer) -> str:
    return portal.agency("Harbour Police")


def enter(page: Page, portal: PortalServer, agency_id: str, *roles: str, name: str = "An officer") -> Device:
    """Come in through an invitation, with a passkey of this browser's own device."""
    device = Device(page)
    email = f"officer{next(_numbers)}@police.example.org"
    page.goto(portal.invite(agency_id, *(roles or ("officer",)), email=email, name=name))
    page.locator("main button").first.click()
    page.locator("form[data-passkey] button").click()
    page.wait_for_url(f"{portal.url}/requests")
    expect(page.locator("h1")).to_be_visible()
    return device
