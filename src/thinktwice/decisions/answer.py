"""The answer to the operator: only what may reach a browser (rule 7).

Invariants: built from the decision's action, alert reference and hold, never from its explanation; the alert token is
derived here each time, is never stored, and never lives longer than 24 hours: who asks again later gets a fresh one.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

import msgspec

from thinktwice.keyring.codes import Codes
from thinktwice.keyring.keys import Keyring
from thinktwice.keyring.tokens import sign_token
from thinktwice.records.decision import Decision
from thinktwice.records.vocabulary import Action, HoldReason, Rung


class AlertAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Where the alert is shown, and the token that opens it."""

    id: str
    url: str
    token: str
    locale: str
    expires_at: datetime


class HoldAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Until when the withdrawal waits (null: until a person has spoken with the customer), why, and how to appeal."""

    until: datetime | None
    reason_class: HoldReason
    appeal_url: str | None


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The body of the reply to ``POST /v1/decisions``."""

    decision_id: str
    withdrawal_id: str
    attempt: int
    action: Action
    intervention: Rung | None
    alert: AlertAnswer | None
    hold: HoldAnswer | None


_encoder: Final = msgspec.json.Encoder()


RENEWED: Final = timedelta(hours=12)
"""The grid on which the expiry of tokens moves on: each has at least this long to live, and at most twice."""


def expiry_of(first: datetime, now: datetime) -> datetime:
    """Return until when a token derived at ``now`` is good; ``first`` is until when the first one was.

    Steps of ``RENEWED`` after the first, so that asking again within a step gives the same token.
    """
    left = first - now
    return first if left > RENEWED else first + ((RENEWED - left) // RENEWED + 1) * RENEWED


class Answering:
    """Builds answers for one installation; ``public_url`` is where customers reach the alert page, without a slash."""

    def __init__(self, keyring: Keyring, public_url: str, appeal_url: str | None = None) -> None:
        self._key = keyring.token[0]
        self._codes = Codes(keyring.token)
        self._public_url = public_url.rstrip("/")
        self._appeal_url = appeal_url

    def answer(self, decision: Decision, now: datetime | None = None) -> Answer:
        """Return the answer for a decision, as it was given first or, with ``now``, with a token that is good then."""
        reference, hold = decision.alert, decision.hold
        alert = None
        if reference is not None:
            expires_at = expiry_of(reference.expires_at, now) if now else reference.expires_at
            token = sign_token(self._key, reference.alert_id, expires_at)
            alert = AlertAnswer(
                id=reference.alert_id,
                url=f"{self._public_url}/alerts/{token}",
                token=token,
                locale=reference.locale,
                expires_at=expires_at,
            )
        return Answer(
            decision_id=decision.decision_id,
            withdrawal_id=decision.withdrawal_id,
            attempt=decision.attempt,
            action=decision.action,
            intervention=decision.intervention,
            alert=alert,
            hold=None
            if hold is None
            else HoldAnswer(until=hold.until, reason_class=hold.reason_class, appeal_url=self._appeal_url),
        )

    def call_code(self, decision: Decision) -> str | None:
        """Return what our caller says first, which the customer sees on the alert; None where there is no alert."""
        return self._codes.of_call(decision.alert.alert_id) if decision.alert else None

    def encoded(self, decision: Decision, now: datetime | None = None) -> bytes:
        """Return the answer as JSON."""
        return _encoder.encode(self.answer(decision, now))


def explained(decision: Decision) -> dict[str, Any]:
    """Return the explanation as ``decide --explain`` and staff see it: all signals, missing ones as null."""
    explanation = decision.explanation
    return {
        "campaign": explanation.campaign,
        "version": explanation.version,
        "arm": explanation.arm,
        "reasons": list(explanation.reasons),
        "signals": dict(explanation.signals),
    }
