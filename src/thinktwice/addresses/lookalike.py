"""Address poisoning: an address made to be mistaken for one that the customer knew before.

Invariants: one address is never a look-alike of itself, however written; families never mix; an address never
imitates one that became known after it; the answer does not depend on the order of the anchors.

What counts as alike is in ``alphabets``. The eye compares what is written, so where one address has several
written forms (``_AS_WRITTEN``) the texts are compared as the customer knew them, elsewhere the canonical forms.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from thinktwice.addresses.alphabets import Writing, least_total, writing_of
from thinktwice.records.vocabulary import AnchorOrigin
from thinktwice.records.withdrawal import Destination

_AS_WRITTEN: Final = frozenset({"bitcoin-cash", "litecoin", "monero", "substrate", "xrp"})


@dataclass(frozen=True, slots=True)
class Anchor:
    """An address that a customer knew: paid, saved, or received from, first at ``known_since``.

    ``address`` is the text as the customer knew it.
    """

    match_key: str
    family: str
    address: str
    known_since: datetime
    origin: AnchorOrigin


def find_lookalike(
    destination: Destination, anchors: Sequence[Anchor], *, false_alarms_per_10_000: int = 1
) -> Anchor | None:
    """Return the anchor that this destination imitates, or None.

    ``anchors`` are those the customer knew before this withdrawal. Is the destination one of them, only
    anchors known strictly earlier can be imitated, so that the older address never imitates the younger.
    Of several the one with most matching digits is meant, then the oldest. What did not decode imitates
    nothing: it cannot be paid.
    """
    suspect = _suspect(destination)
    if suspect is None:
        return None
    tail = suspect.seen[-suspect.writing.each_end :]
    if destination.family in _AS_WRITTEN:
        tails = (tail, tail.upper(), tail.lower())
        near = [anchor for anchor in anchors if anchor.address.endswith(tails)]
    else:
        near = [anchor for anchor in anchors if anchor.match_key.endswith(tail)]
    return _imitated(suspect, near, anchors, false_alarms_per_10_000) if near else None


class AnchorIndex:
    """The anchors of one customer, prepared for many look-ups; answers as ``find_lookalike`` does."""

    __slots__ = ("_anchors", "_budget", "_ends")

    def __init__(self, anchors: Sequence[Anchor], *, false_alarms_per_10_000: int = 1) -> None:
        self._anchors = tuple(anchors)
        self._budget = false_alarms_per_10_000
        self._ends: dict[tuple[str, str, str], list[Anchor]] = {}
        for anchor in self._anchors:
            seen = _seen(anchor.family, anchor.match_key, anchor.address)
            writing = writing_of(anchor.family, seen)
            if writing is not None:
                self._ends.setdefault(_ends(anchor.family, seen, writing), []).append(anchor)

    def find(self, destination: Destination) -> Anchor | None:
        """Return the anchor that this destination imitates, or None."""
        suspect = _suspect(destination)
        if suspect is None:
            return None
        near = self._ends.get(_ends(destination.family, suspect.seen, suspect.writing))
        return _imitated(suspect, near, self._anchors, self._budget) if near else None


class _Suspect(NamedTuple):
    """A destination as the eye sees it."""

    destination: Destination
    seen: str
    writing: Writing


def _suspect(destination: Destination) -> _Suspect | None:
    if destination.address_type is None:
        return None
    seen = _seen(destination.family, destination.match_key, destination.address)
    writing = writing_of(destination.family, seen)
    return None if writing is None else _Suspect(destination, seen, writing)


def _ends(family: str, seen: str, writing: Writing) -> tuple[str, str, str]:
    return family, seen[: writing.fixed + writing.each_end], seen[-writing.each_end :]


def _seen(family: str, match_key: str, address: str) -> str:
    """Return the text that the eye compares."""
    if family not in _AS_WRITTEN:
        return match_key[len(family) + 1 :]
    if family == "bitcoin-cash" and not address.startswith(("1", "3")):
        return address.lower().removeprefix("bitcoincash:")
    return address.lower() if address[:4] in ("LTC1", "ltc1") else address


def _imitated(
    suspect: _Suspect, near: Iterable[Anchor], anchors: Sequence[Anchor], false_alarms_per_10_000: int
) -> Anchor | None:
    """Judge the few anchors whose ends may match; count and compare dates only when one does."""
    destination, seen, writing = suspect
    found: list[tuple[int, Anchor]] = []
    for anchor in near:
        if anchor.family == destination.family and anchor.match_key != destination.match_key:
            other = _seen(anchor.family, anchor.match_key, anchor.address)
            digits = _matching_digits(seen, other, writing)
            if digits and writing_of(anchor.family, other) == writing:
                found.append((digits, anchor))
    if not found:
        return None
    in_family = [anchor for anchor in anchors if anchor.family == destination.family]
    needed = least_total(writing, len(in_family), false_alarms_per_10_000)
    known = min((a.known_since for a in in_family if a.match_key == destination.match_key), default=None)
    imitated = [
        (-digits, anchor.known_since, anchor.match_key, anchor)
        for digits, anchor in found
        if needed is not None and digits >= needed and (known is None or anchor.known_since < known)
    ]
    return min(imitated, key=lambda match: match[:3])[3] if imitated else None


def _matching_digits(one: str, other: str, writing: Writing) -> int:
    """Return the digits alike at both ends, the fixed beginning not counted; 0 when either end has too few."""
    if one[: writing.fixed] != other[: writing.fixed]:
        return 0
    longest = min(len(one), len(other)) - writing.fixed
    head = _common_start(one[writing.fixed :], other[writing.fixed :], longest)
    tail = _common_start(one[::-1], other[::-1], longest)
    # Between texts of unlike length the two ends can overlap; one digit at least is always the middle.
    return min(head + tail, longest - 1) if head >= writing.each_end and tail >= writing.each_end else 0


def _common_start(one: str, other: str, longest: int) -> int:
    for place in range(longest):
        if one[place] != other[place]:
            return place
    return longest
