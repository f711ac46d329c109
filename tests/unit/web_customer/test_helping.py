"""The quiet exits: help first, then a report, and what a customer takes to the police."""

from __future__ import annotations

import pytest

from tests.support.alert_visit import Visit
from thinktwice.alerts.words import WORDS

HELP = WORDS["en"].help


def test_help_comes_before_questions() -> None:
    """What to do in the next ten minutes, whom to call, and only then the form; opening it is recorded once."""
    visit = Visit()
    html = visit.get("/help")
    places = [html.index(text) for text in (HELP.first, HELP.steps[0], "18222", HELP.tell, 'name="txid"')]
    assert places == sorted(places)
    visit.get("/help")
    assert visit.types == ["help"]
    assert visit.desk.events[visit.id][0].detail["about"] == "scammed"


def test_a_report_is_kept_as_told_and_bounded() -> None:
    """Every field may be empty; what is written is cut, cleaned and kept with the report."""
    visit = Visit()
    told = {"txid": " ab\u202e\x07cd ", "site": "x" * 500, "q-contact": "dating", "q-other": "y", "hidden": "z"}
    assert visit.choose("reported", **told) == 303
    (event,) = visit.desk.events[visit.id]
    assert event.detail == {"locale": "en", "txid": "abcd", "site": "x" * 200, "contact": "dating"}
    empty = Visit()
    assert empty.choose("reported", txid="", site="") == 303
    assert empty.desk.events[empty.id][0].detail == {"locale": "en"}


def test_after_a_report_comes_the_report_for_the_police_and_aftercare() -> None:
    """In the customer's language and the force's, with what the customer knows and wrote; no campaign's name."""
    visit = Visit()
    assert visit.open("/report.txt").status_code == 303
    visit.choose("reported", txid="f00d", site="https://trade.example/", **{"q-contact": "phone"})
    html = visit.get()
    assert HELP.aftercare in html
    response = visit.open("/report.txt")
    assert response.headers["content-disposition"] == 'attachment; filename="report.txt"'
    text = response.text
    for locale in ("en", "zh-Hant"):
        said = WORDS[locale].report_words
        assert said.title in text
        assert f"{said.how}: {WORDS[locale].help.how_options['phone']}" in text
        assert f"{said.status}: {said.stopped}" in text
    for fact in ("f00d", "https://trade.example/", "TQn9Y2khEsLJW1ChVWFMSMeRDow5KcbLSE", "12,000 USDT", "decision-"):
        assert fact in text
    assert "secret" not in text


def test_after_stopping_one_question_may_be_answered_once() -> None:
    """How they made contact; anything else is not kept, and the answer is thanked for."""
    visit = Visit()
    visit.choose("cancelled")
    assert HELP.how in visit.get()
    assert visit.choose("answered", event_id="chosen-0002", **{"q-contact": "made_up"}) == 303
    assert visit.choose("answered", event_id="chosen-0003", **{"q-contact": "phone"}) == 303
    assert visit.choose("answered", event_id="chosen-0004", **{"q-contact": "dating"}) == 303
    assert [event.detail.get("contact") for event in visit.desk.events[visit.id] if event.type == "answered"] == [
        "phone"
    ]
    assert HELP.thanks in visit.get()


@pytest.mark.parametrize("state", [{"action": "block"}])
def test_a_block_offers_no_report(state: dict[str, object]) -> None:
    """The help page of a neutral screen leads back to it."""
    visit = Visit(rung=None, state=state)
    assert visit.open("/help").status_code == 303
    assert visit.types == []


def test_the_report_can_be_had_as_pdf_where_it_can_be_made() -> None:
    """The page holds every language; without a maker no button and no document."""
    pages: list[str] = []

    def lay_out(page: str) -> bytes:
        pages.append(page)
        return b"%PDF-"

    visit = Visit(parts={"pdf": lay_out})
    visit.choose("reported", site="<script>")
    assert "report.pdf" in visit.get()
    assert visit.open("/report.pdf").headers["content-type"] == "application/pdf"
    assert WORDS["zh-Hant"].report_words.title in pages[0]
    assert "&lt;script&gt;" in pages[0]
    without = Visit()
    without.choose("reported")
    assert "report.pdf" not in without.get()
    assert without.open("/report.pdf").status_code == 404
