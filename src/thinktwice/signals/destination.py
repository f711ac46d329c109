"""Signals of the address itself: its family, its form, and whether it is one at all."""

from __future__ import annotations

from thinktwice.records.signal import SignalValue
from thinktwice.records.withdrawal import Destination


def destination_signals(destination: Destination) -> dict[str, SignalValue]:
    """Return the destination family; a bad checksum or a wrong network is a fact, not an error."""
    return {
        "address_family": destination.family,
        "address_type": destination.address_type,
        "is_destination_valid": destination.is_valid,
    }
