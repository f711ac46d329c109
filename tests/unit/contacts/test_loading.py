"""Contacts are read from their files; every fault has file, line and field."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from thinktwice.contacts.loading import load_contacts
from thinktwice.errors import InputError

GOOD = """\
jurisdiction: HK
hosts: [www.adcc.gov.hk]
contacts:
  - id: helpline
    name: Anti-Scam Helpline
    names: {zh-Hant: 防騙易熱線}
    purpose: advice
    phone: "18222"
    url: https://www.adcc.gov.hk/en-hk/
    source: https://www.adcc.gov.hk/
    source_quality: official
    last_verified: 2026-11-01
    expires: 2027-05-01
    status: verified
"""


def faults_of(folder: Path, text: str, name: str = "hk.yaml") -> str:
    (folder / name).write_text(text, "utf-8")
    with pytest.raises(InputError) as raised:
        load_contacts(folder)
    return "\n".join(str(fault) for fault in raised.value.faults)


def test_a_well_formed_file_is_read(tmp_path: Path) -> None:
    """A contact comes out with its names, dates and status."""
    (tmp_path / "hk.yaml").write_text(GOOD, "utf-8")
    (contact,) = load_contacts(tmp_path).for_jurisdiction("HK", date(2026, 11, 23))
    assert (contact.phone, contact.name_in("zh-Hant"), contact.name_in("fr")) == (
        "18222",
        "防騙易熱線",
        "Anti-Scam Helpline",
    )
    assert contact.expires == date(2027, 5, 1)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ('"18222"', '"18223456789"', "hk.yaml:8: contacts[0].phone: is no number of HK"),
        ('"18222"', '"call me"', "hk.yaml:8: contacts[0].phone: write the number"),
        ("https://www.adcc.gov.hk/en-hk/", "http://www.adcc.gov.hk/", "hk.yaml:9: contacts[0].url: write an https"),
        ("https://www.adcc.gov.hk/en-hk/", "https://adcc-gov.hk/", "its host is not pinned; add adcc-gov.hk"),
        ("https://www.adcc.gov.hk/en-hk/", "https://a@www.adcc.gov.hk/", "without user name"),
        ("https://www.adcc.gov.hk/en-hk/", "https://www.adcc.gov.hk:8443/", "without user name or port"),
        ("https://www.adcc.gov.hk/en-hk/", "https://www.аdcc.gov.hk/", "in ASCII"),
        ("[www.adcc.gov.hk]", "[xn--dcc-8cd.gov.hk]", "hosts[0]: write a host name"),
        ("purpose: advice", "purpose: help", "write one of advice, report, emergency, check"),
        ("purpose:", "purposes:", "purposes: is not a field here; did you mean purpose?"),
        ("2027-05-01", "2026-05-01", "expires: write a day after last_verified"),
        ("2027-05-01", "9999-12-31", "expires: write a day at most 731 days after last_verified"),
        ("2027-05-01", "2028-11-02", "expires: write a day at most 731 days after last_verified"),
        ("source: https://www.adcc.gov.hk/", "source: my cousin", "source: is official only as a page"),
        ("source: https://www.adcc.gov.hk/", "source: www.adcc.gov.hk", "write its address"),
        ("source: https://www.adcc.gov.hk/", "source: https://localhost", "write its address"),
        ("source: https://www.adcc.gov.hk/", "source: 'https://[x'", "write its address"),
        ("2027-05-01", "soon", "expires: write a day as 2026-11-30"),
        ("2027-05-01", "2027-02-30", "expires: write a day as 2026-11-30"),
        ("source_quality: official", "source_quality: press", "only a fact from an official source can be verified"),
        ("    source: https://www.adcc.gov.hk/\n", "", "source: is missing"),
        ("jurisdiction: HK", "jurisdiction: MO", "name it mo.yaml"),
        ("jurisdiction: HK", "jurisdiction: Hong Kong", "two letters of ISO 3166"),
        ("zh-Hant: 防", "chinese_trad: 防", "write a language tag"),
    ],
)
def test_a_fault_says_where_and_what_is_right(tmp_path: Path, old: str, new: str, expected: str) -> None:
    """Each fault names its field and what would be right."""
    assert expected in faults_of(tmp_path, GOOD.replace(old, new, 1))


def test_a_number_the_plan_does_not_know_needs_a_written_reason(tmp_path: Path) -> None:
    """A short code that numbering data lacks is allowed with ``phone_exception`` and refused without."""
    text = GOOD.replace('"18222"', '"18229"')
    assert "phone_exception" in faults_of(tmp_path, text)
    (tmp_path / "hk.yaml").write_text(text.replace('"18229"', '"18229"\n    phone_exception: new code'), "utf-8")
    assert load_contacts(tmp_path).to_call("HK", date(2026, 11, 23)) is not None


def test_a_contact_needs_a_phone_or_a_page(tmp_path: Path) -> None:
    """A contact that cannot be reached is refused."""
    text = GOOD.replace('    phone: "18222"\n', "").replace("    url: https://www.adcc.gov.hk/en-hk/\n", "")
    assert "give a phone or a url" in faults_of(tmp_path, text)


def test_one_id_is_one_contact(tmp_path: Path) -> None:
    """The same id twice in a file is refused."""
    again = GOOD[GOOD.index("  - id") :]
    assert "the id helpline is given twice" in faults_of(tmp_path, GOOD + again)


def test_a_missing_folder_is_a_fault(tmp_path: Path) -> None:
    """A folder that is not there is said to be missing."""
    with pytest.raises(InputError, match="no such folder"):
        load_contacts(tmp_path / "nowhere")


def test_all_faults_of_all_files_come_together(tmp_path: Path) -> None:
    """Two broken files are both named."""
    (tmp_path / "mo.yaml").write_text("jurisdiction: MO\n")
    text = faults_of(tmp_path, GOOD.replace("advice", "help"))
    assert "mo.yaml" in text
    assert "hk.yaml" in text
