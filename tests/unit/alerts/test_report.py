"""The report that a customer takes to the police."""

from __future__ import annotations

import pytest

from tests.support.alert_pack import FACTS, NOW, reference
from thinktwice.alerts.report import force_locale, report_as_text, reports_of
from thinktwice.alerts.words import WORDS
from thinktwice.records.alert import OpenAlert


@pytest.mark.parametrize(
    ("jurisdiction", "locale"),
    [("HK", "zh-Hant"), ("MO", "zh-Hant"), ("TW", "zh-Hant"), ("AE", "ar"), ("GB", "en"), ("SG", "en"), ("XX", "en")],
)
def test_the_force_reads_its_own_language(jurisdiction: str, locale: str) -> None:
    """The first official language that we write; where we write none, English."""
    assert force_locale(jurisdiction) == locale


@pytest.mark.parametrize("locale", WORDS)
def test_what_was_not_told_is_said_to_be_missing(locale: str) -> None:
    """An empty report is whole: facts of the service, marks for what is missing, room to write by hand."""
    opened = OpenAlert(decision_id="d-1", reference=reference(), facts=FACTS, intervention="confirm", decided_at=NOW)
    reports = reports_of(opened, locale, "Harbour Exchange", NOW)
    assert reports[0].locale == locale
    said = WORDS[locale].report_words
    text = report_as_text(reports[:1])
    assert f"{said.txid}: {said.unknown}" in text
    assert f"{said.status}: {said.not_stopped}" in text
    assert text.rstrip().endswith(f"{said.words}:")
