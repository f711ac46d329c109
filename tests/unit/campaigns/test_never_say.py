"""What an alert never says is found in both languages, unless an exception is recorded with its reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.packs import copy_pack, read, replace_in, said
from thinktwice.campaigns.never_say import NEVER_SAY, phrases_of

SAID = {
    "en": [
        "This address is flagged",
        "It was listed in May",
        "a suspicious address",
        "The police are investigating this",
        "You are suspected of fraud",
        "Your money is safe",
        "a verified address",
        "This has been cleared",
        "The police never call you",
        "Continue at your own risk",
        "You were warned",
        "Most people cancel here",
        "Your money is recoverable",
        "We can get your money back",
        "because it is over USD 200",
        "Older people lose most",
        "It is your nationality",
        "They wrote on WhatsApp",
        "Scan the QR code",
        "Act now",
        "Only 5 minutes left",
        "Only ten minutes left",
        "You have two hours to decide",
        "This is your last chance",
    ],
    "zh-Hant": [
        "此地址已被標記",
        "地址在黑名單上",
        "可疑地址",
        "警方正在調查",
        "你的資金很安全",
        "地址已核實",
        "警方絕不會致電",
        "後果自負",
        "大部分人會取消",
        "你可以追回款項",
        "超過 US$200",
        "長者容易受騙",
        "對方用 WhatsApp 聯絡",
        "掃描二維碼",
        "請立即行動",
        "只剩十分鐘",
        "這是最後機會",
    ],
    "zh-Hans": ["仅剩 5 分钟", "只有十分钟", "最后机会"],
    "pt": ["Restam apenas dez minutos", "Só 5 minutos", "é a última oportunidade"],
    "ms": ["Hanya sepuluh minit lagi", "Tinggal 5 minit", "peluang terakhir"],
    "ar": ["بقيت عشر دقائق", "لديك 5 دقائق", "هذه آخر فرصة"],
}

ALLOWED = {
    "en": [
        "Check before you send",
        "Look-alikes in transaction lists",
        "It cannot be reversed",
        "the alert list of the commission",
        "Call the police station yourself",
        "a licensed platform",
        "Someone else is in the room",
        "Stop for one minute, and take an hour to talk to someone",
    ],
    "zh-Hant": ["轉出前，先核實", "轉出後無法取回", "警示名單", "請停下並核對", "持牌平台名單"],
}


def is_found(locale: str, text: str) -> bool:
    return any(pattern.search(text) for pattern, _ in NEVER_SAY[locale])


@pytest.mark.parametrize(("locale", "text"), [(locale, text) for locale, texts in SAID.items() for text in texts])
def test_what_is_never_said_is_found(locale: str, text: str) -> None:
    """Every kind of the list is recognised."""
    assert is_found(locale, text)
    assert is_found(locale, text.upper())


@pytest.mark.parametrize(("locale", "text"), [(locale, text) for locale, texts in ALLOWED.items() for text in texts])
def test_plain_words_are_left_alone(locale: str, text: str) -> None:
    """Words of the guidance itself are not mistaken for phrases of the list."""
    assert not is_found(locale, text)


@pytest.mark.parametrize(
    ("file", "old", "said_now", "phrase"),
    [
        ("en", "- Take a day.", "- A *sus*picious day.", "suspicious"),
        ("en", "- Take a day.", "- Coins are **re**coverable.", "recoverable"),
        ("en", "- Take a day.", "- Act\\-now and act [now](https://cyberdefender.hk/en-us/scameter/).", "act now"),
        ("en", "- Take a day.", "- A s\u0308afe day.", "safe"),
        ("zh-Hant", "- 不妨多等一天。", "- 地址可**疑**。", "可疑"),
        ("zh-Hant", "- 不妨多等一天。", "- 地址可 疑。", "可疑"),
        ("ar", "- ", "- عنوان مَشْبُوه. ", "مشبوه"),
        ("ar", "- ", "- عنوان مش\u200cبوه. ", "مشبوه"),
    ],
)
def test_nothing_inside_a_word_hides_it(tmp_path: Path, file: str, old: str, said_now: str, phrase: str) -> None:
    """Emphasis, links, marks and joiners are looked through."""
    path = copy_pack(tmp_path) / "messages" / f"{file}.md"
    path.write_text(path.read_text("utf-8").replace(old, said_now, 1), "utf-8")
    assert f"never say '{phrase}'" in said(read(path.parent.parent).faults)


@pytest.mark.parametrize(("locale", "is_known"), [("en-GB", True), ("zh-Hant-HK", True), ("zh", False), ("de", False)])
def test_a_country_of_a_language_has_its_list(locale: str, is_known: bool) -> None:
    """British English has the English list; of a language without a list the check says so."""
    assert bool(phrases_of(locale)) is is_known


def with_exception(folder: Path, section: str, says: str, because: str | None) -> None:
    reason = f", because: {because}" if because else ""
    replace_in(
        folder / "messages/en.md",
        "reviewed: none",
        f"reviewed: none\nexceptions:\n  - {{section: {section}, says: {says}{reason}}}",
    )


def test_an_exception_with_a_reason_allows_the_phrase_in_its_section(tmp_path: Path) -> None:
    """A recorded exception holds for one phrase in one section."""
    folder = copy_pack(tmp_path)
    replace_in(folder / "messages/en.md", "can be checked or protected", "needs investigation")
    section = "typology.police_impersonation.signs"
    assert "never say 'investigation'" in said(read(folder).faults)
    with_exception(folder, section, "investigation", "the scammer's own word")
    assert read(folder).faults == ()


def test_an_exception_for_another_section_does_not_help(tmp_path: Path) -> None:
    """The exception is bound to its section, and one that is not used is a fault."""
    folder = copy_pack(tmp_path)
    replace_in(folder / "messages/en.md", "can be checked or protected", "needs investigation")
    with_exception(folder, "self_check", "investigation", "elsewhere")
    faults = said(read(folder).faults)
    assert "never say 'investigation'" in faults
    assert "the exception for 'investigation' is not used" in faults


def test_an_exception_needs_a_reason(tmp_path: Path) -> None:
    """Without ``because`` there is no exception."""
    folder = copy_pack(tmp_path)
    with_exception(folder, "self_check", "safe", None)
    assert "exceptions[0].because: is missing" in said(read(folder).faults)


def test_an_exception_for_no_section_is_a_fault(tmp_path: Path) -> None:
    """A mistyped section is named."""
    folder = copy_pack(tmp_path)
    with_exception(folder, "selfcheck", "safe", "reason")
    assert "the exception is for selfcheck" in said(read(folder).faults)
