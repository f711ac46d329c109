"""The shared texts: every kind in every language, drawn by a message as if they stood in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.packs import copy_pack, read, replace_in, said
from thinktwice.campaigns.message import Message
from thinktwice.campaigns.never_say import NEVER_SAY
from thinktwice.campaigns.typologies import taxonomy
from thinktwice.campaigns.typology_texts import PARTS, drawn_sections, shared_texts, shipped_text_locales

TOLD = sorted({one.texts for one in taxonomy().values()})


def test_every_language_is_there() -> None:
    """The texts are shared in the six languages of the shipped campaigns."""
    assert set(shipped_text_locales()) == {"ar", "en", "ms", "pt", "zh-Hans", "zh-Hant"}


@pytest.mark.parametrize("locale", shipped_text_locales())
def test_every_kind_is_told_in_every_language(locale: str) -> None:
    """No kind lacks a story, an example, three signs or what the scammer says about the message; nothing is spare."""
    shared = shared_texts(locale)
    assert shared is not None
    assert set(shared.sections) == {f"typology.{name}.{part}" for name in TOLD for part in PARTS}
    for name in TOLD:
        assert len(shared.sections[f"typology.{name}.signs"].items or ()) == 3, name


@pytest.mark.parametrize("locale", shipped_text_locales())
def test_no_shared_text_says_what_is_never_said(locale: str) -> None:
    """The patterns of the language find nothing, and no text holds a digit or a link."""
    shared = shared_texts(locale)
    assert shared is not None
    found = [
        f"{section.name}: {match.group(0)}"
        for section in shared.sections.values()
        for pattern, _ in NEVER_SAY[locale]
        for match in pattern.finditer(section.text)
    ]
    assert found == []
    assert [name for name, one in shared.sections.items() if re.search(r"[0-9]|https?:|www", one.text)] == []


def test_an_english_story_is_two_sentences() -> None:
    """What stands on the first screen stays within two sentences."""
    shared = shared_texts("en")
    assert shared is not None
    for name in TOLD:
        assert len(re.findall(r"[.!?](?:\s|$)", shared.sections[f"typology.{name}.story"].text)) == 2, name


def test_an_unauthorised_kind_is_told_neutrally() -> None:
    """Phishing, SIM swap and a stolen device are told with the words of a takeover, which name no scam."""
    drawn = drawn_sections("en", ("phishing", "sim_swap", "stolen_device"), {})
    stories = {drawn[f"typology.{name}.story"].text for name in ("phishing", "sim_swap", "stolen_device")}
    assert len(stories) == 1
    assert "scam" not in stories.pop().lower()


def message(folder: Path, locale: str = "en") -> Message:
    pack = read(folder).pack
    assert pack is not None
    return pack.messages[locale]


def test_a_message_draws_what_it_does_not_say(tmp_path: Path) -> None:
    """A typology added to campaign.yaml is told without a word in the message."""
    folder = copy_pack(tmp_path)
    for path in (folder / "messages").glob("*.md"):
        if path.stem not in shipped_text_locales():
            path.unlink()
    before = message(folder).stories["investment"]
    replace_in(folder / "campaign.yaml", "police_impersonation]", "police_impersonation, extortion]")
    assert message(folder).stories["investment"] == before
    assert "threatens" in message(folder).stories["extortion"].story


def test_a_message_that_says_part_of_a_kind_says_all_of_it(tmp_path: Path) -> None:
    """One section of its own switches drawing off for that kind, so that no two hands mix in one story."""
    folder = copy_pack(tmp_path)
    replace_in(folder / "messages" / "en.md", "## typology.investment.signs", "## typology.investment.story2")
    faults = said(read(folder).faults)
    assert "typology.investment.signs: the section is missing" in faults


def test_an_operators_own_kind_is_written_in_the_message(tmp_path: Path) -> None:
    """A kind that nobody shares must be told by the message itself."""
    folder = copy_pack(tmp_path)
    replace_in(folder / "campaign.yaml", "police_impersonation]", "police_impersonation, our_own]")
    assert "add ## typology.our_own.story" in said(read(folder).faults)
