"""An alert where there is no markup: exposure logs, e-mail bodies, push, in-app chat, SMS.

Invariants: says what the first screen says, in its order; addresses and numbers appear as text, never as links; a text
for a channel fits that channel or is an error, it is never cut, because half a warning can say the opposite. SMS
carries no link and nothing that a telephone would make one of.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from thinktwice.alerts.prose import plain_text
from thinktwice.alerts.rendered import RenderedAlert
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


def alert_as_text(alert: RenderedAlert) -> str:
    """Return the first screen as text, paragraphs apart by an empty line."""
    parts = [alert.headline]
    for section in alert.first_screen:
        parts.append(plain_text(section.prose))
        if section.kind == "this_withdrawal" and alert.pair is not None:
            parts += [f"{address.label}:\n{address.text}" for address in (alert.pair.known, alert.pair.entered)]
    return "\n\n".join(parts)


def channel_texts(alert: RenderedAlert) -> ChannelTexts:
    """Return the alert for channels without a screen of ours.

    Push and SMS say the headline and what helps most at once: the question to oneself, else what the first section
    says. The amount and the address stay out of them, because others may read a locked telephone.

    Raises:
        InputError: naming each channel whose text does not fit, or the link in an SMS.
    """
    said = {section.kind: plain_text(section.prose) for section in alert.first_screen}
    short = said.get("self_check") or said.get("calling") or said.get("reason") or alert.headline
    sms = f"{alert.headline}. {short}".translate(_SAME)
    texts = ChannelTexts(
        push_title=alert.headline,
        push_body=short,
        chat=alert_as_text(alert),
        sms=sms,
        sms_parts=sms_parts(sms),
    )
    check_channels(texts)
    return texts


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
