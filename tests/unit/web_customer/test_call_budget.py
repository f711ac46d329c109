"""The page names another resource first when a help line has been sent as many calls as it agreed to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.support.alert_pack import CONTACTS, NOW
from tests.support.alert_visit import Visit
from thinktwice.contacts.budget import CallBudget
from thinktwice.contacts.registry import Contacts

(HELPLINE, *OTHERS) = CONTACTS.by_jurisdiction["HK"]
FEW = Contacts({"HK": (replace(HELPLINE, calls_per_hour=1), *OTHERS)})


def visit(calls: CallBudget, alert_id: str, **state: object) -> Visit:
    return Visit(parts={"contacts": lambda: FEW, "calls": calls}, state=state, alert_id=alert_id)


def first_screen(page: str) -> str:
    return page[: page.index('class="actions"')]


def test_the_second_alert_of_the_hour_names_no_line_first() -> None:
    """One page names 18222; the next asks to talk to somebody trusted, and still lists the line with the signs."""
    calls = CallBudget()
    assert "18222" in first_screen(visit(calls, "alert-1").get())
    second = visit(calls, "alert-2")
    assert "18222" not in first_screen(second.get())
    assert "18222" in second.get("/signs")


def test_a_reload_shows_the_same_line() -> None:
    """An alert keeps the line that it was given."""
    calls = CallBudget()
    first = visit(calls, "alert-1")
    first.get()
    visit(calls, "alert-2").get()
    assert "18222" in first_screen(first.get())


def test_an_alert_that_keeps_its_line_names_it() -> None:
    """Known-bad alerts, and those that chance marks like them, name the line though it is spent."""
    calls = CallBudget()
    visit(calls, "alert-1").get()
    assert "18222" in first_screen(visit(calls, "alert-2", keeps_first_line=True).get())


def test_an_hour_later_the_line_is_named_again() -> None:
    """The budget is that of the last hour."""
    calls = CallBudget()
    visit(calls, "alert-1").get()
    later = visit(calls, "alert-2")
    later.now = NOW + timedelta(hours=1)
    relieved = calls.relieve(FEW, "HK", "alert-3", keeps_first_line=False, today=NOW.date(), now=later.now)
    assert relieved.to_call("HK", NOW.date()) == FEW.by_jurisdiction["HK"][0]
