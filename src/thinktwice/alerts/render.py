"""Turn a pack's words and one customer's facts into an alert.

Invariants: pure; built from its arguments only, which hold no reason, signal or list; the same arguments give the
same alert. Where a pack has no words for a customer's situation nothing is said rather than something untrue.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from thinktwice.alerts.figures import amount_in, day_in, inert, network_in, zone_of
from thinktwice.alerts.locale import choose_locale, direction_of, language_tag, own_name
from thinktwice.alerts.pair import AddressPair, pair_of
from thinktwice.alerts.prose import Prose, Value, read_line, read_prose
from thinktwice.alerts.rendered import (
    Actions,
    AfterChoice,
    AnswerOption,
    AskedQuestion,
    Exits,
    LocaleChoice,
    RenderedAlert,
    Resource,
    SecondScreen,
    SecondStep,
    Section,
    SectionKind,
    WithdrawalFacts,
)
from thinktwice.alerts.words import Words, words_for
from thinktwice.campaigns.message import Message
from thinktwice.campaigns.pack import Journey, Wording, message_in
from thinktwice.contacts.registry import Contact, Contacts
from thinktwice.records.decision import AlertReference, CustomerFacts
from thinktwice.records.vocabulary import Rung

_ORDER: Final[dict[Journey, tuple[SectionKind, ...]]] = {
    "story_first": ("this_withdrawal", "story", "self_check", "help"),
    "self_check_first": ("this_withdrawal", "self_check", "story", "help"),
}


def render_alert(
    pack: Wording,
    reference: AlertReference,
    facts: CustomerFacts,
    contacts: Contacts,
    now: datetime,
    *,
    rung: Rung | None = None,
    typologies: Sequence[str] | None = None,
) -> RenderedAlert:
    """Return the alert that ``reference`` names, in its arm's words and its locale or the nearest that the pack has.

    ``rung`` is the step at which the customer stands; without it the pack's own. ``typologies`` are the pack's in
    another order, where the customer's answers gave one. Contacts are those that may be shown on the day ``now`` is in
    the customer's jurisdiction.
    """
    told = pack.typologies if typologies is None else typologies
    message = message_in(pack, choose_locale(reference.locale, tuple(pack.messages)), reference.arm)
    locale, words = message.locale, words_for(message.locale)
    rung = rung or pack.intervention
    today = now.astimezone(zone_of(facts.jurisdiction)).date()
    shown = contacts.for_jurisdiction(facts.jurisdiction, today)
    links = frozenset(contact.url for contact in shown if contact.url)
    pair = _pair(message, facts, words)
    values = _values(facts, locale)
    sections: dict[SectionKind, Prose] = {
        "this_withdrawal": _this_withdrawal(message, facts, values, pair),
        "story": _story(message, told, links),
        "self_check": read_prose(message.self_check, links=links),
        "help": _help(message, contacts.to_call(facts.jurisdiction, today, now), links, now),
    }
    arm = pack.arms.get(reference.arm or "")
    order = _ORDER[arm.journey if arm else "story_first"]
    if reference.is_notice:
        sections["notice"] = read_prose(message.notice, values, links)
        order = ("notice", "help")
    first_screen = tuple(Section(kind, sections[kind]) for kind in order if sections[kind])
    return RenderedAlert(
        alert_id=reference.alert_id,
        locale=locale,
        language=language_tag(locale, facts.jurisdiction),
        direction=direction_of(locale),
        locales=tuple(LocaleChoice(tag, own_name(tag)) for tag in sorted(pack.messages)),
        is_notice=reference.is_notice,
        rung=rung,
        expires_at=reference.expires_at,
        headline=message.headline,
        withdrawal=withdrawal_of(facts, locale),
        first_screen=first_screen,
        pair=None if reference.is_notice else pair,
        actions=None if reference.is_notice else Actions(message.safe_action, message.learn_more, message.go_on),
        second_step=None if reference.is_notice or rung == "inform" else _second_step(message, pair),
        second_screen=_second_screen(message, told, _resources(shown, locale, now), links),
        after_choice=AfterChoice(
            read_prose(message.cancelled), read_prose(message.continued), read_prose(words.reported_text)
        ),
        exits=Exits() if reference.is_notice else Exits(call_me=words.waiting.call_me, scammed=words.help.link),
    )


def withdrawal_of(facts: CustomerFacts, locale: str) -> WithdrawalFacts:
    """Return the withdrawal, written for the reader."""
    return WithdrawalFacts(
        amount=amount_in(facts.amount, locale, facts.jurisdiction),
        asset=inert(facts.asset),
        network=network_in(facts.network),
        address=inert(facts.address),
        memo=inert(facts.memo) if facts.memo else None,
    )


def _values(facts: CustomerFacts, locale: str) -> dict[str, Value | None]:
    """Return what may be filled into the words about this withdrawal."""
    written = withdrawal_of(facts, locale)
    known = facts.lookalike
    return {
        "amount": Value(written.amount),
        "asset": Value(written.asset),
        "network": Value(written.network),
        "destination": Value(written.address),
        "known_date": Value(day_in(known.known_since, locale, facts.jurisdiction)) if known else None,
    }


def _pair(message: Message, facts: CustomerFacts, words: Words) -> AddressPair | None:
    """Return both addresses where the message speaks about an imitated one."""
    known = facts.lookalike
    if known is None or known.origin not in message.this_withdrawal:
        return None
    label = {"paid": words.known_paid, "saved": words.known_saved, "received": words.known_received}[known.origin]
    day = day_in(known.known_since, message.locale, facts.jurisdiction)
    return pair_of(
        known.imitated_address,
        facts.address,
        labels=(label.format(date=day), words.entered_now),
        reading=words.pair_reading,
    )


def _this_withdrawal(
    message: Message, facts: CustomerFacts, values: dict[str, Value | None], pair: AddressPair | None
) -> Prose:
    if pair is not None and facts.lookalike is not None:
        variant: str = facts.lookalike.origin
    else:
        variant = "paid_before" if facts.has_paid_before else "first_time"
    text = message.this_withdrawal.get(variant)
    return read_prose(text, values) if text else ()


def _story(message: Message, typologies: Sequence[str], links: frozenset[str]) -> Prose:
    """Return the default story: the first typology that the message tells."""
    story = next((message.stories[name].story for name in typologies if name in message.stories), None)
    return read_prose(story, links=links) if story else ()


def _help(message: Message, contact: Contact | None, links: frozenset[str], now: datetime) -> Prose:
    if contact is None or contact.phone is None:
        return read_prose(message.help_without_contact, links=links)
    # A line that never closes says so already; ten seconds have no room for saying it twice.
    is_always = contact.opening is not None and contact.opening.is_always
    hours = contact.hours_in(message.locale) if is_always else hours_now(contact, message.locale, now)
    values = {
        "contact_name": Value(contact.name_in(message.locale)),
        "contact_phone": Value(contact.phone, dialled(contact.phone)),
        "contact_hours": Value(hours) if hours else None,
    }
    return read_prose(message.help_with_contact, values, links)


def hours_now(contact: Contact, locale: str, now: datetime) -> str | None:
    """Return the hours of a contact and whether it is open at ``now``, as far as either is known."""
    hours, state, words = contact.hours_in(locale), contact.state_at(now), words_for(locale)
    if state is None:
        return hours
    said = {"open": words.open_now, "closed": words.closed_now}[state]
    return words.hours_now.format(hours=hours, now=said) if hours else said


def dialled(phone: str) -> str:
    """Return a ``tel:`` address with the digits of a number as it is dialled in its jurisdiction."""
    return "tel:" + "".join(character for character in phone if character in "+0123456789*#")


def _second_step(message: Message, pair: AddressPair | None) -> SecondStep:
    prompt = read_prose(message.typing_prompt) if pair is not None and message.typing_prompt else None
    questions = tuple(
        AskedQuestion(question.id, question.text, tuple(AnswerOption(*option) for option in question.options))
        for question in message.questions
    )
    return SecondStep(
        read_prose(message.second_step), message.second_step_go_on, message.second_step_back, prompt, questions
    )


def _resources(shown: Sequence[Contact], locale: str, now: datetime) -> tuple[Resource, ...]:
    words = words_for(locale)
    purposes = {
        "advice": words.purpose_advice,
        "report": words.purpose_report,
        "emergency": words.purpose_emergency,
        "check": words.purpose_check,
    }
    return tuple(
        Resource(
            name=contact.name_in(locale),
            purpose=purposes[contact.purpose],
            phone=contact.phone,
            url=contact.url,
            hours=hours_now(contact, locale, now),
            open_state=contact.state_at(now),
        )
        for contact in shown
    )


def _second_screen(
    message: Message, typologies: Sequence[str], resources: tuple[Resource, ...], links: frozenset[str]
) -> SecondScreen:
    told = next((message.stories[name] for name in typologies if name in message.stories), None)
    return SecondScreen(
        example=read_prose(told.example, links=links) if told else (),
        signs=tuple(read_line(sign) for sign in told.signs) if told else (),
        preempt=read_prose(told.preempt, links=links) if told else (),
        tips=tuple(read_line(tip) for tip in message.tips),
        resources_intro=read_prose(message.resources_intro, links=links),
        resources=resources,
        attribution=read_prose(message.attribution),
    )
