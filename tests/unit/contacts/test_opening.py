"""Claims about whether a line is open now."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thinktwice.contacts.loading import load_contacts, shipped_contacts
from thinktwice.contacts.opening import Opening, OpenState, spells_in
from thinktwice.errors import InputError

MADRID = ZoneInfo("Europe/Madrid")
MONDAY = datetime(2026, 11, 23, tzinfo=MADRID)
OFFICE = Opening("Europe/Madrid", ("mon-fri 09:00-17:30", "sat 10:00-13:00"))
NIGHT = Opening("Europe/Madrid", ("fri-sat 20:00-02:00",))


@pytest.mark.parametrize(
    ("opening", "day", "clock", "expected"),
    [
        (OFFICE, 0, "08:59", "closed"),
        (OFFICE, 0, "09:00", "open"),
        (OFFICE, 4, "17:29", "open"),
        (OFFICE, 4, "17:30", "closed"),
        (OFFICE, 5, "12:59", "open"),
        (OFFICE, 6, "12:00", "closed"),
        (NIGHT, 4, "19:59", "closed"),
        (NIGHT, 4, "23:59", "open"),
        (NIGHT, 5, "01:59", "open"),
        (NIGHT, 5, "02:00", "closed"),
        (NIGHT, 6, "01:59", "open"),
        (NIGHT, 0, "01:59", "closed"),
        (Opening("Europe/Madrid", ("mon-sun 00:00-24:00",)), 6, "23:59", "open"),
        (Opening("Europe/Madrid", ("sun 22:00-03:00",)), 0, "02:59", "open"),
        (Opening("Europe/Madrid", ("fri-mon 09:00-10:00",)), 6, "09:30", "open"),
        (Opening("Europe/Madrid", ("fri-mon 09:00-10:00",)), 1, "09:30", "closed"),
    ],
)
def test_a_line_is_open_from_its_first_minute_to_before_its_last(
    opening: Opening, day: int, clock: str, expected: OpenState
) -> None:
    """The beginning counts in and the end does not, also past midnight and past the end of the week."""
    hours, minutes = map(int, clock.split(":"))
    moment = (MONDAY + timedelta(days=day)).replace(hour=hours, minute=minutes)
    assert opening.state_at(moment) == expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 3, 27, 8, 30, tzinfo=UTC), "open"),  # Friday 09:30 in winter
        (datetime(2026, 3, 27, 7, 30, tzinfo=UTC), "closed"),
        (datetime(2026, 3, 30, 7, 30, tzinfo=UTC), "open"),  # Monday 09:30 in summer
        (datetime(2026, 3, 30, 15, 30, tzinfo=UTC), "closed"),
        (datetime(2026, 10, 26, 16, 29, tzinfo=UTC), "open"),  # and back: Monday 17:29 in winter
    ],
)
def test_summer_time_moves_a_line_with_its_clock(moment: datetime, expected: OpenState) -> None:
    """Hours are those of the clock on the wall where the line is, on both sides of a change."""
    assert OFFICE.state_at(moment) == expected


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Asia/Hong_Kong", "America/Los_Angeles"])
def test_the_zone_is_the_lines_own(zone: str) -> None:
    """Noon is noon where the line is, wherever the customer and the server are."""
    opening = Opening(zone, ("mon-sun 11:00-13:00",))
    noon = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo(zone))
    assert opening.state_at(noon.astimezone(UTC)) == "open"
    assert opening.state_at((noon + timedelta(hours=12)).astimezone(MADRID)) == "closed"


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001  (bounds)
def test_a_line_that_never_closes_is_always_open(moment: datetime) -> None:
    """At every time."""
    assert Opening().state_at(moment) == "open"


def test_what_public_holidays_do_is_not_guessed() -> None:
    """Within hours that may not hold today nothing is said; outside of them the line is closed all the same."""
    unsure = Opening("Europe/Madrid", ("mon-fri 09:00-17:30",), holds_on_holidays=False)
    assert unsure.state_at(MONDAY.replace(hour=10)) is None
    assert unsure.state_at(MONDAY.replace(hour=8)) == "closed"


@pytest.mark.parametrize("text", ["mon 09:00-09:00", "mon 09:00-24:30", "mo 09:00-10:00", "mon 9-10", ""])
def test_hours_that_name_no_time_name_none(text: str) -> None:
    """Nothing is made up of what cannot be read."""
    assert spells_in(text) == ()


FILE = """\
jurisdiction: ES
contacts:
  - id: line
    name: A line
    purpose: advice
    phone: "017"
    opening: {opening}
    source: https://example.org/
    source_quality: official
    last_verified: 2026-11-01
    expires: 2027-05-01
    status: verified
"""


def _written(folder: Path, opening: str) -> Path:
    (folder / "es.yaml").write_text(FILE.replace("{opening}", opening), "utf-8")
    return folder


@pytest.mark.parametrize(
    ("opening", "expected"),
    [
        ("sometimes", "es.yaml:7: contacts[0].opening: write always"),
        ("{week: [mon 09:00-10:00]}", "contacts[0].opening.zone: is missing"),
        ("{zone: Spain/Madrid, week: [mon 09:00-10:00]}", "opening.zone: write the name of a time zone"),
        ("{zone: Europe/Madrid}", "opening.week: is missing"),
        ("{zone: Europe/Madrid, week: []}", "opening.week: write at least one line"),
        ("{zone: Europe/Madrid, week: [weekdays 9-17]}", "opening.week[0]: write days and times as"),
        ('{zone: Europe/Madrid, week: ["mon 09:00-24:30"]}', "opening.week: mon 09:00-24:30 has no time"),
        ('{zone: Europe/Madrid, week: ["mon 09:00-10:00"], holidays: maybe}', "opening.holidays: write one of"),
        ('{zone: Europe/Madrid, week: ["mon 09:00-10:00"], lunch: no}', "opening.lunch: is not a field here"),
    ],
)
def test_unusable_opening_hours_are_refused(tmp_path: Path, opening: str, expected: str) -> None:
    """Each fault has its file, line and field."""
    with pytest.raises(InputError) as raised:
        load_contacts(_written(tmp_path, opening))
    assert expected in "\n".join(str(fault) for fault in raised.value.faults)


def test_opening_hours_are_read(tmp_path: Path) -> None:
    """A zone, the hours of a week, and whether they hold on public holidays; unless said, they do not."""
    week = '["mon-fri 09:00-17:30", "sat 10:00-13:00"]'
    for holidays, holds in (("", False), (", holidays: unknown", False), (", holidays: as_usual", True)):
        folder = _written(tmp_path, f"{{zone: Europe/Madrid, week: {week}{holidays}}}")
        (contact,) = load_contacts(folder).by_jurisdiction["ES"]
        assert contact.opening == Opening("Europe/Madrid", ("mon-fri 09:00-17:30", "sat 10:00-13:00"), holds)
    (contact,) = load_contacts(_written(tmp_path, "always")).by_jurisdiction["ES"]
    assert contact.opening == Opening()


def test_shipped_hours_have_a_structure_or_no_hours() -> None:
    """A page says of every shipped line with hours whether it is open, as far as that is known."""
    shipped = load_contacts(shipped_contacts()).by_jurisdiction.values()
    with_hours = [one for contacts in shipped for one in contacts if one.hours]
    assert with_hours
    assert all(one.opening is not None for one in with_hours)
