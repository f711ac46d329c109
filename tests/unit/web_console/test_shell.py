"""The shell of the console: what every page has, whoever writes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.console import Console, open_console
from thinktwice.settings import Settings
from thinktwice.web.console.settings.pages import AREA as SETTINGS
from thinktwice.web.console.settings.pages import SettingsDesk

MEANING = Settings.model_fields["data"].description or ""


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Console]:
    made = open_console(tmp_path, [SETTINGS], desks={SettingsDesk: SettingsDesk((("data", "here", MEANING),), ())})
    yield made
    made.ledger.close()


def test_a_page_shows_itself_to_whoever_may_open_it(console: Console) -> None:
    """A signed-in person with the permission gets the page."""
    answer = console.get("/settings", console.sign_in("compliance"))
    assert answer.status_code == 200, answer.text
    assert "<h1>Settings</h1>" in answer.text
    assert console.get("/settings", console.sign_in("author")).status_code == 403


def test_a_setting_is_explained_in_the_language_of_the_page(console: Console) -> None:
    """What a setting means is declared in English and read in the language of whoever looks."""
    chinese = console.get("/settings", console.sign_in("compliance"), {"Accept-Language": "zh-HK"}).text
    assert "資料庫及監察名單的資料夾。" in chinese
    assert MEANING not in chinese
    assert MEANING in console.get("/settings", console.sign_in("compliance")).text
