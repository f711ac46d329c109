"""The decision and its explanation, and the two records kept apart by rule 7.

``Decision`` with its ``Explanation`` is the staff record. ``CustomerFacts`` is all that anything shown to a
customer may be built from: what that customer already knows.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import msgspec

from thinktwice.records.signal import PlainValue
from thinktwice.records.vocabulary import Action, AnchorOrigin, HoldReason, Rung


class LookalikePair(msgspec.Struct, frozen=True, gc=False):
    """The address from the customer's own history that the destination imitates, and how they know it."""

    imitated_address: str
    origin: AnchorOrigin
    known_since: datetime


class CustomerFacts(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What one customer already knows about one withdrawal; the only input of an alert besides its words."""

    asset: str
    network: str
    amount: Decimal
    fiat_amount: Decimal
    fiat_currency: str
    address: str
    jurisdiction: str
    memo: str | None = None
    has_paid_before: bool = False
    lookalike: LookalikePair | None = None


class Hold(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A withdrawal waits: until ``until``, or, when it is None, until staff resolve it."""

    until: datetime | None
    reason_class: HoldReason
    appeal: str | None = None


class AlertReference(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Which words are shown, to whom they are addressed and until when; the staff side of an alert.

    Without a campaign only the words that all alerts share are shown, so nothing tells one reason from another.
    """

    alert_id: str
    campaign: str | None = None
    version: str | None = None
    locale: str
    expires_at: datetime
    arm: str | None = None
    is_notice: bool = False


class PastTrigger(msgspec.Struct, frozen=True, gc=False):
    """An earlier trigger of the same customer: which experiment, when, and whether at the same destination."""

    experiment: str
    at: datetime
    is_same_destination: bool


class StandingHold(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A hold on (customer, destination) that was there before this withdrawal."""

    rung: Rung
    until: datetime | None
    reason_class: HoldReason
    appeal: str | None = None


class Circumstances(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a decision depends on besides signals and campaigns; stored so that it can be derived again.

    ``is_hold_served``: a hold at this destination ran out, or was released by two people, within the last days;
    ``is_refer_released``: one of the released ones was a ``refer`` for the customer's protection,
    ``is_security_released``: one for the account's; ``least_rung``: what this destination calls for
    whatever an audience says, after a hold or an alert that the customer has not gone past for as much money;
    ``limited`` are campaigns that interrupted more than was promised; ``is_global_holdout``: the customer is among
    those who see no campaign, so that all campaigns together can be measured.
    """

    decided_at: datetime
    hold: StandingHold | None = None
    is_hold_served: bool = False
    is_refer_released: bool = False
    least_rung: Rung | None = None
    triggers: tuple[PastTrigger, ...] = ()
    limited: tuple[str, ...] = ()
    is_global_holdout: bool = False
    is_security_released: bool = False


class Explanation(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Why: everything needed to derive the decision again (rule 3). Staff only."""

    engine: str
    snapshot: str
    signals: dict[str, PlainValue]
    reasons: tuple[str, ...] = ()
    campaign: str | None = None
    version: str | None = None
    release: str | None = None
    experiment: str | None = None
    bucket: int | None = None
    arm: str | None = None
    overshadowed: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    is_trigger: bool = False
    is_known_bad: bool = False
    circumstances: Circumstances


class Decision(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One answer to one attempt of one withdrawal."""

    decision_id: str
    withdrawal_id: str
    attempt: int
    digest: bytes
    customer_ref: str
    destination_key: str
    match_key: str
    decided_at: datetime
    action: Action
    intervention: Rung | None
    alert: AlertReference | None
    hold: Hold | None
    facts: CustomerFacts
    explanation: Explanation
    is_test: bool = False
