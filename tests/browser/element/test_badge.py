"""A partner's badge in ``<think-twice>``: as on the page, from the server's answer, asked for at each render."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Looks, assert_accessible, keep
from tests.browser.element.conftest import PHONE, Opening
from tests.support.alert_pack import CHINESE, ENGLISH
from tests.support.customer_server import CustomerServer, serve_customer
from tests.support.operator_site import OperatorSite
from tests.support.pictures import square
from thinktwice.alerts.words import WORDS
from thinktwice.campaigns.partners import Partner

MESSAGES = {"en": ENGLISH, "zh-Hant": CHINESE}


POLICE = Partner(id="hk-police", name="Hong Kong Police Force", names={"zh-Hant": "香港警務處"}, logo=square())


@dataclass
class Approval:
    """Whose approval stands."""

    partners: list[Partner] = field(default_factory=list)


@pytest.fixture(scope="module")
def approval() -> Approval:
    return Approval()


@pytest.fixture(scope="module")
def alerts(site: OperatorSite, approval: Approval) -> Iterator[CustomerServer]:
    parts = {
        "embedding_origins": (site.url,),
        "badge": lambda *_: tuple(approval.partners),
        "logo": lambda mark: POLICE.logo if mark == POLICE.mark else None,
    }
    with serve_customer(**parts) as server:
        before, site.alerts = site.alerts, server.url
        yield server
        site.alerts = before


@pytest.mark.parametrize("looks", [PHONE, Looks("zh-Hant", "dark", 1100, has_script=True)], ids=str)
def test_it_stands_as_on_the_page_and_goes_with_the_approval(
    opened: Opening, site: OperatorSite, alerts: CustomerServer, approval: Approval, looks: Looks
) -> None:
    """Name and logo below the headline, and on no screen the line that the police did not issue this; after a
    withdrawal the next time the first screen is drawn has neither, and from then on every screen has that line.
    """
    approval.partners = [POLICE]
    words = WORDS[looks.locale]
    page = opened(site.page(alerts.alert(locale=looks.locale), images=alerts.url), looks)
    said = words.verify.together.format(partners=POLICE.name_in(looks.locale))
    expect(page.locator("h2 + .badge")).to_have_text(said)
    expect(page.locator(".attribution")).to_have_count(0)
    page.wait_for_function(
        "document.querySelector('think-twice').shadowRoot.querySelector('.badge img').naturalWidth > 0"
    )
    keep(page, f"element-badge-{looks}")
    assert_accessible(page)

    page.get_by_role("button", name=MESSAGES[looks.locale].learn_more).click()
    expect(page.locator(".badge")).to_have_count(0)
    expect(page.locator(".attribution")).to_have_count(0)
    page.get_by_role("button", name=words.back).click()
    expect(page.locator("h2 + .badge")).to_have_text(said)

    approval.partners = []
    page.get_by_role("button", name=MESSAGES[looks.locale].learn_more).click()
    with page.expect_response(lambda answer: "/v1/alerts/" in answer.url and answer.request.method == "GET"):
        page.get_by_role("button", name=words.back).click()
    page.wait_for_timeout(200)
    expect(page.locator(".badge")).to_have_count(0)
    expect(page.locator(".attribution")).not_to_have_count(0)
    page.get_by_role("button", name=MESSAGES[looks.locale].learn_more).click()
    expect(page.locator(".attribution")).not_to_have_count(0)


def test_a_page_that_allows_no_pictures_shows_the_name(
    opened: Opening, site: OperatorSite, alerts: CustomerServer, approval: Approval
) -> None:
    """A partner without a logo, or none at all, needs nothing of the operator's page."""
    approval.partners = [Partner(id="hk-police", name=POLICE.name)]
    page = opened(site.page(alerts.alert()), PHONE)
    expect(page.locator(".badge")).to_have_text(WORDS["en"].verify.together.format(partners=POLICE.name))
    approval.partners = []
    page = opened(site.page(alerts.alert()), PHONE)
    expect(page.get_by_role("heading", level=2)).to_have_text(ENGLISH.headline)
    expect(page.locator(".badge")).to_have_count(0)
