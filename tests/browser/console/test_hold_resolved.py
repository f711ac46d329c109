"""A customer of 74, held for an urgent hospital bill: from the hold to the release by two, over real surfaces."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime

import msgspec
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Looks, assert_accessible, keep
from tests.browser.console.conftest import Device
from tests.browser.console.test_signing_in import code_of, set_password
from tests.support.busy_console import AUDIENCE, BusyConsole, serve_busy
from thinktwice.alerts.words import WORDS

LIGHT = Looks("en", "light", 1280, has_script=True)
PHONE = Looks("en", "light", 360, has_script=False)
SAID = WORDS["en"].waiting
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BusyConsole]:
    with serve_busy(tmp_path_factory.mktemp("hold"), is_demo=False) as made:
        yield made


@pytest.fixture
def customer(browser: Browser) -> Iterator[Page]:
    context = PHONE.context(browser)
    yield context.new_page()
    context.close()


def staff(browser: Browser, site: BusyConsole, role: str, name: str, *, has_passkey: bool) -> tuple[Page, str]:
    """Invite somebody and let them in, with a passkey or with an app; returns the page and the app's secret."""
    page = LIGHT.context(browser).new_page()
    page.set_default_timeout(10_000)
    link = site.console.invite(role, email=f"handler{next(_numbers)}@example.org", name=name)
    secret = ""
    if has_passkey:
        Device(page)
        set_password(page, link)
        page.get_by_role("button", name="Make a passkey").click()
    else:
        set_password(page, link)
        page.get_by_role("button", name="Use an app").click()
        secret = page.locator("#manual-key").inner_text().replace(" ", "")
        page.get_by_label("Code from your app").fill(code_of(secret))
        page.get_by_role("button", name="Use this app").click()
    page.get_by_role("link", name="I have kept them").click()
    return page, secret


def open_alert(page: Page, site: BusyConsole) -> None:
    """Open the customer's page by a link made now, as the exchange's app does."""
    answer = site.client.get(f"/v1/decisions/{site.held['decision_id']}/answer").raise_for_status().json()
    page.goto(f"{site.api.url}/alerts/{answer['alert']['token']}")


def test_age_alone_holds_nobody(site: BusyConsole) -> None:
    """At the same age a small first payment proceeds; a younger customer with the same sum is not held."""
    assert site.held["action"] == "hold"
    same_age = site.decide("w-c1", customer__id="c-e1", customer__age_band="70+", amount="150", fiat_amount="150.00")
    assert same_age["action"] == "proceed"
    younger = site.decide("w-c2", customer__id="c-e2", customer__age_band="30-39")
    assert younger["action"] in {"alert", "proceed"}


def test_the_customer_sees_end_reason_and_appeal(customer: Page, site: BusyConsole) -> None:
    """The page names when it ends, why in a class of reasons, and how a person looks at it; asking for that is kept."""
    open_alert(customer, site)
    expect(customer.get_by_role("heading", level=1)).to_have_text(SAID.hold_headline)
    until = msgspec.json.decode(msgspec.json.encode(site.held["hold"]["until"]), type=datetime)
    assert (until - datetime.now(UTC)).total_seconds() < 24 * 3600
    expect(customer.get_by_text("Nothing leaves before")).to_contain_text("Hong Kong Time")
    expect(customer.get_by_text("to protect customers")).to_be_visible()
    assert "70" not in customer.locator("main").inner_text()
    assert "age" not in customer.locator("main").inner_text().lower().split()
    keep(customer, "hold-74-customer-held")
    customer.get_by_role("button", name=SAID.appeal).click()
    expect(customer.locator("main")).to_contain_text(SAID.appeal_done)
    keep(customer, "hold-74-customer-appealed")


def test_two_handlers_release_it(browser: Browser, customer: Page, site: BusyConsole) -> None:
    """The first calls, notes and proposes; alone they end nothing; the second, with a fresh factor, releases it; the
    customer's page says so; the decision explains the hold by more than age."""
    path = f"{site.url}/interventions/{site.held['decision_id']}"
    first, _ = staff(browser, site, "intervention_handler", "Ines Call", has_passkey=True)
    first.get_by_role("link", name="Interventions").first.click()
    first.get_by_role("link", name="w-hospital-bill").click()
    expect(first.locator("dl.facts").first).to_contain_text("Act by")
    first.get_by_role("button", name="I work on this").click()
    first.get_by_label("Contact attempt").select_option("reached")
    first.get_by_label("How, and what happened").fill("Rang the number on file. The bill is the hospital's own.")
    first.get_by_role("button", name="Note the attempt").click()
    expect(first.get_by_text("The bill is the hospital's own.")).to_be_visible()
    first.get_by_label("Finding").select_option("genuine")
    first.locator("#disposition-text").fill("The hospital confirmed its address on its own line.")
    first.get_by_role("button", name="Note the finding").click()
    first.get_by_label("Propose an early end").check()
    first.locator("#own-reason").fill("An urgent, genuine bill.")
    first.get_by_label("How you reached the customer").fill("The number on file since 2021")
    first.get_by_label("When (UTC)").fill(datetime.now(UTC).strftime("%Y-%m-%dT%H:%M"))
    first.get_by_label("Where it is noted").fill("call 17")
    assert_accessible(first)
    keep(first, "hold-74-first-handler")
    first.get_by_role("button", name="Decide", exact=True).click()
    settled(first, path, "You gave the first word")
    keep(first, "hold-74-proposed")
    assert first.get_by_role("button", name="Agree to end it early").count() == 0
    open_alert(customer, site)
    expect(customer.get_by_role("heading", level=1)).to_have_text(SAID.hold_headline)

    second, secret = staff(browser, site, "intervention_handler", "Noor Second", has_passkey=False)
    second.goto(path)
    expect(second.get_by_text("The bill is the hospital's own.")).to_be_visible()
    second.get_by_label("Why you agree").fill("I read the notes and rang the hospital as well.")
    keep(second, "hold-74-second-handler")
    second.get_by_role("button", name="Agree to end it early").click()
    if second.get_by_label("Code from your app").count():
        second.get_by_label("Code from your app").fill(code_of(secret, steps=1))
        second.get_by_role("button", name="Continue").click()
        second.get_by_label("Why you agree").fill("I read the notes and rang the hospital as well.")
        second.get_by_role("button", name="Agree to end it early").click()
    settled(second, path, "Nothing stands between this customer and this destination any more.")
    assert_accessible(second)
    keep(second, "hold-74-released")

    open_alert(customer, site)
    expect(customer.get_by_role("heading", level=1)).to_have_text(SAID.released_headline)
    expect(customer.locator("main")).to_contain_text("One of us has looked at this")
    keep(customer, "hold-74-customer-released")
    again = site.decide("w-hospital-again", customer__id="c-74", customer__age_band="70+")
    assert again["action"] != "hold"

    second.goto(f"{site.url}/decisions/{site.held['decision_id']}")
    conditions = second.locator("table", has=second.locator("#conditions"))
    assert len(AUDIENCE.split(" AND ")) == 3
    for text in ("NOT is_established_destination", "fiat_amount >= 10000", "age_band = '70+'"):
        expect(conditions.get_by_role("row").filter(has_text=text).last).to_contain_text("True")
    keep(second, "hold-74-explained")
    for page in (first, second):
        page.context.close()


def settled(page: Page, path: str, words: str) -> None:
    """Wait until what was asked for is carried out; it takes a second."""
    for _ in range(50):
        page.goto(path)
        if page.get_by_text(words).count():
            return
        page.wait_for_timeout(100)
    raise AssertionError(page.locator("main").inner_text())
