"""The screen at which an opened alert stands: an alert, a wait, or a withdrawal that cannot be made.

Invariant: a campaign's words help on a screen that waits; they never appear beside a block or where somebody else may
be acting, whatever the reference names.
"""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from thinktwice.alerts.asking import ask_step
from thinktwice.alerts.locale import choose_locale, own_name
from thinktwice.alerts.render import render_alert, withdrawal_of
from thinktwice.alerts.rendered import LocaleChoice, RenderedAlert
from thinktwice.alerts.stories import fitting
from thinktwice.alerts.waiting import is_account_matter, render_neutral, with_help
from thinktwice.alerts.words import WORDS, words_for
from thinktwice.campaigns.pack import Wording
from thinktwice.contacts.registry import Contacts
from thinktwice.records.alert import OpenAlert
from thinktwice.records.questionnaire import next_question


def render_opened(opened: OpenAlert, pack: Wording | None, contacts: Contacts, now: datetime) -> RenderedAlert:
    """Return what the customer sees now; ``pack`` is the one that the reference names, if it names one."""
    reference, facts = opened.reference, opened.facts
    is_neutral = opened.action == "block" or is_account_matter(opened.hold)
    if opened.standing is None and opened.action not in {"hold", "refer", "block"}:
        if pack is None:
            raise ValueError("an alert has the words of a campaign")
        typologies = fitting(pack.typologies, opened.answers)
        alert = render_alert(pack, reference, facts, contacts, now, rung=opened.intervention, typologies=typologies)
        return _asking(alert, opened) if alert.rung == "ask" and alert.second_step is not None else alert
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
        standing=opened.standing,
    )
    if helping is None or opened.standing in {"released", "lapsed", "ended"}:
        return replace(neutral, locales=_locales_of(helping) or neutral.locales)
    typologies = fitting(helping.typologies, opened.answers)
    shown = replace(reference, is_notice=False)
    return with_help(neutral, render_alert(helping, shown, facts, contacts, now, typologies=typologies))


def _locales_of(pack: Wording | None) -> tuple[LocaleChoice, ...]:
    return tuple(LocaleChoice(tag, own_name(tag)) for tag in sorted(pack.messages)) if pack else ()


def _asking(alert: RenderedAlert, opened: OpenAlert) -> RenderedAlert:
    """Return the alert with the questions that come before its second step, while there are any."""
    is_answered = next_question(opened.answers) is None and not opened.must_end_sharing
    step = None if is_answered else ask_step(words_for(alert.locale), must_end_sharing=opened.must_end_sharing)
    # The second step of this rung asks nothing again.
    second = replace(alert.second_step, questions=()) if alert.second_step else None
    return replace(alert, ask=step, second_step=second)
