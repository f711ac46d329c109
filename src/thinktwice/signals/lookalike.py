"""Whether the destination imitates an address that this customer knew earlier (address poisoning).

Invariants: computed for every destination that staff did not mark genuine; completing a payment does not clear it;
the older address never imitates the younger; an anchor that is itself a lookalike, or that a list speaks against, is
none. Arithmetic: ``addresses.lookalike``; rule: DESIGN section 6.
"""

from __future__ import annotations

from collections.abc import Callable

from thinktwice.addresses.lookalike import Anchor, find_lookalike
from thinktwice.records.withdrawal import Destination
from thinktwice.signals.state import CustomerState, moment


def anchors_of(state: CustomerState, destination: Destination) -> list[Anchor]:
    """Return the anchors this customer knew before the destination, each address by its earliest knowledge."""
    found: dict[str, Anchor] = {}
    first_known = _first_known(state, destination.match_key)
    family = destination.family
    for known in state.destinations:
        if known.completed_at and not known.is_lookalike and not known.is_reported and known.family == family:
            _keep_earliest(found, Anchor(known.match_key, family, known.address, moment(known.completed_at), "paid"))
    for saved in state.saved:
        if saved.family == family:
            _keep_earliest(found, Anchor(saved.match_key, family, saved.address, moment(saved.known_at), "saved"))
    for payer in state.received:
        if payer.family == family:
            _keep_earliest(found, Anchor(payer.match_key, family, payer.address, moment(payer.known_at), "received"))
    found.pop(destination.match_key, None)
    if first_known:
        since = moment(first_known)
        return [anchor for anchor in found.values() if anchor.known_since < since]
    return list(found.values())


def lookalike_of(
    destination: Destination,
    state: CustomerState,
    *,
    is_listed_against: Callable[[str], bool],
    false_alarms_per_10_000: int,
) -> Anchor | None:
    """Return the anchor that the destination imitates, or None."""
    for known in state.destinations:
        if known.is_genuine and known.match_key == destination.match_key:
            return None
    anchors = anchors_of(state, destination)
    while anchors:
        match = find_lookalike(destination, anchors, false_alarms_per_10_000=false_alarms_per_10_000)
        if match is None or not is_listed_against(match.match_key):
            return match
        anchors.remove(match)
    return None


def _first_known(state: CustomerState, match_key: str) -> int:
    """Return when the customer first really dealt with the address, 0 for never; started payments are not dealings."""
    times = [known.completed_at for known in state.destinations if known.match_key == match_key and known.completed_at]
    times += [saved.known_at for saved in state.saved if saved.match_key == match_key]
    times += [payer.known_at for payer in state.received if payer.match_key == match_key]
    return min(times, default=0)


def _keep_earliest(found: dict[str, Anchor], anchor: Anchor) -> None:
    other = found.get(anchor.match_key)
    if other is None or anchor.known_since < other.known_since:
        found[anchor.match_key] = anchor
