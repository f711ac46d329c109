"""Whether this customer should think twice: the pure core.

Invariants: same arguments, same verdict, byte for byte; no clock, no randomness, no I/O. The order is block, then a
hold that stands, then known-bad, then campaigns (DESIGN section 6): those from ``ask`` up, then the others, each by
priority. Nothing lowers protection: a standing
hold gives way only to something stronger (rule 5); known-bad, the rungs from ``ask`` up and customers with a prior
scam report are outside every holdout, cap, budget and limit; a repeat to the same destination is outside all of them
but the holdout of its own experiment, because it keeps its arm (rule 6).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Final

import msgspec
from msgspec.structs import replace

from thinktwice.decisions.live import Fired, LiveCampaigns
from thinktwice.decisions.silence import silence_of
from thinktwice.experiments.assignment import HOLDOUT, arm_of
from thinktwice.records.campaign import CampaignPolicy, FrequencyCap
from thinktwice.records.decision import Circumstances, Hold, StandingHold
from thinktwice.records.signal import SignalValues
from thinktwice.records.vocabulary import RUNGS, SCREENLESS_CHANNELS, Action, Rung, is_stronger, strongest

_ALWAYS_SHOWN: Final = frozenset({"ask", "hold", "refer"})
_NO_HOLDOUT: Final = Decimal(0)
_WAITING: Final = frozenset({"hold", "refer"})


class Verdict(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What was decided and why; ``display_arm`` is the arm whose journey is shown, ``arm`` the one that counts."""

    action: Action
    rung: Rung | None = None
    policy: CampaignPolicy | None = None
    arm: str | None = None
    display_arm: str | None = None
    bucket: int | None = None
    reasons: tuple[str, ...] = ()
    overshadowed: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    is_trigger: bool = False
    is_known_bad: bool = False
    is_notice: bool = False
    hold: Hold | None = None


class _Candidate(msgspec.Struct, frozen=True, gc=False):
    """One reason to speak: a campaign, the rung it asks for on this channel, and whether it is known-bad."""

    policy: CampaignPolicy | None
    rung: Rung | None
    is_known_bad: bool = False


class _Rules(msgspec.Struct, frozen=True, gc=False):
    """What the installation decides about every campaign, and the customer's buckets."""

    bucket_of: Callable[[str], int]
    known_bad_intervention: Rung
    alert_budget: FrequencyCap | None


def decide(
    signals: SignalValues,
    circumstances: Circumstances,
    campaigns: LiveCampaigns,
    bucket_of: Callable[[str], int],
    *,
    known_bad_intervention: Rung = "confirm",
    alert_budget: FrequencyCap | None = None,
) -> Verdict:
    """Return the verdict on one withdrawal.

    ``bucket_of`` gives the customer's bucket (0 to 9,999) in an experiment. ``known_bad_intervention`` is the least
    rung for a known-bad destination; ``alert_budget`` bounds the triggers of one customer over all campaigns.
    """
    if signals["watchlist_disposition"] == "block":
        return Verdict(action="block", reasons=("block:listed",))
    fired = campaigns.fired(signals, circumstances.decided_at)
    rules = _Rules(bucket_of, known_bad_intervention, alert_budget)
    verdict = _from_campaigns(signals, circumstances, campaigns, fired, rules)
    if circumstances.least_rung is not None:
        verdict = _no_weaker(verdict, signals, circumstances, campaigns, bucket_of)
    if fired.unknown or fired.shadow:
        verdict = replace(verdict, unknown=fired.unknown, reasons=(*verdict.reasons, *_shadows(fired)))
    return verdict if circumstances.hold is None else _under_standing_hold(verdict, circumstances.hold)


def _shadows(fired: Fired) -> tuple[str, ...]:
    return tuple(f"shadow:{policy.id}" for policy in fired.shadow)


def _under_standing_hold(verdict: Verdict, standing: StandingHold) -> Verdict:
    # Inherited by every new attempt; only a stronger rung replaces it, or the same one once a thief is suspected.
    if verdict.hold is not None and verdict.rung is not None:
        is_security_new = verdict.hold.reason_class == "account_security" != standing.reason_class
        if is_stronger(verdict.rung, standing.rung) or (is_security_new and verdict.rung == standing.rung):
            return verdict
    return replace(
        verdict,
        action="refer" if standing.rung == "refer" else "hold",
        rung=standing.rung,
        arm=None,
        is_trigger=False,
        is_notice=False,
        reasons=("standing_hold", *verdict.reasons),
        hold=Hold(until=standing.until, reason_class=standing.reason_class, appeal=standing.appeal),
    )


def _no_weaker(
    verdict: Verdict,
    signals: SignalValues,
    circumstances: Circumstances,
    campaigns: LiveCampaigns,
    bucket_of: Callable[[str], int],
) -> Verdict:
    """Raise a verdict to what this destination called for before (rule 5).

    A smaller amount, a split or a cap does not lead around an alert that was not gone past, and after a hold comes a
    deliberate confirmation, whatever the audience says; without a screen ADR 4 says what comes.
    """
    is_screenless = signals["channel"] in SCREENLESS_CHANNELS
    rung = circumstances.least_rung
    if rung is None or (verdict.rung is not None and not is_stronger(rung, verdict.rung)):
        return verdict
    policy = verdict.policy or campaigns.words_for(
        str(signals["jurisdiction"]), circumstances.decided_at, is_lookalike=False
    )
    if is_screenless:
        rung = _rung_on(policy, is_screenless=True) if policy else None
        rung = None if rung == "hold" and circumstances.is_hold_served else rung
    bucket = bucket_of(policy.experiment) if policy else None
    return replace(
        verdict,
        action=_action_of(rung),
        rung=rung,
        policy=policy,
        arm=None,
        display_arm=arm_of(bucket, _NO_HOLDOUT, policy.arms) if policy and bucket is not None else None,
        bucket=bucket,
        is_notice=rung is None and policy is not None,
        hold=_hold(policy, rung, circumstances),
        reasons=(*verdict.reasons, "after_hold" if circumstances.is_hold_served else "open_alert"),
    )


def known_bad_reasons(signals: SignalValues) -> tuple[str, ...]:
    """Return why a destination is known-bad: a ``warn`` listing or a lookalike.

    The allow list wins over both: it turns the disposition to ``ignore``, and an allowed address is no lookalike.
    """
    reasons = ("known_bad:listed",) if signals["watchlist_disposition"] == "warn" else ()
    return ("known_bad:lookalike", *reasons) if signals["is_lookalike"] is True else reasons


def _from_campaigns(
    signals: SignalValues,
    circumstances: Circumstances,
    campaigns: LiveCampaigns,
    fired: Fired,
    rules: _Rules,
) -> Verdict:
    is_screenless = signals["channel"] in SCREENLESS_CHANNELS
    candidates = [_Candidate(policy, _rung_on(policy, is_screenless=is_screenless)) for policy in fired.live]
    known_bad = known_bad_reasons(signals)
    if known_bad:
        words = campaigns.words_for(
            str(signals["jurisdiction"]), circumstances.decided_at, is_lookalike=signals["is_lookalike"] is True
        )
        chosen = _known_bad_candidate(words, fired, rules.known_bad_intervention, is_screenless=is_screenless)
        # A stronger rung of a campaign keeps its own, neutral words.
        stronger = [one for one in candidates if one.rung and chosen.rung and is_stronger(one.rung, chosen.rung)]
        if stronger:
            strongest_one = max(stronger, key=lambda one: RUNGS.index(one.rung or "inform"))
            chosen = replace(strongest_one, is_known_bad=True)
    elif candidates:
        # What nothing may silence goes before what a cap or a holdout may, in every arm alike (rules 5 and 6).
        chosen = next((one for one in candidates if one.rung in _ALWAYS_SHOWN), candidates[0])
    else:
        return Verdict(action="proceed")
    overshadowed = tuple([policy.id for policy in fired.live if policy is not chosen.policy])
    verdict = _answer(chosen, signals, circumstances, rules, is_screenless=is_screenless)
    if not (known_bad or overshadowed):
        return verdict
    return replace(verdict, reasons=(*known_bad, *verdict.reasons), overshadowed=overshadowed)


def _rung_on(policy: CampaignPolicy, *, is_screenless: bool) -> Rung | None:
    """Return the campaign's rung on this channel; None is a notice, for which no screen is needed."""
    if not is_screenless:
        return policy.intervention
    return None if policy.no_screen == "notice" else policy.no_screen


def _known_bad_candidate(words: CampaignPolicy | None, fired: Fired, least: Rung, *, is_screenless: bool) -> _Candidate:
    if not is_screenless:
        asked = [policy.intervention for policy in fired.live if words and policy.id == words.id]
        return _Candidate(words, strongest(least, *asked), is_known_bad=True)
    # A notice in a file warns nobody, so known-bad without a screen waits: held where the pack has a hold rule.
    rung = _rung_on(words, is_screenless=True) if words else None
    return _Candidate(words, rung or ("hold" if words and words.hold else "refer"), is_known_bad=True)


def _answer(
    chosen: _Candidate,
    signals: SignalValues,
    circumstances: Circumstances,
    rules: _Rules,
    *,
    is_screenless: bool,
) -> Verdict:
    policy, rung = chosen.policy, chosen.rung
    if (rung == "hold" and circumstances.is_hold_served) or (rung == "refer" and _is_released(policy, circumstances)):
        # The cooling-off was served, or two people have spoken with the customer: the customer confirms again, on a
        # screen; without one a person looks at known-bad.
        rung = "confirm" if not is_screenless else ("refer" if chosen.is_known_bad else None)
    if policy is None:
        return Verdict(
            action=_action_of(rung), rung=rung, is_known_bad=chosen.is_known_bad, hold=_hold(None, rung, circumstances)
        )
    bucket = rules.bucket_of(policy.experiment)
    named = f"campaign:{policy.id}"
    if chosen.is_known_bad or rung in _ALWAYS_SHOWN or signals["has_prior_scam_report"] is True:
        reasons = (named,) if chosen.is_known_bad else (named, "outside_holdout")
        display_arm = arm_of(bucket, _NO_HOLDOUT, policy.arms)
        return Verdict(
            action=_action_of(rung),
            rung=rung,
            policy=policy,
            display_arm=display_arm,
            bucket=bucket,
            reasons=reasons,
            is_known_bad=chosen.is_known_bad,
            is_notice=rung is None,
            is_trigger=True,
            hold=_hold(policy, rung, circumstances),
        )
    return _experimented(policy, rung, bucket, circumstances, rules.alert_budget)


def _is_released(policy: CampaignPolicy | None, circumstances: Circumstances) -> bool:
    """Tell whether two people ended a referral about the same: talk of a scam says nothing about a thief."""
    if policy is not None and policy.is_unauthorised:
        return circumstances.is_security_released
    return circumstances.is_refer_released


def _experimented(
    policy: CampaignPolicy, rung: Rung | None, bucket: int, circumstances: Circumstances, budget: FrequencyCap | None
) -> Verdict:
    """Return the verdict of a campaign that may stay silent: by cap, budget, holdout, or because it was limited.

    ``rung`` is ``inform``, ``confirm``, or None for a notice.
    """
    named = f"campaign:{policy.id}"
    silence = silence_of(policy, circumstances, budget)
    if silence in {"capped", "budget"}:
        return Verdict(action="proceed", policy=policy, bucket=bucket, reasons=(named, silence))
    if silence == "global_holdout":
        return Verdict(action="proceed", policy=policy, bucket=bucket, reasons=(named, silence), is_trigger=True)
    arm = arm_of(bucket, policy.holdout, policy.arms)
    if arm == HOLDOUT:
        reasons: tuple[str, ...] = (named, "holdout")
        return Verdict(action="proceed", policy=policy, arm=arm, bucket=bucket, reasons=reasons, is_trigger=True)
    if rung is not None and policy.arm_rungs:
        rung = policy.arm_rungs.get(arm, rung)
    reasons = (named,)
    if silence == "limited" and policy.blast_radius is not None:
        reasons, then = (named, "limited"), policy.blast_radius.then
        if then == "proceed":
            return Verdict(action="proceed", policy=policy, arm=arm, bucket=bucket, reasons=reasons, is_trigger=True)
        rung = next((one for one in RUNGS if rung is not None and one in (then, rung)), None)
    return Verdict(
        action=_action_of(rung),
        rung=rung,
        policy=policy,
        arm=arm,
        display_arm=arm,
        bucket=bucket,
        reasons=reasons,
        is_notice=rung is None,
        is_trigger=True,
    )


def _action_of(rung: Rung | None) -> Action:
    if rung is None:
        return "proceed"
    return "hold" if rung == "hold" else "refer" if rung == "refer" else "alert"


def _hold(policy: CampaignPolicy | None, rung: Rung | None, circumstances: Circumstances) -> Hold | None:
    if rung not in _WAITING:
        return None
    rule = policy.hold if policy else None
    until = circumstances.decided_at + timedelta(hours=rule.hours) if rule and rung == "hold" else None
    is_security = policy is not None and policy.is_unauthorised
    return Hold(
        until=until,
        reason_class="account_security" if is_security else "customer_protection",
        appeal=rule.appeal if rule else None,
    )
