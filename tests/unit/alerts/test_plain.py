"""Alerts where there is no markup."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from tests.support.alert_desk import shipped
from tests.support.alert_pack import CONTACTS, FACTS, NOW, reference
from thinktwice.alerts.plain import ChannelTexts, channel_texts, check_channels, sms_parts
from thinktwice.alerts.screens import render_opened
from thinktwice.alerts.words import WORDS
from thinktwice.errors import InputError
from thinktwice.records.alert import OpenAlert
from thinktwice.records.decision import Hold

FITTING = ChannelTexts(push_title="Check", push_body="Stop here.", chat="Stop here.", sms="Stop here.", sms_parts=1)


def _texts(campaign: str, locale: str, **state: Any) -> ChannelTexts:
    opened = OpenAlert(
        decision_id="d-1", reference=reference(locale=locale), facts=FACTS, intervention="confirm", **state
    )
    return channel_texts(render_opened(opened, shipped().packs[campaign], CONTACTS, NOW))


@pytest.mark.parametrize("campaign", ["hk-joint-anti-scam", "new-destination"])
@pytest.mark.parametrize(
    "state",
    [
        {},
        {"action": "hold", "hold": Hold(until=NOW, reason_class="customer_protection")},
        {"action": "refer", "hold": Hold(until=None, reason_class="customer_protection")},
        {"action": "refer", "hold": Hold(until=None, reason_class="account_security")},
        {"action": "block"},
        {"standing": "sent"},
    ],
)
def test_every_shipped_alert_fits_every_channel(campaign: str, state: dict[str, Any]) -> None:
    """In each language of the pack; the amount and the address never show on a locked telephone."""
    for locale in shipped().packs[campaign].messages:
        texts = _texts(campaign, locale, **state)
        assert FACTS.address not in texts.push_body + texts.sms
        assert "12,000" not in texts.push_body + texts.sms
        assert texts.sms_parts <= 3


CALLED: dict[str, Any] = {"action": "refer", "hold": Hold(until=None, reason_class="customer_protection")}


@pytest.mark.parametrize("locale", WORDS)
def test_a_text_speaks_of_a_code_below_only_where_there_is_one(locale: str) -> None:
    """The chat shows the caller's code; push and SMS, which others may read, say where to find it."""
    opened = OpenAlert(
        decision_id="d-1", reference=reference(locale=locale), facts=FACTS, intervention="refer", **CALLED
    )
    alert, said = render_opened(opened, None, CONTACTS, NOW), WORDS[locale].waiting
    with_code, without = channel_texts(alert, "1234 5678"), channel_texts(alert)
    assert f"{said.refer_call}\n\n{said.call_code}: 1234 5678" in with_code.chat
    assert said.refer_call_elsewhere in without.chat
    for texts in (with_code, without):
        assert texts.push_body == said.refer_call_elsewhere
        assert "1234" not in texts.push_body + texts.sms
    assert said.refer_call not in without.chat


@pytest.mark.parametrize(
    ("text", "parts"),
    [("a" * 160, 1), ("a" * 161, 2), ("€" * 80, 1), ("€" * 81, 2), ("先" * 70, 1), ("先" * 71, 2), ("😀" * 36, 2)],
)
def test_messages_are_counted_as_they_are_sent(text: str, parts: int) -> None:
    """Seven bits where the alphabet allows, sixteen otherwise; longer texts lose room to their joints."""
    assert sms_parts(text) == parts


@pytest.mark.parametrize("link", ["https://a.example/x", "www.example.com", "go to bank.example now", "see t.me/x"])
def test_an_sms_with_a_link_is_refused(link: str) -> None:
    """Also one that only a telephone would make of it."""
    with pytest.raises(InputError, match="link"):
        check_channels(replace(FITTING, sms=link))


def test_nothing_is_cut() -> None:
    """Each text that does not fit is a fault with its channel and its length."""
    with pytest.raises(InputError) as refused:
        check_channels(replace(FITTING, push_title="x" * 51, push_body="x" * 179, chat="x" * 2001, sms="x" * 500))
    assert [fault.field for fault in refused.value.faults] == ["push_title", "push_body", "chat", "sms"]
