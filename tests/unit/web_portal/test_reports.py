"""The pages of reported addresses: files of several kinds."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.people import Member
from tests.support.portal import Bureau, open_bureau

ETHER = "0x52908400098527886E0F7030069857D2E4169EE7"
NUMBER = "8d2f1f0e-1c1b-4a57-9a3a-0d4f5b6c7d8e"
FIELDS = {"rows": "", "handling": "warn", "reason": "A victim paid there.", "days": "30"}


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    with open_bureau(tmp_path) as made:
        yield made


@pytest.fixture
def officer(bureau: Bureau) -> Member:
    return bureau.officer(bureau.agency())


def bundle(*values: str) -> bytes:
    objects = [
        {"type": "cryptocurrency-wallet", "id": f"cryptocurrency-wallet--{NUMBER}", "value": value} for value in values
    ]
    return json.dumps({"type": "bundle", "id": f"bundle--{NUMBER}", "objects": objects}).encode()


def test_a_stix_bundle_is_reported_whole_or_not_at_all(bureau: Bureau, officer: Member) -> None:
    """A wallet that cannot be read is named by its object and field, and then none is taken."""
    browser = bureau.browser(officer)
    browser.get("/reports/new")
    refused = browser.upload("/reports/new", FIELDS, "file", "bundle.json", bundle(ETHER, "0x12"))
    assert refused.status_code == 422
    assert f"cryptocurrency-wallet--{NUMBER}, value: is not an address of any network" in refused.text
    assert bureau.reports.own(bureau.person(officer)) == ()
    browser.upload("/reports/new", FIELDS, "file", "bundle.json", bundle(ETHER))
    (report,) = bureau.reports.own(bureau.person(officer))
    assert (report.address.lower(), report.network) == (ETHER.lower(), "ethereum")


def test_a_listing_ends_with_what_named_it(bureau: Bureau, officer: Member) -> None:
    """An indicator valid for three more days is listed for three, whatever the form says; shorter days stay."""
    browser = bureau.browser(officer)
    end = bureau.world.clock() + timedelta(days=3)
    pattern = f"[cryptocurrency-wallet:value = '{ETHER}']"
    one = {"type": "indicator", "id": f"indicator--{NUMBER}", "pattern": pattern, "valid_until": end.isoformat()}
    whole = json.dumps({"type": "bundle", "id": f"bundle--{NUMBER}", "objects": [one]}).encode()
    for days, expected in (("30", end), ("2", end - timedelta(days=1))):
        browser.get("/reports/new")
        browser.upload("/reports/new", FIELDS | {"days": days}, "file", "bundle.json", whole)
        ends = [report.expires_at for report in bureau.reports.own(bureau.person(officer))]
        assert expected in ends
    browser.get("/reports/new")
    past = whole.replace(end.isoformat().encode(), b"2023-01-01T00:00:00Z")
    refused = browser.upload("/reports/new", FIELDS, "file", "bundle.json", past)
    assert f"indicator--{NUMBER}, valid_until: ended on 2023-01-01" in refused.text
    assert len(bureau.reports.own(bureau.person(officer))) == 2


def test_an_error_midway_leaves_nothing_reported(bureau: Bureau, officer: Member) -> None:
    """A list is one act with one entry: what fails at its second address takes the first back too."""
    browser = bureau.browser(officer)
    browser.get("/reports/new")
    rows = FIELDS | {"rows": f"address,{ETHER},ethereum\naddress,{ETHER},bsc\naddress,{ETHER},polygon"}
    fails = "BEFORE INSERT ON agency_report WHEN new.network = 'bsc' BEGIN SELECT RAISE(ABORT, 'disk'); END"
    with closing(sqlite3.connect(bureau.world.ledger.control, isolation_level=None)) as database:
        database.execute(f"CREATE TRIGGER fails {fails}")
        with suppress(sqlite3.IntegrityError):
            assert browser.send("/reports/new", rows).status_code == 500
        assert bureau.reports.own(bureau.person(officer)) == ()
        database.execute("DROP TRIGGER fails")
        browser.get("/reports/new")
        browser.send("/reports/new", rows)
        assert "We have your report." in browser.page.text
        noted = database.execute("SELECT details FROM audit_entry WHERE act = 'report.make'").fetchall()
    ids = [one.id for one in bureau.reports.own(bureau.person(officer))]
    assert len(ids) == 3
    assert len(noted) == 1
    assert all(report_id in noted[0][0] for report_id in ids)
