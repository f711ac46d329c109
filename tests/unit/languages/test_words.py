"""Words of one language: texts, phrases, and what services refuse."""

from __future__ import annotations

import pytest
from babel import Locale
from scripts.service_texts import INDIRECT, texts

from thinktwice.addresses.networks import find_network
from thinktwice.errors import Fault, InputError, Phrase, StateError, joined, words_of
from thinktwice.languages.words import Words, service_messages
from thinktwice.records.catalogue import CATALOGUE
from thinktwice.settings import Settings

CHINESE = Words("zh-Hant", Locale.parse("zh_Hant"), service_messages("zh_Hant"))


def test_what_a_service_refuses_is_said_in_another_language() -> None:
    """A template is translated and its values stay, however deep a phrase lies in another."""
    assert CHINESE.say(words_of(StateError("its time has not passed"))) == "其期限未到"
    rule = Fault("LIKE is for a beginning only: a text, then one % at its end", "audience")
    assert CHINESE.say(rule.words) == "audience: LIKE 只用於開首：一段文字，末尾加一個 %"
    error = StateError(joined([Phrase("it lacks %(missing)s", missing=Phrase("an approval"))]))
    assert CHINESE.say(words_of(error)) == "尚欠一次批准"
    found = Phrase(
        "is not YAML: %(error)s", error=InputError.of(Phrase("is larger than %(most)s KB", most=512), field="a")
    )
    assert CHINESE.say(found) == "不是 YAML：a: 大於 512 KB"


def test_an_unknown_network_is_said_in_one_language() -> None:
    """The complaint is a text like its hint: only what was typed, and names of networks, stay as they are."""
    with pytest.raises(InputError) as refused:
        find_network("etherium")
    assert CHINESE.say(refused.value.faults[0].message) == "不認識網絡 'etherium'；你是否指 ethereum, ethereum-classic"
    with pytest.raises(InputError) as refused:
        find_network("mine", {"mine": "nowhere-at-all"})
    assert "本系統的別名 'mine' 指向 'nowhere-at-all'" in CHINESE.say(refused.value.faults[0].message)


def test_a_text_without_translation_shows_as_it_is() -> None:
    """English is better than nothing; a value that looks like a place is left alone."""
    assert CHINESE.say(Phrase("never seen: %(what)s", what="%(what)s 5%")) == "never seen: %(what)s 5%"


def test_every_text_that_reaches_a_page_is_found() -> None:
    """A fault whose words are neither a literal nor a phrase stands in the list of indirect ones, with its reason."""
    indirect = {(one.file, one.code) for one in texts() if one.text is None}
    assert indirect - INDIRECT == set(), "say it by a Phrase, or add it to scripts/service_texts.py with the reason"
    assert INDIRECT - indirect == set(), "no longer there: remove it from scripts/service_texts.py"


def test_what_signals_and_settings_mean_is_collected() -> None:
    """Pages explain them, so that a new one has to be translated."""
    collected = {one.text for one in texts()}
    assert {one.meaning for one in CATALOGUE.values()} <= collected
    assert {one.unit for one in CATALOGUE.values() if one.unit} <= collected
    assert {one.description for one in Settings.model_fields.values()} <= collected
