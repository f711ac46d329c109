"""``<think-twice>`` in a real browser, on an operator's page of another origin whose policy allows nothing unsafe."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Looks, assert_accessible, keep
from tests.browser.element.conftest import PHONE, Opening, recorded, titled, told
from tests.support.alert_desk import arabic_of
from tests.support.alert_pack import CHINESE, ENGLISH, LOOKALIKE, LOOKALIKE_CHINESE, LOOKALIKE_ENGLISH, PACK
from tests.support.customer_server import CustomerServer
from tests.support.operator_site import OperatorSite
from thinktwice.alerts.words import WORDS
from thinktwice.keyring.codes import Codes
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.records.decision import Hold
from thinktwice.records.event import AlertEvent
from thinktwice.records.vocabulary import DWELL_BANDS, VIEWPORTS

MESSAGES = {"en": ENGLISH, "zh-Hant": CHINESE, "ar": arabic_of(PACK.id)}
LOOKALIKES = {"en": LOOKALIKE_ENGLISH, "zh-Hant": LOOKALIKE_CHINESE, "ar": arabic_of(LOOKALIKE.id)}
USUAL = {
    PHONE,
    Looks("zh-Hant", "dark", 1100, has_script=True),
    Looks("ar", "light", 360, has_script=True),
}
"""Each circumstance once; the whole matrix is long evidence."""

ALL = [Looks(*looks, has_script=True) for looks in product(("en", "zh-Hant", "ar"), ("light", "dark"), (360, 1100))]
MATRIX = [pytest.param(looks, id=str(looks), marks=() if looks in USUAL else pytest.mark.prove) for looks in ALL]


def _check(page: Page, looks: Looks, name: str) -> None:
    page.mouse.move(0, 0)
    keep(page, f"element-{name}-{looks}")
    assert page.evaluate("document.documentElement.scrollWidth") <= looks.width
    assert_accessible(page)


@pytest.fixture(params=MATRIX)
def looks(request: pytest.FixtureRequest) -> Looks:
    chosen = request.param
    assert isinstance(chosen, Looks)
    return chosen


def test_stop(opened: Opening, site: OperatorSite, alerts: CustomerServer, looks: Looks) -> None:
    """Who stops is told so, the page is told at once, and each event is recorded once."""
    alert = alerts.alert(locale=looks.locale)
    page = opened(site.page(alert), looks)
    message = MESSAGES[looks.locale]
    titled(page, message.headline)
    expect(page.locator("#plain")).to_be_hidden()
    _check(page, looks, "alert")
    recorded(alerts, alert, "seen")
    page.get_by_role("button", name=message.safe_action).dblclick()
    titled(page, WORDS[looks.locale].cancelled)
    _check(page, looks, "stopped")
    assert told(page) == ["shown", "cancelled"]
    assert recorded(alerts, alert, "cancelled") == ["delivered", "seen", "cancelled"]


def _help(page: Page) -> Page:
    """Say "I think I am being scammed"; return the help page that it opens beside."""
    with page.context.expect_page() as opening:
        page.get_by_role("button", name=WORDS["en"].help.link).click()
    return opening.value


def test_help_first_then_report(opened: Opening, site: OperatorSite, alerts: CustomerServer) -> None:
    """Who fears a scam is helped on the hosted page; a report made there stands here when they come back."""
    alert = alerts.alert()
    page = opened(site.page(alert), PHONE)
    helping = _help(page)
    words = WORDS["en"].help
    expect(helping.get_by_role("heading", level=1)).to_have_text(words.title)
    assert helping.url.startswith(f"{alert[1]}/help?")
    assert helping.evaluate("window.opener === null && document.referrer === ''")
    assert "reported" not in recorded(alerts, alert, "help")
    titled(page, ENGLISH.headline)
    helping.get_by_role("button", name=words.send.format(operator="Harbour Exchange")).click()
    expect(helping.get_by_role("heading", level=1)).to_have_text(WORDS["en"].reported)
    helping.close()
    page.bring_to_front()
    page.evaluate("dispatchEvent(new Event('focus'))")
    titled(page, WORDS["en"].reported)
    _check(page, PHONE, "reported-on-the-help-page")
    assert page.evaluate("document.querySelector('think-twice').choice") == "reported"
    page.evaluate("dispatchEvent(new Event('focus'))")
    assert told(page) == ["shown", "help", "reported"]
    types = [kind for kind in recorded(alerts, alert, "reported") if kind != "seen"]
    assert types == ["delivered", "help", "reported"]


def test_a_stop_that_comes_too_late_is_not_confirmed(
    opened: Opening, site: OperatorSite, alerts: CustomerServer, looks: Looks
) -> None:
    """The money left while the alert was open: the element says so as soon as it knows, and so after a reload."""
    alert = alerts.alert(locale=looks.locale)
    page = opened(site.page(alert), looks)
    words = WORDS[looks.locale]
    titled(page, MESSAGES[looks.locale].headline)
    alerts.desk.left.add(alert[0])
    page.get_by_role("button", name=MESSAGES[looks.locale].safe_action).click()
    for _ in range(2):
        titled(page, words.waiting.sent_headline)
        expect(page.get_by_role("button", name=MESSAGES[looks.locale].safe_action)).to_have_count(0)
        expect(page.get_by_role("button", name=words.waiting.cancel)).to_have_count(0)
        expect(page.get_by_role("button", name=words.help.link)).to_be_visible()
        _check(page, looks, "sent")
        page.reload()
    assert recorded(alerts, alert, "cancelled").count("cancelled") == 1


def test_after_the_wait_nothing_is_waited_for(opened: Opening, site: OperatorSite, alerts: CustomerServer) -> None:
    """Who asked that a person looks is not told to wait for it once the hold is over."""
    held = Hold(until=datetime.now(UTC) - timedelta(hours=1), reason_class="customer_protection")
    alert = alerts.alert(rung="hold", state={"action": "hold", "hold": held})
    asked = AlertEvent(event_id="asked-0001", type="help", occurred_at=datetime.now(UTC), detail={"about": "appeal"})
    alerts.desk.events[alert[0]].append(asked)
    page = opened(site.page(alert))
    said = WORDS["en"].waiting
    titled(page, said.over_headline)
    expect(page.get_by_text(said.appeal_done)).to_have_count(0)
    assert page.locator("think-twice .fault").count() == 0


def test_help_without_a_report_changes_nothing(opened: Opening, site: OperatorSite, alerts: CustomerServer) -> None:
    """Help can be opened again and is recorded once; coming back without a report leaves everything open."""
    alert = alerts.alert()
    page = opened(site.page(alert))
    for _ in range(2):
        _help(page).close()
        page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    titled(page, ENGLISH.headline)
    assert recorded(alerts, alert, "help").count("help") == 1
    page.reload()
    titled(page, ENGLISH.headline)
    _help(page)
    assert alerts.desk.types(alert[0]).count("help") == 1
    assert told(page) == ["shown"]


def test_who_stopped_may_say_how_they_were_contacted(
    opened: Opening, site: OperatorSite, alerts: CustomerServer
) -> None:
    """After stopping, the one optional question is a press away, on the hosted page."""
    alert = alerts.alert()
    page = opened(site.page(alert))
    page.get_by_role("button", name=ENGLISH.safe_action).click()
    recorded(alerts, alert, "cancelled")
    with page.context.expect_page() as opening:
        page.get_by_role("button", name=WORDS["en"].help.how).click()
    expect(opening.value.get_by_role("group")).to_contain_text(WORDS["en"].help.how)


def test_signs_and_help(opened: Opening, site: OperatorSite, alerts: CustomerServer, looks: Looks) -> None:
    """The signs are a review; from there the help page opens as well, and one can still stop."""
    alert = alerts.alert(locale=looks.locale)
    page = opened(site.page(alert), looks)
    message = MESSAGES[looks.locale]
    words = WORDS[looks.locale]
    for _ in range(2):
        page.get_by_role("button", name=message.learn_more).click()
        titled(page, words.second_screen)
        page.get_by_role("button", name=words.back, exact=True).click()
    page.get_by_role("button", name=message.learn_more).click()
    _check(page, looks, "signs")
    with page.context.expect_page() as opening:
        page.get_by_role("button", name=words.help.link).click()
    expect(opening.value.get_by_role("heading", level=1)).to_have_text(words.help.title)
    page.get_by_role("button", name=message.safe_action).click()
    titled(page, words.cancelled)
    expect(page.get_by_text(message.cancelled)).to_be_visible()
    assert told(page) == ["shown", "reviewed", "help", "cancelled"]
    types = [kind for kind in recorded(alerts, alert, "cancelled") if kind != "seen"]
    assert types == ["delivered", "reviewed", "help", "cancelled"]


def test_go_on(opened: Opening, site: OperatorSite, alerts: CustomerServer, looks: Looks) -> None:
    """Going on takes a second step, keeps the answers, and is told once it is recorded."""
    alert = alerts.alert(locale=looks.locale)
    page = opened(site.page(alert), looks)
    message = MESSAGES[looks.locale]
    page.get_by_role("button", name=message.go_on, exact=True).click()
    titled(page, WORDS[looks.locale].second_step)
    page.get_by_role("radio", name=message.questions[0].options[0][1]).check()
    _check(page, looks, "second-step")
    page.get_by_role("button", name=message.second_step_go_on).dblclick()
    titled(page, WORDS[looks.locale].continued)
    _check(page, looks, "continued")
    assert told(page) == ["shown", "continued"]
    events = [event for event in alerts.desk.events[alert[0]] if event.type != "seen"]
    assert [event.type for event in events] == ["delivered", "answered", "continued"]
    question = message.questions[0]
    assert events[1].detail[question.id] == question.options[0][0]
    assert events[2].detail["viewport"] == ("narrow" if looks.width < 480 else "wide")


@pytest.mark.parametrize(("width", "viewport"), [(479, "narrow"), (480, "medium"), (1023, "medium"), (1024, "wide")])
def test_exposure_is_told_in_the_words_of_the_contract(
    opened: Opening, site: OperatorSite, alerts: CustomerServer, width: int, viewport: str
) -> None:
    """Room and dwell come in the closed words that the server keeps; anything else it would drop."""
    alert = alerts.alert()
    opened(site.page(alert), Looks("en", "light", width, has_script=True))
    recorded(alerts, alert, "seen")
    (seen,) = [event for event in alerts.desk.events[alert[0]] if event.type == "seen"]
    assert seen.detail["viewport"] == viewport
    assert viewport in VIEWPORTS
    assert seen.detail["dwell"] in DWELL_BANDS


def test_lookalike(opened: Opening, site: OperatorSite, alerts: CustomerServer, looks: Looks) -> None:
    """The older address's characters are refused with the reason; those of the one entered go on."""
    alert = alerts.alert(locale=looks.locale, campaign="lookalike")
    page = opened(site.page(alert), looks)
    message, words = LOOKALIKES[looks.locale], WORDS[looks.locale]
    titled(page, message.headline)
    _check(page, looks, "lookalike")
    page.get_by_role("button", name=message.go_on, exact=True).click()
    _check(page, looks, "lookalike-second-step")
    page.get_by_role("button", name=message.second_step_go_on).click()
    expect(page.get_by_role("alert")).to_contain_text(words.typing_missing.format(count=4))
    typed = page.get_by_role("textbox")
    expect(typed).to_be_focused()
    typed.fill("e86e")
    typed.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text(words.typing_differs)
    expect(typed).to_have_value("e86e")
    _check(page, looks, "lookalike-refused")
    typed.fill("6616")
    typed.press("Enter")
    titled(page, words.continued)
    (continued,) = [event for event in alerts.desk.events[alert[0]] if event.type == "continued"]
    assert continued.detail["check"] == "typed"
    assert "marked" not in continued.detail


def test_lookalike_read_back(opened: Opening, site: OperatorSite, alerts: CustomerServer) -> None:
    """Who cannot type states that the characters were compared."""
    alert = alerts.alert(campaign="lookalike")
    page = opened(site.page(alert))
    page.get_by_role("button", name=LOOKALIKE_ENGLISH.go_on, exact=True).click()
    page.get_by_text(WORDS["en"].cannot_type).click()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name=LOOKALIKE_ENGLISH.second_step_go_on).click()
    titled(page, WORDS["en"].continued)
    (continued,) = [event for event in alerts.desk.events[alert[0]] if event.type == "continued"]
    assert continued.detail["check"] == "read_back"


def test_inform_is_one_tap(opened: Opening, site: OperatorSite, alerts: CustomerServer) -> None:
    """On the lowest rung one tap goes on."""
    alert = alerts.alert(rung="inform")
    page = opened(site.page(alert))
    page.get_by_role("button", name=ENGLISH.go_on, exact=True).click()
    titled(page, WORDS["en"].continued)
    assert told(page) == ["shown", "continued"]


def _answer(page: Page, looks: Looks, question: str, option: str) -> None:
    words = WORDS[looks.locale].ask
    expect(page.get_by_role("group", name=words.questions[question].text)).to_be_visible()
    page.get_by_role("radio", name=words.questions[question].options.get(option, words.not_sure), exact=True).check()
    page.get_by_role("button", name=words.next).click()


def test_ask(opened: Opening, site: OperatorSite, alerts: CustomerServer, looks: Looks) -> None:
    """Questions come one at a time before the second step, an answer can spare one, and all are recorded at once."""
    alert = alerts.alert(locale=looks.locale, rung="ask")
    page = opened(site.page(alert), looks)
    message, words = MESSAGES[looks.locale], WORDS[looks.locale]
    page.get_by_role("button", name=message.go_on, exact=True).click()
    titled(page, words.ask.title)
    _check(page, looks, "question")
    page.get_by_role("button", name=words.ask.next).click()
    expect(page.get_by_role("alert")).to_contain_text(words.ask.missing)
    _answer(page, looks, "origin", "own_wallet")
    _answer(page, looks, "on_call", "no")
    _answer(page, looks, "coached", "not_sure")
    titled(page, words.second_step)
    _check(page, looks, "ask-second-step")
    page.get_by_role("button", name=message.second_step_go_on).click()
    titled(page, words.continued)
    events = [event for event in alerts.desk.events[alert[0]] if event.type != "seen"]
    assert [event.type for event in events] == ["delivered", "answered", "continued"]
    answers = {"origin": "own_wallet", "on_call": "no", "coached": "not_sure"}
    assert answers.items() <= events[1].detail.items()


def test_a_shared_screen_is_asked_nothing(opened: Opening, site: OperatorSite, alerts: CustomerServer) -> None:
    """Who may be sharing the screen is asked to end that, and does not go on from here."""
    page = opened(site.page(alerts.alert(rung="ask", state={"must_end_sharing": True})), PHONE)
    page.get_by_role("button", name=ENGLISH.go_on, exact=True).click()
    titled(page, WORDS["en"].ask.sharing_headline)
    expect(page.get_by_role("radio")).to_have_count(0)
    expect(page.get_by_role("button", name=ENGLISH.second_step_go_on)).to_have_count(0)
    _check(page, PHONE, "sharing")


def _hold(hours: int) -> dict[str, object]:
    until = datetime.now(UTC) + timedelta(hours=hours)
    return {"action": "hold", "hold": Hold(until=until, reason_class="customer_protection")}


def test_a_hold_waits(opened: Opening, site: OperatorSite, alerts: CustomerServer, looks: Looks) -> None:
    """A hold says until when, offers help and the way out, and nobody goes on from it."""
    alert = alerts.alert(locale=looks.locale, rung="hold", state=_hold(24))
    page = opened(site.page(alert), looks)
    words = WORDS[looks.locale]
    titled(page, words.waiting.hold_headline)
    _check(page, looks, "hold")
    expect(page.get_by_role("button", name=MESSAGES[looks.locale].go_on, exact=True)).to_have_count(0)
    page.get_by_role("button", name=words.waiting.call_me).click()
    expect(page.get_by_text(words.waiting.call_me_done)).to_be_visible()
    page.get_by_role("button", name=words.waiting.appeal).click()
    expect(page.get_by_text(words.waiting.appeal_done)).to_be_visible()
    _check(page, looks, "hold-asked")
    page.get_by_role("button", name=words.waiting.cancel).click()
    titled(page, words.cancelled)
    recorded(alerts, alert, "cancelled")
    events = [event for event in alerts.desk.events[alert[0]] if event.type != "seen"]
    assert [event.type for event in events] == ["delivered", "help", "help", "cancelled"]
    assert [event.detail["about"] for event in events[1:3]] == ["call_me", "appeal"]


@pytest.mark.parametrize("standing", ["over", "released", "lapsed", "ended"])
@pytest.mark.parametrize("locale", ["en", "ar"])
def test_what_became_of_a_wait(
    opened: Opening, site: OperatorSite, alerts: CustomerServer, standing: str, locale: str
) -> None:
    """Where nothing waits any more the element says what became of it, offers no way on, and stopping while it can."""
    state = (_hold(24) if standing != "lapsed" else {}) | {"standing": standing}
    looks = Looks(locale, "light", 360, has_script=True)
    page = opened(site.page(alerts.alert(locale=locale, rung="hold", state=state)), looks)
    words = WORDS[locale].waiting
    titled(page, getattr(words, f"{standing}_headline"))
    expect(page.get_by_role("button", name=words.cancel)).to_have_count(0 if standing == "ended" else 1)
    expect(page.get_by_role("button", name=MESSAGES[locale].go_on, exact=True)).to_have_count(0)
    expect(page.get_by_role("button", name=words.appeal)).to_have_count(0)
    _check(page, looks, standing)


def test_a_referral_shows_the_callers_code(opened: Opening, site: OperatorSite, alerts: CustomerServer) -> None:
    """While a person calls, the element shows the code that the caller names."""
    hold = Hold(until=None, reason_class="customer_protection")
    alert = alerts.alert(rung="refer", state={"action": "refer", "hold": hold})
    page = opened(site.page(alert), PHONE)
    titled(page, WORDS["en"].waiting.refer_headline)
    code = Codes(TEST_KEYRING.token).of_call(alert[0])
    expect(page.get_by_text(code)).to_be_visible()
    _check(page, PHONE, "refer")


def test_a_block_is_neutral(opened: Opening, site: OperatorSite, alerts: CustomerServer) -> None:
    """Beside a block there is nothing to choose, no story and no number."""
    page = opened(site.page(alerts.alert(rung=None, state={"action": "block"})), PHONE)
    titled(page, WORDS["en"].waiting.block_headline)
    expect(page.locator("think-twice .actions button")).to_have_count(0)
    expect(page.locator("think-twice .frame a")).to_have_count(0)
    _check(page, PHONE, "block")


def test_language_switch(opened: Opening, site: OperatorSite, alerts: CustomerServer) -> None:
    """The other language changes the words and the lang attribute; focus stays where it was."""
    page = opened(site.page(alerts.alert()))
    page.get_by_role("button", name="繁體中文").click()
    titled(page, CHINESE.headline)
    expect(page.locator("think-twice section")).to_have_attribute("lang", "zh-Hant-HK")
    expect(page.get_by_role("button", name="繁體中文")).to_be_focused()
    assert told(page) == ["shown"]


def test_the_operator_can_say_that_it_was_changed(opened: Opening, site: OperatorSite, alerts: CustomerServer) -> None:
    """``change()`` is recorded and told once; no detail of an event names more than the alert."""
    alert = alerts.alert()
    page = opened(site.page(alert))
    titled(page, ENGLISH.headline)
    page.evaluate("element => { element.change(); element.change(); }", page.query_selector("think-twice"))
    assert page.evaluate("told") == [
        {"type": "shown", "detail": {"alertId": alert[0], "locale": "en", "choice": None}},
        {"type": "changed", "detail": {"alertId": alert[0], "locale": "en", "choice": "changed"}},
    ]


def test_calling_the_helpline_is_help(opened: Opening, site: OperatorSite, alerts: CustomerServer) -> None:
    """Choosing the number is recorded once, however often it is chosen."""
    alert = alerts.alert()
    page = opened(site.page(alert))
    for _ in range(2):
        page.get_by_role("link", name="18222").click()
    recorded(alerts, alert, "help")
    assert told(page) == ["shown", "help"]
    assert alerts.desk.types(alert[0]).count("help") == 1


def test_simplified_chinese_has_faces_of_its_own(opened: Opening, site: OperatorSite, alerts: CustomerServer) -> None:
    """Shared code points are drawn as the reader's script draws them; every other language keeps the usual faces."""
    page = opened(site.page(alerts.alert(locale="zh-Hant")), PHONE)
    titled(page, CHINESE.headline)
    faces = """tag => {
      const frame = document.querySelector("think-twice").shadowRoot.querySelector(".frame");
      frame.lang = tag;
      return getComputedStyle(frame).fontFamily;
    }"""
    found = {tag: page.evaluate(faces, tag) for tag in ("zh-Hans-SG", "zh-Hant-HK", "en")}
    assert "PingFang SC" in found["zh-Hans-SG"]
    assert "PingFang HK" not in found["zh-Hans-SG"]
    assert "PingFang HK" in found["zh-Hant-HK"]
    assert found["zh-Hant-HK"] == found["en"]
