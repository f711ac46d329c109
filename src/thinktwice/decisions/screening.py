"""From one withdrawal to one decision: signals, verdict, and the records made of them.

Invariants: the staff record (explanation) and the customer record (facts, alert reference, hold) are built apart
(rule 7); everything the verdict depended on is stored in the explanation (rule 3).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec

from thinktwice import __version__
from thinktwice.decisions.decide import Verdict, decide
from thinktwice.decisions.identity import uuid7
from thinktwice.decisions.live import LiveCampaigns
from thinktwice.experiments.assignment import bucket_of, holdout_buckets
from thinktwice.keyring.keys import Keyring
from thinktwice.records.campaign import CampaignPolicy
from thinktwice.records.decision import (
    AlertReference,
    Circumstances,
    CustomerFacts,
    Decision,
    Explanation,
    LookalikePair,
    PastTrigger,
    StandingHold,
)
from thinktwice.records.installation import Installation
from thinktwice.records.signal import PlainValue, to_plain
from thinktwice.records.vocabulary import HoldReason, Rung, strongest
from thinktwice.records.withdrawal import Withdrawal
from thinktwice.signals.compute import Findings, find_signals
from thinktwice.signals.memory import OPEN_ALERT_MEMORY
from thinktwice.signals.state import DAY, CustomerHold, CustomerState, DestinationState, micros, moment
from thinktwice.watchlist.snapshot import Snapshot

ENGINE: Final = f"thinktwice/{__version__}"
GLOBAL_EXPERIMENT: Final = "global-holdout"
"""The experiment whose buckets tell who sees no campaign; no campaign's own may be called so."""

TOKEN_LIFE: Final = timedelta(hours=24)
_SERVED_MEMORY: Final = 7 * DAY

LocaleChoice = Callable[[str | None, CampaignPolicy | None], str]
"""Which of a campaign's languages, or of the shared words', suits the language that a customer asked for."""


@dataclass(frozen=True, slots=True)
class Screening:
    """Screens withdrawals with one set of campaigns and one snapshot of the watchlist."""

    installation: Installation
    keyring: Keyring
    campaigns: LiveCampaigns
    snapshot: Snapshot
    choose_locale: LocaleChoice
    limited: Callable[[], tuple[str, ...]] = tuple

    def screen(
        self, withdrawal: Withdrawal, customer: CustomerState, across: DestinationState, now: datetime
    ) -> tuple[Decision, Findings]:
        """Return the decision on one attempt, and the findings it rests on."""
        findings = find_signals(withdrawal, customer, across, self.snapshot, now, self.installation)
        circumstances = self._circumstances_of(withdrawal, customer, now)
        verdict = decide(
            findings.signals,
            circumstances,
            self.campaigns,
            self._bucket_of(withdrawal.customer_ref),
            known_bad_intervention=self.installation.known_bad_intervention,
            alert_budget=self.installation.alert_budget,
        )
        return self._decision(withdrawal, findings, circumstances, verdict, now), findings

    def _circumstances_of(self, withdrawal: Withdrawal, customer: CustomerState, now: datetime) -> Circumstances:
        circumstances = circumstances_of(withdrawal, customer, now)
        limited, share = self.limited(), self.installation.global_holdout
        bucket = self._bucket_of(withdrawal.customer_ref)
        is_held_out = bool(share) and bucket(GLOBAL_EXPERIMENT) < holdout_buckets(share)
        if not (limited or is_held_out):
            return circumstances
        return msgspec.structs.replace(circumstances, limited=limited, is_global_holdout=is_held_out)

    def _bucket_of(self, customer_ref: str) -> Callable[[str], int]:
        return lambda experiment: bucket_of(self.keyring.assign.secret, experiment, customer_ref)

    def _decision(
        self,
        withdrawal: Withdrawal,
        findings: Findings,
        circumstances: Circumstances,
        verdict: Verdict,
        now: datetime,
    ) -> Decision:
        at = micros(now)
        destination = withdrawal.destination
        return Decision(
            decision_id=uuid7(at),
            withdrawal_id=withdrawal.withdrawal_id,
            attempt=withdrawal.attempt,
            digest=withdrawal.digest,
            customer_ref=withdrawal.customer_ref,
            destination_key=destination.key,
            match_key=destination.match_key,
            decided_at=now,
            action=verdict.action,
            intervention=verdict.rung,
            alert=self._alert_of(withdrawal, verdict, now),
            hold=verdict.hold,
            facts=_facts_of(withdrawal, findings),
            explanation=explanation_of(
                verdict, circumstances, to_plain(findings.signals, self.installation.decimals), self.snapshot.id
            ),
            is_test=withdrawal.is_test,
        )

    def _alert_of(self, withdrawal: Withdrawal, verdict: Verdict, now: datetime) -> AlertReference | None:
        is_screen = not withdrawal.is_screenless and verdict.action != "proceed"
        if not is_screen and not verdict.is_notice:
            return None
        # A block and a matter of the account have shared words only: nothing may tell one reason from another.
        is_account = verdict.hold is not None and verdict.hold.reason_class == "account_security"
        policy = None if verdict.action == "block" or is_account else verdict.policy
        if policy is None and verdict.action == "alert":
            return None
        return AlertReference(
            alert_id=uuid7(micros(now)),
            campaign=policy.id if policy else None,
            version=policy.version if policy else None,
            locale=self.choose_locale(withdrawal.locale, policy),
            # Whole seconds, because a token carries them.
            expires_at=now.replace(microsecond=0) + TOKEN_LIFE,
            arm=verdict.display_arm,
            is_notice=verdict.is_notice,
        )


def circumstances_of(withdrawal: Withdrawal, customer: CustomerState, now: datetime) -> Circumstances:
    """Return what besides signals and campaigns bears on the decision."""
    at = micros(now)
    match_key = withdrawal.destination.match_key
    standing = customer.hold_at(match_key, at)
    ended = [hold for hold in customer.holds if hold.match_key == match_key] if customer.holds else []
    is_served = any(_is_served(hold, at) for hold in ended)
    return Circumstances(
        decided_at=now,
        hold=None
        if standing is None
        else StandingHold(
            rung=standing.rung,
            until=moment(standing.until) if standing.until else None,
            reason_class=standing.reason_class,
            appeal=standing.appeal,
        ),
        is_hold_served=is_served,
        is_refer_released=any(_is_refer_released(hold, "customer_protection", at) for hold in ended),
        is_security_released=any(_is_refer_released(hold, "account_security", at) for hold in ended),
        least_rung=_least_rung(withdrawal, customer, at, is_served=is_served)
        if is_served or customer.open_alerts
        else None,
        triggers=tuple(
            [PastTrigger(past.experiment, moment(past.at), past.match_key == match_key) for past in customer.triggers]
        )
        if customer.triggers
        else (),
    )


def _is_served(hold: CustomerHold, at: int) -> bool:
    """Tell whether a hold ran out, or was released, not long ago."""
    if hold.released_at:
        return at < hold.released_at + _SERVED_MEMORY
    return hold.rung == "hold" and 0 < hold.until <= at < hold.until + _SERVED_MEMORY


def _is_refer_released(hold: CustomerHold, about: HoldReason, at: int) -> bool:
    """Tell whether two people ended such a ``refer`` not long ago; who looks like a thief again is one next day."""
    memory = DAY if about == "account_security" else _SERVED_MEMORY
    is_such = hold.rung == "refer" and hold.reason_class == about
    return is_such and 0 < hold.released_at <= at < hold.released_at + memory


def _least_rung(withdrawal: Withdrawal, customer: CustomerState, at: int, *, is_served: bool) -> Rung | None:
    """Return what this destination calls for after alerts not gone past and after a hold, unless staff know it.

    A hold is followed by a deliberate confirmation, for which there has to be a screen (ADR 4).
    """
    destination = withdrawal.destination
    known = customer.destination(destination.key)
    if known is not None and known.is_genuine:
        return None
    rungs: list[Rung] = [
        one.rung
        for one in customer.open_alerts
        if one.match_key == destination.match_key and at - one.at < OPEN_ALERT_MEMORY
    ]
    if is_served and not withdrawal.is_screenless:
        rungs.append("confirm")
    return strongest(*rungs) if rungs else None


def explanation_of(
    verdict: Verdict, circumstances: Circumstances, signals: dict[str, PlainValue], snapshot: str
) -> Explanation:
    """Return the staff record of a verdict."""
    policy = verdict.policy
    return Explanation(
        engine=ENGINE,
        snapshot=snapshot,
        signals=signals,
        reasons=verdict.reasons,
        campaign=policy.id if policy else None,
        version=policy.version if policy else None,
        release=policy.release if policy else None,
        experiment=policy.experiment if policy else None,
        bucket=verdict.bucket,
        arm=verdict.arm,
        overshadowed=verdict.overshadowed,
        unknown=verdict.unknown,
        is_trigger=verdict.is_trigger,
        is_known_bad=verdict.is_known_bad,
        circumstances=circumstances,
    )


def _facts_of(withdrawal: Withdrawal, findings: Findings) -> CustomerFacts:
    destination, imitated = withdrawal.destination, findings.imitated
    return CustomerFacts(
        asset=withdrawal.asset,
        network=withdrawal.network,
        amount=withdrawal.amount,
        fiat_amount=withdrawal.fiat_amount,
        fiat_currency=withdrawal.fiat_currency,
        address=destination.address,
        jurisdiction=withdrawal.jurisdiction,
        memo=destination.memo,
        has_paid_before=not findings.signals["is_first_time_destination"],
        lookalike=None
        if imitated is None
        else LookalikePair(imitated.address, imitated.origin, moment(imitated.known_at)),
    )
