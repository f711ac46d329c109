"""The shell of the console: what every page has, whoever writes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.console import Console, open_console
from thinktwice.web.console.settings.pages import AREA as SETTINGS
from thinktwice.web.console.settings.pages import SettingsDesk


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Console]:
    made = open_console(tmp_path, [SETTINGS], desks={SettingsDesk: SettingsDesk((("data", "here", "Where."),), ())})
    yield made
    made.ledger.close()


def test_a_page_shows_itself_to_whoever_may_open_it(console: Console) -> None:
    """A signed-in person with the permission gets the page."""
    answer = console.get("/settings", console.sign_in("compliance"))
    assert answer.status_code == 200, answer.text
    assert "<h1>Settings</h1>" in answer.text
    assert console.get("/settings", console.sign_in("author")).status_code == 403
