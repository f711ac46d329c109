"""A name written with letters that look like others is found, and honest words are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.packs import copy_pack, read, replace_in, said
from tests.unit.contacts.test_loading import GOOD, faults_of
from thinktwice.contacts.letters import passing_letter


@pytest.mark.parametrize(
    ("text", "locale", "found"),
    [
        ("Hong Kong P\u043elice Force", "en", "U+043E (CYRILLIC SMALL LETTER O)"),
        ("\u041d\u041a\u0420F", None, "CYRILLIC"),
        ("\u0410\u0421\u0421", "en", "U+0410"),
        ("\uff30olice", "en", "FULLWIDTH LATIN CAPITAL LETTER P"),
        ("\U0001d40fолиция", "en", "MATHEMATICAL"),
        ("Polícia Judici\u03b1ria", "pt", "GREEK SMALL LETTER ALPHA"),
        ("警\u0430察", "zh-Hant", "U+0430"),
        ("Pol\u0131ce", "en", "U+0131 (LATIN SMALL LETTER DOTLESS I)"),
        ("\u041d\u041a\u0420\u0406", None, "U+041D (CYRILLIC CAPITAL LETTER EN)"),
        ("Joint \u0420\u041e\u0421\u0410", None, "CYRILLIC"),
        ("\u039d\u039f\u039a\u0399\u0391", None, "GREEK"),
    ],
)
def test_a_letter_that_passes_for_another_is_named(text: str, locale: str | None, found: str) -> None:
    """The word and the code point are said."""
    assert found in (passing_letter(text, locale) or "")


@pytest.mark.parametrize(
    ("text", "locale"),
    [
        ("Hong Kong Police Force, ADCC", "en"),
        ("可致電「防騙易熱線」ScamShield", "zh-Hant"),
        ("Polícia Judiciária, 1.ª secção", "pt"),
        ("خط ScamShield", "ar"),
        ("Полиция", None),
        ("Служба у реки, 1", None),
        ("Türkiye Emniyet, Ankaral\u0131", "tr"),
        ("Αστυνομία", "el"),
    ],
)
def test_honest_words_are_left_alone(text: str, locale: str | None) -> None:
    """A whole word of another alphabet is none of our business in a language that we do not know."""
    assert passing_letter(text, locale) is None


def test_a_homoglyph_of_a_partner_is_refused_with_file_and_line(tmp_path: Path) -> None:
    """In a message, in the title, and in the name of a contact."""
    folder = copy_pack(tmp_path)
    replace_in(folder / "messages" / "en.md", "not issued by the police.", "issued by the Hong Kong P\u043elice.")
    faults = [one for one in read(folder).faults if "U+043E" in one.message]
    assert faults
    assert all(one.where and one.where.endswith("en.md") and one.line for one in faults)
    replace_in(folder / "campaign.yaml", "title: Joint", "title: J\u043eint")
    assert "campaign.yaml:2: title: 'J" in said(read(folder).faults)
    text = GOOD.replace("name: Anti-Scam Helpline", "name: \u0420\u041e\u0421\u0410")
    assert "hk.yaml:5: contacts[0].name: '\u0420" in faults_of(tmp_path, text)
    text = GOOD.replace("name: Anti-Scam Helpline", "name: Anti-Sc\u0430m Helpline")
    assert "hk.yaml:5: contacts[0].name: 'Sc" in faults_of(tmp_path, text)
