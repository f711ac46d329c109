"""Only checked and unexpired contacts are shown, advice first."""

from __future__ import annotations

from datetime import date, timedelta

from thinktwice.contacts.registry import Contact, Contacts, Purpose, SourceQuality, Status

EXPIRES = date(2027, 5, 1)


def contact(
    name: str,
    purpose: Purpose = "advice",
    *,
    phone: str | None = "18222",
    quality: SourceQuality = "official",
    status: Status = "verified",
) -> Contact:
    return Contact(
        id=name,
        jurisdiction="HK",
        name=name,
        purpose=purpose,
        phone=phone,
        url=None if phone else "https://www.police.gov.hk/",
        source="https://www.police.gov.hk/",
        source_quality=quality,
        last_verified=date(2026, 11, 1),
        expires=EXPIRES,
        status=status,
    )


def shown(*contacts: Contact, today: date = date(2026, 11, 23)) -> list[str]:
    return [one.id for one in Contacts({"HK": contacts}).for_jurisdiction("HK", today)]


def test_advice_comes_before_reporting() -> None:
    """The order is advice, report, emergency, check, then that of the file."""
    given = [contact("c", "check"), contact("e", "emergency"), contact("r", "report"), contact("a2"), contact("a1")]
    assert shown(*given) == ["a2", "a1", "r", "e", "c"]


def test_a_contact_is_hidden_from_the_day_it_expires() -> None:
    """The last day of showing is the one before ``expires``."""
    assert shown(contact("a"), today=EXPIRES - timedelta(days=1)) == ["a"]
    assert shown(contact("a"), today=EXPIRES) == []


def test_a_contact_not_from_an_official_source_is_never_shown() -> None:
    """Secondary, press and unverified facts stay hidden, and so does an official one to be re-checked."""
    given = [
        contact("s", quality="secondary"),
        contact("p", quality="press"),
        contact("u", quality="unverified"),
        contact("o", status="recheck"),
    ]
    assert shown(*given) == []


def test_the_line_to_call_has_a_phone() -> None:
    """The line named first has a number and is for advice or reports; without one there is none."""
    page, report = contact("page", phone=None), contact("report", "report")
    assert Contacts({"HK": (report, page)}).to_call("HK", date(2026, 11, 23)) == report
    emergency = contact("999", "emergency")
    assert Contacts({"HK": (page, emergency)}).to_call("HK", date(2026, 11, 23)) is None


def test_an_unknown_jurisdiction_has_nobody() -> None:
    """A jurisdiction without a file shows nobody."""
    assert Contacts({}).for_jurisdiction("ZZ", date(2026, 11, 23)) == ()
