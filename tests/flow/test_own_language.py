"""The language that somebody chose comes along to another browser, and says nothing about anybody else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.console_browser import Browser, peopled_console
from tests.support.people import World
from thinktwice.web.edge.asgi import App

Peopled = tuple[World, App]


@pytest.fixture
def peopled(tmp_path: Path) -> Iterator[Peopled]:
    """Give a console with real people."""
    with peopled_console(tmp_path) as made:
        yield made


def chosen(world: World) -> list[str]:
    """Return what the chain says of chosen languages."""
    with world.ledger.reading() as connection:
        rows = connection.execute(
            "SELECT details FROM audit_entry WHERE act = 'account.choose_language' AND outcome = 'done' ORDER BY seq"
        ).fetchall()
    return [details for (details,) in rows]


def test_it_is_kept_with_the_account(peopled: Peopled) -> None:
    """Chosen once, it is there in a new browser after signing in, not before, and an entry of the chain says so."""
    world, app = peopled
    member, other = world.member("analyst"), world.member("analyst")
    browser = Browser(app)
    browser.sign_in(world, member)
    browser.send("/language", {"language": "zh-Hant", "next": "/account"})
    assert 'lang="zh-Hant"' in browser.page.text
    assert chosen(world) == ['{"language":"zh-Hant"}']
    elsewhere = Browser(app, address="198.51.100.4")
    elsewhere.get("/sign-in")
    assert 'lang="en"' in elsewhere.page.text
    elsewhere.sign_in(world, member)
    assert 'lang="zh-Hant"' in elsewhere.page.text
    colleague = Browser(app, address="198.51.100.5")
    colleague.sign_in(world, other)
    assert 'lang="en"' in colleague.page.text


def test_choosing_again_changes_it_and_the_same_again_is_no_act(peopled: Peopled) -> None:
    """The account's choice wins over what the browser kept from somebody else before."""
    world, app = peopled
    member, browser = world.member("analyst"), Browser(app)
    browser.get("/sign-in")
    browser.send("/language", {"language": "zh-Hant", "next": "/sign-in"})
    assert 'lang="zh-Hant"' in browser.page.text
    browser.sign_in(world, member)
    for _ in range(2):
        browser.send("/language", {"language": "en", "next": "/account"})
        assert 'lang="en"' in browser.page.text
    assert len(chosen(world)) == 1


@pytest.mark.parametrize("language", ["xx", "", "<script>", "zh-Hant; x", "e" * 300])
def test_only_a_language_of_the_console_is_kept(peopled: Peopled, language: str) -> None:
    """Anything else changes no account; the page shows in a language that there is."""
    world, app = peopled
    browser = Browser(app)
    browser.sign_in(world, world.member("analyst"))
    browser.send("/language", {"language": language, "next": "/account"})
    assert browser.page.status_code == 200
    assert chosen(world) in ([], ['{"language":"en"}'])  # without a choice the first language is meant
