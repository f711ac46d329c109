"""What is said where a withdrawal waits or cannot be made."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from tests.support.alert_pack import CONTACTS, FACTS, NOW, PACK, reference
from thinktwice.alerts.plain import channel_texts
from thinktwice.alerts.prose import plain_text
from thinktwice.alerts.rendered import RenderedAlert
from thinktwice.alerts.screens import render_opened
from thinktwice.alerts.words import WORDS
from thinktwice.records.alert import OpenAlert
from thinktwice.records.decision import Hold

UNTIL = NOW + timedelta(hours=24)
PROTECTING = Hold(until=UNTIL, reason_class="customer_protection", appeal="in_app")
ACCOUNT = Hold(until=None, reason_class="account_security")


def _screen(pack: Any = PACK, now: Any = NOW, locale: str = "en", **state: Any) -> RenderedAlert:
    usual: dict[str, Any] = {"action": "hold", "hold": PROTECTING, "intervention": "hold"}
    opened = OpenAlert(decision_id="d-1", reference=reference(locale=locale), facts=FACTS, **(usual | state))
    return render_opened(opened, pack, CONTACTS, now)


def _text(alert: RenderedAlert) -> str:
    return "\n".join([alert.headline, *(plain_text(section.prose) for section in alert.first_screen)])


@pytest.mark.parametrize(
    ("locale", "end"),
    [("en", "24 November 2026, 10:00 (Hong Kong Time)"), ("zh-Hant", "2026年11月24日 10:00 (香港時間)")],
)
def test_a_hold_says_until_when_in_the_customers_own_time(locale: str, end: str) -> None:
    """The end carries its zone; then why, what to do meanwhile, and whom to call."""
    alert = _screen(locale=locale)
    assert end in _text(alert)
    assert [section.kind for section in alert.first_screen] == [
        "waiting", "reason", "meanwhile", "story", "self_check", "help"
    ]  # fmt: skip
    assert alert.actions is not None
    assert (alert.actions.safe, alert.actions.go_on) == (WORDS[locale].waiting.cancel, None)
    assert alert.second_step is None
    assert (alert.exits.appeal, alert.exits.call_me) == (WORDS[locale].waiting.appeal, WORDS[locale].waiting.call_me)


def test_at_its_end_a_hold_says_that_nothing_was_sent() -> None:
    """The customer starts again and is asked again (rule 5)."""
    alert = _screen(now=UNTIL)
    assert alert.waiting is not None
    assert alert.waiting.is_over
    assert "nothing was sent" in _text(alert)
    assert alert.actions is not None
    assert alert.actions.go_on is None


def test_a_call_is_announced_with_the_callers_code() -> None:
    """A person speaks with the customer, who can tell a genuine caller by the code; no story is told."""
    alert = _screen(action="refer", intervention="refer", hold=Hold(until=None, reason_class="customer_protection"))
    assert alert.waiting is not None
    assert alert.waiting.has_call
    assert [section.kind for section in alert.first_screen] == ["waiting", "calling", "reason", "help"]


@pytest.mark.parametrize(("action", "hold"), [("refer", ACCOUNT), ("hold", ACCOUNT), ("block", None)])
@pytest.mark.parametrize("locale", WORDS)
def test_a_neutral_screen_says_nothing_more(action: str, hold: Hold | None, locale: str) -> None:
    """No story, sign, contact, number, question or way on, even where the reference names a campaign."""
    alert = _screen(action=action, hold=hold, intervention=None, locale=locale)
    assert {section.kind for section in alert.first_screen} <= {"waiting", "reason"}
    assert (alert.second_screen.signs, alert.second_screen.resources, alert.second_screen.tips) == ((), (), ())
    assert (alert.second_screen.attribution, alert.second_step, alert.pair) == ((), None, None)
    assert (alert.exits.call_me, alert.exits.appeal, alert.exits.scammed) == (None, None, None)
    assert alert.waiting is None or not alert.waiting.has_call
    assert (alert.actions is None) is (action == "block")
    assert alert == _screen(None, action=action, hold=hold, intervention=None, locale=locale)


@pytest.mark.parametrize("locale", WORDS)
def test_money_that_has_left_is_said_to_have_left(locale: str) -> None:
    """Headline, the fact, what to do, whom to call; nothing to stop, and no story for who has decided already."""
    pack, said = (PACK if locale in PACK.messages else None), WORDS[locale]
    alert = _screen(pack, action="alert", hold=None, intervention="confirm", standing="sent", locale=locale)
    assert (alert.headline, alert.actions) == (said.waiting.sent_headline, None)
    assert [section.kind for section in alert.first_screen] == ["waiting", "meanwhile", *(["help"] if pack else [])]
    assert "12" in _text(alert)
    assert not set("{}[]*_") & set(_text(alert))
    assert (alert.exits.scammed, alert.exits.call_me, alert.exits.appeal) == (said.help.link, None, None)
    assert said.waiting.stopped not in "".join(plain_text(part) for part in msgspec.structs.astuple(alert.after_choice))
    channel_texts(alert)


def test_where_somebody_else_may_be_acting_it_is_said_without_help() -> None:
    """The screen may be the thief's: that it left, as the account shows, and nothing more."""
    alert = _screen(action="refer", hold=ACCOUNT, intervention="refer", standing="sent")
    assert [section.kind for section in alert.first_screen] == ["waiting"]
    assert (alert.exits.scammed, alert.second_screen.resources) == (None, ())


@pytest.mark.parametrize("locale", WORDS)
@pytest.mark.parametrize("action", ["hold", "refer", "block"])
def test_no_text_stays_unfilled(locale: str, action: str) -> None:
    """Braces and Markdown never reach a customer, in any language, with and without a campaign's words."""
    for pack in (None, PACK):
        for hold in (None, PROTECTING, ACCOUNT, Hold(until=None, reason_class="customer_protection")):
            text = _text(_screen(pack, action=action, hold=hold, intervention=action, locale=locale))
            assert not set("{}[]*_") & set(text), text
