"""What was declared and what was done, as frozen records, and the sentence that says it in any language.

Invariants: ``shares`` are the probabilities of assignment; a plan that was not there before the first customer is never
called preregistered; a sentence carries a code and facts beside its English words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from thinktwice.records.preregistration import Preregistration

Fact = str | int | float


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence: ``code`` with ``facts`` for a translation, ``text`` in English."""

    code: str
    text: str
    facts: Mapping[str, Fact] = field(default_factory=lambda: MappingProxyType({}))

    def __str__(self) -> str:
        """Return the English sentence."""
        return self.text


PlanStanding = Literal["preregistered", "changed", "late", "none"]
"""In every release that made a decision; not in some of them; in none that made the first; there is no plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What the operator's releases say of a campaign: the caller reads it from the campaigns in force.

    ``shares`` are of all customers, by arm in declared order, the holdout first (its share may be 0); ``typologies``
    the kinds of scam told of, the default first. ``releases`` are the hashes of the releases that hold exactly this
    plan and these shares; None when the caller does not know which did.
    """

    campaign: str
    experiment: str
    shares: Mapping[str, float]
    title: str = ""
    partners: tuple[str, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    typologies: tuple[str, ...] = ()
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    plan: Preregistration | None = None
    releases: frozenset[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionSeen:
    """One version under one release that made triggers of this experiment, in order of first use; times are UTC."""

    campaign: str
    version: str
    release: str
    first_at: datetime
    last_at: datetime
    triggers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCheck:
    """The plan beside what was done. ``plan`` is None when nothing was preregistered; then ``used`` are defaults.

    ``deviations`` say what was done differently, the gravest first.
    """

    standing: PlanStanding
    plan: Preregistration | None
    used: Preregistration
    deviations: tuple[Said, ...] = ()
