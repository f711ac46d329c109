"""What a customer was shown, made again from hash, locale and renderer version.

Invariants: built from the stored version, the alert reference and the customer's facts, never from the explanation;
the screen is the one that the server recorded when it was met, because a hold may have come since the alert was made;
an alert that nobody opened is called prepared, not shown; words that are lost are called lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple, cast

import msgspec

from thinktwice.alerts.plain import alert_as_text
from thinktwice.alerts.rendered import RenderedAlert
from thinktwice.alerts.screens import render_opened
from thinktwice.campaigns.stored import StoredVersion
from thinktwice.campaigns.version import RENDERER_VERSION
from thinktwice.contacts.registry import Contacts
from thinktwice.decisions.claims import opened
from thinktwice.decisions.screens_met import SCREEN, SCREEN_DETAILS, with_screen
from thinktwice.errors import InputError, NotFoundError
from thinktwice.evidence.acts import Act
from thinktwice.evidence.sealing import plain
from thinktwice.records.alert import OpenAlert
from thinktwice.records.decision import AlertReference, Decision
from thinktwice.records.event import AlertEvent
from thinktwice.records.vocabulary import AlertEventType

FindVersion = Callable[[str, str], StoredVersion]


class Screen(msgspec.Struct, frozen=True):
    """The alert in one language, as structure and as text of its first screen: as first opened, or after answers.

    ``met_at`` is when it was recorded that this screen stood before the customer, by the event ``met_by``. They are
    None where no event says which screen it was, and the alert is shown as it was made; and for the language addressed
    where no event says that it was opened in it.
    """

    locale: str
    text: str
    alert: RenderedAlert
    is_after_answers: bool = False
    met_at: str | None = None
    met_by: str | None = None


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """One alert; ``is_opened`` whether any record says that it reached a screen, ``lost`` why there are no screens.

    ``renderer`` is the version of the renderer when the words were in force, ``rendered_by`` of the one used now: where
    they differ, the words are the same and their arrangement may not be.
    """

    alert_id: str
    version: str | None
    locale: str
    is_notice: bool
    is_opened: bool
    opened_at: str | None
    renderer: str | None
    rendered_by: str
    screens: tuple[Screen, ...]
    lost: str | None = None


def shown_of(decision: Decision, acts: Iterable[Act], find: FindVersion) -> Shown | None:
    """Return the alert of a decision in every language in which it was opened, or None when there was none."""
    reference = decision.alert
    if reference is None:
        return None
    claims = [act for act in acts if act.source == "browser"]
    stored, lost = _found(reference, find)
    return Shown(
        alert_id=reference.alert_id,
        version=reference.version,
        locale=reference.locale,
        is_notice=reference.is_notice,
        is_opened=bool(claims),
        opened_at=plain(claims[0].recorded_at) if claims else None,
        renderer=stored.renderer if stored else None,
        rendered_by=RENDERER_VERSION,
        screens=() if lost else tuple(_screens(decision, reference, stored, claims)),
        lost=lost,
    )


def _found(reference: AlertReference, find: FindVersion) -> tuple[StoredVersion | None, str | None]:
    if reference.campaign is None or reference.version is None:
        return None, None  # the words that all alerts share
    try:
        return find(reference.campaign, reference.version), None
    except NotFoundError:
        return None, "the words of this version were not stored; only its hash is known"
    except InputError:
        return None, "the stored words of this version no longer have its hash, or cannot be shown by this release"


def _screens(
    decision: Decision, reference: AlertReference, stored: StoredVersion | None, claims: list[Act]
) -> Iterator[Screen]:
    """Yield each screen as it was first met in each language, and again where answers had changed it since."""
    past = [_claimed(act) for act in claims]
    known: set[tuple[str, frozenset[tuple[str, str]]]] = set()
    shown: list[RenderedAlert] = []
    for locale, told, number, is_met in _meetings(reference, claims):
        one = msgspec.structs.replace(reference, locale=locale)
        screen = {name: told.detail[name] for name in SCREEN_DETAILS if name in told.detail} if told else {}
        at = told.recorded_at if told else decision.decided_at
        met = (plain(told.recorded_at), told.type) if told and is_met else (None, None)
        first = _rendered(with_screen(opened(decision, one, past[:number]), screen), stored, at)
        key = (first.locale, frozenset(screen.items()))
        if key in known or first in shown:
            continue
        known.add(key)
        shown.append(first)
        yield Screen(first.locale, alert_as_text(first), first, False, *met)
        answered = opened(decision, one, past)
        is_raised = answered.action != decision.action
        later = _rendered(answered if is_raised else with_screen(answered, screen), stored, at)
        if later not in shown and any(claim.type == "answered" for claim in past[number:]):
            shown.append(later)
            yield Screen(later.locale, alert_as_text(later), later, True, *met)


class _Meeting(NamedTuple):
    """A language, the act that told which screen stood, how many acts came before, whether it was met in it."""

    locale: str
    told: Act | None
    number: int
    is_met: bool = True


def _meetings(reference: AlertReference, claims: Sequence[Act]) -> Iterator[_Meeting]:
    """Yield every language met with the screen that stood, and the one addressed, which may be opened unrecorded.

    Acts of an earlier release tell no screen; what they met is taken to be the alert as it was made.
    """
    if not claims or SCREEN not in claims[0].detail:
        yield _Meeting(reference.locale, None, 0)
    first = told = None
    languages = set()
    for number, act in enumerate(claims):
        told = act if SCREEN in act.detail else told
        first = first or told
        if told is act or "locale" in act.detail:
            languages.add(act.detail.get("locale", reference.locale))
            yield _Meeting(act.detail.get("locale", reference.locale), told, number if told else 0)
    if first is not None and reference.locale not in languages:
        yield _Meeting(reference.locale, first, 0, is_met=False)


def _rendered(alert: OpenAlert, stored: StoredVersion | None, at: datetime) -> RenderedAlert:
    return render_opened(alert, stored, stored.contacts if stored else Contacts({}), at)


def _claimed(act: Act) -> AlertEvent:
    return AlertEvent(
        event_id=act.event_id, type=cast("AlertEventType", act.type), occurred_at=act.occurred_at, detail=act.detail
    )


def questions_of(shown: Shown | None) -> frozenset[str]:
    """Return the ids of the questions that the alert asked."""
    steps = [screen.alert.second_step for screen in shown.screens] if shown else []
    return frozenset(question.id for step in steps if step for question in step.questions)


def as_part(shown: Shown | None) -> Any:
    """Return the part of a pack."""
    return plain(shown)
