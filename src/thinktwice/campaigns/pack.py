"""A campaign pack as read: whom it reaches, what it says, how it is released.

Invariants: a pack object exists only when its folder had no fault; nothing in it was guessed. Until approvals
exist every pack is released as it lies, and no partner's name or logo is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final, Literal, Protocol

from thinktwice.campaigns.message import Message
from thinktwice.records.campaign import BlastRadius, FrequencyCap, HoldRule
from thinktwice.records.preregistration import Preregistration
from thinktwice.records.vocabulary import NoScreen, Rung
from thinktwice.targeting.audience import Audience

Journey = Literal["story_first", "self_check_first"]
"""The order of the first screen: the scam told first, or the question to oneself first."""

LOOKALIKE_PACK: Final = "lookalike"
"""Id of the pack whose words name the imitated address; it tells no story."""

GENERIC_PACK: Final = "new-destination"
"""Id of the pack whose words are used wherever no joint campaign speaks (rule 7)."""


@dataclass(frozen=True, slots=True)
class Arm:
    """One way of showing a campaign; ``rung`` is another than the campaign's, where the arm tries one.

    ``words`` are, by locale, whole messages in which this arm's own sections stand in the place of the campaign's; a
    locale for which the arm wrote nothing is left out, and is told with the campaign's words.
    """

    journey: Journey
    rung: Rung | None = None
    words: Mapping[str, Message] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """When and to whom a version is live. ``holdout`` is a share, ``weights`` are by arm in declared order."""

    experiment: str
    starts_at: datetime
    ends_at: datetime | None
    holdout: Decimal
    weights: Mapping[str, int]
    frequency_cap: FrequencyCap | None = None
    expected_daily_triggers: int | None = None
    blast_radius: BlastRadius | None = None
    hold: HoldRule | None = None
    is_shadow: bool = False
    plan: Preregistration | None = None


class Wording(Protocol):
    """What of a campaign a customer can see: the part of a pack, or of a stored version, that alerts are made of."""

    @property
    def id(self) -> str:
        """Which campaign; never shown."""

    @property
    def intervention(self) -> Rung:
        """The rung when a decision names none."""

    @property
    def typologies(self) -> tuple[str, ...]:
        """Kinds of scam, the default story first."""

    @property
    def arms(self) -> Mapping[str, Arm]:
        """Ways of showing, by name."""

    @property
    def messages(self) -> Mapping[str, Message]:
        """Words by locale."""


def message_in(wording: Wording, locale: str, arm: str | None) -> Message:
    """Return what a customer of an arm is told in one of a campaign's languages; without an arm, the campaign's words.

    Raises:
        KeyError: the campaign does not speak this language.
    """
    shown = wording.arms.get(arm) if arm is not None else None
    own = shown.words.get(locale) if shown is not None else None
    return own or wording.messages[locale]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """One campaign, whole. ``messages`` is keyed by locale; the first of ``typologies`` is the default story."""

    id: str
    title: str
    priority: int
    jurisdictions: tuple[str, ...]
    currency: str
    partners: tuple[str, ...]
    audience: Audience
    intervention: Rung
    no_screen: NoScreen
    typologies: tuple[str, ...]
    arms: Mapping[str, Arm]
    messages: Mapping[str, Message]
    release: Release

    @property
    def is_lookalike(self) -> bool:
        """Whether this pack speaks about an imitated address instead of a scam story."""
        return self.id == LOOKALIKE_PACK
