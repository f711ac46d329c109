"""The report that a customer takes to the police: in their language and in the force's.

Invariants: it holds what the customer knows and what they told us, nothing else (rule 7); what is their own word is
marked; what was not told is said to be missing, so that nobody takes silence for an answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec
from babel.languages import get_official_languages

from thinktwice.alerts.figures import amount_in, inert, moment_in, network_in
from thinktwice.alerts.locale import Direction, choose_locale, direction_of, language_tag
from thinktwice.alerts.wording.fields import ReportWords
from thinktwice.alerts.words import WORDS, words_for
from thinktwice.records.alert import OpenAlert
from thinktwice.records.questionnaire import CONTACT, is_contact_answer

LONGEST = {"txid": 128, "site": 200}
"""What a customer may write, and how long it may be."""


class ReportLine(msgspec.Struct, frozen=True):
    """One field; an empty ``text`` is room to write by hand."""

    label: str
    text: str


class PoliceReport(msgspec.Struct, frozen=True, kw_only=True):
    """The report in one language."""

    locale: str
    language: str
    direction: Direction
    title: str
    statement: str
    lines: tuple[ReportLine, ...]


def reports_of(opened: OpenAlert, locale: str, operator: str, now: datetime) -> tuple[PoliceReport, ...]:
    """Return the report in the customer's language and, where it is another, in the force's."""
    own = choose_locale(locale, tuple(WORDS))
    wanted = dict.fromkeys((own, force_locale(opened.facts.jurisdiction)))
    return tuple(_report(opened, one, operator, now) for one in wanted)


def force_locale(jurisdiction: str) -> str:
    """Return the language in which the police of a jurisdiction read, of those that we write."""
    for language in get_official_languages(jurisdiction, regional=True):
        found = choose_locale(f"{language}-{jurisdiction}", tuple(WORDS))
        if found.split("-")[0] == language.split("_")[0]:
            return found
    return "en"


def report_as_text(reports: tuple[PoliceReport, ...]) -> str:
    """Return all languages as plain text, one after the other."""
    parts = []
    for report in reports:
        lines = [f"{line.label}: {line.text}" if line.text else f"{line.label}:\n\n\n" for line in report.lines]
        parts.append("\n".join([report.title, "=" * 40, report.statement, "", *lines]))
    return "\n\n\n".join(parts) + "\n"


def _report(opened: OpenAlert, locale: str, operator: str, now: datetime) -> PoliceReport:
    words = words_for(locale).report_words
    return PoliceReport(
        locale=locale,
        language=language_tag(locale, opened.facts.jurisdiction),
        direction=direction_of(locale),
        title=words.title,
        statement=words.statement,
        lines=tuple(_lines(opened, locale, operator, now)),
    )


def _status(opened: OpenAlert, said: ReportWords) -> str:
    """Say what became of the withdrawal; that the customer stopped it only where nothing else became of it."""
    if opened.standing == "sent":
        return said.sent
    has_stopped = opened.standing is None and {"reported", "cancelled"} & opened.event_types
    return said.stopped if has_stopped else said.not_stopped


def _lines(opened: OpenAlert, locale: str, operator: str, now: datetime) -> Iterator[ReportLine]:
    words, facts, told = words_for(locale), opened.facts, opened.report
    said, place = words.report_words, facts.jurisdiction
    yield ReportLine(said.made_at, moment_in(now, locale, place))
    yield ReportLine(said.operator, operator)
    yield ReportLine(said.reference, opened.decision_id)
    if opened.decided_at is not None:
        yield ReportLine(said.requested_at, moment_in(opened.decided_at, locale, place))
    yield ReportLine(said.amount, f"{amount_in(facts.amount, locale, place)} {inert(facts.asset)}")
    yield ReportLine(said.worth, f"{amount_in(facts.fiat_amount, locale, place)} {inert(facts.fiat_currency)}")
    yield ReportLine(said.network, network_in(facts.network))
    yield ReportLine(said.destination, inert(facts.address))
    if facts.memo:
        yield ReportLine(said.memo, inert(facts.memo))
    yield ReportLine(said.status, _status(opened, said))
    yield ReportLine(said.txid, inert(told.get("txid", "")) or said.unknown)
    way = told.get(CONTACT) or opened.answers.get(CONTACT, "")
    ways = words.help.how_options
    yield ReportLine(said.how, ways.get(way, said.unknown) if is_contact_answer(way) else said.unknown)
    yield ReportLine(said.site, inert(told.get("site", "")) or said.unknown)
    yield ReportLine(said.name, "")
    yield ReportLine(said.words, "")
