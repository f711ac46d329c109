"""What ``campaign check`` finds in a folder of well-formed files: each finding with file, line, why, what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.packs import TODAY, copy_pack, read, replace_in, said, shipped_registry
from thinktwice.campaigns.partners import Partner, Partners
from thinktwice.campaigns.reading import Surroundings, read_pack
from thinktwice.contacts.registry import Contacts
from thinktwice.records.catalogue import CATALOGUE

LONG = "word " * 26
FAULTS = [
    # never say, by language; exceptions are recorded and used
    ("messages/en.md", "Continue\n\n## second_step\n", "Click here\n\n## second_step\n", "sends people to links and"),
    (
        "messages/zh-Hant.md",
        "繼續\n\n## second_step\n",
        "按此連結\n\n## second_step\n",
        "sends people to links and codes",
    ),
    # links outside the registry
    ("messages/en.md", "- Take a day.", "- See https://example.com/ today.", "no verified contact of these"),
    ("messages/en.md", "- Take a day.", "- See evil.zip today.", "evil[.]zip is no verified contact"),
    ("messages/en.md", "- Take a day.", "- See hkpolice.**help** today.", "hkpolice[.]help is no verified contact"),
    ("messages/zh-Hant.md", "- 不妨多等一天。", "- 請看evil。com，再等一天。", "evil[.]com is no verified contact"),
    ("messages/en.md", "- Take a day.", "- Pay at 203.0.113.9/pay today.", "203[.]0[.]113[.]9/pay is no verified"),
    # numbers outside the registry
    ("messages/en.md", "- Take a day.", "- Call +65 9123 4567 or 6123 4567 now.", "6123 4567 reads like a telephone"),
    ("messages/en.md", "- Take a day.", "- Call 18*2*22 today.", "18222 reads like a telephone number"),
    ("messages/zh-Hant.md", "- 不妨多等一天。", "- 請致電１８２２２。", "18222 reads like a telephone number"),
    # images without a text: an image is no part of a message
    ("messages/en.md", "Continue\n\n## second_step\n", "![](a.png)\n\n## second_step\n", "an image is not read aloud"),
    # placeholders
    (
        "messages/en.md",
        "{amount} {asset} to an address you have not",
        "{sum} {asset} to an address you have not",
        "{sum}",
    ),
    # missing language, missing typology text
    ("campaign.yaml", "jurisdictions: [HK]", "jurisdictions: [HK, QQ]", "QQ is no ISO 3166 alpha-2 code"),
    ("campaign.yaml", "job_task, police", "our_own, police", "add ## typology.our_own.story"),
    # audiences: nobody, wording only
    ("campaign.yaml", "fiat_amount >= 200", "fiat_amount >= 200 AND fiat_amount < 100", "audience"),
    ("campaign.yaml", "fiat_amount >= 200", "fiat_amount >= 200 AND jurisdiction = 'SG'", "nobody is reached"),
    ("campaign.yaml", "fiat_amount >= 200", "network = 'TRC20'", "did you mean 'tron'?"),
    ("campaign.yaml", "fiat_amount >= 200", "address_family = 'evmm'", "did you mean 'evm'?"),
    (
        "campaign.yaml",
        "NOT is_established_destination AND fiat_amount >= 200",
        "age_band = '70+'",
        "age_band may choose",
    ),
    # no_screen, arms, holdout
    ("campaign.yaml", "no_screen: hold ", "#  ", "no_screen: is missing"),
    ("release.yaml", "weights: {a: 1, b: 1}", "weights: {a: 1}", "the arm b has no weight"),
    ("release.yaml", "weights: {a: 1, b: 1}", "weights: {a: 0, b: 0}", "at least one weight is above 0"),
    ("release.yaml", "holdout: 0.10", "holdout: 0.9", "write a number from 0 to 0.5"),
]
WARNINGS = [
    ("messages/en.md", "- Take a day.", f"- Take a {LONG}day.", "more than 25; make two"),
    ("messages/zh-Hant.md", "- 不妨多等一天。", f"- {'不妨多等一天，' * 10}不妨。", "letters, more than 60; make two"),
    ("messages/en.md", "Check before you send", "Stop. Check first.", "says more than one thing"),
    ("messages/en.md", "Keep my money here", "Continue", "reads like go_on"),
    ("campaign.yaml", "NOT is_established_destination AND fiat_amount >= 200", "fiat_amount >= 0", "always true"),
    ("campaign.yaml", "fiat_amount >= 200", "is_on_call", "where is_on_call is missing nobody is reached"),
    ("campaign.yaml", "b: {journey: self_check_first}", "b: {journey: story_first}", "the arms a and b are the same"),
    ("release.yaml", "weights: {a: 1, b: 1}", "weights: {a: 1, b: 0}", "the arm b has the weight 0"),
]


@pytest.mark.parametrize(("file", "old", "new", "expected"), FAULTS)
def test_a_fault_forbids_and_says_where(tmp_path: Path, file: str, old: str, new: str, expected: str) -> None:
    """Each named fault refuses the pack, with the file it stands in."""
    folder = copy_pack(tmp_path)
    replace_in(folder / file, old, new)
    reading = read(folder, currency="USD")
    assert reading.pack is None
    found = next((fault for fault in reading.faults if expected in str(fault)), None)
    assert found is not None, said(reading.faults)
    assert found.where is not None


@pytest.mark.parametrize(("file", "old", "new", "expected"), WARNINGS)
def test_a_warning_says_what_to_look_at(tmp_path: Path, file: str, old: str, new: str, expected: str) -> None:
    """Each named doubt is a warning with the place, and forbids nothing by itself."""
    folder = copy_pack(tmp_path)
    replace_in(folder / file, old, new)
    reading = read(folder, currency="USD")
    assert reading.pack is not None, said(reading.faults)
    found = next((one for one in reading.warnings if expected in one.message), None)
    assert found is not None, said(reading.warnings)
    assert found.where is not None
    assert found.where.endswith(file if "weight" not in expected else "campaign.yaml")  # where the arm is declared
    assert found.line is not None


def test_an_image_with_a_text_is_refused_too(tmp_path: Path) -> None:
    """A message is words: an image with alternative text is still none of the Markdown that is read."""
    folder = copy_pack(tmp_path)
    replace_in(folder / "messages" / "en.md", "- Take a day.", "- ![badge](a.png)")
    assert "say in words what it would show" in said(read(folder).faults)


def test_hard_words_are_told_by_grade(tmp_path: Path) -> None:
    """English above school grade eight is a warning that gives the grade."""
    folder = copy_pack(tmp_path)
    path = folder / "messages" / "en.md"
    hard = "Notwithstanding contractual irrevocability, institutional representatives necessitate authorisation. "
    path.write_text(path.read_text("utf-8").replace("- Take a day. ", "- " + hard * 30), "utf-8")
    assert "the words are of school grade" in said(read(folder).warnings)


def test_a_meant_dependence_is_recorded_with_its_reason(tmp_path: Path) -> None:
    """disabled_without silences the warning for its signal; where it no longer holds it is told to go."""
    folder = copy_pack(tmp_path)
    replace_in(folder / "campaign.yaml", "AND fiat_amount >= 200", "AND is_on_call")
    replace_in(
        folder / "campaign.yaml", "intervention: confirm ", "disabled_without: {is_on_call: r}\nintervention: confirm "
    )
    assert "nobody is reached" not in said(read(folder).warnings)
    replace_in(folder / "campaign.yaml", "AND is_on_call", "AND fiat_amount >= 200")
    assert "disabled_without names is_on_call, without which the audience works" in said(read(folder).warnings)


def test_a_link_before_the_help_is_a_doubt(tmp_path: Path) -> None:
    """Even a verified address does not stand before the one action."""
    folder = copy_pack(tmp_path)
    link = "[Scameter](https://cyberdefender.hk/en-us/scameter/)"
    replace_in(folder / "messages" / "en.md", "Stop here.\n\n## help_with", f"Stop here. {link}\n\n## help_with")
    reading = read(folder)
    assert reading.pack is not None, said(reading.faults)
    assert "self_check: leads away before the one action" in said(reading.warnings)


@pytest.mark.parametrize("name", ["Anti-Scam HeIpline", "H0ng Kong Police Force", "Hong Kong Cust0ms"])
def test_a_name_in_other_letters_is_refused(tmp_path: Path, name: str) -> None:
    """Those of the contacts of the place, and of the partners that are known."""
    folder = copy_pack(tmp_path)
    line = replace_in(folder / "messages" / "en.md", "- Take a day.", f"- Ask the {name}.")
    customs = Partners({"hk-customs": Partner(id="hk-customs", name="Hong Kong Customs")})
    around = Surroundings(catalogue=CATALOGUE, contacts=shipped_registry(), today=TODAY, partners=customs)
    (fault,) = read_pack(folder, around).faults
    assert "with other letters; write the name itself" in fault.message
    assert (fault.where, fault.field) == (str(folder / "messages" / "en.md"), "tips")
    assert fault.line == line - 2


def test_the_words_of_a_link_may_be_its_host(tmp_path: Path) -> None:
    """A pinned page may be named as people write it; a link that shows another host is refused."""
    folder = copy_pack(tmp_path)
    page = "cyberdefender.hk/en-us/scameter"
    link = f"[{page}](https://{page}/)"
    replace_in(folder / "messages" / "en.md", "- Take a day.", f"- Ask {link} today.")
    assert read(folder).pack is not None, said(read(folder).faults)
    replace_in(folder / "messages" / "en.md", link, f"[evil.zip](https://{page}/)")
    assert "evil[.]zip is no verified contact" in said(read(folder).faults)


def test_a_link_to_a_contact_that_expired_is_no_link_of_the_registry(tmp_path: Path) -> None:
    """Only what may be shown today may be linked."""
    folder = copy_pack(tmp_path)
    link = "[Scameter](https://cyberdefender.hk/en-us/scameter/)"
    replace_in(folder / "messages" / "en.md", "- Take a day.", f"- Ask {link} today.")
    assert read(folder).pack is not None
    assert "is no verified contact" in said(read(folder, contacts=Contacts({})).faults)
