"""An alert where there is no markup: exposure logs, e-mail bodies, push, in-app chat, SMS.

Invariants: says what the first screen says, in its order; addresses and numbers appear as text, never as links; a text
for a channel fits that channel or is an error, it is never cut, because half a warning can say the opposite. SMS
carries no link and nothing that a telephone would make one of. The caller's code stands in the chat alone: others may
read a locked telephone, and would know what a caller has to say.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec
from msgspec.structs import replace

from thinktwice.alerts.prose import plain_text, read_prose
from thinktwice.alerts.rendered import RenderedAlert, Section
from thinktwice.alerts.words import words_for
from thinktwice.errors import InputError, Phrase

PUSH_TITLE: Final = 50
PUSH_BODY: Final = 178
"""Characters that a locked telephone shows of a notification without cutting it."""

CHAT: Final = 2_000
SMS_PARTS: Final = 3
_GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_TWICE: Final = frozenset("^{}\\[~]|€")
"""3GPP TS 23.038: the default alphabet of SMS, and what takes two places in it."""

_LINK: Final = re.compile(
    r"(?i)\b[a-z][a-z0-9+.-]*://|\bwww\.|(?<![\w@.])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?=[/\s:?#]|$)"
)
_SAME: Final = str.maketrans({"\u00a0": " ", "’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "..."})


class ChannelTexts(msgspec.Struct, frozen=True, kw_only=True):
    """One alert as text for each channel; ``sms_parts`` is how many messages the SMS is billed as."""

    push_title: str
    push_body: str
    chat: str
    sms: str
    sms_parts: int


def alert_as_text(alert: RenderedAlert, call_code: str | None = None) -> str:
    """Return the first screen as text, paragraphs apart by an empty line; ``call_code`` is what the caller says."""
    parts = [alert.headline]
    for section in alert.first_screen:
        parts.append(plain_text(section.prose))
        if section.kind == "calling" and call_code is not None:
            parts.append(f"{words_for(alert.locale).waiting.call_code}: {call_code}")
        if section.kind == "this_withdrawal" and alert.pair is not None:
            parts += [f"{address.label}:\n{address.text}" for address in (alert.pair.known, alert.pair.entered)]
    return "\n\n".join(parts)


def channel_texts(alert: RenderedAlert, call_code: str | None = None) -> ChannelTexts:
    """Return the alert for channels without a screen of ours.

    Push and SMS say the headline and what helps most at once: the question to oneself, else what the first section
    says. The amount and the address stay out of them, because others may read a locked telephone. ``call_code`` is what
    the caller says, where a call is announced; a text without it does not speak of a code below.

    Raises:
        InputError: naming each channel whose text does not fit, or the link in an SMS.
    """
    elsewhere = _without_code(alert)
    said = {section.kind: plain_text(section.prose) for section in elsewhere.first_screen}
    short = said.get("self_check") or said.get("calling") or said.get("reason") or alert.headline
    sms = f"{alert.headline}. {short}".translate(_SAME)
    texts = ChannelTexts(
        push_title=alert.headline,
        push_body=short,
        chat=alert_as_text(elsewhere if call_code is None else alert, call_code),
        sms=sms,
        sms_parts=sms_parts(sms),
    )
    check_channels(texts)
    return texts


def _without_code(alert: RenderedAlert) -> RenderedAlert:
    """Return the alert for where the caller's code is not shown."""
    calling = Section("calling", read_prose(words_for(alert.locale).waiting.refer_call_elsewhere))
    sections = tuple(calling if one.kind == "calling" else one for one in alert.first_screen)
    return replace(alert, first_screen=sections)


def check_channels(texts: ChannelTexts) -> None:
    """Refuse texts that their channel would cut or turn into a link.

    Raises:
        InputError: with every fault, each naming its channel.
    """
    bounds = (("push_title", texts.push_title, PUSH_TITLE), ("push_body", texts.push_body, PUSH_BODY))
    faults = [
        InputError.of(
            Phrase("has %(count)s characters; %(most)s are shown", count=len(text), most=most), field=name
        ).faults[0]
        for name, text, most in (*bounds, ("chat", texts.chat, CHAT))
        if len(text) > most
    ]
    if sms_parts(texts.sms) > SMS_PARTS:
        faults += InputError.of(
            Phrase("takes %(sms)s messages; at most %(sms_parts)s", sms=sms_parts(texts.sms), sms_parts=SMS_PARTS),
            field="sms",
        ).faults
    link = _LINK.search(texts.sms)
    if link is not None:
        faults += InputError.of(
            Phrase("holds %(group)s, of which a telephone makes a link", group=repr(link.group(0))), field="sms"
        ).faults
    if faults:
        raise InputError(*faults)


def sms_parts(text: str) -> int:
    """Return how many messages a text is sent as: 160 or 153 places each, 70 or 67 outside the default alphabet."""
    if all(character in _GSM or character in _GSM_TWICE for character in text):
        places, one, several = sum(2 if character in _GSM_TWICE else 1 for character in text), 160, 153
    else:
        places, one, several = len(text.encode("utf-16-le")) // 2, 70, 67
    return 1 if places <= one else -(-places // several)
