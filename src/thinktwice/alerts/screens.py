"""The screen at which an opened alert stands: an alert, a wait, or a withdrawal that cannot be made.

Invariant: a campaign's words help on a screen that waits; they never appear beside a block or where somebody else may
be acting, whatever the reference names.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from thinktwice.alerts.locale import choose_locale
from thinktwice.alerts.render import render_alert, withdrawal_of
from thinktwice.alerts.rendered import RenderedAlert
from thinktwice.alerts.stories import fitting
from thinktwice.alerts.waiting import is_account_matter, render_neutral, with_help
from thinktwice.alerts.words import WORDS
from thinktwice.campaigns.pack import Wording
from thinktwice.contacts.registry import Contacts
from thinktwice.records.alert import OpenAlert


def render_opened(opened: OpenAlert, pack: Wording | None, contacts: Contacts, now: datetime) -> RenderedAlert:
    """Return what the customer sees now; ``pack`` is the one that the reference names, if it names one."""
    reference, facts = opened.reference, opened.facts
    is_neutral = opened.action == "block" or is_account_matter(opened.hold)
    if opened.action not in {"hold", "refer", "block"}:
        if pack is None:
            raise ValueError("an alert has the words of a campaign")
        typologies = fitting(pack.typologies, opened.answers)
        return render_alert(pack, reference, facts, contacts, now, rung=opened.intervention, typologies=typologies)
    helping = None if is_neutral else pack
    offered = tuple(helping.messages) if helping else tuple(WORDS)
    locale = choose_locale(reference.locale, offered)
    neutral = render_neutral(
        replace(reference, locale=locale),
        facts,
        withdrawal_of(facts, locale),
        now,
        action=opened.action,
        rung=opened.intervention,
        hold=opened.hold,
    )
    if helping is None:
        return neutral
    typologies = fitting(helping.typologies, opened.answers)
    shown = replace(reference, is_notice=False)
    return with_help(neutral, render_alert(helping, shown, facts, contacts, now, typologies=typologies))
