"""An arm may word what it likes otherwise; it is read, checked, hashed and told as the whole message it makes."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from tests.support.packs import TODAY, copy_pack, read, replace_in, said, shipped_registry, word_arm
from thinktwice.campaigns.comparing import differences
from thinktwice.campaigns.pack import Pack, message_in
from thinktwice.campaigns.stored import read_stored
from thinktwice.campaigns.version import hash_of, version_content, version_hash

HEADLINE = "## headline\n\nStop for one minute\n"
STORY = (
    "## typology.investment.story\n\nA common scam: a chat group shows you gains every day. Then they ask for more.\n"
)


def worded(folder: Path) -> Path:
    pack = copy_pack(folder)
    word_arm(pack, "en.b", HEADLINE + "\n" + STORY)
    word_arm(pack, "zh-Hant.b", "## headline\n\n先停一分鐘\n")
    word_arm(pack, "ar.b", "## headline\n\nتوقف دقيقة واحدة\n")
    return pack


def pack_in(folder: Path) -> Pack:
    reading = read(folder)
    assert reading.pack is not None, said(reading.faults)
    return reading.pack


def content(pack: Pack) -> bytes:
    return version_content(pack, shipped_registry(), TODAY)


def test_an_arm_says_its_own_and_for_the_rest_what_the_campaign_says(tmp_path: Path) -> None:
    """Only the sections in the arm's file differ, and only in that arm."""
    pack = pack_in(worded(tmp_path))
    a, b = message_in(pack, "en", "a"), message_in(pack, "en", "b")
    assert (a.headline, b.headline) == ("Check before you send", "Stop for one minute")
    assert b.stories["investment"].story.startswith("A common scam: a chat group")
    assert b.stories["investment"].signs == a.stories["investment"].signs
    assert (b.tips, b.safe_action, b.questions) == (a.tips, a.safe_action, a.questions)
    assert message_in(pack, "en", None) == message_in(pack, "en", "no such arm") == a
    assert message_in(pack, "zh-Hant", "b").headline == "先停一分鐘"


def test_a_language_without_the_arms_words_is_told_the_campaigns_and_named(tmp_path: Path) -> None:
    """Nothing is tried on those readers, so ``--strict`` refuses it with the name of the missing file."""
    folder = worded(tmp_path)
    (folder / "messages/zh-Hant.b.md").unlink()
    reading = read(folder)
    assert reading.pack is not None
    assert message_in(reading.pack, "zh-Hant", "b") == reading.pack.messages["zh-Hant"]
    (missing,) = [one for one in reading.warnings if one.field == "arms"]
    assert missing.where == str(folder / "messages/zh-Hant.b.md")
    assert "readers of zh-Hant in the arm b" in missing.message


def test_complete_arms_bring_no_warning_but_their_reviews(tmp_path: Path) -> None:
    """What the campaign's words already said is not said again for an arm."""
    before = read(copy_pack(tmp_path / "before"))
    after = read(worded(tmp_path / "after"))
    new = {said([one]).split("messages/")[-1] for one in after.warnings} - {
        said([one]).split("messages/")[-1] for one in before.warnings
    }
    assert {one.split(":")[0] for one in new if "no native reader" in one} == {"zh-Hant.b.md", "ar.b.md"}
    assert not [one for one in new if ".md" in one and "no native reader" not in one]


FAULTS = [
    ("en.b", "## headline\n\nThis address is suspicious\n", "never say 'suspicious'"),
    ("en.b", "## headline\n\nStop {customer}\n", "{customer} is no placeholder here"),
    ("en.b", "## headlin\n\nStop\n", "is not a section here; did you mean headline?"),
    ("en.b", "## headline\n\n" + "Stop " * 20 + "\n", "has 99 letters; at most 60 fit"),
    ("en.b", "## this_withdrawal.first_time\n\nStop here.\n", "the placeholder {amount} is missing"),
    ("en.b", "## self_check\n\nSee https://evil.example/x now.\n", "is no verified contact"),
    ("en.b", "", "changes no words"),
    ("zh-Hant.b", "## headline\n\n可疑轉帳\n", "never say '可疑'"),
    ("en.z", HEADLINE, "campaign.yaml has no arm z; it has a, b"),
    ("pt.b", HEADLINE, "the campaign has no words in pt that an arm could change"),
    ("en.B", HEADLINE, "name the file after its language"),
]


@pytest.mark.parametrize(("name", "text", "expected"), FAULTS)
def test_a_fault_in_an_arms_words_is_named_in_its_file(tmp_path: Path, name: str, text: str, expected: str) -> None:
    """An arm's words are held to what the campaign's are."""
    path = word_arm(copy_pack(tmp_path), name, text)
    reading = read(path.parent.parent)
    assert reading.pack is None
    assert {one.where for one in reading.faults} == {str(path)}
    assert expected in said(reading.faults)


def test_a_label_that_reads_like_the_campaigns_other_one_is_seen(tmp_path: Path) -> None:
    """The whole message of the arm is checked, not its file alone."""
    pack = copy_pack(tmp_path)
    word_arm(pack, "en.b", "## go_on\n\nKeep my money here\n")
    assert "reads like go_on" in said(read(pack).warnings)


def test_words_that_change_nothing_are_named(tmp_path: Path) -> None:
    """A section that repeats the campaign's is a slip, and nothing of it is part of the version."""
    pack = copy_pack(tmp_path)
    word_arm(pack, "en.b", "## headline\n\nCheck before you send\n\n## go_on\n\nGo on\n")
    reading = read(pack)
    assert "says what the campaign says" in said(reading.warnings)
    assert reading.pack is not None
    assert msgspec.json.decode(content(reading.pack))["arm_words"] == {"b": {"en": {"go_on": "Go on"}}}


def test_arms_that_differ_in_rung_or_words_are_not_the_same(tmp_path: Path) -> None:
    """Two arms with one journey are alike until one of them has another rung or other words."""
    pack = copy_pack(tmp_path)
    replace_in(pack / "campaign.yaml", "b: {journey: self_check_first}", "b: {journey: story_first}")
    assert "the arms a and b are the same" in said(read(pack).warnings)
    word_arm(pack, "en.b", HEADLINE)
    assert "are the same" not in said(read(pack).warnings)


def test_one_letter_of_an_arm_makes_another_version_and_layout_does_not(tmp_path: Path) -> None:
    """The version is over what customers of each arm read."""
    plain, folder = pack_in(copy_pack(tmp_path / "plain")), worded(tmp_path / "worded")
    first = version_hash(pack_in(folder), shipped_registry(), TODAY)
    assert first != version_hash(plain, shipped_registry(), TODAY)
    path = folder / "messages/en.b.md"
    path.write_text(
        path.read_text("utf-8").replace("shows you gains\nevery", "shows you\ngains every") + "\n\n", "utf-8"
    )
    assert version_hash(pack_in(folder), shipped_registry(), TODAY) == first
    replace_in(path, "one minute", "two minutes")
    changed = pack_in(folder)
    assert version_hash(changed, shipped_registry(), TODAY) != first
    found = [str(one) for one in differences(content(pack_in(worded(tmp_path / "again"))), content(changed))]
    assert found == ["arm_words.b.en.headline: Stop for one minute → Stop for two minutes"]


def test_a_pack_without_such_words_keeps_its_version(tmp_path: Path) -> None:
    """What was approved before arms could have words is still what it was."""
    assert "arm_words" not in msgspec.json.decode(content(pack_in(copy_pack(tmp_path))))


def test_a_stored_version_gives_each_arm_its_words_back(tmp_path: Path) -> None:
    """From hash, locale and arm alone the same message comes back that the pack had."""
    pack = pack_in(worded(tmp_path))
    kept = content(pack)
    stored = read_stored(kept, hash_of(kept))
    for locale in pack.messages:
        for arm in (*pack.arms, None):
            before, after = message_in(pack, locale, arm), message_in(stored, locale, arm)
            assert (after.headline, after.stories, after.tips) == (before.headline, before.stories, before.tips)
            assert (after.this_withdrawal, after.questions, after.notice) == (
                before.this_withdrawal,
                before.questions,
                before.notice,
            )
