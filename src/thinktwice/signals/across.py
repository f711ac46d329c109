"""Signals across customers: how a scam looks from the exchange.

Invariants: the deciding customer never counts; a known service never counts, however many customers pay it; counts
saturate at 1,000, so that one busy address cannot grow its row without bound.
"""

from __future__ import annotations

from typing import Final

from thinktwice.records.signal import SignalValue
from thinktwice.signals.state import DAY, DestinationState

SATURATION: Final = 1_000

NOTHING: Final[dict[str, SignalValue]] = {
    "destination_customers_24h": 0,
    "destination_customers_7d": 0,
    "destination_triggers_7d": 0,
    "destination_reports_30d": 0,
}


def across_signals(
    state: DestinationState, customer_ref: str, withdrawal_id: str, now: int, *, is_service: bool
) -> dict[str, SignalValue]:
    """Return the across-customers family at ``now`` (microseconds)."""
    if is_service or not (state.visits or state.triggers or state.reports):
        return NOTHING
    week = now - 7 * DAY
    others = [visit.at for visit in state.visits if visit.at > week and visit.customer != customer_ref]
    return {
        "destination_customers_24h": min(SATURATION, sum(1 for at in others if at > now - DAY)),
        "destination_customers_7d": min(SATURATION, len(others)),
        "destination_triggers_7d": min(
            SATURATION,
            sum(1 for trigger in state.triggers if trigger.at > week and trigger.customer != customer_ref),
        ),
        "destination_reports_30d": min(
            SATURATION,
            sum(1 for report in state.reports if report.at > now - 30 * DAY and report.withdrawal_id != withdrawal_id),
        ),
    }
