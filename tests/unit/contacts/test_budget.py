"""A help line is not sent more calls than it agreed to, and nobody is told by it that an address is on a list."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from thinktwice.contacts.budget import CallBudget, keeps_line
from thinktwice.contacts.registry import Contact, Contacts

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
TODAY = NOW.date()


def line(name: str, *, calls: int | None, purpose: str = "advice") -> Contact:
    return Contact(
        id=name,
        jurisdiction="HK",
        name=name,
        purpose=purpose,  # type: ignore[arg-type]  # a test names purposes as text
        source="https://example.org/",
        source_quality="official",
        last_verified=date(2026, 11, 1),
        expires=date(2027, 5, 1),
        phone="18222",
        status="verified",
        calls_per_hour=calls,
    )


CONTACTS = Contacts({"HK": (line("help", calls=2), line("report", calls=None, purpose="report"))})


def first(budget: CallBudget, alert: str, *, keeps: bool = False, now: datetime = NOW, of: Contacts = CONTACTS) -> str:
    relieved = budget.relieve(of, "HK", alert, keeps_first_line=keeps, today=TODAY, now=now)
    found = relieved.to_call("HK", TODAY, now)
    return found.id if found else "nobody"


def test_a_spent_line_is_not_named_first_until_the_hour_is_over() -> None:
    """Two alerts may name the line; the third names another one, and an hour later it is named again."""
    budget = CallBudget()
    assert [first(budget, f"a{number}") for number in range(3)] == ["help", "help", "report"]
    assert first(budget, "a4", now=NOW + timedelta(minutes=59)) == "report"
    assert first(budget, "a5", now=NOW + timedelta(minutes=60)) == "help"


def test_an_alert_counts_once_and_keeps_its_line() -> None:
    """Opening the same page again costs nothing and shows the same line."""
    budget = CallBudget()
    assert {first(budget, "a1") for _ in range(5)} == {"help"}
    assert [first(budget, name) for name in ("a2", "a3", "a1")] == ["help", "report", "help"]


def test_an_alert_that_keeps_its_line_is_counted_and_never_turned_away() -> None:
    """Known-bad alerts name the line however often; they use up the hour of the others."""
    budget = CallBudget()
    assert [first(budget, f"bad{number}", keeps=True) for number in range(5)] == ["help"] * 5
    assert first(budget, "a1") == "report"


def test_a_resting_line_stays_in_the_list() -> None:
    """The line is still among the resources, in its place."""
    budget = CallBudget()
    for name in ("a1", "a2", "a3"):
        relieved = budget.relieve(CONTACTS, "HK", name, keeps_first_line=False, today=TODAY, now=NOW)
    assert [contact.id for contact in relieved.for_jurisdiction("HK", TODAY)] == ["help", "report"]


def test_without_another_line_the_page_names_no_number() -> None:
    """Then somebody trusted and the local police, found by oneself, are the first resource."""
    budget, alone = CallBudget(), Contacts({"HK": (line("help", calls=1),)})
    assert [first(budget, name, of=alone) for name in ("a1", "a2")] == ["help", "nobody"]


def test_lines_without_a_budget_are_untouched() -> None:
    """Where nothing was agreed nothing is counted, and the contacts are the same object."""
    contacts = Contacts({"HK": (line("help", calls=None),)})
    assert CallBudget().relieve(contacts, "HK", "a", keeps_first_line=False, today=TODAY, now=NOW) is contacts


def test_the_line_on_a_page_says_nothing_about_the_address() -> None:
    """Every known-bad alert keeps its line, and about a quarter of all others too, by chance and for good."""
    others = [keeps_line(f"alert-{number}", is_known_bad=False) for number in range(4000)]
    assert all(keeps_line(f"alert-{number}", is_known_bad=True) for number in range(100))
    assert 850 < sum(others) < 1150
    assert others == [keeps_line(f"alert-{number}", is_known_bad=False) for number in range(4000)]
