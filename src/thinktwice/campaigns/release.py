"""``release.yaml`` read: when a version is live, how customers are divided, and what bounds it.

Invariants: times carry an offset; shares and weights are exact; a rule that the rung needs is there or the release
is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Final

from thinktwice.campaigns.pack import Release
from thinktwice.campaigns.preregistration import read_plan
from thinktwice.contacts.document import Entry
from thinktwice.contacts.fields import NAME, Fields
from thinktwice.errors import Fault, Phrase
from thinktwice.records.campaign import BlastRadius, FrequencyCap, HoldRule
from thinktwice.records.vocabulary import RUNGS, NoScreen, Rung

MAX_HOLDOUT: Final = Decimal("0.5")
MAX_HOLD_HOURS: Final = 720

_FIELDS: Final = (
    "experiment",
    "starts_at",
    "ends_at",
    "shadow",
    "holdout",
    "weights",
    "frequency_cap",
    "expected_daily_triggers",
    "blast_radius",
    "hold",
    "plan",
)


def read_release(
    document: Entry, *, arms: Sequence[str], intervention: Rung, no_screen: NoScreen, faults: list[Fault]
) -> Release:
    """Read one release against the arms and rungs of its campaign, adding faults."""
    fields = Fields(document, _FIELDS, faults)
    starts_at, ends_at = fields.moment("starts_at"), fields.moment("ends_at", required=False)
    if starts_at and ends_at and ends_at <= starts_at:
        fields.fault("ends_at", "write a time after starts_at")
    hold = _hold(fields)
    if hold is None and "hold" in (intervention, no_screen):
        which = "intervention" if intervention == "hold" else "no_screen"
        fields.fault(
            "hold",
            Phrase("is missing: %(which)s is hold; add hours, legal_basis, maximum_hours and appeal", which=which),
        )
    expected = fields.optional_integer("expected_daily_triggers", 1, 10_000_000)
    radius = _blast_radius(fields, intervention)
    if radius is not None and expected is None:
        fields.fault("expected_daily_triggers", "is missing; blast_radius multiplies it")
    return Release(
        experiment=fields.text("experiment", form=NAME, longest=100),
        starts_at=starts_at or datetime.min.replace(tzinfo=UTC),
        ends_at=ends_at,
        holdout=fields.decimal("holdout", Decimal(0), MAX_HOLDOUT),
        weights=_weights(fields, arms),
        frequency_cap=_frequency_cap(fields),
        expected_daily_triggers=expected,
        blast_radius=radius,
        hold=hold,
        is_shadow=fields.flag("shadow"),
        plan=read_plan(fields),
    )


def _weights(fields: Fields, arms: Sequence[str]) -> dict[str, int]:
    """Return the weight of every arm, in the order in which campaign.yaml declares the arms."""
    group = fields.group("weights", None, required=True)
    if group is None:
        return {}
    for name in group.names:
        if name not in arms:
            group.fault(name, Phrase("campaign.yaml has no such arm; its arms: %(choices)s", choices=", ".join(arms)))
    for name in arms:
        if name not in group.names:
            fields.fault("weights", Phrase("the arm %(name)s has no weight", name=name))
    weights = {name: group.integer(name, 0, 1000) for name in arms if name in group.names}
    if weights and not any(weights.values()):
        fields.fault("weights", "at least one weight is above 0")
    return weights


def _frequency_cap(fields: Fields) -> FrequencyCap | None:
    group = fields.group("frequency_cap", ("triggers", "per_days"))
    if group is None:
        return None
    return FrequencyCap(group.integer("triggers", 1, 100), group.integer("per_days", 1, 30))


def _blast_radius(fields: Fields, intervention: Rung) -> BlastRadius | None:
    group = fields.group("blast_radius", ("times_expected", "within_minutes", "then"))
    if group is None:
        return None
    then = group.text("then")
    weaker = ("proceed", *RUNGS[: RUNGS.index(intervention)])
    if then and then not in weaker:
        group.fault(
            "then",
            Phrase(
                "write a rung below %(intervention)s: %(choices)s", intervention=intervention, choices=", ".join(weaker)
            ),
        )
    return BlastRadius(group.integer("times_expected", 1, 100), group.integer("within_minutes", 1, 1440), then)


def _hold(fields: Fields) -> HoldRule | None:
    group = fields.group("hold", ("hours", "legal_basis", "maximum_hours", "appeal"))
    if group is None:
        return None
    rule = HoldRule(
        hours=group.integer("hours", 1, MAX_HOLD_HOURS),
        legal_basis=group.text("legal_basis"),
        maximum_hours=group.integer("maximum_hours", 1, MAX_HOLD_HOURS),
        appeal=group.text("appeal", form=NAME),
    )
    if rule.hours > rule.maximum_hours:
        group.fault("hours", Phrase("is more than maximum_hours (%(most)s)", most=rule.maximum_hours))
    return rule


def release_warnings(
    release: Release, intervention: Rung, partners: Sequence[str], today: date, where: str
) -> list[Fault]:
    """Return what is allowed in a release but probably not meant."""
    found = []
    if release.ends_at is not None and release.ends_at.date() < today:
        found.append(Fault("is over; nothing will be shown", "ends_at", where))
    if release.holdout and RUNGS.index(intervention) >= RUNGS.index("ask"):
        found.append(
            Fault(
                Phrase("has no effect: the rung %(intervention)s is outside every holdout", intervention=intervention),
                "holdout",
                where,
            )
        )
    if partners:
        said = ", ".join(partners)
        found.append(
            Fault(
                Phrase("the badge of %(said)s shows only after its own approval; until then none", said=said),
                "partners",
                where,
            )
        )
    return found
