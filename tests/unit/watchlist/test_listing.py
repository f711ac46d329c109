"""What claims come to."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thinktwice.watchlist.kinds import DISPOSITIONS
from thinktwice.watchlist.listing import Claim, Claims, resolve

NOW = datetime(2026, 11, 22, tzinfo=UTC)
_claims = st.builds(
    Claim,
    disposition=st.sampled_from(DISPOSITIONS),
    kind=st.sampled_from(("scam", "service")),
    source=st.sampled_from(("a", "b")),
    confidence=st.none() | st.integers(0, 100),
    expires_at=st.none() | st.sampled_from((NOW - timedelta(days=1), NOW, NOW + timedelta(days=1))),
    memo=st.none() | st.sampled_from(("1", "2")),
)


def test_strongest_disposition_wins_with_its_own_confidence() -> None:
    """A doubtful sanction outweighs a certain service, and the confidence is that of the sanction."""
    claims = Claims(
        (
            Claim("ignore", "service", "pack", 100, date(2020, 1, 1)),
            Claim("block", "sanctions", "ofac", None, date(2022, 1, 1)),
        )
    )
    listing = resolve([claims], None, NOW)
    assert listing
    assert (listing.disposition, listing.confidence) == ("block", 70)
    assert (listing.kinds, listing.sources) == (("sanctions", "service"), ("ofac", "pack"))
    assert listing.listed_at == date(2020, 1, 1)


def test_the_allow_list_wins() -> None:
    """An allowed address is ignored whatever lists say, and the facts stay visible."""
    listing = resolve([Claims((Claim("block", "sanctions", "ofac"),), (None,))], "1", NOW)
    assert listing
    assert (listing.disposition, listing.is_allowed, listing.kinds) == ("ignore", True, ("sanctions",))


def test_an_allowance_for_one_memo_leaves_the_others() -> None:
    """Vouching for one customer of a shared address vouches for no other."""
    claims = Claims((Claim("warn", "scam", "list"),), ("1",))
    with_memo, without = resolve([claims], "1", NOW), resolve([claims], None, NOW)
    assert with_memo
    assert without
    assert (with_memo.disposition, without.disposition) == ("ignore", "warn")


def test_a_claim_about_one_memo_says_nothing_of_the_others() -> None:
    """Of a shared address only the named customer is listed; a claim without a memo counts for all of them."""
    claims = Claims((Claim("warn", "scam", "list", memo="1"),))
    assert resolve([claims], "1", NOW)
    assert resolve([claims], "2", NOW) is None
    assert resolve([claims], None, NOW) is None
    assert resolve([Claims((Claim("warn", "scam", "list"),))], "2", NOW)


@pytest.mark.parametrize(
    ("claims", "is_plain"),
    [
        (Claims((Claim("warn", "scam", "list"),), (None,)), True),
        (Claims((Claim("warn", "scam", "list", memo="1"),)), False),
        (Claims((Claim("warn", "scam", "list", expires_at=NOW),)), False),
        (Claims((Claim("warn", "scam", "list"), Claim("warn", "scam", "list", expires_at=NOW))), False),
        (Claims((), ("1",)), False),
    ],
)
def test_what_depends_on_neither_memo_nor_time_is_plain(claims: Claims, is_plain: bool) -> None:
    """Only such an outcome may be looked up once and kept."""
    assert claims.is_plain is is_plain


def test_expiry_is_exclusive() -> None:
    """A claim counts until, and not at, the moment it expires."""
    claims = Claims((Claim("warn", "scam", "list", expires_at=NOW),))
    assert resolve([claims], None, NOW - timedelta(microseconds=1))
    assert resolve([claims], None, NOW) is None


@given(st.lists(_claims, max_size=6), st.none() | st.sampled_from(("1", "2", "3")))
def test_more_claims_never_weaken(claims: list[Claim], memo: str | None) -> None:
    """Adding a claim never makes what follows weaker, and splitting claims over keys changes nothing."""
    whole = resolve([Claims(tuple(claims))], memo, NOW)
    parts = resolve([Claims((claim,)) for claim in claims], memo, NOW)
    assert whole == parts
    for kept in range(len(claims)):
        fewer = resolve([Claims(tuple(claims[:kept]))], memo, NOW)
        if fewer:
            assert whole
            assert DISPOSITIONS.index(whole.disposition) <= DISPOSITIONS.index(fewer.disposition)
