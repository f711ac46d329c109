"""Signals of the customer's own history.

Invariants: a window is ``(now − w, now]``; *other* withdrawals count: in counts each once, as its latest attempt
started; in sums and the 90-day maximum whatever was completed, with whichever attempt. Nothing known is an answer
(first time, counts 0), so that the smallest integration already warns.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from thinktwice.records.signal import SignalValue
from thinktwice.records.withdrawal import Withdrawal
from thinktwice.signals.request import ratio
from thinktwice.signals.state import DAY, HOUR, CustomerState, KnownDestination

_ZERO: Final = Decimal(0)


def history_signals(
    withdrawal: Withdrawal, state: CustomerState, known: KnownDestination | None, now: int, *, is_established: bool
) -> dict[str, SignalValue]:
    """Return the history family at ``now`` (microseconds); ``known`` is what the state holds of the destination."""
    first_used = known.completed_at if known is not None else 0
    found = _windows(withdrawal, state, now)
    found["is_first_time_destination"] = first_used == 0
    found["is_established_destination"] = is_established
    found["days_since_first_use"] = (now - first_used) // DAY if first_used else None
    found["triggers_7d"] = len([one for one in state.triggers if one.at > now - 7 * DAY]) if state.triggers else 0
    found["has_prior_scam_report"] = state.last_reported_at > 0
    return found


def _windows(withdrawal: Withdrawal, state: CustomerState, now: int) -> dict[str, SignalValue]:
    hour = day = week = month = 0
    day_sum = week_sum = month_sum = largest = _ZERO
    month_ago, week_ago, day_ago, hour_ago = now - 30 * DAY, now - 7 * DAY, now - DAY, now - HOUR
    quarter_ago, own = now - 90 * DAY, (withdrawal.withdrawal_id, withdrawal.replaces)
    for past in state.withdrawals:
        if past.withdrawal_id in own:
            continue
        started, completed, fiat_amount = past.started_at, past.completed_at, past.fiat_amount
        if started > month_ago and not past.is_earlier:
            month += 1
            if started > week_ago:
                week += 1
                if started > day_ago:
                    day += 1
                    hour += started > hour_ago
        if completed > quarter_ago and fiat_amount > largest:
            largest = fiat_amount
        if completed > month_ago:
            month_sum += fiat_amount
            if completed > week_ago:
                week_sum += fiat_amount
                if completed > day_ago:
                    day_sum += fiat_amount
    return {
        "withdrawals_1h": hour,
        "withdrawals_24h": day,
        "withdrawals_7d": week,
        "withdrawals_30d": month,
        "fiat_sum_24h": day_sum,
        "fiat_sum_7d": week_sum,
        "fiat_sum_30d": month_sum,
        "ratio_to_90d_max": ratio(withdrawal.fiat_amount, largest),
    }


def is_established(
    known: KnownDestination | None,
    now: int,
    *,
    after_days: int,
    is_lookalike: bool,
    is_listed_against: bool,
    has_open_hold: bool,
) -> bool:
    """Tell whether a destination is established (DESIGN section 6): time, and nothing against it; or staff's word."""
    if known is None:
        return False
    if known.is_genuine:
        return True
    return (
        known.completed_at > 0
        and now - known.completed_at >= after_days * DAY
        and not (known.is_reported or is_lookalike or is_listed_against or has_open_hold)
    )
