"""The packaged alert: the words of the shipped packs, in every language that they have."""

from __future__ import annotations

from dataclasses import fields

import pytest
from thinktwice_client.generic_alert import LOCALES, generic_alert

from tests.support.alert_desk import shipped
from thinktwice.alerts.locale import choose_locale
from thinktwice.alerts.words import WORDS
from thinktwice.campaigns.pack import GENERIC_PACK

MESSAGES = shipped().packs[GENERIC_PACK].messages
SHARED = ("headline", "self_check", "safe_action", "go_on", "second_step", "second_step_go_on", "second_step_back")
TIPS_WITH_A_PLACE = (1, 5, 6)
"""Tips of the pack that the packaged alert leaves out: who to ask is its help, the rest needs a country or an app."""


def test_it_has_the_languages_of_the_service() -> None:
    """Those of the shared words and of the pack that is shown everywhere."""
    assert set(LOCALES) == set(WORDS) == set(MESSAGES)


@pytest.mark.parametrize("locale", LOCALES)
def test_its_words_are_those_of_the_shipped_pack(locale: str) -> None:
    """Word for word, but for the sentence about this withdrawal, which knows no figures."""
    alert, message = generic_alert(locale), MESSAGES[locale]
    assert alert.locale == locale
    assert {name: getattr(alert, name) for name in SHARED} == {name: getattr(message, name) for name in SHARED}
    assert alert.help == message.help_without_contact
    tips = tuple(tip for place, tip in enumerate(message.tips) if place not in TIPS_WITH_A_PLACE)
    assert alert.tips == tips
    said = [getattr(alert, one.name) for one in fields(alert) if one.name != "tips"]
    assert all(text and "{" not in text and "http" not in text for text in (*said, *alert.tips))


ASKED = """ar-AE ar_EG pt-BR pt-MO ms-SG zh zh-HK zh-MO zh_TW zh-CN zh-SG zh-MY zh-US zh-Hans-HK zh-Hant-CN EN-gb fr
th-TH x nonsense-"""


@pytest.mark.parametrize("asked", [*LOCALES, *ASKED.split(), "", " ar "])
def test_it_takes_the_language_that_the_service_would(asked: str) -> None:
    """Tags with regions, scripts, other cases and separators; English for the rest."""
    assert generic_alert(asked).locale == choose_locale(asked, LOCALES)


def test_without_a_locale_it_is_english() -> None:
    """A customer whose language is not known."""
    assert generic_alert(None).locale == "en"
