"""Claims about the choice and the writing of languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thinktwice.alerts.locale import choose_locale, direction_of, language_tag, own_name


@pytest.mark.parametrize(
    ("requested", "available", "chosen"),
    [
        ("zh-HK", ("en", "zh-Hant"), "zh-Hant"),
        ("zh-HK", ("en",), "en"),
        ("zh-Hant-HK", ("en", "zh-Hant"), "zh-Hant"),
        ("zh_Hant_HK", ("en", "zh-Hant", "zh-Hant-HK"), "zh-Hant-HK"),
        ("ZH-hk", ("en", "zh-Hant"), "zh-Hant"),
        ("zh-CN", ("en", "zh-Hant", "zh-Hans"), "zh-Hans"),
        ("zh-TW", ("zh-Hans", "zh-Hant"), "zh-Hant"),
        ("zh-CN", ("en", "zh-Hant"), "zh-Hant"),
        ("en-GB", ("zh-Hant", "en"), "en"),
        ("pt", ("en", "pt-BR"), "pt-BR"),
        ("fr", ("zh-Hant", "en"), "en"),
        ("fr", ("zh-Hant", "de"), "zh-Hant"),
        (None, ("zh-Hant", "en"), "en"),
        ("", ("en",), "en"),
        ("x" * 10_000, ("en",), "en"),
        ("<script>", ("en", "zh-Hant"), "en"),
    ],
)
def test_the_nearest_language_is_chosen(requested: str | None, available: tuple[str, ...], chosen: str) -> None:
    """The chain is the tag, its shorter forms, its script, its language, English, the first."""
    assert choose_locale(requested, available) == chosen


@given(st.text(max_size=60))
def test_any_text_may_be_requested(requested: str) -> None:
    """Whatever is requested, the answer is one of the languages offered."""
    assert choose_locale(requested, ("en", "zh-Hant", "ar")) in {"en", "zh-Hant", "ar"}


def test_nothing_available_is_a_mistake() -> None:
    """A message in no language is refused loudly."""
    with pytest.raises(ValueError, match="at least one"):
        choose_locale("en", ())


@pytest.mark.parametrize(
    ("locale", "jurisdiction", "tag"),
    [
        ("zh-Hant", "HK", "zh-Hant-HK"),
        ("en", "HK", "en-HK"),
        ("en", "AQ", "en"),
        ("zh-Hant", "XX", "zh-Hant"),
        ("pt", "SG", "pt-PT"),
        ("pt", "BR", "pt-BR"),
    ],
)
def test_the_lang_attribute_names_language_script_and_country(locale: str, jurisdiction: str, tag: str) -> None:
    """A country that CLDR does not know for a language is left out."""
    assert language_tag(locale, jurisdiction) == tag


def test_arabic_is_written_from_the_right() -> None:
    """Direction follows the language."""
    assert (direction_of("ar"), direction_of("zh-Hant")) == ("rtl", "ltr")


def test_languages_are_named_in_themselves() -> None:
    """A reader finds a language under the name they know."""
    assert [own_name(tag) for tag in ("en", "zh-Hant", "de", "pt")] == ["English", "繁體中文", "Deutsch", "Português"]
