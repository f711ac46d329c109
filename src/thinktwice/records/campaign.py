"""What the decision needs to know of a campaign: policy, not words.

Invariant: a policy is a pure function of a campaign version and its release; nothing here can be shown to a
customer.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec

from thinktwice.records.vocabulary import NoScreen, Rung

ANYWHERE = "*"
"""In ``jurisdictions``: every jurisdiction."""


class FrequencyCap(msgspec.Struct, frozen=True):
    """At most ``triggers`` triggers per customer in ``per_days`` days."""

    triggers: int
    per_days: int


class BlastRadius(msgspec.Struct, frozen=True):
    """Beyond ``times_expected`` × the expected rate within ``within_minutes``, drop to ``then``."""

    times_expected: int
    within_minutes: int
    then: str


class HoldRule(msgspec.Struct, frozen=True):
    """How long a hold lasts, on which legal basis, and how to appeal."""

    hours: int
    legal_basis: str
    maximum_hours: int
    appeal: str


class CampaignPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """One released campaign version, as the decision sees it.

    ``holdout`` is a share (0.10 = a tenth); ``arms`` maps arm name to weight, in declared order; ``version``
    is the content hash (lower-case hex SHA-256), ``release`` the hash of the release. ``is_unauthorised``: somebody
    other than the customer may be acting, so whatever the session shows stays neutral. ``arm_rungs`` holds the arms
    that try another rung than ``intervention``; only ``inform`` and ``confirm`` can be tried.
    """

    id: str
    version: str
    release: str
    priority: int
    jurisdictions: tuple[str, ...]
    audience: str
    intervention: Rung
    no_screen: NoScreen
    arms: dict[str, int]
    experiment: str
    holdout: Decimal
    partners: tuple[str, ...] = ()
    is_shadow: bool = False
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    frequency_cap: FrequencyCap | None = None
    expected_daily_triggers: int | None = None
    blast_radius: BlastRadius | None = None
    hold: HoldRule | None = None
    is_unauthorised: bool = False
    arm_rungs: dict[str, Rung] = {}
