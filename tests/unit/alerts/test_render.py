"""Claims about rendered alerts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import msgspec
import pytest

from tests.support.alert_pack import (
    CONTACTS,
    ENGLISH,
    ENTERED_ADDRESS,
    FACTS,
    KNOWN_ADDRESS,
    LOOKALIKE,
    LOOKALIKE_FACTS,
    NOW,
    PACK,
    reference,
)
from thinktwice.alerts.plain import alert_as_text
from thinktwice.alerts.prose import plain_text
from thinktwice.alerts.render import render_alert
from thinktwice.alerts.rendered import RenderedAlert
from thinktwice.alerts.wording.fields import every_text
from thinktwice.alerts.words import WORDS
from thinktwice.contacts.opening import Opening
from thinktwice.contacts.registry import Contacts
from thinktwice.records.vocabulary import Rung


def _render(**changes: object) -> RenderedAlert:
    return render_alert(PACK, reference(**changes), FACTS, CONTACTS, NOW)


def _section(alert: RenderedAlert, kind: str) -> str:
    return next((plain_text(section.prose) for section in alert.first_screen if section.kind == kind), "")


def test_the_first_screen_names_this_withdrawal() -> None:
    """Amount and asset are filled in and the destination's history is told."""
    assert _section(_render(), "this_withdrawal") == (
        "You are sending 12,000\N{NO-BREAK SPACE}USDT to an address you have not paid before. It cannot be reversed."
    )
    facts = msgspec.structs.replace(FACTS, has_paid_before=True)
    again = render_alert(PACK, reference(), facts, CONTACTS, NOW)
    assert "have paid before" in _section(again, "this_withdrawal")


@pytest.mark.parametrize(
    ("arm", "order"),
    [
        ("a", ["this_withdrawal", "story", "self_check", "help"]),
        ("b", ["this_withdrawal", "self_check", "story", "help"]),
        (None, ["this_withdrawal", "story", "self_check", "help"]),
        ("gone", ["this_withdrawal", "story", "self_check", "help"]),
    ],
)
def test_the_arms_journey_orders_the_first_screen(arm: str | None, order: list[str]) -> None:
    """An arm changes the order and nothing else; one that is no longer there tells the story first."""
    alert = _render(arm=arm)
    assert [section.kind for section in alert.first_screen] == order
    assert set(alert.first_screen) == set(_render().first_screen)


def test_nothing_but_words_and_own_facts_can_be_seen() -> None:
    """No campaign, version, arm, title or partner reaches the output (rule 7)."""
    text = msgspec.json.encode(_render(arm="b")).decode().lower()
    for secret in ("secret", "pilot", '"arm"', "audience", "priority", "self_check_first"):
        assert secret not in text


def test_help_names_a_number_that_can_be_dialled() -> None:
    """The number is a tel: link, and its name and hours speak the language."""
    chinese = _render(locale="zh-HK")
    assert _section(chinese, "help").startswith("可致電「防騙易熱線」18222（24 小時）")
    assert b'"tel:18222"' in msgspec.json.encode(chinese)


@pytest.mark.parametrize("now", [datetime(2027, 5, 1, tzinfo=UTC), datetime(2027, 4, 30, 16, 0, tzinfo=UTC)])
def test_an_expired_number_is_never_shown(now: datetime) -> None:
    """From the day of expiry in the customer's country there are plain words and no number."""
    alert = render_alert(PACK, reference(), FACTS, CONTACTS, now)
    assert _section(alert, "help") == ENGLISH.help_without_contact
    assert "18222" not in msgspec.json.encode(alert).decode()


def test_a_jurisdiction_without_contacts_gets_no_number() -> None:
    """No number is borrowed from another country."""
    alert = render_alert(PACK, reference(), FACTS, Contacts({}), NOW)
    assert alert.second_screen.resources == ()
    assert "tel:" not in msgspec.json.encode(alert).decode()


def test_an_unknown_locale_gets_english_and_the_choice_of_others() -> None:
    """The fall-back is English; every language of the pack is offered."""
    alert = _render(locale="fr-FR")
    assert (alert.locale, alert.language) == ("en", "en-HK")
    assert [choice.name for choice in alert.locales] == ["English", "繁體中文"]


@pytest.mark.parametrize(("rung", "has_step"), [("inform", False), ("confirm", True), ("ask", True), (None, True)])
def test_only_inform_goes_on_in_one_step(rung: Rung | None, has_step: bool) -> None:
    """Every other rung has a deliberate second step."""
    alert = render_alert(PACK, reference(), FACTS, CONTACTS, NOW, rung=rung)
    assert (alert.second_step is not None) is has_step


def test_a_notice_offers_no_choice() -> None:
    """Where no screen is looked at there is nothing to choose."""
    alert = _render(is_notice=True)
    assert [section.kind for section in alert.first_screen] == ["notice", "help"]
    assert alert.actions is None
    assert alert.second_step is None


def test_a_lookalike_is_shown_beside_what_it_imitates() -> None:
    """Both addresses in full, the older one with its day in the customer's country."""
    alert = render_alert(LOOKALIKE, reference(campaign="lookalike"), LOOKALIKE_FACTS, CONTACTS, NOW)
    assert alert.pair is not None
    assert (alert.pair.known.text, alert.pair.entered.text) == (KNOWN_ADDRESS, ENTERED_ADDRESS)
    assert alert.pair.known.label == "You paid this address on 3 May 2026"
    assert "3 May 2026" in _section(alert, "this_withdrawal")
    assert "story" not in {section.kind for section in alert.first_screen}
    assert alert.second_step is not None
    assert alert.second_step.typing_prompt is not None


def test_an_ordinary_pack_says_nothing_of_an_imitated_address() -> None:
    """Words about a pair are the look-alike pack's alone."""
    facts = msgspec.structs.replace(FACTS, lookalike=LOOKALIKE_FACTS.lookalike)
    alert = render_alert(PACK, reference(), facts, CONTACTS, NOW)
    assert alert.pair is None
    assert KNOWN_ADDRESS not in msgspec.json.encode(alert).decode()


def test_what_a_pack_has_no_words_for_is_not_said() -> None:
    """Silence is better than an untrue sentence."""
    mute = replace(ENGLISH, this_withdrawal={"first_time": "First time."})
    pack = replace(PACK, messages={"en": mute})
    facts = msgspec.structs.replace(FACTS, has_paid_before=True)
    assert _section(render_alert(pack, reference(), facts, CONTACTS, NOW), "this_withdrawal") == ""


def test_hostile_facts_stay_text() -> None:
    """An asset or memo from outside cannot become markup or turn the text."""
    facts = msgspec.structs.replace(FACTS, asset="**X**\u202e", memo="a\u2066b")
    alert = render_alert(PACK, reference(), facts, CONTACTS, NOW)
    assert "12,000\N{NO-BREAK SPACE}**X** to" in _section(alert, "this_withdrawal")
    assert alert.withdrawal.memo == "ab"


def test_questions_are_handed_on_with_their_answers() -> None:
    """What a pack asks can be asked by a page."""
    alert = _render()
    assert alert.second_step is not None
    assert alert.second_step.questions[0].options[0].text == "My own wallet"


def test_the_same_arguments_give_the_same_bytes() -> None:
    """Rendering is a function."""
    assert msgspec.json.encode(_render()) == msgspec.json.encode(_render())


def test_an_alert_can_be_read_as_plain_text() -> None:
    """The text says what the first screen says, addresses included."""
    alert = render_alert(LOOKALIKE, reference(campaign="lookalike"), LOOKALIKE_FACTS, CONTACTS, NOW)
    text = alert_as_text(alert)
    assert text.startswith("This is not the address you used before\n\n")
    assert f"Entered now:\n{ENTERED_ADDRESS}" in text


@pytest.mark.parametrize("locale", WORDS)
def test_shared_words_never_say_what_must_not_be_said(locale: str) -> None:
    """No blame, no verdict, no promise, no statistics."""
    words = WORDS[locale]
    text = " ".join(every_text(words)).lower()
    for forbidden in ("flagged", "listed", "suspicious", "investigat", "verified", "cleared", "your own risk",
                      "you were warned", "most people", "可疑", "自行承擔", "已核實", "保證"):  # fmt: skip
        assert forbidden not in text


def _with_hours(opening: Opening | None) -> Contacts:
    line = replace(CONTACTS.by_jurisdiction["HK"][0], hours="09:00-17:00", hours_by_locale={}, opening=opening)
    return Contacts({"HK": (line,)})


DAYTIME = Opening("Asia/Hong_Kong", ("mon-sun 09:00-17:00",))


@pytest.mark.parametrize(
    ("opening", "moment", "said", "state"),
    [
        (DAYTIME, datetime(2026, 11, 23, 8, 59, tzinfo=UTC), "09:00-17:00, open now", "open"),  # 16:59 in Hong Kong
        (DAYTIME, datetime(2026, 11, 23, 9, 0, tzinfo=UTC), "09:00-17:00, closed now", "closed"),
        (replace(DAYTIME, holds_on_holidays=False), datetime(2026, 11, 23, 8, 0, tzinfo=UTC), "09:00-17:00", None),
        (None, datetime(2026, 11, 23, 8, 0, tzinfo=UTC), "09:00-17:00", None),
    ],
)
def test_a_contact_says_whether_somebody_answers_now(
    opening: Opening | None, moment: datetime, said: str, state: str | None
) -> None:
    """At the time of rendering and in the contact's own zone; where it is not known nothing is said of it."""
    alert = render_alert(PACK, reference(), FACTS, _with_hours(opening), moment)
    (resource,) = alert.second_screen.resources
    assert (resource.hours, resource.open_state) == (said, state)
    assert f", {said}." in _section(alert, "help")


def test_a_line_that_never_closes_says_so_once_on_the_first_screen() -> None:
    """The list has room for *open now*; the first screen says its hours."""
    alert = render_alert(PACK, reference(), FACTS, _with_hours(Opening()), NOW)
    assert alert.second_screen.resources[0].hours == "09:00-17:00, open now"
    assert "open now" not in _section(alert, "help")


def test_every_language_says_open_and_closed() -> None:
    """In its own words, after the hours and also without any."""
    for locale, words in WORDS.items():
        pack = replace(PACK, messages={locale: replace(ENGLISH, locale=locale)})
        for hours in ("09:00-17:00", None):
            contacts = _with_hours(DAYTIME)
            contacts = Contacts({"HK": (replace(contacts.by_jurisdiction["HK"][0], hours=hours),)})
            alert = render_alert(pack, reference(locale=locale), FACTS, contacts, NOW)
            told = alert.second_screen.resources[0].hours
            assert told is not None
            assert told.endswith(words.open_now)
            assert (told == words.open_now) is (hours is None)


def test_a_line_that_is_closed_is_named_after_one_that_answers() -> None:
    """At night the first number on the page is one that somebody picks up."""
    day = replace(CONTACTS.by_jurisdiction["HK"][0], id="day", opening=DAYTIME, phone="18222")
    night = replace(day, id="night", phone="999", opening=Opening())
    contacts = Contacts({"HK": (day, night)})
    for moment, phone in ((NOW, "18222"), (datetime(2026, 11, 23, 20, 0, tzinfo=UTC), "999")):
        assert phone in _section(render_alert(PACK, reference(), FACTS, contacts, moment), "help")
    only = Contacts({"HK": (day,)})
    late = render_alert(PACK, reference(), FACTS, only, datetime(2026, 11, 23, 20, 0, tzinfo=UTC))
    assert "closed now" in _section(late, "help")
