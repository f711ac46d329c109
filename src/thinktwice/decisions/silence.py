"""What may keep a campaign silent besides the holdout of its own experiment.

Invariants: pure; a repeat to the same destination within seven days escapes all of it (DESIGN rule 6); whoever must
always be warned never gets here.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from thinktwice.records.campaign import CampaignPolicy, FrequencyCap
from thinktwice.records.decision import Circumstances

_REPEAT: Final = timedelta(days=7)


def silence_of(policy: CampaignPolicy, circumstances: Circumstances, budget: FrequencyCap | None) -> str | None:
    """Return what keeps a campaign silent (``capped``, ``budget``, ``global_holdout``) or softens it (``limited``)."""
    if circumstances.triggers and _is_repeat(policy, circumstances):
        return None
    if circumstances.triggers:
        if _is_spent(policy.frequency_cap, circumstances, policy.experiment):
            return "capped"
        if _is_spent(budget, circumstances, None):
            return "budget"
    if circumstances.is_global_holdout:
        return "global_holdout"
    return "limited" if circumstances.limited and policy.id in circumstances.limited else None


def _is_repeat(policy: CampaignPolicy, circumstances: Circumstances) -> bool:
    """Tell whether this campaign triggered at this destination within the last days (rule 6)."""
    now = circumstances.decided_at
    return any(
        past.is_same_destination and past.experiment == policy.experiment and now - past.at < _REPEAT
        for past in circumstances.triggers
    )


def _is_spent(cap: FrequencyCap | None, circumstances: Circumstances, experiment: str | None) -> bool:
    """Tell whether the triggers of one experiment, or of all together, reach the cap."""
    if cap is None:
        return False
    since = circumstances.decided_at - timedelta(days=cap.per_days)
    counted = (past for past in circumstances.triggers if experiment is None or past.experiment == experiment)
    return sum(1 for past in counted if past.at > since) >= cap.triggers
