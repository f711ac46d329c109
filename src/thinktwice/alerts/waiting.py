"""What is shown where a withdrawal waits (hold, refer) or cannot be made (block).

Invariants: the words are shared by every campaign, so they tell one reason from another only by its class; for
*account_security* and for a block nothing else is said: no scam, no question, no number, because the screen may be
the thief's (DESIGN section 4). To stop is possible wherever something waits; to go on never. Where the money has left
nothing is offered but help.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from msgspec.structs import replace

from thinktwice.alerts.figures import moment_in
from thinktwice.alerts.locale import direction_of, language_tag, own_name
from thinktwice.alerts.prose import Prose, Value, read_prose
from thinktwice.alerts.rendered import (
    Actions,
    AfterChoice,
    Exits,
    LocaleChoice,
    RenderedAlert,
    SecondScreen,
    Section,
    SectionKind,
    Waiting,
    WithdrawalFacts,
)
from thinktwice.alerts.words import WORDS, Words, words_for
from thinktwice.records.alert import Standing
from thinktwice.records.decision import AlertReference, CustomerFacts, Hold
from thinktwice.records.vocabulary import Action, Rung

_NOTHING_MORE: Final = SecondScreen(
    example=(), signs=(), preempt=(), tips=(), resources_intro=(), resources=(), attribution=()
)
_FINAL: Final = frozenset({"ended", "sent"})
"""Standings after which there is nothing left to stop."""

_ORDER: Final[tuple[SectionKind, ...]] = ("waiting", "calling", "reason", "meanwhile", "story", "self_check", "help")


def render_neutral(
    reference: AlertReference,
    facts: CustomerFacts,
    withdrawal: WithdrawalFacts,
    now: datetime,
    *,
    action: Action,
    rung: Rung | None,
    hold: Hold | None,
    standing: Standing | None = None,
) -> RenderedAlert:
    """Return a screen made of shared words alone; ``reference.locale`` is one of theirs."""
    locale, words = reference.locale, words_for(reference.locale)
    waiting = None
    if action != "block":
        waiting = waiting_of(hold, now, locale, facts.jurisdiction, action=action, standing=standing)
    values = _values(withdrawal, waiting)
    sections = _sections(words, values, action, hold, waiting)
    return RenderedAlert(
        alert_id=reference.alert_id,
        locale=locale,
        language=language_tag(locale, facts.jurisdiction),
        direction=direction_of(locale),
        locales=_locales(tuple(WORDS)),
        is_notice=False,
        rung=rung,
        expires_at=reference.expires_at,
        headline=_headline(words, action, hold, waiting),
        withdrawal=withdrawal,
        first_screen=tuple(Section(kind, sections[kind]) for kind in _ORDER if sections.get(kind)),
        pair=None,
        actions=None if action == "block" or standing in _FINAL else Actions(words.waiting.cancel, None, None),
        second_step=None,
        second_screen=_NOTHING_MORE,
        after_choice=_after_choice(words, values, standing),
        action=action,
        waiting=waiting,
        exits=_exits(words, action, hold, waiting),
    )


def with_help(neutral: RenderedAlert, alert: RenderedAlert) -> RenderedAlert:
    """Return a waiting screen that also helps with a campaign's words: the story, the self-check, whom to call.

    Where the money has left only whom to call is added: the rest is for who still decides.
    """
    is_deciding = neutral.action == "hold" and neutral.actions is not None
    help_kinds = {"story", "self_check", "help"} if is_deciding else {"help"}
    added = {section.kind: section for section in alert.first_screen if section.kind in help_kinds}
    own = {section.kind: section for section in neutral.first_screen}
    sections = own | added
    learn_more = alert.actions.learn_more if alert.actions and is_deciding else None
    return replace(
        neutral,
        locales=alert.locales,
        first_screen=tuple(sections[kind] for kind in _ORDER if kind in sections),
        actions=replace(neutral.actions, learn_more=learn_more) if neutral.actions else None,
        second_screen=alert.second_screen,
        pair=None,
    )


def waiting_of(
    hold: Hold | None,
    now: datetime,
    locale: str,
    jurisdiction: str,
    *,
    action: Action,
    standing: Standing | None = None,
) -> Waiting:
    """Return until when something waits, in the customer's own time, or what became of it."""
    is_protecting = hold is None or hold.reason_class == "customer_protection"
    until = hold.until if hold else None
    if standing is None and until is not None and now >= until:
        standing = "over"
    return Waiting(
        until=until,
        until_text=moment_in(until, locale, jurisdiction) if until else None,
        is_over=standing is not None,
        has_call=action == "refer" and is_protecting and standing is None,
        standing=standing,
    )


def is_account_matter(hold: Hold | None) -> bool:
    """Whether somebody else may be acting, so that nothing may be explained."""
    return hold is not None and hold.reason_class == "account_security"


def _values(withdrawal: WithdrawalFacts, waiting: Waiting | None) -> dict[str, Value | None]:
    until = waiting.until_text if waiting else None
    return {
        "amount": Value(withdrawal.amount),
        "asset": Value(withdrawal.asset),
        "until": Value(until) if until else None,
    }


def _headline(words: Words, action: Action, hold: Hold | None, waiting: Waiting | None) -> str:
    said = words.waiting
    if action == "block" or waiting is None:
        return said.block_headline
    if waiting.standing is not None:
        return {
            "over": said.over_headline,
            "released": said.released_headline,
            "lapsed": said.lapsed_headline,
            "ended": said.ended_headline,
            "sent": said.sent_headline,
        }[waiting.standing]
    if is_account_matter(hold):
        return said.account_headline
    return said.refer_headline if action == "refer" else said.hold_headline


def _sections(
    words: Words, values: dict[str, Value | None], action: Action, hold: Hold | None, waiting: Waiting | None
) -> dict[SectionKind, Prose]:
    said = words.waiting
    if action == "block" or waiting is None:
        return {"waiting": read_prose(said.block_text, values)}
    if waiting.standing is not None:
        became = {
            "over": said.hold_over,
            "released": said.released_text,
            "lapsed": said.lapsed_text,
            "ended": said.stopped,
            "sent": said.sent_text,
        }[waiting.standing]
        meanwhile = read_prose(said.sent_help) if waiting.standing == "sent" and not is_account_matter(hold) else ()
        return {"waiting": read_prose(became, values), "meanwhile": meanwhile}
    if is_account_matter(hold):
        text = said.account_until if waiting.until_text else said.account_text
        return {"waiting": read_prose(text, values), "reason": read_prose(said.reason_account)}
    protecting: dict[SectionKind, Prose] = {
        "reason": read_prose(said.reason_protection),
        "meanwhile": read_prose(said.meanwhile),
    }
    if action == "refer":
        return {
            "waiting": read_prose(said.refer_text, values),
            "calling": read_prose(said.refer_call),
            "reason": protecting["reason"],
        }
    text = said.hold_until if waiting.until_text else said.hold_person
    return {"waiting": read_prose(text, values), **protecting}


def _after_choice(words: Words, values: dict[str, Value | None], standing: Standing | None) -> AfterChoice:
    """Return what follows a choice; of money that has left nobody is told that it stays."""
    reported = read_prose(words.reported_text)
    if standing == "sent":
        return AfterChoice((), (), read_prose(words.waiting.sent_text, values) + reported)
    return AfterChoice(read_prose(words.waiting.stopped), (), reported)


def _exits(words: Words, action: Action, hold: Hold | None, waiting: Waiting | None) -> Exits:
    if action == "block" or is_account_matter(hold):
        return Exits()
    if waiting is not None and waiting.is_over:
        return Exits(
            scammed=words.help.link
        )  # there is nothing left to speak about with us, and never too late to tell
    return Exits(
        call_me=words.waiting.call_me,
        appeal=words.waiting.appeal if action == "hold" else None,
        scammed=words.help.link,
    )


def _locales(tags: Sequence[str]) -> tuple[LocaleChoice, ...]:
    return tuple(LocaleChoice(tag, own_name(tag)) for tag in sorted(tags))
