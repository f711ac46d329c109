"""The shell of the console: what every page has, whoever writes it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.console import Console, open_console
from thinktwice.web.console.today.pages import AREA as TODAY


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Console]:
    made = open_console(tmp_path, [TODAY])
    yield made
    made.ledger.close()


def test_a_page_shows_itself_to_whoever_may_open_it(console: Console) -> None:
    """A signed-in person with the permission gets the page."""
    answer = console.get("/", console.sign_in("analyst"))
    assert answer.status_code == 200, answer.text
    assert "<h1>Today</h1>" in answer.text
