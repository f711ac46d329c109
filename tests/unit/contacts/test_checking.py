"""Contacts tell in time what somebody has to do about them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.support.packs import TODAY, shipped_registry
from tests.unit.contacts.test_loading import GOOD, faults_of
from thinktwice.contacts.checking import contact_findings, untrue_days
from thinktwice.contacts.loading import load_contacts, shipped_contacts

PRESS = GOOD.replace("source_quality: official", "source_quality: press")
CALLED = PRESS + "    called_back: {on: 2026-11-20, by_role: fraud-operations, note: answered as the help line}\n"


def found(folder: Path, text: str, today: date = TODAY) -> list[str]:
    (folder / "hk.yaml").write_text(text, "utf-8")
    return [str(one) for one in contact_findings(load_contacts(folder), ["HK"], today, folder)]


def test_a_fresh_contact_needs_nothing(tmp_path: Path) -> None:
    """An official contact that was checked lately gives no finding."""
    assert found(tmp_path, GOOD) == []


@pytest.mark.parametrize(
    ("today", "said"),
    [
        (date(2027, 4, 1), "hk.yaml:4: helpline.expires: will be hidden in 30 days, on 2027-05-01"),
        (date(2027, 4, 30), "will be hidden in 1 days"),
        (date(2027, 5, 1), "is hidden since 2027-05-01"),
    ],
)
def test_an_ending_contact_is_told_a_month_before(tmp_path: Path, today: date, said: str) -> None:
    """Thirty days before its expiry, and from then on, the finding names file, line and day."""
    assert any(said in one for one in found(tmp_path, GOOD, today))


def test_a_press_source_needs_a_call_back(tmp_path: Path) -> None:
    """Without a recorded call a press source cannot be verified, and is not shown while it waits."""
    assert "record called_back: {on, by_role, note}" in faults_of(tmp_path, PRESS)
    waiting = PRESS.replace("status: verified", "status: recheck")
    assert any("call it, then record called_back" in one for one in found(tmp_path, waiting))
    assert load_contacts(tmp_path).for_jurisdiction("HK", TODAY) == ()


def test_a_recorded_call_back_lets_it_go_live(tmp_path: Path) -> None:
    """With day, role and note it is shown as an official one is, until the same expiry."""
    assert found(tmp_path, CALLED) == []
    contacts = load_contacts(tmp_path)
    (contact,) = contacts.for_jurisdiction("HK", TODAY)
    assert contact.called_back is not None
    assert contact.called_back.by_role == "fraud-operations"
    assert contacts.for_jurisdiction("HK", date(2027, 5, 1)) == ()


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (GOOD.replace("last_verified: 2026-11-01", "last_verified: 2026-11-25"), "last_verified"),
        (CALLED.replace("on: 2026-11-20", "on: 2026-12-24"), "called_back"),
    ],
)
def test_what_was_done_on_a_day_to_come_was_not_done(tmp_path: Path, text: str, field: str) -> None:
    """The contact is hidden, and the day is named with file and line."""
    (tmp_path / "hk.yaml").write_text(text, "utf-8")
    contacts = load_contacts(tmp_path)
    assert contacts.for_jurisdiction("HK", TODAY) == ()
    (finding,) = untrue_days(contacts, ["HK"], TODAY, tmp_path)
    assert (finding.field, finding.line) == (f"helpline.{field}", 4)
    assert "is a day to come" in finding.message


def test_today_is_a_day_long_everywhere(tmp_path: Path) -> None:
    """Where it is tomorrow already, a call of tomorrow was made; two days ahead it was not."""
    (tmp_path / "hk.yaml").write_text(CALLED.replace("on: 2026-11-20", "on: 2026-11-24"), "utf-8")
    contacts = load_contacts(tmp_path)
    assert list(untrue_days(contacts, ["HK"], date(2026, 11, 23), tmp_path)) == []
    assert len(contacts.for_jurisdiction("HK", date(2026, 11, 23))) == 1
    assert contacts.for_jurisdiction("HK", date(2026, 11, 22)) == ()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("on: 2026-11-20", "on: 2026-10-20", "the call lies between last_verified and expires"),
        ("by_role: fraud-operations, ", "", "called_back.by_role: is missing"),
        ("by_role: fraud-operations", "by_role: Jane Doe", "called_back.by_role: write lower-case letters"),
        ("source_quality: press", "source_quality: unverified", "only a fact from an official source can be verified"),
    ],
)
def test_a_call_back_is_recorded_whole(tmp_path: Path, old: str, new: str, said: str) -> None:
    """A call before the fact was read, without a role or by a named person, or to a source nobody opened, is none."""
    assert said in faults_of(tmp_path, CALLED.replace(old, new))


def test_the_emirates_have_nothing_confirmed_and_say_so() -> None:
    """Both contacts of the United Arab Emirates come from secondary sources and wait for a call."""
    findings = [str(one) for one in contact_findings(shipped_registry(), ["AE"], TODAY, shipped_contacts())]
    assert sum("call it, then record called_back" in one for one in findings) == 2
    assert any("customers in AE see no number" in one for one in findings)


def test_the_other_jurisdictions_with_a_campaign_have_a_number() -> None:
    """Hong Kong, Macau, Singapore and the United Kingdom have an official line to call today."""
    registry = shipped_registry()
    lines = {code: registry.to_call(code, TODAY) for code in ("HK", "MO", "SG", "GB")}
    assert {code: line.phone for code, line in lines.items() if line} == {
        "HK": "18222",
        "MO": "8800 7777",
        "SG": "1799",
        "GB": "159",
    }


def test_the_budget_of_calls_is_read(tmp_path: Path) -> None:
    """calls_per_hour is a whole number from 1."""
    (tmp_path / "hk.yaml").write_text(GOOD + "    calls_per_hour: 40\n", "utf-8")
    assert load_contacts(tmp_path).by_jurisdiction["HK"][0].calls_per_hour == 40
    assert "calls_per_hour: write a whole number" in faults_of(tmp_path, GOOD + "    calls_per_hour: 0\n")
