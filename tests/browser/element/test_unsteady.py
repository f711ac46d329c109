"""``<think-twice>`` where something goes wrong: the network, a reload, another tab, a wrong token, no script."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Request, Route, expect

from tests.browser.conftest import Looks
from tests.browser.element.conftest import Opening, recorded, titled, told
from tests.support.alert_pack import ENGLISH
from tests.support.customer_server import CustomerServer
from tests.support.operator_site import OperatorSite
from thinktwice.alerts.words import WORDS


def test_a_reload_repeats_nothing(opened: Opening, site: OperatorSite, alerts: CustomerServer) -> None:
    """Loaded again, the element shows the choice that stands and records nothing twice."""
    alert = alerts.alert()
    page = opened(site.page(alert))
    recorded(alerts, alert, "seen")
    page.get_by_role("button", name=ENGLISH.safe_action).click()
    titled(page, WORDS["en"].cancelled)
    recorded(alerts, alert, "cancelled")
    page.reload()
    titled(page, WORDS["en"].cancelled)
    page.wait_for_timeout(1300)
    assert told(page) == ["shown"]
    assert alerts.desk.types(alert[0]) == ["delivered", "seen", "cancelled"]


def test_leaving_at_once_is_not_seen(opened: Opening, site: OperatorSite, alerts: CustomerServer) -> None:
    """Seen means visible for a second: not below the fold, not when the page is left before."""
    alert = alerts.alert()
    page = opened(site.page(alert, css="#before { margin-block-end: 3000px }"))
    expect(page.get_by_role("heading", level=2)).to_have_count(1)
    page.wait_for_timeout(1500)
    assert alerts.desk.types(alert[0]) == ["delivered"]
    page.get_by_role("heading", level=2).scroll_into_view_if_needed()
    page.wait_for_timeout(400)
    assert alerts.desk.types(alert[0]) == ["delivered"]
    assert recorded(alerts, alert, "seen") == ["delivered", "seen"]


def test_a_lost_answer_counts_once(opened: Opening, site: OperatorSite, alerts: CustomerServer) -> None:
    """When the answer to going on is lost after it was recorded, the repetition carries the same id."""
    alert = alerts.alert()
    page = opened(site.page(alert))
    lost: list[Request] = []

    def lose_the_first(route: Route, request: Request) -> None:
        if "continued" in (request.post_data or "") and not lost:
            lost.append(request)
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/events", lose_the_first)
    page.get_by_role("button", name=ENGLISH.go_on, exact=True).click()
    page.get_by_role("button", name=ENGLISH.second_step_go_on).click()
    titled(page, WORDS["en"].continued)
    assert len(lost) == 1
    assert alerts.desk.types(alert[0]).count("continued") == 1
    assert told(page) == ["shown", "continued"]


def test_an_outage_lowers_nothing(opened: Opening, site: OperatorSite, alerts: CustomerServer) -> None:
    """When nothing can be recorded nobody goes on, and stopping is told all the same."""
    alert = alerts.alert()
    page = opened(site.page(alert))
    titled(page, ENGLISH.headline)
    recorded(alerts, alert, "delivered")
    page.route("**/events", lambda route: route.abort())
    page.get_by_role("button", name=ENGLISH.go_on, exact=True).click()
    page.get_by_role("button", name=ENGLISH.second_step_go_on).click()
    expect(page.get_by_role("alert")).to_contain_text(WORDS["en"].away)
    page.get_by_role("button", name=ENGLISH.safe_action).click()
    titled(page, WORDS["en"].cancelled)
    assert told(page) == ["shown", "cancelled"]
    page.unroute("**/events")
    page.wait_for_timeout(1000)
    assert "continued" not in recorded(alerts, alert, "cancelled")


def test_another_choice_elsewhere_stands(opened: Opening, site: OperatorSite, alerts: CustomerServer) -> None:
    """Who stopped in another window cannot go on in this one."""
    alert = alerts.alert()
    first, second = opened(site.page(alert)), opened(site.page(alert))
    second.get_by_role("button", name=ENGLISH.go_on, exact=True).click()
    first.get_by_role("button", name=ENGLISH.safe_action).click()
    titled(first, WORDS["en"].cancelled)
    recorded(alerts, alert, "cancelled")
    second.get_by_role("button", name=ENGLISH.second_step_go_on).click()
    titled(second, WORDS["en"].cancelled)
    assert told(second) == ["shown", "cancelled"]
    assert "continued" not in alerts.desk.types(alert[0])


@pytest.mark.parametrize("attributes", ['token="nonsense"', 'api="http://127.0.0.1:9"'])
def test_the_server_text_stays(opened: Opening, site: OperatorSite, alerts: CustomerServer, attributes: str) -> None:
    """Where the alert cannot be had, what the operator's server wrote stays readable and usable."""
    alert = alerts.alert()
    name = attributes.partition("=")[0]
    url = site.page(alert)
    media_type, content, headers = site.served[url.removeprefix(site.url)]
    policy = headers["content-security-policy"].replace("connect-src", "connect-src http://127.0.0.1:9")
    broken = content.decode().replace(f" {name}=", f" {attributes} data-was=")
    page = opened(site.put(f"/broken/{name}", broken, "text/html", content_security_policy=policy))
    page.wait_for_timeout(500)
    expect(page.locator("#plain")).to_be_visible()
    expect(page.get_by_role("link", name="Read the message")).to_be_visible()
    assert told(page) == []
    assert media_type.startswith("text/html")


def test_without_script(opened: Opening, site: OperatorSite, alerts: CustomerServer) -> None:
    """Without script the server's text leads to the hosted page."""
    page = opened(site.page(alerts.alert()), Looks("en", "light", 360, has_script=False))
    page.get_by_role("link", name="Read the message").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(ENGLISH.headline)


def test_the_token_travels_in_one_header_only(opened: Opening, site: OperatorSite, alerts: CustomerServer) -> None:
    """Neither an address, nor a referrer, nor a body carries the token; no third party is asked for anything."""
    alert = alerts.alert()
    token = alert[1].rpartition("/")[2]
    page = opened("about:blank")
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request))  # noqa: PLW0108  (a built-in method takes no mark)
    page.goto(site.page(alert))
    page.get_by_role("button", name=ENGLISH.safe_action).click()
    page.wait_for_timeout(300)
    calls = [request for request in requests if request.url.startswith(alerts.url)]
    assert len(calls) >= 3
    assert all(token not in request.url + (request.post_data or "") for request in requests)
    assert all("referer" not in request.all_headers() and "cookie" not in request.all_headers() for request in calls)
    assert all(request.url.startswith((alerts.url, site.url)) for request in requests)
    bodies = [json.loads(request.post_data) for request in calls if request.post_data]
    ids = [event["event_id"] for body in bodies for event in body["events"]]
    assert len(ids) == len(set(ids))
