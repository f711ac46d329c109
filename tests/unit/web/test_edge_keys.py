"""A key is believed only in its header, and its scope is checked."""

from __future__ import annotations

import pytest

from tests.support.paper_desk import PaperKeys
from thinktwice.web.edge.errors import AuthenticationError, ForbiddenError
from thinktwice.web.edge.keys import require_key


def test_a_genuine_key_is_returned() -> None:
    """The scheme is matched in any letter case (RFC 9110)."""
    keys = PaperKeys()
    secret = keys.make("decide")
    for scheme in ("Bearer", "bearer", "BEARER"):
        assert require_key(keys, f"{scheme} {secret}".encode(), "decide").mode == "live"


@pytest.mark.parametrize("header", [None, b"", b"Bearer", b"Bearer ", b"Bearer nothing", b"Basic eDp5", b"Bearer \xff"])
def test_everything_else_is_nobody(header: bytes | None) -> None:
    """Absent, malformed and unknown keys get the same refusal."""
    with pytest.raises(AuthenticationError, match=r"^send 'Authorization: Bearer' with a valid API key$"):
        require_key(PaperKeys(), header, "decide")


def test_a_key_without_the_scope_is_forbidden() -> None:
    """The refusal names the scope that is missing."""
    keys = PaperKeys()
    with pytest.raises(ForbiddenError, match="staff"):
        require_key(keys, f"Bearer {keys.make('decide')}".encode(), "staff")
