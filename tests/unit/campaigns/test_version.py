"""A version changes with what a customer can see and whom it reaches, and with nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.packs import TODAY, copy_pack, read, replace_in, shipped_registry
from thinktwice.campaigns.library import shipped_packs
from thinktwice.campaigns.pack import Pack
from thinktwice.campaigns.version import canonical_audience, release_hash, version_hash
from thinktwice.contacts.registry import Contacts

CONTACTS = shipped_registry()
CAMPAIGN, RELEASE, EN, ZH = "campaign.yaml", "release.yaml", "messages/en.md", "messages/zh-Hant.md"


def pack_in(folder: Path) -> Pack:
    pack = read(folder).pack
    assert pack is not None, read(folder).faults
    return pack


def version_of(folder: Path) -> str:
    return version_hash(pack_in(folder), CONTACTS, TODAY)


PACK = pack_in(shipped_packs() / "hk-joint-anti-scam")
VERSION = version_hash(PACK, CONTACTS, TODAY)

SAME = [
    (CAMPAIGN, "[HK]", "\n  - HK"),
    (CAMPAIGN, "id: hk-joint", "# a comment\n\nid: hk-joint"),
    (CAMPAIGN, "{journey: story_first}", '{ journey : "story_first" }'),
    (CAMPAIGN, "title: Joint anti-scam campaign, Hong Kong", "title: Another name for staff"),
    (
        EN,
        "It cannot be reversed.\n\n## this_withdrawal.paid_before",
        "It cannot\nbe   reversed.\n\n\n## this_withdrawal.paid_before",
    ),
    (EN, "title: Hong Kong, English", "title: other"),
    (ZH, "reviewed: none", "reviewed: native"),
    (ZH, "轉往一個你從未付款的地址", "轉往一個\n你從未付款的地址"),
    (RELEASE, "holdout: 0.10", "holdout: 0.2"),
]


@pytest.mark.parametrize(("file", "old", "new"), SAME)
def test_layout_and_staff_only_fields_do_not_change_a_version(tmp_path: Path, file: str, old: str, new: str) -> None:
    """Comments, quoting, order of lines, line breaks, staff titles and the release leave the version as it is."""
    folder = copy_pack(tmp_path)
    before = version_of(folder)
    replace_in(folder / file, old, new)
    assert version_of(folder) == before


def test_a_folded_audience_is_the_same_audience(tmp_path: Path) -> None:
    """Line breaks and spaces outside quotes mean nothing."""
    folder = copy_pack(tmp_path)
    before = version_of(folder)
    replace_in(
        folder / CAMPAIGN,
        "audience: NOT is_established_destination AND fiat_amount >= 200",
        "audience: |\n  NOT  is_established_destination\n    AND fiat_amount >= 200",
    )
    assert version_of(folder) == before


def test_sections_in_another_order_are_the_same_message(tmp_path: Path) -> None:
    """Each section has its place on the page, wherever it stands in the file."""
    folder = copy_pack(tmp_path)
    before = version_of(folder)
    front, *sections = re.split(r"(?m)^(?=## )", (folder / EN).read_text("utf-8"))
    (folder / EN).write_text(front + "".join(section + "\n" for section in reversed(sections)), "utf-8")
    assert version_of(folder) == before


DIFFERENT = [
    (CAMPAIGN, "fiat_amount >= 200", "fiat_amount >= 201"),
    (CAMPAIGN, "fiat_amount >= 200", "fiat_amount > 200"),
    (CAMPAIGN, "priority: 50", "priority: 51"),
    (CAMPAIGN, "[HK]", "[HK, MO]"),
    (CAMPAIGN, "intervention: confirm", "intervention: ask"),
    (CAMPAIGN, "no_screen: hold", "no_screen: notice"),
    (CAMPAIGN, "[investment, relationship_investment,", "[relationship_investment, investment,"),
    (CAMPAIGN, "a: {journey: story_first}", "a: {journey: self_check_first}"),
    (CAMPAIGN, "partners: [hk-police-cstcb]", "partners: []"),
    (EN, "Check before you send", "Check before you send."),
    (EN, "Take a day.", "Take two days."),
    (EN, "- own_wallet: My own wallet", "- own_wallet: A wallet of my own"),
    (EN, "A real employer pays you;", "An employer pays you;"),
    (ZH, "暫不轉出\n\n## learn_more", "先不轉出\n\n## learn_more"),
]


@pytest.mark.parametrize(("file", "old", "new"), DIFFERENT)
def test_whatever_a_customer_sees_or_whom_it_reaches_changes_the_version(
    tmp_path: Path, file: str, old: str, new: str
) -> None:
    """One changed word, number, rung, order or person reached is another version."""
    folder = copy_pack(tmp_path)
    before = version_of(folder)
    replace_in(folder / file, old, new)
    assert version_of(folder) != before


@given(st.data())
def test_any_changed_letter_of_any_shown_text_changes_the_version(data: st.DataObject) -> None:
    """There is no text of a message that could be changed unseen."""
    pack = PACK
    locale = data.draw(st.sampled_from(sorted(pack.messages)))
    message = pack.messages[locale]
    name = data.draw(st.sampled_from(["headline", "self_check", "second_step", "notice", "go_on", "attribution"]))
    text: str = getattr(message, name)
    place = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.characters(min_codepoint=0x20, max_codepoint=0x7E).filter(lambda char: char != text[place]))
    changed = replace(message, **{name: text[:place] + letter + text[place + 1 :]})  # type: ignore[arg-type]  # all str
    other = replace(pack, messages={**pack.messages, locale: changed})
    assert version_hash(other, CONTACTS, TODAY) != VERSION


def test_a_changed_or_expired_contact_is_another_version() -> None:
    """What customers can call is part of what they see; where a fact was read is not."""
    first = CONTACTS.by_jurisdiction["HK"][0]

    def version_with(**changes: object) -> str:
        changed = replace(first, **changes)  # type: ignore[arg-type]  # any field of the record
        rest = CONTACTS.by_jurisdiction["HK"][1:]
        return version_hash(PACK, Contacts({**CONTACTS.by_jurisdiction, "HK": (changed, *rest)}), TODAY)

    assert version_with(phone="18223") != VERSION
    assert version_with(hours="office hours") != VERSION
    assert version_with(status="recheck") != VERSION
    assert version_with(expires=TODAY) != VERSION
    assert version_with(note="staff only", source="https://elsewhere.example/") == VERSION
    assert version_hash(PACK, CONTACTS, date(2027, 6, 1)) != VERSION


def test_another_jurisdictions_contact_does_not_change_the_version() -> None:
    """A pack for Hong Kong does not depend on Macau; a pack for everywhere does."""
    rest = {code: found for code, found in CONTACTS.by_jurisdiction.items() if code != "MO"}
    assert version_hash(PACK, Contacts(rest), TODAY) == VERSION
    everywhere = replace(PACK, jurisdictions=("*",))
    assert version_hash(everywhere, Contacts(rest), TODAY) != version_hash(everywhere, CONTACTS, TODAY)


def test_logo_and_renderer_are_part_of_the_version() -> None:
    """Another picture or another way of drawing the page is another version."""
    assert version_hash(PACK, CONTACTS, TODAY, logos={"hk-police-cstcb": "00"}) != VERSION
    assert version_hash(PACK, CONTACTS, TODAY, renderer="next") != VERSION


def test_a_release_hash_is_that_of_its_terms_and_version(tmp_path: Path) -> None:
    """The same moment in another zone is the same release; another share or version is another."""
    folder = copy_pack(tmp_path)
    before = release_hash(pack_in(folder).release, "v")
    replace_in(folder / RELEASE, "2026-11-01T00:00:00+08:00", "2026-10-31T16:00:00Z")
    replace_in(folder / RELEASE, "holdout: 0.10", "holdout: 0.1")
    assert release_hash(pack_in(folder).release, "v") == before
    assert release_hash(pack_in(folder).release, "w") != before
    replace_in(folder / RELEASE, "{a: 1, b: 1}", "{a: 1, b: 2}")
    assert release_hash(pack_in(folder).release, "v") != before


def test_spaces_inside_quotes_are_kept() -> None:
    """Only the layout of an audience is normalised, never a value it compares with."""
    assert canonical_audience(" a  =\n 'x  y''  z'  AND b ") == "a = 'x  y''  z' AND b"
