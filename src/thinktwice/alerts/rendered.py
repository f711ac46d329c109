"""The shape of a rendered alert: everything a page or an element needs, in order, as data.

Invariants: frozen; text only, never HTML; holds what the customer already knows and the words of a pack, and has no
field in which anything else could travel (rule 7).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import msgspec

from thinktwice.alerts.locale import Direction
from thinktwice.alerts.pair import AddressPair
from thinktwice.alerts.prose import Prose, Run
from thinktwice.contacts.opening import OpenState
from thinktwice.records.alert import Standing
from thinktwice.records.vocabulary import Action, Rung

SectionKind = Literal[
    "this_withdrawal", "story", "self_check", "help", "notice", "waiting", "calling", "reason", "meanwhile"
]


class LocaleChoice(msgspec.Struct, frozen=True):
    """A language in which this alert can be read, named in itself."""

    locale: str
    name: str


class WithdrawalFacts(msgspec.Struct, frozen=True):
    """The withdrawal, written for the reader; addresses are written in full."""

    amount: str
    asset: str
    network: str
    address: str
    memo: str | None = None


class Section(msgspec.Struct, frozen=True):
    """One part of the first screen."""

    kind: SectionKind
    prose: Prose


class Actions(msgspec.Struct, frozen=True):
    """Labels of the first screen: the safe choice first, and the plain way on where there is one."""

    safe: str
    learn_more: str | None
    go_on: str | None


class Exits(msgspec.Struct, frozen=True, kw_only=True):
    """Labels of the quiet ways out; None where a way is not offered.

    ``call_me`` and ``appeal`` are events ``help`` with the detail ``about``; ``scammed`` leads to the help page.
    """

    call_me: str | None = None
    appeal: str | None = None
    scammed: str | None = None


class Waiting(msgspec.Struct, frozen=True, kw_only=True):
    """Until when a withdrawal waits, written for the reader with its zone; None until a person has spoken with them.

    ``is_over`` says that nothing waits any more, ``standing`` what became of it.
    """

    until: datetime | None = None
    until_text: str | None = None
    is_over: bool = False
    has_call: bool = False
    standing: Standing | None = None


class Resource(msgspec.Struct, frozen=True):
    """Someone to ask or to report to; ``hours`` ends with whether somebody answers now, where that is known."""

    name: str
    purpose: str
    phone: str | None = None
    url: str | None = None
    hours: str | None = None
    open_state: OpenState | None = None


class SecondScreen(msgspec.Struct, frozen=True, kw_only=True):
    """What the customer may read besides; parts without words are empty."""

    example: Prose
    signs: tuple[tuple[Run, ...], ...]
    preempt: Prose
    tips: tuple[tuple[Run, ...], ...]
    resources_intro: Prose
    resources: tuple[Resource, ...]
    attribution: Prose


class AnswerOption(msgspec.Struct, frozen=True):
    """One answer that can be chosen."""

    id: str
    text: str


class AskedQuestion(msgspec.Struct, frozen=True):
    """One question; answering is never required and lowers nothing.

    ``unless`` names earlier questions and the answers after which this one is not asked.
    """

    id: str
    text: str
    options: tuple[AnswerOption, ...]
    unless: Mapping[str, tuple[str, ...]] = {}


class AskStep(msgspec.Struct, frozen=True):
    """The questions before going on, in order; without any the text says what has to be done first."""

    title: str
    intro: Prose
    questions: tuple[AskedQuestion, ...]


class SecondStep(msgspec.Struct, frozen=True):
    """The deliberate step before going on; ``typing_prompt`` only where characters have to be typed."""

    text: Prose
    go_on: str
    back: str
    typing_prompt: Prose | None = None
    questions: tuple[AskedQuestion, ...] = ()


class AfterChoice(msgspec.Struct, frozen=True):
    """What is said once the customer has chosen."""

    cancelled: Prose
    continued: Prose
    reported: Prose


class Badge(msgspec.Struct, frozen=True):
    """Who wrote the words together with the operator and approved exactly them: a sentence, names, addresses of logos.

    ``logos`` are the file names of pictures, one for each name, None where a partner has none.
    """

    text: str
    names: tuple[str, ...]
    logos: tuple[str | None, ...]


class RenderedAlert(msgspec.Struct, frozen=True, kw_only=True):
    """One alert in one language.

    ``language`` is the tag for a ``lang`` attribute; ``second_step`` is None where one tap goes on (rung *inform*)
    and where there is nothing to go on from (``is_notice``, which also has no ``actions``; a hold; a block). Where a
    withdrawal waits ``waiting`` says until when; ``has_call`` there asks to show the caller's code. ``ask`` are the
    questions that come before the second step of the rung *ask*; once answered they are gone. ``badge`` is there only
    while the approval of every partner it names stands.
    """

    alert_id: str
    locale: str
    language: str
    direction: Direction
    locales: tuple[LocaleChoice, ...]
    is_notice: bool
    rung: Rung | None
    expires_at: datetime
    headline: str
    withdrawal: WithdrawalFacts
    first_screen: tuple[Section, ...]
    pair: AddressPair | None
    actions: Actions | None
    second_step: SecondStep | None
    second_screen: SecondScreen
    after_choice: AfterChoice
    action: Action = "alert"
    waiting: Waiting | None = None
    exits: Exits = Exits()
    ask: AskStep | None = None
    badge: Badge | msgspec.UnsetType = msgspec.UNSET
