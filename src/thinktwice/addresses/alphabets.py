"""How much it says when two addresses begin and end alike, for each way of writing them.

Invariants: characters that every address of a kind shares (``0x``, ``T``, ``bc1q``, ``1``) say nothing and are
not counted; no two kinds of one family are compared, as their beginnings differ already.

**The arithmetic.** Let the counted digits of a random address be independent, each one of ``a`` letters,
except one at the edge that only takes ``e`` of them (the letter after a Base58 prefix, the last digit
of a padded one). A random address shares at least ``h`` leading digits with a given one with
probability ``(a/e)·a^-h``, and exactly ``h`` with that times ``1 - 1/a``. A match has ``h`` digits in
front, ``t`` behind, ``h >= m``, ``t >= m``, ``h + t >= T``. Summing over the exact ``h`` from ``m`` to ``T-m-1``,
which then need ``t >= T-h``, and adding all longer ``h``, which need ``t >= m``, gives for ``T >= 2m``

    P(T) = (a/e) · a^-T · [ (T - 2m)·(1 - 1/a) + 1 ]

EVM: a = e = 16, m = 3, P(7) = 16^-7 · 1.9375 = 7.2e-9, so that at 1 false alarm in 10,000 withdrawals 7 digits
suffice for 13,854 anchors. **The least total** of every other kind is the smallest whose P does not exceed
1e-8, that is, which holds for 10,000 anchors at that budget; for EVM this rule gives the 7. More
anchors or a smaller budget raise it; nothing lowers it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_LEAST_CERTAINTY: Final = 1e-8
_LONGEST_TOTAL: Final = 64


@dataclass(frozen=True, slots=True)
class Writing:
    """One way of writing addresses.

    ``letters`` is the size of the alphabet, ``edge`` how many letters the poorest counted digit takes,
    ``fixed`` how many characters at the front say nothing, ``each_end`` how many digits must match at either end.
    """

    letters: int
    edge: int
    fixed: int
    each_end: int


HEX: Final = Writing(16, 16, 2, 3)


def _base58(fixed: int, edge: int) -> Writing:
    return Writing(58, edge, fixed, 2)


def _base32(fixed: int, edge: int = 32) -> Writing:
    return Writing(32, edge, fixed, 2)


# 20 bytes of hash and 4 of checksum below a version leave the first Base58 letter after the prefix 23 values,
# the outer two of them rarely: 2^192 / 58^32 = 23.3. The same quotient gives the edges below.
_CHECKED: Final = _base58(1, 22)

# (beginning in lower case, how it is written), the first that fits; "" fits all.
_WRITINGS: Final[Mapping[str, tuple[tuple[str, Writing], ...]]] = {
    "evm": (("", HEX),),
    "bitcoin": (("bc1", _base32(4)), ("", _CHECKED)),
    "bitcoin-gold": (("btg1", _base32(5)), ("", _CHECKED)),
    "litecoin": (("ltc1", _base32(5)), ("", _CHECKED)),
    "bitcoin-cash": (  # type and length fill one and a half digits: the second one takes 4 values
        ("q", _base32(1, 4)),
        ("p", _base32(1, 4)),
        ("z", _base32(1, 4)),
        ("r", _base32(1, 4)),
        ("", _CHECKED),
    ),
    "bitcoin-sv": (("", _CHECKED),),
    "dogecoin": (("", _CHECKED),),
    "dash": (("", _CHECKED),),
    "verge": (("", _CHECKED),),
    "tron": (("", _CHECKED),),
    "xrp": (("x", _base58(2, 58)), ("", _CHECKED)),  # 2^264 / 58^45 = 1.3: the second letter of an X-address is fixed
    "zcash": (("zs1", _base32(3)), ("", _base58(2, 22))),
    "monero": (("", _base58(1, 10)),),  # after the version byte eleven digits hold eight bytes
    "solana": (("", _base58(0, 17)),),  # 2^256 / 58^43
    "substrate": (("1", _base58(1, 5)), ("5", _base58(1, 5)), ("", _base58(0, 5))),  # 2^272 / 58^46
    "cardano": (  # the header fills one and a half digits; Byron addresses share ten characters of CBOR
        ("addr1", _base32(6, 4)),
        ("stake1", _base32(7, 4)),
        ("", _base58(10, 4)),
    ),
    "cosmos": (("", _base32(7)),),
    "binance-chain": (("", _base32(4)),),
    "avalanche": (("", _base32(7)),),
    "algorand": (("", _base32(0, 8)),),  # the last digit carries three bits
    "filecoin": (("", _base32(2, 4)),),  # the last digit carries two bits
}


def writing_of(family: str, text: str) -> Writing | None:
    """Return how this text is written, or None for families whose names are chosen by people (EOS)."""
    start = text[:12].lower()
    for beginning, writing in _WRITINGS.get(family, ()):
        if start.startswith(beginning):
            return writing
    return None


def chance_of_match(writing: Writing, total: int) -> float:
    """Return P(total): how likely a random address matches a given one in so many digits at both ends.

    Raises:
        ValueError: ``total`` is less than what both ends need.
    """
    spare = total - 2 * writing.each_end
    if spare < 0:
        raise ValueError(f"total {total} is less than {writing.each_end} digits at each end")
    a = writing.letters
    return a / writing.edge * float(a) ** -total * (spare * (1 - 1 / a) + 1)


@lru_cache(maxsize=1024)
def least_total(writing: Writing, anchors: int, false_alarms_per_10_000: int) -> int | None:
    """Return how many digits must match in all, so that this many anchors stay within the budget.

    None when no number of digits does, which is so for a budget of 0.
    """
    budget = false_alarms_per_10_000 / 10_000
    for total in range(2 * writing.each_end, _LONGEST_TOTAL):
        chance = chance_of_match(writing, total)
        if chance <= _LEAST_CERTAINTY and anchors * chance <= budget:
            return total
    return None
