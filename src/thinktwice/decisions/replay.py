"""Deriving a stored decision again (rule 3).

Invariants: a derivation reads only the stored explanation and the campaigns; the same engine version gives the same
bytes; another engine, or campaigns that have changed since, give a report of what differs, never a silent pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import rfc8785

from thinktwice.decisions.decide import Verdict, decide
from thinktwice.decisions.live import LiveCampaigns
from thinktwice.decisions.screening import ENGINE
from thinktwice.records.decision import Decision
from thinktwice.records.installation import Installation
from thinktwice.records.signal import PlainValue, from_plain


@dataclass(frozen=True, slots=True)
class Derivation:
    """The canonical bytes as stored and as derived now, and why they may differ."""

    stored: bytes
    derived: bytes
    differences: tuple[str, ...]

    @property
    def is_same(self) -> bool:
        """Whether both are the same, byte for byte."""
        return self.stored == self.derived


def canonical(
    *,
    action: str,
    rung: str | None,
    campaign: str | None,
    version: str | None,
    arm: str | None,
    reasons: tuple[str, ...],
    signals: dict[str, PlainValue],
) -> bytes:
    """Return the canonical JSON (RFC 8785) of what a decision says."""
    content: dict[str, Any] = {
        "action": action,
        "rung": rung,
        "campaign": campaign,
        "version": version,
        "arm": arm,
        "reasons": list(reasons),
        "signals": {name: list(value) if isinstance(value, tuple) else value for name, value in signals.items()},
    }
    return rfc8785.dumps(content)


def canonical_of(decision: Decision) -> bytes:
    """Return the canonical JSON of a stored decision."""
    explanation = decision.explanation
    return canonical(
        action=decision.action,
        rung=decision.intervention,
        campaign=explanation.campaign,
        version=explanation.version,
        arm=explanation.arm,
        reasons=explanation.reasons,
        signals=explanation.signals,
    )


def replay(decision: Decision, campaigns: LiveCampaigns, installation: Installation) -> Derivation:
    """Derive a stored decision again from its explanation and these campaigns."""
    explanation = decision.explanation
    verdict = decide(
        from_plain(explanation.signals, installation.catalogue),
        explanation.circumstances,
        campaigns,
        # The bucket was used at most for the one experiment that decided; the explanation holds it.
        lambda _experiment: explanation.bucket or 0,
        known_bad_intervention=installation.known_bad_intervention,
        alert_budget=installation.alert_budget,
    )
    stored = canonical_of(decision)
    policy = verdict.policy
    derived = canonical(
        action=verdict.action,
        rung=verdict.rung,
        campaign=policy.id if policy else None,
        version=policy.version if policy else None,
        arm=verdict.arm,
        reasons=verdict.reasons,
        signals=explanation.signals,
    )
    return Derivation(stored, derived, () if stored == derived else _differences(decision, verdict))


def _differences(decision: Decision, verdict: Verdict) -> tuple[str, ...]:
    explanation, policy = decision.explanation, verdict.policy
    pairs = (
        ("engine", explanation.engine, ENGINE),
        ("action", decision.action, verdict.action),
        ("rung", decision.intervention, verdict.rung),
        ("campaign", explanation.campaign, policy.id if policy else None),
        ("version", explanation.version, policy.version if policy else None),
        ("arm", explanation.arm, verdict.arm),
        ("reasons", explanation.reasons, verdict.reasons),
    )
    return tuple(f"{name}: {before} then, {now} now" for name, before, now in pairs if before != now)
