"""Is this message real? The page that is reached by typing its address."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

import httpx
import pytest

from tests.support.alert_desk import MemoryDesk, customer_parts
from tests.support.alert_pack import NOW
from tests.support.alert_visit import FORM, Visit
from tests.support.http import ask
from thinktwice.alerts.figures import moment_in
from thinktwice.alerts.locale import place_in
from thinktwice.alerts.words import WORDS
from thinktwice.campaigns.partners import Partner
from thinktwice.errors import UnavailableError
from thinktwice.records.decision import Hold
from thinktwice.web.customer.app import create_customer
from thinktwice.web.customer.desk import JointCampaign

SAID = WORDS["en"].verify


def _check(visit: Visit, code: str, **fields: str) -> httpx.Response:
    return ask(visit.app, "POST", "/verify", body=urlencode({"code": code} | fields).encode(), headers=FORM)


def _shown_code(html: str) -> str:
    found = re.search(r"<b[^>]*>([0-9A-Z]{3}-[0-9A-Z]{5})</b>", html)
    assert found is not None
    return found[1]


def test_the_code_on_an_alert_is_known_for_fifteen_minutes() -> None:
    """What the page shows can be checked; a quarter of an hour later it is unknown."""
    now = NOW
    visit = Visit(parts={"clock": lambda: now})
    code = _shown_code(visit.get())
    assert SAID.genuine.format(operator="Harbour Exchange") in _check(visit, code.lower()).text
    now = NOW + timedelta(minutes=16)
    assert SAID.unknown in _check(visit, code).text


@pytest.mark.parametrize("locale", sorted(WORDS))
def test_the_page_says_until_when_its_code_holds(locale: str) -> None:
    """In the customer's own time, as other times are, in every language; opened again it says a later one."""
    now = NOW
    held = {"action": "hold", "hold": Hold(until=NOW + timedelta(hours=24), reason_class="customer_protection")}
    visit = Visit(parts={"clock": lambda: now}, campaign=None, version=None, rung="hold", state=held)
    for minutes in (0, 20):
        now = NOW + timedelta(minutes=minutes)
        until = moment_in(now + timedelta(minutes=15), locale, "HK")
        said = WORDS[locale].verify.code_text.format(operator="Harbour Exchange", until=until)
        assert said in unescape(visit.get(f"?locale={locale}"))


def test_a_fresh_code_is_read_without_an_event() -> None:
    """What script asks for again, with the token alone: another code, its words, and nothing recorded."""
    now = NOW
    visit = Visit(parts={"clock": lambda: now})
    path = re.search(r'data-view="([^"]+)"', visit.get())
    assert path is not None
    before = visit.desk.types(visit.id)
    now = NOW + timedelta(minutes=20)
    view = ask(visit.app, "GET", unescape(path[1]), key=visit.token).json()
    assert SAID.genuine.format(operator="Harbour Exchange") in _check(visit, view["code"]).text
    assert moment_in(NOW + timedelta(minutes=35), "en", "HK") in view["words"]["code_text"]
    assert visit.desk.types(visit.id) == before == ["delivered"]
    assert ask(visit.app, "GET", unescape(path[1]), key="no-token").status_code == 401


def test_checking_says_nothing_about_the_alert() -> None:
    """Neither whose it is nor what it is about; every wrong code gets the same page."""
    visit = Visit()
    html = _check(visit, _shown_code(visit.get())).text
    assert "USDT" not in html
    assert visit.id not in html
    assert _check(visit, "AAA-AAAAA").text == _check(visit, "nonsense").text


def test_tries_are_limited() -> None:
    """After ten in a minute the page asks to wait, also for a right code."""
    visit = Visit()
    code = _shown_code(visit.get())
    statuses = [_check(visit, "AAA-AAAAA").status_code for _ in range(10)]
    assert set(statuses) == {200}
    limited = _check(visit, code)
    assert limited.status_code == 429
    assert int(limited.headers["retry-after"]) >= 1
    assert SAID.too_many in limited.text


@pytest.mark.parametrize("locale", WORDS)
def test_the_page_says_what_no_caller_asks_for(locale: str) -> None:
    """In every language, with an empty state that says what the absence of a campaign means."""
    html = ask(Visit().app, "GET", f"/verify?locale={locale}").text
    assert WORDS[locale].verify.never in html
    assert WORDS[locale].verify.joint_none in html


def test_approved_campaigns_are_listed() -> None:
    """By partner and place, as whoever publishes them vouches; each named in the reader's language."""
    joint = (JointCampaign("HK", (POLICE,)),)
    app = create_customer(customer_parts(MemoryDesk(), lambda: "event-0001", joint=lambda: joint))
    html = ask(app, "GET", "/verify").text
    assert "Hong Kong SAR China" in html
    assert "Hong Kong Police Force" in html
    assert SAID.joint_none not in html
    chinese = ask(app, "GET", "/verify?locale=zh-Hant").text
    assert "中國香港特別行政區" in chinese
    assert "香港警務處" in chinese


POLICE = Partner(id="hk-police", name="Hong Kong Police Force", names={"zh-Hant": "香港警務處"})
JOINT = (
    JointCampaign("GB", (Partner(id="one", name="City Police"), Partner(id="two", name="Conduct Authority"))),
    JointCampaign("ZZ", (Partner(id="three", name="<b>Think</b> twice"),)),
    JointCampaign("*", (Partner(id="four", name="شرطة"),)),
)


@pytest.mark.parametrize("locale", WORDS)
def test_every_campaign_and_partner_is_listed_apart_from_the_words_around(locale: str) -> None:
    """In each language, in the order given, as text, and each name in its own direction; also beside an answer."""
    app = create_customer(customer_parts(MemoryDesk(), lambda: "event-0001", joint=lambda: JOINT))
    form = urlencode({"code": "AAA-AAAAA", "locale": locale}).encode()
    pages = ask(app, "GET", f"/verify?locale={locale}").text, ask(app, "POST", "/verify", body=form, headers=FORM).text
    for html in pages:
        listed = html.split('id="joint"')[1].split("</ul>")[0]
        items = [re.findall(r"<bdi[^>]*>(.*?)</bdi>", item) for item in listed.split("<li>")[1:]]
        assert items == [
            ["City Police", "Conduct Authority", place_in("GB", locale)],
            ["&lt;b&gt;Think&lt;/b&gt; twice", place_in("ZZ", locale)],
            ["شرطة"],
        ]
        assert WORDS[locale].verify.joint in html
        assert WORDS[locale].verify.joint_none not in html


def test_what_is_withdrawn_is_gone_at_the_next_look() -> None:
    """The list is asked for at each render and kept nowhere, neither here nor in a cache on the way."""
    published = list(JOINT)
    app = create_customer(customer_parts(MemoryDesk(), lambda: "event-0001", joint=lambda: tuple(published)))
    first = ask(app, "GET", "/verify")
    assert "City Police" in first.text
    assert "no-store" in first.headers["cache-control"]
    published.clear()
    again = ask(app, "GET", "/verify").text
    assert "City Police" not in again
    assert SAID.joint_none in again


def test_a_list_that_cannot_be_read_is_not_called_empty() -> None:
    """An outage says so; it never says that a message which names a campaign is not ours."""

    def unreadable() -> tuple[JointCampaign, ...]:
        raise UnavailableError("the database is locked")

    app = create_customer(customer_parts(MemoryDesk(), lambda: "event-0001", joint=unreadable))
    response = ask(app, "GET", "/verify")
    assert response.status_code == 503
    assert SAID.joint_none not in response.text
    assert "locked" not in response.text


def test_a_screen_that_may_be_the_thiefs_shows_no_code() -> None:
    """A code read out by a thief would lend them our name."""
    account = {"action": "refer", "hold": Hold(until=None, reason_class="account_security")}
    assert SAID.code not in Visit(rung="refer", state=account).get()


def test_a_hostile_form_is_refused() -> None:
    """Too many fields or bytes that are no text are our refusal, not a crash."""
    app = Visit().app
    many = "&".join(f"a{number}=1" for number in range(99)).encode()
    for body in (many, b"\xff\xfe"):
        assert ask(app, "POST", "/verify", body=body, headers=FORM).status_code == 422
