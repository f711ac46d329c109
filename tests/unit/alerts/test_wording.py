"""The words that every alert shares: the same ones in every language, filled with the same values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from thinktwice.alerts.figures import amount_in, day_in, moment_in
from thinktwice.alerts.locale import choose_locale, direction_of, language_tag, own_name
from thinktwice.alerts.words import WORDS
from thinktwice.campaigns.never_say import NEVER_SAY

LOCALES = ("ar", "en", "ms", "pt", "zh-Hans", "zh-Hant")
MOMENT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def texts(words: object, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text with its path, through groups, lists and tables."""
    if isinstance(words, str):
        yield path, words
    elif is_dataclass(words):
        for field in fields(words):
            yield from texts(getattr(words, field.name), f"{path}.{field.name}")
    elif isinstance(words, tuple):
        for number, one in enumerate(words):
            yield from texts(one, f"{path}[{number}]")
    elif hasattr(words, "items"):
        for name, one in words.items():
            yield from texts(one, f"{path}.{name}")


def test_the_pages_speak_six_languages() -> None:
    """Every language of the shipped campaigns has the words around them."""
    assert tuple(sorted(WORDS)) == LOCALES


@pytest.mark.parametrize("locale", LOCALES)
def test_no_language_lacks_a_word(locale: str) -> None:
    """Each text of English is there, is not empty, and is filled with the same placeholders."""
    english, other = dict(texts(WORDS["en"])), dict(texts(WORDS[locale]))
    assert set(other) == set(english)
    for path, text in other.items():
        assert text.strip(), path
        assert sorted(re.findall(r"{\w+}", text)) == sorted(re.findall(r"{\w+}", english[path])), path


@pytest.mark.parametrize("locale", sorted(set(LOCALES) - {"en"}))
def test_no_language_was_left_in_english(locale: str) -> None:
    """Apart from names and single words that languages share, no text is that of English."""
    english = dict(texts(WORDS["en"]))
    same = {path for path, text in texts(WORDS[locale]) if text == english[path]}
    assert same <= {".memo", ".hours_now", ".report_words.memo"}


@pytest.mark.parametrize("locale", ["zh-Hans", "pt", "ms"])
def test_no_word_around_a_message_says_what_is_never_said(locale: str) -> None:
    """The patterns for messages hold for the words around them too; what was asked to stay unsaid stays so."""
    allowed = {".report_words.not_stopped", ".report_words.stopped"}
    found = [
        f"{path}: {match.group(0)}"
        for path, text in texts(WORDS[locale])
        for pattern, _ in NEVER_SAY[locale]
        for match in pattern.finditer(text)
        if path not in allowed
    ]
    assert found == []


def test_scripts_are_not_mixed() -> None:
    """Traditional and Simplified Chinese each keep to their own letters."""
    traditional = set("轉賬戶騙報資們這說時間電話網頁務經濟員給對發號碼關銀錢實認證請與個為從還進")
    simplified = set("转账户骗报资们这说时间电话网页务经济员给对发号码关银钱实认证请与个为从还进") - set("户")
    assert not traditional & set("".join(text for _, text in texts(WORDS["zh-Hans"])))
    assert not simplified & set("".join(text for _, text in texts(WORDS["zh-Hant"])))


@pytest.mark.parametrize(
    ("requested", "found"),
    [
        ("zh-HK", "zh-Hant"),
        ("zh-MO", "zh-Hant"),
        ("zh-TW", "zh-Hant"),
        ("zh-CN", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("zh-Hant-MO", "zh-Hant"),
        ("pt-PT", "pt"),
        ("pt-MO", "pt"),
        ("pt-BR", "pt"),
        ("ms-SG", "ms"),
        ("ms-MY", "ms"),
        ("ar-AE", "ar"),
        ("ar-EG", "ar"),
        ("en-SG", "en"),
        ("ta-SG", "en"),
        ("tl", "en"),
        (None, "en"),
    ],
)
def test_a_language_is_found_or_falls_back_to_english(requested: str | None, found: str) -> None:
    """The chain is: the tag, the tag without its country, the script its country writes, English."""
    assert choose_locale(requested, tuple(WORDS)) == found


def test_a_reader_of_simplified_prefers_traditional_to_english() -> None:
    """Where a pack has the other script only, it is nearer than another language."""
    assert choose_locale("zh-CN", ("en", "zh-Hant")) == "zh-Hant"


@pytest.mark.parametrize(
    ("locale", "jurisdiction", "amount", "day", "moment"),
    [
        ("en", "GB", "12,000.5", "24 November 2026", "24 November 2026, 02:00 (Greenwich Mean Time)"),
        ("en", "SG", "12,000.5", "24 November 2026", "24 November 2026, 10:00 (Singapore Standard Time)"),
        ("zh-Hans", "SG", "12,000.5", "2026年11月24日", "2026年11月24日 10:00 (新加坡标准时间)"),
        ("zh-Hant", "MO", "12,000.5", "2026年11月24日", "2026年11月24日 10:00 (中國時間)"),
        ("pt", "MO", "12\N{NO-BREAK SPACE}000,5", "24 de novembro de 2026", "24 de novembro de 2026, 10:00"),
        ("ms", "SG", "12,000.5", "24 November 2026", "24 November 2026, 10:00 (Waktu Piawai Singapura)"),
        ("ar", "AE", "12,000.5", "24 نوفمبر 2026", "24 نوفمبر 2026، 06:00 (توقيت الخليج)"),
    ],
)
def test_figures_are_written_as_the_reader_writes_them(
    locale: str, jurisdiction: str, amount: str, day: str, moment: str
) -> None:
    """Separators, days and times are those of the language in that country, from CLDR."""
    assert amount_in(Decimal("12000.50"), locale, jurisdiction) == amount
    assert day_in(MOMENT, locale, jurisdiction) == day
    assert moment_in(MOMENT, locale, jurisdiction).startswith(moment)


def test_a_list_of_languages_names_each_in_itself() -> None:
    """A reader finds their language by its own name."""
    names = {locale: own_name(locale) for locale in LOCALES}
    assert names == {
        "ar": "العربية",
        "en": "English",
        "ms": "Bahasa Melayu",
        "pt": "Português",
        "zh-Hans": "简体中文",
        "zh-Hant": "繁體中文",
    }


def test_only_arabic_runs_from_right_to_left() -> None:
    """The direction follows the language, and the language tag is that of the country."""
    assert [locale for locale in LOCALES if direction_of(locale) == "rtl"] == ["ar"]
    assert language_tag("zh-Hans", "SG") == "zh-Hans-SG"
    assert language_tag("ms", "SG") == "ms-SG"
