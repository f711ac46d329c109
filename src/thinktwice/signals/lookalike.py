"""Whether the destination imitates an address that this customer knew earlier (address poisoning).

Invariants: computed for every destination that staff did not mark genuine; completing a payment does not clear it;
the older address never imitates the younger; an anchor that is itself a lookalike, or that a list speaks against, is
none. Arithmetic: ``addresses.lookalike``; rule: DESIGN section 6.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import chain
from typing import Final

from thinktwice.addresses.lookalike import Anchor, endings_of, find_lookalike
from thinktwice.records.vocabulary import AnchorOrigin
from thinktwice.records.withdrawal import Destination
from thinktwice.signals.state import CustomerState, KnownAddress, KnownDestination

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


def _is_any_near(destination: Destination, state: CustomerState) -> bool:
    """Tell whether any address known ends alike: hardly ever, and cheaper to ask than to make anchors of them all."""
    known: Iterable[KnownDestination | KnownAddress] = state.destinations
    if state.saved or state.received:
        known = chain(known, state.saved, state.received)
    endings = endings_of(destination)
    return any(one.match_key.endswith(endings) or one.address.endswith(endings) for one in known)


def lookalike_of(
    destination: Destination,
    state: CustomerState,
    *,
    is_listed_against: Callable[[str], bool],
    false_alarms_per_10_000: int,
) -> Anchor | None:
    """Return the anchor that the destination imitates, or None."""
    if not _is_any_near(destination, state):
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
