"""No text of a report lacks a translation, and none is translated that nobody writes."""

from __future__ import annotations

import ast
import re
from typing import get_args

import pytest

from tests.support.report_words import ROOT, texts
from thinktwice.errors import InputError
from thinktwice.languages.words import read_messages
from thinktwice.measurement.analysis.campaign import SECONDARY
from thinktwice.measurement.analysis.describing import STEPS as FUNNEL
from thinktwice.measurement.estimators.answers import Why
from thinktwice.measurement.report.names import GUARDRAILS, MEASURES, METHODS, STEPS, WHY
from thinktwice.measurement.report.words import LOCALES, words_of
from thinktwice.records.preregistration import GUARDRAILS as DECLARED
from thinktwice.records.preregistration import PRIMARIES

OTHERS = [tag for tag in LOCALES if tag != "en"]
PLACE = re.compile(r"%\((\w+)\)s")


def own(tag: str) -> dict[str, tuple[str, ...]]:
    """Return the translations of the reports alone."""
    return read_messages("thinktwice.measurement.report", tag.replace("-", "_"), "report")


@pytest.mark.parametrize("tag", OTHERS)
def test_every_text_is_translated(tag: str) -> None:
    """Each text of code, templates, sentences and checks stands in the catalogue."""
    assert sorted(texts() - set(own(tag))) == []


@pytest.mark.parametrize("tag", OTHERS)
def test_no_translation_is_left_over(tag: str) -> None:
    """The catalogue holds nothing that no report says."""
    assert sorted(set(own(tag)) - texts()) == []


@pytest.mark.parametrize("tag", OTHERS)
def test_places_are_kept(tag: str) -> None:
    """A translation fills the same places as its source; sentences of the analysis have theirs from facts."""
    for text, forms in own(tag).items():
        if not text.startswith("said:"):
            assert set(PLACE.findall(forms[0])) == set(PLACE.findall(text)), text


def test_everything_an_analysis_names_has_a_name() -> None:
    """Measures, steps, guardrails and reasons are all named."""
    assert {*SECONDARY, *PRIMARIES, "loss"} <= set(MEASURES)
    assert set(FUNNEL) <= set(STEPS)
    assert set(DECLARED) <= set(GUARDRAILS)
    assert set(get_args(Why)) == set(WHY)


def test_every_method_has_its_words() -> None:
    """How an estimate was made is said in every language: nothing that an estimator names is missing here."""
    trees = [
        ast.parse(path.read_text("utf-8")) for part in ("estimators", "analysis") for path in (ROOT / part).glob("*.py")
    ]
    calls = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]
    made = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "Estimate"]
    given = [one.value for call in made for one in call.keywords if one.arg == "method"]
    branches = [part for one in given for part in ((one.body, one.orelse) if isinstance(one, ast.IfExp) else (one,))]
    assert {one.value for one in branches if isinstance(one, ast.Constant)} == METHODS


def test_numbers_are_written_as_people_read_them() -> None:
    """Groups of three, a minus that is one, and no sign before nothing."""
    words = words_of("en")
    assert words.number(-1234.5, digits=1, is_signed=True) == "−1,234.5"
    assert words.number(0.04, digits=1, is_signed=True) == "0.0"
    assert words.number(-0.04, digits=1) == "0.0"


def test_another_language_is_refused() -> None:
    """There are no reports in a language without a catalogue."""
    with pytest.raises(InputError, match="en, zh-Hant"):
        words_of("xx")
