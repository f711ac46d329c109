"""A portal with two agencies and their people, shared by a module: what tests add does not disturb other tests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.support.people import Member
from tests.support.portal import Bureau, open_bureau


@dataclass(frozen=True)
class Two:
    """Two agencies at one portal."""

    bureau: Bureau
    agency: str
    other: str
    officer: Member
    colleague: Member
    administrator: Member
    stranger: Member
    stranger_administrator: Member


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    with open_bureau(tmp_path_factory.mktemp("portal")) as bureau:
        agency, other = bureau.agency(), bureau.agency("Other Police")
        yield Two(
            bureau,
            agency,
            other,
            officer=bureau.officer(agency),
            colleague=bureau.officer(agency),
            administrator=bureau.officer(agency, "agency_administrator"),
            stranger=bureau.officer(other),
            stranger_administrator=bureau.officer(other, "agency_administrator"),
        )
