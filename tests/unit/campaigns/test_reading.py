"""A pack is read whole or refused whole; each fault says file, line, field and what is right."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from tests.support.packs import copy_pack, read, replace_in, said
from thinktwice.contacts.registry import Contacts

CAMPAIGN, RELEASE, EN, ZH = "campaign.yaml", "release.yaml", "messages/en.md", "messages/zh-Hant.md"


def test_a_shipped_pack_is_read(tmp_path: Path) -> None:
    """A pack without a fault comes out with exact numbers."""
    reading = read(copy_pack(tmp_path), currency="USD")
    assert reading.faults == ()
    assert reading.pack is not None
    assert reading.pack.release.holdout == Decimal("0.10")
    assert reading.pack.release.starts_at.isoformat() == "2026-11-01T00:00:00+08:00"


FAULTS = [
    (CAMPAIGN, "priority: 50 ", "priority: high ", "priority: write a whole number from 0 to 1000"),
    (CAMPAIGN, "priority: 50 ", "priorty: 50 ", "priorty: is not a field here; did you mean priority?"),
    (CAMPAIGN, "id: hk-joint-anti-scam", "id: hk-joint", "id: the folder is named hk-joint-anti-scam"),
    (CAMPAIGN, "[HK]", "[UK]", "jurisdictions: UK is no ISO 3166 alpha-2 code"),
    (CAMPAIGN, "[HK]", '[HK, "*"]', "jurisdictions: '*' means everywhere; write it alone"),
    (CAMPAIGN, "[HK]", "[]", "jurisdictions: name at least one"),
    (CAMPAIGN, "[HK]", "HK", "jurisdictions: write a list"),
    (CAMPAIGN, "currency: USD", "currency: HKD", "currency: amounts here are in the reporting currency, USD"),
    (CAMPAIGN, "intervention: confirm", "intervention: nag", "intervention: write one of inform, confirm"),
    (CAMPAIGN, "no_screen: hold ", "# ", "no_screen: is missing"),
    (CAMPAIGN, "fiat_amount >= 200", "fiat_amout >= 200", "fiat_amount"),
    (
        CAMPAIGN,
        "NOT is_established_destination AND fiat_amount >= 200",
        "age_band = '70+'",
        "age_band may choose words but never",
    ),
    (CAMPAIGN, "b: {journey: self_check_first}", "c: {journey: self_check_first}", "b: campaign.yaml has no such arm"),
    (CAMPAIGN, "b: {journey: self_check_first}", "b: {journey: backwards}", "journey: write one of story_first"),
    (CAMPAIGN, "b: {journey", "holdout: {journey", "holdout is no name of an arm"),
    (CAMPAIGN, "job_task, police", "job_task, our_own, police", "add ## typology.our_own.story"),
    (
        RELEASE,
        "starts_at: 2026-11-01T00:00:00+08:00",
        "starts_at: 2026-11-01",
        "starts_at: write a time with its offset",
    ),
    (RELEASE, "starts_at: 2026-11-01T00:00:00+08:00", "starts_at: 2026-11-01T00:00:00", "starts_at: write a time with"),
    (RELEASE, "2027-11-01T", "2025-11-01T", "ends_at: write a time after starts_at"),
    (RELEASE, "holdout: 0.10", "holdout: 0.6", "holdout: write a number from 0 to 0.5"),
    (RELEASE, "holdout: 0.10", "holdout: 1e-1", "holdout: write a number from 0 to 0.5"),
    (RELEASE, "{a: 1, b: 1}", "{a: 1}", "weights: the arm b has no weight"),
    (RELEASE, "{a: 1, b: 1}", "{a: 1, b: 0.5}", "weights.b: write a whole number"),
    (RELEASE, "{a: 1, b: 1}", "{a: 0, b: 0}", "weights: at least one weight is above 0"),
    (RELEASE, "hold: {hours: 24", "# {hours: 24", "hold: is missing: no_screen is hold"),
    (RELEASE, "hours: 24, ", "hours: 96, ", "hold.hours: is more than maximum_hours (72)"),
    (RELEASE, "then: inform", "then: hold", "blast_radius.then: write a rung below confirm"),
    (RELEASE, "expected_daily_triggers: 400\n", "", "expected_daily_triggers: is missing"),
    (RELEASE, "per_days: 7", "per_day: 7", "frequency_cap.per_day: is not a field here; did you mean per_days?"),
    (EN, "locale: en", "locale: fr", "locale: the file is named en.md"),
    (EN, "## headline", "## headlin", "headlin: is not a section here; did you mean headline?"),
    (EN, "## cancelled", "## x", "cancelled: the section is missing"),
    (EN, "{amount} {asset} to an address you have not", "12 {asset} to an address you have not", "{amount} is missing"),
    (
        EN,
        "{amount} {asset} to an address you have not",
        "{amount} {asset} {customer} not",
        "{customer} is no placeholder",
    ),
    (EN, "Is anyone guiding you now", "Is {contact_name} guiding you now", "{contact_name} is no placeholder here"),
    (EN, "[, {contact_hours}]", ", {contact hours}", "other braces are not read"),
    (EN, "Check before you send", "Check " * 12, "headline: has 71 letters; at most 60 fit"),
    (EN, "Stop here.", "See https://evil.example/x.", "https[:]//evil[.]example/x is no verified contact"),
    (EN, "Stop here.", "See [here](https://evil.example/x).", "https[:]//evil[.]example/x is no verified contact"),
    (EN, "Stop here.", "See scam-check.com now.", "scam-check[.]com is no verified contact"),
    (EN, "Stop here.", "This address is suspicious.", "never say 'suspicious': it accuses"),
    (EN, "- You have never met, and there is always a reason.\n", "", "signs: write 3 signs; here are 2"),
    (EN, "- not_sure: Not sure\n", "", "question.origin: every question can be left open; add not_sure"),
    (EN, "Based on public", "<b>Based</b> on public", "write paragraphs, lists"),
    (ZH, "轉出前，先核實", "可疑轉帳", "never say '可疑'"),
    (ZH, "轉出前，先核實", "轉出前，先核實" * 4, "headline: has 28 letters; at most 24 fit"),
]


@pytest.mark.parametrize(("file", "old", "new", "expected"), FAULTS)
def test_a_fault_is_named(tmp_path: Path, file: str, old: str, new: str, expected: str) -> None:
    """Each thing wrong forbids the pack and says where and what is right."""
    folder = copy_pack(tmp_path)
    replace_in(folder / file, old, new)
    reading = read(folder, currency="USD")
    assert reading.pack is None
    assert expected in said(reading.faults)


def test_a_fault_stands_at_its_line(tmp_path: Path) -> None:
    """File and line of a fault are those of the text that caused it."""
    folder = copy_pack(tmp_path)
    line = replace_in(folder / RELEASE, "holdout: 0.10", "holdout: 2")
    (fault,) = read(folder).faults
    assert (fault.where, fault.line, fault.field) == (str(folder / RELEASE), line, "holdout")


def test_a_fault_of_the_audience_stands_at_its_line(tmp_path: Path) -> None:
    """An unknown signal is named with the line of the audience in campaign.yaml and a suggestion."""
    folder = copy_pack(tmp_path)
    line = replace_in(folder / CAMPAIGN, "fiat_amount >= 200", "fiat_amout >= 200")
    (fault,) = read(folder).faults
    assert (fault.where, fault.line) == (str(folder / CAMPAIGN), line)


def test_all_faults_of_all_files_come_together(tmp_path: Path) -> None:
    """Nobody has to correct one fault to learn of the next."""
    folder = copy_pack(tmp_path)
    replace_in(folder / CAMPAIGN, "priority: 50 ", "priority: x ")
    replace_in(folder / RELEASE, "holdout: 0.10", "holdout: x")
    replace_in(folder / EN, "Check before you send", "Flagged")
    replace_in(folder / ZH, "轉出前，先核實", "調查")
    assert len(read(folder).faults) == 4


@pytest.mark.parametrize("locale", ["en", "zh-Hant"])
def test_hong_kong_needs_english_and_chinese(tmp_path: Path, locale: str) -> None:
    """Without one of its two languages a pack for Hong Kong is refused."""
    folder = copy_pack(tmp_path)
    (folder / f"messages/{locale}.md").unlink()
    assert f"the language {locale} is missing" in said(read(folder).faults)


def test_a_file_that_is_not_read_is_refused(tmp_path: Path) -> None:
    """What nobody reads must not be believed to be live."""
    folder = copy_pack(tmp_path)
    (folder / "relase.yaml").write_text("holdout: 0.5\n")
    (folder / "messages" / "english.txt").write_text("x")
    assert said(read(folder).faults).count("\n") == 1


def test_missing_files_are_named(tmp_path: Path) -> None:
    """Campaign, release and messages must be there."""
    folder = copy_pack(tmp_path)
    (folder / RELEASE).unlink()
    shutil.rmtree(folder / "messages")
    faults = said(read(folder).faults)
    assert "release.yaml: there is no such file" in faults
    assert "messages: is missing" in faults


def test_links_out_of_the_folder_are_refused(tmp_path: Path) -> None:
    """Neither a file nor the folder of messages may be a symbolic link."""
    folder = copy_pack(tmp_path)
    (folder / EN).rename(tmp_path / "en.md")
    (folder / EN).symlink_to(tmp_path / "en.md")
    assert "is a link" in said(read(folder).faults)


def test_a_link_to_a_verified_contact_is_allowed_and_to_an_unverified_one_not(tmp_path: Path) -> None:
    """Messages link to what the registry may show, and to nothing else."""
    folder = copy_pack(tmp_path)
    url = "https://cyberdefender.hk/en-us/scameter/"
    replace_in(folder / EN, "on the Scameter.", f"on the [Scameter]({url}).")
    assert read(folder).faults == ()
    assert "is no verified contact" in said(read(folder, contacts=Contacts({})).faults)


def test_a_lookalike_pack_needs_its_variants_and_prompt(tmp_path: Path) -> None:
    """The look-alike pack speaks of how the customer knows the imitated address, and of nothing else."""
    folder = copy_pack(tmp_path, "lookalike")
    replace_in(folder / EN, "## this_withdrawal.saved", "## this_withdrawal.first_time")
    replace_in(folder / EN, "## typing_prompt", "## typing")
    faults = said(read(folder).faults)
    for name in ("this_withdrawal.saved", "typing_prompt"):
        assert f"add ## {name}" in faults
    assert "this_withdrawal.first_time: is not a section here" in faults


WARNINGS = [
    (RELEASE, "2027-11-01T", "2026-11-02T", "ends_at: is over"),
    (CAMPAIGN, "intervention: confirm", "intervention: ask", "outside every holdout"),
    (CAMPAIGN, "fiat_amount >= 200", "is_new_device", "where is_new_device is missing nobody is reached"),
    (EN, "Check before you send", "Check", "partners: the badge of hk-police-cstcb shows only after"),
    (EN, "Stop here.", "Stop " + "very " * 30 + "now.", "a sentence has 32 words"),
    (ZH, "reviewed: none", "reviewed: none", "no native reader has reviewed"),
]


@pytest.mark.parametrize(("file", "old", "new", "expected"), WARNINGS)
def test_a_warning_forbids_nothing(tmp_path: Path, file: str, old: str, new: str, expected: str) -> None:
    """What is probably not meant is said, and the pack is read all the same."""
    folder = copy_pack(tmp_path)
    replace_in(folder / file, old, new)
    reading = read(folder)
    assert reading.faults == ()
    assert expected in said(reading.warnings)


def test_no_folder_is_a_fault(tmp_path: Path) -> None:
    """A folder that is not there, or is a link, is refused."""
    assert "no such folder" in said(read(tmp_path / "none").faults)
    real = copy_pack(tmp_path)
    (tmp_path / "alias").symlink_to(real)
    assert read(tmp_path / "alias").pack is None
