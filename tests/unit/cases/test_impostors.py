"""Signs of an impostor, one by one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from thinktwice.cases.impostors import Circumstances, signs_of
from thinktwice.cases.weighing import zone_of

AT = datetime(2026, 11, 20, 3, tzinfo=UTC)  # Friday, 11:00 in Hong Kong
USUAL = Circumstances(
    kind="urgent_preservation",
    submitted_at=AT,
    zone="Asia/Hong_Kong",
    agency_at=AT - timedelta(days=400),
    officer_at=AT - timedelta(days=200),
    device_at=AT - timedelta(days=200),
    agency_domain="police.example.org",
    mailbox_domain="police.example.org",
    domains_elsewhere=frozenset({"other.example.org"}),
    requests_that_day=1,
    requests_before=20,
    is_call_back_known=True,
    has_independent_supervisor=True,
)


@pytest.mark.parametrize(
    ("change", "signs"),
    [
        ({}, ()),
        ({"device_at": AT - timedelta(days=2)}, ("new_device",)),
        ({"device_at": AT - timedelta(days=7)}, ()),
        ({"device_at": AT + timedelta(seconds=1)}, ()),
        ({"officer_at": AT - timedelta(days=3), "device_at": AT - timedelta(days=3)}, ("new_officer",)),
        ({"officer_at": None}, ("new_officer",)),
        ({"agency_at": AT - timedelta(days=5)}, ("urgent_and_new_agency",)),
        ({"agency_at": AT - timedelta(days=5), "kind": "information"}, ()),
        ({"mailbox_domain": "mail.police.example.org"}, ()),
        ({"mailbox_domain": "xpolice.example.org"}, ("foreign_mailbox",)),
        ({"mailbox_domain": "other.example.org"}, ("foreign_mailbox", "shared_mailbox_domain")),
        ({"submitted_at": AT + timedelta(hours=14)}, ("unusual_hour",)),
        ({"submitted_at": AT + timedelta(days=1)}, ("unusual_hour",)),
        ({"submitted_at": AT + timedelta(days=1), "zone": None}, ()),
        ({"requests_that_day": 5}, ("unusual_volume",)),
        ({"requests_that_day": 5, "requests_before": 300}, ()),
        ({"is_call_back_known": False}, ("call_back_missing",)),
        ({"has_independent_supervisor": False}, ("no_independent_supervisor",)),
    ],
)
def test_each_sign_is_what_it_says(change: dict[str, Any], signs: tuple[str, ...]) -> None:
    """One change of the usual circumstances gives its sign, at its boundary, and no other."""
    assert signs_of(replace(USUAL, **change)) == signs


def test_the_agencys_time_is_that_of_its_independent_number() -> None:
    """Where the number has one zone; several or none are no time."""
    assert zone_of("+85228605012") == "Asia/Hong_Kong"
    assert zone_of("+18005550100") is None
    assert zone_of(None) is None
