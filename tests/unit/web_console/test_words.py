"""The words of console and portal: every text in every language, nothing left over."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from babel.messages.pofile import read_po
from scripts.words import SURFACES, catalogue_path, collect, merged

from thinktwice.web.edge.words import ENGLISH, choose_words, load_words

CATALOGUES = [(surface, language) for surface, languages in SURFACES.items() for language in languages]
PLACE = re.compile(r"%(?:\(\w+\))?[sd%]")


@pytest.mark.parametrize(("surface", "language"), CATALOGUES)
def test_every_text_is_translated(surface: str, language: str) -> None:
    """Each text has a finished translation with the same places in it; none is fuzzy."""
    catalogue = read_po(BytesIO(catalogue_path(surface, language).read_bytes()), locale=language)
    for message in collect(surface):
        if not message.id:
            continue
        key = message.id if isinstance(message.id, str) else message.id[0]
        found = catalogue.get(key)
        assert found is not None, f"not in the catalogue: {key!r}; run scripts/words.py"
        assert not found.fuzzy, key
        forms = [found.string] if isinstance(found.string, str) else list(found.string or ())
        assert all(forms), f"not translated: {key!r}"
        wanted = key if isinstance(message.id, str) else message.id[-1]
        for form in forms:
            assert sorted(PLACE.findall(form or "")) == sorted(PLACE.findall(wanted)), key


@pytest.mark.parametrize(("surface", "language"), CATALOGUES)
def test_nothing_is_left_over(surface: str, language: str) -> None:
    """The catalogue is what ``scripts/words.py`` writes: no text that nobody uses, in the one order."""
    assert catalogue_path(surface, language).read_text("utf-8") == merged(surface, language), "run scripts/words.py"


@pytest.mark.parametrize(
    ("chosen", "accepted", "tag"),
    [
        (None, "", "en"),
        (None, "zh-HK,zh;q=0.9,en;q=0.8", "zh-Hant"),
        (None, "en-GB,zh-HK;q=0.9", "en"),
        (None, "fr,zh-TW;q=0.2", "zh-Hant"),
        (None, "zh-HK;q=0,en", "en"),
        ("en", "zh-HK", "en"),
        ("xx", "zh-HK", "zh-Hant"),
        (None, "\x00;q=a,,;;q=", "en"),
    ],
)
def test_the_language_is_the_chosen_one_else_the_browsers(chosen: str | None, accepted: str, tag: str) -> None:
    """A choice wins; else the browser's preference by weight; else English."""
    offered = load_words("thinktwice.web.console", {"zh_Hant": "繁體中文"}, "console")
    assert choose_words(chosen, accepted, offered).tag == tag


def test_a_text_fills_its_places() -> None:
    """Places are filled, and a lone per cent sign stays one."""
    assert ENGLISH.say("100%% of %(name)s", name="all") == "100% of all"
    assert ENGLISH.say("100%%") == "100%"
