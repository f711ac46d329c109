"""Whether the destination imitates an address that this customer knew earlier (address poisoning).

Invariants: computed for every destination that staff did not mark genuine; completing a payment does not clear it;
the older address never imitates the younger; an anchor that is itself a lookalike, or that a list speaks against, is
none. Arithmetic: ``addresses.lookalike``; rule: DESIGN section 6.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from thinktwice.addresses.lookalike import Anchor, find_lookalike
from thinktwice.records.vocabulary import AnchorOrigin
from thinktwice.records.withdrawal import Destination
from thinktwice.signals.state import CustomerState

_SAVED: Final[AnchorOrigin] = "saved"
_RECEIVED: Final[AnchorOrigin] = "received"


def anchors_of(state: CustomerState, family: str) -> list[Anchor]:
    """Return what this customer knew in one address family; ``find_lookalike`` compares the times."""
    anchors = [
        Anchor(known.match_key, family, known.address, known.completed_at, "paid")
        for known in state.destinations
        if known.completed_at and known.family == family and not (known.is_lookalike or known.is_reported)
    ]
    for addresses, origin in ((state.saved, _SAVED), (state.received, _RECEIVED)):
        if addresses:
            anchors += [
                Anchor(known.match_key, family, known.address, known.known_at, origin)
                for known in addresses
                if known.family == family
            ]
    return anchors


def lookalike_of(
    destination: Destination,
    state: CustomerState,
    *,
    is_listed_against: Callable[[str], bool],
    false_alarms_per_10_000: int,
) -> Anchor | None:
    """Return the anchor that the destination imitates, or None."""
    if not (state.destinations or state.saved or state.received):
        return None
    for known in state.destinations:
        if known.is_genuine and known.match_key == destination.match_key:
            return None
    anchors = anchors_of(state, destination.family)
    while anchors:
        match = find_lookalike(destination, anchors, false_alarms_per_10_000=false_alarms_per_10_000)
        if match is None or not is_listed_against(match.match_key):
            return match
        anchors.remove(match)
    return None
