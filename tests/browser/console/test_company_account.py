"""Signing in with the company's own account, in Chromium, with a provider that really runs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import assert_accessible
from tests.browser.console.conftest import complaints
from tests.browser.console.test_signing_in import LIGHT, address, code_of, set_password
from tests.support.console_server import serve_console
from tests.support.identity_provider import running_provider


def say_who(page: Page, subject: str) -> None:
    """Be somebody at the provider."""
    page.locator("input[name=sub]").fill(subject)
    page.locator("button").first.click()


@pytest.mark.parametrize("is_linked", [True, False], ids=["linked", "stranger"])
def test_a_company_account_opens_what_its_owner_linked(browser: Browser, tmp_path: Path, is_linked: bool) -> None:
    """Out to the provider and back under the strict policy: a linked subject goes on, any other opens nothing.

    Once with a secret of the console's at the provider, once without any.
    """
    given: dict[str, Any] = {"oidc_client_id": "console"}
    if is_linked:
        (tmp_path / "secret").write_text("a secret at the provider")
        given["oidc_client_secret_file"] = str(tmp_path / "secret")
    with running_provider() as issuer, serve_console(tmp_path, oidc_issuer=issuer, **given) as console:
        context = LIGHT.context(browser)
        page = context.new_page()
        said = complaints(page)
        set_password(page, console.invite("analyst", email=address()))
        page.get_by_role("button", name="Use an app").click()
        secret = page.locator("#manual-key").inner_text().replace(" ", "")
        page.get_by_label("Code from your app").fill(code_of(secret))
        page.get_by_role("button", name="Use this app").click()
        page.get_by_role("link", name="I have kept them").click()
        if is_linked:
            page.goto(f"{console.url}/account")
            page.get_by_role("link", name="Link a company account").click()
            say_who(page, "nora")
            expect(page.get_by_text("Your company account opens this one from now on.")).to_be_visible()
            assert_accessible(page)
        page.get_by_role("button", name="Sign out").click()
        page.get_by_role("link", name="Sign in with your company account").click()
        say_who(page, "nora")
        if is_linked:
            page.get_by_label("Code from your app").fill(code_of(secret, steps=1))
            page.get_by_role("button", name="Continue").click()
            expect(page.get_by_role("heading", level=1)).to_have_text("Today")
        else:
            expect(page.get_by_role("heading", level=1)).to_have_text("This company account opens nothing here")
            assert_accessible(page)
            assert page.goto(f"{console.url}/")
            expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
        assert [line for line in said if "Content Security Policy" in line] == []
        context.close()
