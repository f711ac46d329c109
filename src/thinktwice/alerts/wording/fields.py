"""Which words every language has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingWords:
    """Said where a withdrawal waits or cannot be made; ``*_text`` and ``*_until`` may use amount, asset and until.

    ``refer_call`` is followed by the caller's code, ``refer_call_elsewhere`` stands where that code is not shown.
    """

    hold_headline: str
    hold_until: str
    hold_over: str
    over_headline: str
    released_headline: str
    released_text: str
    lapsed_headline: str
    lapsed_text: str
    ended_headline: str
    sent_headline: str
    sent_text: str
    sent_help: str
    hold_person: str
    reason_protection: str
    reason_account: str
    meanwhile: str
    refer_headline: str
    refer_text: str
    refer_call: str
    refer_call_elsewhere: str
    call_code: str
    account_headline: str
    account_text: str
    account_until: str
    block_headline: str
    block_text: str
    cancel: str
    stopped: str
    appeal: str
    appeal_done: str
    call_me: str
    call_me_done: str


@dataclass(frozen=True, slots=True)
class QuestionWords:
    """One question; ``options`` are by identifier, without the two that always follow."""

    text: str
    options: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskWords:
    """The questions of the rung *ask*, by the identifiers of ``records.questionnaire``."""

    title: str
    intro: str
    next: str
    not_sure: str
    prefer_not_to_say: str
    missing: str
    questions: Mapping[str, QuestionWords]
    sharing_headline: str
    sharing_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpWords:
    """For somebody who thinks that this is a scam: first what helps, then what we would like to know."""

    link: str
    title: str
    first: str
    steps: tuple[str, ...]
    tell: str
    tell_intro: str
    tell_sent: str
    txid: str
    txid_hint: str
    site: str
    site_hint: str
    how: str
    how_options: Mapping[str, str]
    send: str
    send_sent: str
    send_answer: str
    thanks: str
    aftercare: str
    aftercare_text: str
    download: str
    download_pdf: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportWords:
    """The labels of the report that a customer takes to the police."""

    title: str
    statement: str
    made_at: str
    operator: str
    reference: str
    requested_at: str
    amount: str
    worth: str
    network: str
    destination: str
    memo: str
    status: str
    stopped: str
    not_stopped: str
    sent: str
    txid: str
    how: str
    site: str
    name: str
    words: str
    unknown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyWords:
    """Is this message real?"""

    code: str
    code_text: str
    title: str
    never: str
    intro: str
    label: str
    check: str
    genuine: str
    unknown: str
    too_many: str
    joint: str
    together: str
    joint_none: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Interface words in one language; braces stand for what is filled in."""

    to: str
    network: str
    memo: str
    known_paid: str
    known_saved: str
    known_received: str
    entered_now: str
    pair_reading: str
    language: str
    second_screen: str
    example: str
    signs: str
    preempt: str
    tips: str
    resources: str
    purpose_advice: str
    purpose_report: str
    purpose_emergency: str
    purpose_check: str
    open_now: str
    closed_now: str
    hours_now: str
    new_window: str
    back: str
    second_step: str
    typing_label: str
    typing_pattern: str
    typing_missing: str
    typing_differs: str
    error: str
    cannot_type: str
    read_back: str
    optional: str
    cancelled: str
    continued: str
    reported: str
    reported_text: str
    still_open: str
    return_to: str
    close: str
    gone: str
    gone_text: str
    away: str
    away_text: str
    waiting: WaitingWords
    ask: AskWords
    help: HelpWords
    report_words: ReportWords
    verify: VerifyWords


def every_text(words: object) -> Iterator[str]:
    """Yield each text of a group of words, those of its groups included."""
    if isinstance(words, str):
        yield words
    elif isinstance(words, Mapping):
        for one in words.values():
            yield from every_text(one)
    elif isinstance(words, tuple):
        for one in words:
            yield from every_text(one)
    else:
        for field in fields(words):  # type: ignore[arg-type]  # what remains is one of the classes above
            yield from every_text(getattr(words, field.name))
