"""Address poisoning: an address made to be mistaken for one that the customer knew before.

Invariants: one address is never a look-alike of itself, however written; families never mix; an address never
imitates one that became known after it; the answer does not depend on the order of the anchors.

What counts as alike is in ``alphabets``. The eye compares what is written, so where one address has several
written forms (``_AS_WRITTEN``) the texts are compared as the customer knew them, elsewhere the canonical forms.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

import msgspec

from thinktwice.addresses.alphabets import Writing, least_total, writing_of
from thinktwice.records.vocabulary import AnchorOrigin
from thinktwice.records.withdrawal import Destination

_AS_WRITTEN: Final = frozenset({"bitcoin-cash", "litecoin", "monero", "substrate", "xrp"})


class Anchor(msgspec.Struct, frozen=True, gc=False):
    """An address that a customer knew: paid, saved, or received from, first at ``known_at``.

    ``address`` is the text as the customer knew it; ``known_at`` is in microseconds since 1970 UTC.
    """

    match_key: str
    family: str
    address: str
    known_at: int
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
    tails = endings_of(destination)
    if destination.family in _AS_WRITTEN:
        near = [anchor for anchor in anchors if anchor.address.endswith(tails)]
    else:
        near = [anchor for anchor in anchors if anchor.match_key.endswith(tails)]
    return _imitated(destination, near, anchors, false_alarms_per_10_000) if near else None


def endings_of(destination: Destination) -> tuple[str, ...]:
    """Return how match key or text of whatever this destination may imitate ends; nothing when it imitates nothing."""
    view = _view_of(destination)
    if view is None:
        return ()
    tail = view.ends[2]
    return (tail, tail.upper(), tail.lower()) if destination.family in _AS_WRITTEN else (tail,)


class AnchorIndex:
    """The anchors of one customer, prepared for many look-ups; answers as ``find_lookalike`` does."""

    __slots__ = ("_anchors", "_budget", "_by_ends")

    def __init__(self, anchors: Sequence[Anchor], *, false_alarms_per_10_000: int = 1) -> None:
        self._anchors = tuple(anchors)
        self._budget = false_alarms_per_10_000
        self._by_ends: dict[tuple[str, str, str], list[Anchor]] = {}
        for anchor in self._anchors:
            view = _view(anchor.family, anchor.match_key, anchor.address)
            if view is not None:
                self._by_ends.setdefault(view.ends, []).append(anchor)

    def find(self, destination: Destination) -> Anchor | None:
        """Return the anchor that this destination imitates, or None."""
        view = _view_of(destination)
        near = None if view is None else self._by_ends.get(view.ends)
        return _imitated(destination, near, self._anchors, self._budget) if near else None


class _View(NamedTuple):
    """An address as the eye sees it; ``ends`` are family, beginning and last digits, the least that must match."""

    seen: str
    writing: Writing
    ends: tuple[str, str, str]


def _view_of(destination: Destination) -> _View | None:
    if destination.address_type is None:
        return None
    return _view(destination.family, destination.match_key, destination.address)


@lru_cache(maxsize=16_384)
def _view(family: str, match_key: str, address: str) -> _View | None:
    seen = _seen(family, match_key, address)
    writing = writing_of(family, seen)
    if writing is None:
        return None
    ends = (family, seen[: writing.fixed + writing.each_end], seen[-writing.each_end :])
    return _View(seen, writing, ends)


def _seen(family: str, match_key: str, address: str) -> str:
    """Return the text that the eye compares."""
    if family not in _AS_WRITTEN:
        return match_key[len(family) + 1 :]
    if family == "bitcoin-cash" and not address.startswith(("1", "3")):
        return address.lower().removeprefix("bitcoincash:")
    return address.lower() if address[:4] in ("LTC1", "ltc1") else address


def _imitated(
    destination: Destination, near: Iterable[Anchor], anchors: Sequence[Anchor], false_alarms_per_10_000: int
) -> Anchor | None:
    """Judge the few anchors whose ends may match; count and compare dates only when one does."""
    view = _view_of(destination)
    assert view is not None  # only what has a view finds anchors near it
    found: list[tuple[int, Anchor]] = []
    for anchor in near:
        if anchor.family == destination.family and anchor.match_key != destination.match_key:
            other = _view(anchor.family, anchor.match_key, anchor.address)
            if other is not None and other.ends == view.ends and other.writing == view.writing:
                found.append((_matching_digits(view.seen, other.seen, view.writing), anchor))
    if not found:
        return None
    in_family = [anchor for anchor in anchors if anchor.family == destination.family]
    needed = least_total(view.writing, len(in_family), false_alarms_per_10_000)
    known = min((a.known_at for a in in_family if a.match_key == destination.match_key), default=None)
    imitated = [
        (-digits, anchor.known_at, anchor.match_key, anchor)
        for digits, anchor in found
        if needed is not None and digits >= needed and (known is None or anchor.known_at < known)
    ]
    return min(imitated, key=lambda match: match[:3])[3] if imitated else None


def _matching_digits(one: str, other: str, writing: Writing) -> int:
    """Return the digits alike at both ends, the fixed beginning not counted."""
    longest = min(len(one), len(other)) - writing.fixed
    head = _common_start(one[writing.fixed :], other[writing.fixed :], longest)
    tail = _common_start(one[::-1], other[::-1], longest)
    # Between texts of unlike length the two ends can overlap; one digit at least is always the middle.
    return min(head + tail, longest - 1)


def _common_start(one: str, other: str, longest: int) -> int:
    for place in range(longest):
        if one[place] != other[place]:
            return place
    return longest
