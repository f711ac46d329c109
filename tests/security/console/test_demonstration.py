"""The demonstration signs anybody in, so it cannot exist beside real keys; and a real console has no such door."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.console_browser import Browser, peopled_console
from tests.support.portal import open_bureau
from thinktwice.bootstrap.console import open_console
from thinktwice.bootstrap.demonstration import require_no_real_keys
from thinktwice.bootstrap.portal import open_portal
from thinktwice.demo.run import Options, run_demo
from thinktwice.errors import InputError, UnavailableError
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.keyring.loading import read_keyring, write_keyring
from thinktwice.settings import load_settings

REAL = read_keyring(
    write_keyring(
        {purpose: bytes([number]) * 32 for number, purpose in enumerate(("ref", "assign", "token"), 1)}, suffix="1"
    )
)


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("THINKTWICE_KEY_FILE", raising=False)


def test_a_demonstration_refuses_real_keys(tmp_path: Path) -> None:
    """A console or portal that lets anybody in does not open over keys that are not the public test keys."""
    settings = load_settings(data=tmp_path / "data")
    for opened in (open_console, open_portal):
        with pytest.raises(InputError, match="signs anybody in"), opened(settings, REAL, is_demo=True):
            pass
    assert not (tmp_path / "data").exists(), "nothing was made before the refusal"


@pytest.mark.parametrize("where", ["THINKTWICE_KEY_FILE", "THINKTWICE_KEY_REF", "THINKTWICE_KEY_MASTER", "file"])
def test_a_demonstration_does_not_start_where_real_keys_are_configured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    """Whichever way keys are configured on this machine, the command ends with a word that says why."""
    monkeypatch.chdir(tmp_path)
    if where == "file":
        (tmp_path / "thinktwice.toml").write_text('key_file = "keys"\n')
    else:
        monkeypatch.setenv(where, str(tmp_path / "keys"))
    with pytest.raises(InputError, match="signs anybody in"):
        require_no_real_keys(load_settings())
    options = Options(api_port=0, console_port=0, portal_port=0, demo_port=0, withdrawals=20)
    with pytest.raises(InputError, match="signs anybody in"):
        run_demo(options, tick=lambda *_: None, when_replayed=lambda *_: None, when_ready=lambda _: None)


def test_a_real_console_has_no_such_door(tmp_path: Path) -> None:
    """Without the demonstration its pages are not there, and no page wears its banner."""
    with peopled_console(tmp_path) as (world, app):
        browser = Browser(app)
        assert browser.get("/demo").status_code == 404
        browser.get("/sign-in")
        assert browser.send("/demo", {"role": "administrator"}).status_code == 404
        browser.sign_in(world, world.member("analyst"))
        assert "Demonstration" not in browser.page.text


def test_a_real_portal_has_no_such_door(tmp_path: Path) -> None:
    """Nor has the portal: no page to become an officer on, and no banner."""
    with open_bureau(tmp_path) as bureau:
        browser = bureau.browser()
        assert browser.get("/demo").status_code == 404
        browser.get("/sign-in")
        assert browser.send("/demo", {"who": "officer"}).status_code == 404
        assert "Demonstration" not in bureau.browser(bureau.officer(bureau.agency())).page.text


def test_a_real_console_opens_with_real_keys_only_if_it_can_keep_names(tmp_path: Path) -> None:
    """Without the key for names and addresses there are no accounts, and the console says so instead of starting."""
    settings = load_settings(data=tmp_path / "data")
    with pytest.raises(UnavailableError, match="master"), open_console(settings, REAL):
        pass
    with open_console(settings, TEST_KEYRING):
        pass


@pytest.mark.parametrize("url", ["http://console.example.org", "http://192.0.2.1:8081"])
def test_a_console_in_the_clear_is_refused(tmp_path: Path, url: str) -> None:
    """Cookies and passkeys are safe over https only; http is for this machine."""
    settings = load_settings(data=tmp_path / "data", console_url=url)
    with pytest.raises(InputError, match="https"), open_console(settings, TEST_KEYRING):
        pass
