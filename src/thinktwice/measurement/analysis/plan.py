"""What the analysis was told before: shares exactly as assigned, the plan or stated defaults, and what differs from it.

Invariants: rules of outcomes follow from the plan alone; defaults never pass for a plan; shares are counted over the
buckets that assign customers, so they are the probabilities and not an approximation of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from thinktwice.experiments.assignment import BUCKETS, HOLDOUT, arm_of
from thinktwice.measurement.analysis.records import Declared, PlanCheck, PlanStanding, Said, VersionSeen
from thinktwice.outcomes.rules import ALERT_SOURCE, OutcomeRules
from thinktwice.records.preregistration import Preregistration

DEFAULTS: Final = Preregistration(
    hypothesis="", owner="", population="customers whose first trigger is eligible for the holdout"
)
"""What is used when nothing was preregistered; a report says so."""

DEFAULT_MARGINS: Final[Mapping[str, Decimal]] = {
    "genuine_not_sent": Decimal("0.01"),
    "complained": Decimal("0.005"),
    "contacted": Decimal("0.01"),
    "slow": Decimal("0.05"),
    "interrupted": Decimal("0.15"),
    "released_early": Decimal("0.20"),
}
"""Margins of guardrails that the plan does not name, as shares; results that rest on one are marked."""


def exact_shares(holdout: Decimal, weights: Mapping[str, int]) -> dict[str, float]:
    """Return the probability of every arm, the holdout first; its share may be 0, arms without weight are left out."""
    found = Counter(arm_of(bucket, holdout, weights) for bucket in range(BUCKETS))
    arms = {arm: found[arm] / BUCKETS for arm in weights if found[arm]}
    return {HOLDOUT: found[HOLDOUT] / BUCKETS, **arms}


def rules_of(plan: Preregistration | None, currency: str) -> OutcomeRules:
    """Return how outcomes are read under this plan: which labels count, and where amounts are cut."""
    used = plan or DEFAULTS
    return OutcomeRules(
        currency=currency,
        independent_sources=frozenset(used.label_sources) - {ALERT_SOURCE},
        winsorised_at=used.winsorised_at,
    )


def check_plan(declared: Declared, versions: Sequence[VersionSeen], until: datetime) -> PlanCheck:
    """Put the plan beside what was done: was it there before the first trigger, and was it kept?"""
    plan = declared.plan
    standing = _standing(declared, versions)
    said = [_MISSING] if plan is None else []
    if standing in ("late", "changed"):
        said.append(_LATE if standing == "late" else _CHANGED)
    if plan is not None:
        said += _duration(plan, versions, until)
        said += [
            Said("default_margin", f"no margin was declared for {name}; {margin} is a default", {"guardrail": name})
            for name, margin in DEFAULT_MARGINS.items()
            if name not in plan.margins and name != "released_early"  # its row says so, where anybody was held
        ]
    campaigns = sorted({one.campaign for one in versions})
    if len(campaigns) > 1:
        text = f"several campaigns share this experiment: {', '.join(campaigns)}"
        said.append(Said("several_campaigns", text, {"campaigns": ", ".join(campaigns)}))
    return PlanCheck(standing=standing, plan=plan, used=plan or DEFAULTS, deviations=tuple(said))


def _standing(declared: Declared, versions: Sequence[VersionSeen]) -> PlanStanding:
    if declared.plan is None:
        return "none"
    if declared.releases is None or not versions:
        return "preregistered"
    if versions[0].release not in declared.releases:
        return "late"
    return "preregistered" if all(one.release in declared.releases for one in versions) else "changed"


_MISSING: Final = Said(
    "not_preregistered", "nothing was preregistered: what follows uses defaults that nobody declared before the start"
)
_LATE: Final = Said(
    "plan_late", "the first customers were assigned under another release than the one that holds this plan"
)
_CHANGED: Final = Said(
    "plan_changed", "some customers were assigned under another release than the one that holds this plan"
)


def _duration(plan: Preregistration, versions: Sequence[VersionSeen], until: datetime) -> list[Said]:
    if not versions:
        return []
    planned = timedelta(days=plan.days)
    ran = max(one.last_at for one in versions) - min(one.first_at for one in versions)
    facts = {"planned_days": plan.days, "days": round(ran / timedelta(days=1), 1)}
    if ran > planned + timedelta(days=1):
        return [Said("ran_longer", f"customers entered for {facts['days']} days; {plan.days} were planned", facts)]
    if until - min(one.first_at for one in versions) < planned:
        return [Said("still_running", f"the planned {plan.days} days are not over", facts)]
    return []
