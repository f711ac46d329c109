"""All signals of one withdrawal, in the order in which they need each other.

Invariant: the result has exactly the names of the installation's catalogue; what is missing is None.
"""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from thinktwice.addresses.destinations import match_keys_for_lookup
from thinktwice.addresses.lookalike import Anchor
from thinktwice.records.installation import Installation
from thinktwice.records.signal import UNLISTED, SignalValue
from thinktwice.records.withdrawal import Withdrawal
from thinktwice.signals.across import across_signals
from thinktwice.signals.destination import destination_signals
from thinktwice.signals.history import history_signals, is_established
from thinktwice.signals.lookalike import lookalike_of
from thinktwice.signals.request import request_signals
from thinktwice.signals.state import CustomerState, DestinationState, micros
from thinktwice.signals.watchlist import AGAINST, watchlist_signals
from thinktwice.watchlist.listing import Listing
from thinktwice.watchlist.snapshot import Snapshot


class Findings(msgspec.Struct, frozen=True, gc=False):
    """The signals, and the two findings behind them that the service needs as such."""

    signals: dict[str, SignalValue]
    listing: Listing | None
    imitated: Anchor | None


def find_signals(
    withdrawal: Withdrawal,
    customer: CustomerState,
    across: DestinationState,
    snapshot: Snapshot,
    now: datetime,
    installation: Installation,
) -> Findings:
    """Compute every signal as of ``now``, the recorded time of the decision."""
    at = micros(now)
    destination = withdrawal.destination
    known = customer.destination(destination.key)
    listing = snapshot.find(match_keys_for_lookup(destination), destination.memo, now)
    is_listed_against = listing is not None and listing.disposition in AGAINST
    imitated = None
    if listing is None or not listing.is_allowed:
        imitated = lookalike_of(
            destination,
            customer,
            is_listed_against=lambda key: _is_against(snapshot.find((key,), None, now)),
            false_alarms_per_10_000=installation.lookalike_false_alarms_per_10_000,
        )
    established = is_established(
        known,
        at,
        after_days=installation.established_after_days,
        is_lookalike=imitated is not None,
        is_listed_against=is_listed_against,
        has_open_hold=bool(customer.holds) and customer.hold_at(destination.match_key, at) is not None,
    )
    is_service = listing is not None and "service" in listing.kinds
    signals = request_signals(withdrawal)
    signals.update(destination_signals(destination))
    signals.update(UNLISTED if listing is None else watchlist_signals(listing, now.astimezone(UTC).date()))
    signals.update(history_signals(withdrawal, customer, known, at, is_established=established))
    signals["is_lookalike"] = imitated is not None
    signals["lookalike_of"] = None if imitated is None else imitated.address
    signals.update(across_signals(across, withdrawal.customer_ref, withdrawal.withdrawal_id, at, is_service=is_service))
    for name in installation.attributes:
        signals[name] = withdrawal.attributes.get(name)
    return Findings(signals, listing, imitated)


def _is_against(listing: Listing | None) -> bool:
    return listing is not None and listing.disposition in AGAINST
