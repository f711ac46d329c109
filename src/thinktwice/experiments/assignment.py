"""Sticky assignment of customers to a holdout and to arms (DESIGN sections 3.3 and 5, *Keys*).

Invariants: the bucket depends on the assignment key, the experiment id and the customer reference only, so new
wording of one experiment moves nobody; changing the holdout moves customers in and out of the holdout but
never from one arm to another.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from thinktwice.errors import InputError, Phrase

BUCKETS: Final = 10_000
"""Shares are exact to one hundredth of a percent."""

HOLDOUT: Final = "holdout"
"""The arm that is decided and recorded, and shown nothing."""

# Coprime to 10,000 and close to its golden section: multiplying by it spreads every run of neighbouring buckets
# evenly. So the holdout, which is such a run, takes from all arms in proportion to their weights.
_SPREAD: Final = 6181


def bucket_of(assign_key: bytes, experiment: str, customer_ref: str) -> int:
    """Return the bucket, 0 to 9,999, of one customer in one experiment.

    HMAC-SHA256 keyed with the installation's ``assign`` key: nobody outside can compute who is held out, and
    experiments are independent of each other. Both texts must be encodable as UTF-8.
    """
    name = experiment.encode()
    message = len(name).to_bytes(4, "big") + name + customer_ref.encode()
    # 64 bits leave a modulo bias below 10^-15.
    return int.from_bytes(hmac.digest(assign_key, message, "sha256")[:8], "big") % BUCKETS


def holdout_buckets(holdout: Decimal) -> int:
    """Return how many buckets, lowest first, a holdout share (0.10 = a tenth) takes; parts of one are dropped.

    Raises:
        InputError: The share is not between 0 and 1.
    """
    if not holdout.is_finite() or not 0 <= holdout <= 1:
        raise InputError.of("a holdout is a share from 0 to 1, such as 0.10", field="holdout")
    return int(holdout * BUCKETS)


def arm_of(bucket: int, holdout: Decimal, arms: Mapping[str, int]) -> str:
    """Return ``holdout`` or the arm of one bucket; ``arms`` maps arm name to weight in declared order.

    Raises:
        InputError: The holdout is no share, a weight is negative, no arm has weight, or an arm is named
            ``holdout``.
    """
    if bucket < holdout_buckets(holdout):
        return HOLDOUT
    total = _total_weight(arms)
    position = bucket * _SPREAD % BUCKETS * total
    reached = 0
    for arm, weight in arms.items():
        reached += weight
        if position < reached * BUCKETS:
            return arm
    raise AssertionError("a position is below the total weight")


def _total_weight(arms: Mapping[str, int]) -> int:
    """Return the sum of all weights, having refused what cannot be a set of arms."""
    total = sum(arms.values())
    if total <= 0 or min(arms.values()) < 0:
        raise InputError.of("weights are whole numbers from 0, and at least one arm needs more than 0", field="weights")
    if HOLDOUT in arms:
        raise InputError.of(
            Phrase("'%(holdout)s' is set by its share and cannot name an arm", holdout=HOLDOUT), field="arms"
        )
    return total
