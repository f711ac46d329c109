"""Signing in for real: Chromium's virtual authenticator, an app's codes, the keyboard alone, no script."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Looks, assert_accessible, keep
from tests.browser.console.conftest import Device, complaints
from tests.support.console_server import ConsoleServer

LIGHT = Looks("en", "light", 1280, has_script=True)
PHRASE = "four violet engines humming"
_numbers = itertools.count(1)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = LIGHT.context(browser)
    yield context.new_page()
    context.close()


def address() -> str:
    return f"person{next(_numbers)}@example.org"


def set_password(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("New password").fill(PHRASE)
    page.get_by_label("The same password again").fill(PHRASE)
    page.get_by_role("button", name="Set the password").click()


def code_of(secret: str, steps: int = 0) -> str:
    """The code of an app whose clock is some steps ahead: each code works once, and tests do not wait."""
    return pyotp.TOTP(secret).at(datetime.now(UTC) + timedelta(seconds=30 * steps))


def test_a_passkey_from_invitation_to_dangerous_act(page: Page, console: ConsoleServer) -> None:
    """Invited, password, passkey, recovery codes, out, in again with the passkey alone, and a key is made."""
    said, device = complaints(page), Device(page)
    set_password(page, console.invite("administrator", email=address()))
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose your second factor")
    assert_accessible(page)
    keep(page, "console-setting-up")
    page.get_by_role("button", name="Make a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    assert_accessible(page)
    keep(page, "console-recovery-codes")
    page.get_by_role("link", name="I have kept them").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("You are signed out.")).to_be_visible()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    page.goto(f"{console.url}/confirm?next=/keys/new")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Make an API key")
    page.get_by_label("Name").fill("withdrawals")
    page.get_by_label("decide").check()
    page.get_by_role("button", name="Make the key").click()
    expect(page.locator("#secret")).to_have_text(re.compile("^tt_live_"))
    assert_accessible(page)
    assert said == []
    assert device.id


def test_a_passkey_that_does_not_know_its_user_lets_nobody_in(page: Page, console: ConsoleServer) -> None:
    """The page says that the passkey was not used and offers the other way; nothing is open."""
    device = Device(page)
    set_password(page, console.invite("analyst", email=address()))
    page.get_by_role("button", name="Make a passkey").click()
    page.get_by_role("link", name="I have kept them").click()
    page.get_by_role("button", name="Sign out").click()
    device.verifies(False)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("The passkey was not used.")
    assert_accessible(page)
    page.goto(f"{console.url}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


@pytest.mark.parametrize("has_script", [True, False], ids=["script", "no script"])
def test_an_app_and_its_codes(browser: Browser, console: ConsoleServer, has_script: bool) -> None:
    """With an app everything works without script too: set up, out, a wrong code, in again."""
    context = Looks("en", "dark", 360, has_script=has_script).context(browser)
    page, email = context.new_page(), address()
    set_password(page, console.invite("analyst", email=email))
    page.get_by_role("button", name="Use an app").click()
    secret = page.locator("#manual-key").inner_text().replace(" ", "")
    expect(page.locator(".qr svg")).to_be_visible()
    keep(page, f"console-app-360-{'script' if has_script else 'noscript'}")
    page.get_by_label("Code from your app").fill(code_of(secret))
    page.get_by_role("button", name="Use this app").click()
    page.get_by_role("link", name="I have kept them").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(PHRASE)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Code from your app").fill("123")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("There is a problem")
    keep(page, f"console-wrong-code-360-{'script' if has_script else 'noscript'}")
    page.get_by_label("Code from your app").fill(code_of(secret, steps=1))
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Today")
    context.close()


def test_with_the_keyboard_alone(page: Page, console: ConsoleServer) -> None:
    """Past the skip link into the form, to the codes and out again, without a mouse; focus can always be seen."""
    email = address()
    page.goto(console.invite("analyst", email=email))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    keep(page, "console-skip-link")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("New password")).to_be_focused()
    outline = "getComputedStyle(document.activeElement).outlineStyle"
    assert page.evaluate(outline) == "solid"
    page.keyboard.type(PHRASE)
    page.keyboard.press("Tab")
    page.keyboard.type(PHRASE)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose your second factor")
    button = page.get_by_role("button", name="Use an app")
    for _ in range(20):
        if button.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
        assert page.evaluate(outline) == "solid"
    page.keyboard.press("Enter")
    secret = page.locator("#manual-key").inner_text().replace(" ", "")
    page.get_by_label("Code from your app").focus()
    page.keyboard.type(code_of(secret))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")


def test_a_wrong_password_leads_to_its_field(page: Page, console: ConsoleServer) -> None:
    """The summary names what is wrong, its link leads to the field, the title says that there is an error."""
    page.goto(f"{console.url}/sign-in")
    page.get_by_label("E-mail address").fill("nobody@example.org")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Continue").click()
    assert page.title().startswith("Error:")
    page.get_by_role("link", name="The address or the password is not right.").click()
    expect(page.get_by_label("E-mail address")).to_be_focused()
    expect(page.get_by_label("E-mail address")).to_have_value("nobody@example.org")
    assert_accessible(page)
    keep(page, "console-sign-in-fault")
