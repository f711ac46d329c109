"""Signals that the operator's request carries itself.

Invariants: durations are floored, never negative (a skewed clock counts as zero) and measured at ``initiated_at``;
a ratio is truncated to four places and missing when its divisor is zero.
"""

from __future__ import annotations

from datetime import datetime
from decimal import ROUND_DOWN, Context, Decimal
from typing import Final

from thinktwice.records.signal import SignalValue
from thinktwice.records.withdrawal import Withdrawal

_EXACT: Final = Context(prec=60, rounding=ROUND_DOWN)
_RATIO_PLACES: Final = Decimal("0.0001")
_LARGEST_RATIO: Final = Decimal("9999999999999999.9999")
"""The largest ratio that DECIMAL(20,4) holds; a larger one, against a balance of next to nothing, is this."""


def ratio(part: Decimal, whole: Decimal | None) -> Decimal | None:
    """Return ``part / whole`` truncated to four places, or None when there is nothing to divide by."""
    if whole is None or whole <= 0:
        return None
    quotient = _EXACT.divide(part, whole)
    if quotient >= _LARGEST_RATIO:
        return _LARGEST_RATIO
    return quotient.quantize(_RATIO_PLACES, rounding=ROUND_DOWN, context=_EXACT)


def _elapsed(start: datetime | None, end: datetime, unit_seconds: int) -> int | None:
    if start is None:
        return None
    gone = end - start
    return max(0, (gone.days * 86_400 + gone.seconds) // unit_seconds)


def request_signals(withdrawal: Withdrawal) -> dict[str, SignalValue]:
    """Return the request family."""
    at = withdrawal.initiated_at
    locale = withdrawal.locale
    values: dict[str, SignalValue] = {
        "jurisdiction": withdrawal.jurisdiction,
        "locale": locale,
        "language": None if locale is None else locale.partition("-")[0].lower(),
        "asset": withdrawal.asset,
        "network": withdrawal.network,
        "channel": withdrawal.channel,
        "amount": withdrawal.amount,
        "fiat_amount": withdrawal.fiat_amount,
        "hour_utc": at.hour,
        "age_band": withdrawal.age_band,
        "customer_kind": withdrawal.customer_kind,
        "account_age_days": _elapsed(withdrawal.account_opened_at, at, 86_400),
        "balance_ratio": ratio(withdrawal.fiat_amount, withdrawal.fiat_balance),
        "minutes_since_deposit": _elapsed(withdrawal.last_deposit_at, at, 60),
        "hours_since_credentials_change": _elapsed(withdrawal.credentials_changed_at, at, 3_600),
        "ip_country": withdrawal.ip_country,
        "is_new_device": withdrawal.is_new_device,
        "is_remote_access": withdrawal.is_remote_access,
        "is_on_call": withdrawal.is_on_call,
        "risk_flags": withdrawal.risk_flags,
        "onchain_age_days": withdrawal.onchain_age_days,
        "vendor_category": withdrawal.vendor_category,
        "destination_owner": withdrawal.destination_owner,
        "is_internal": withdrawal.is_internal,
    }
    return values
