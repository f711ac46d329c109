"""The pages of results: verdicts that nobody waits for, blocked states in plain words, copies that are put down."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.support.console import NOW, Console, open_console
from thinktwice.bootstrap.choices import installation_of, load_campaigns
from thinktwice.bootstrap.reporting import Reporting
from thinktwice.errors import UnavailableError
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.measurement.analysis.records import Verdict
from thinktwice.measurement.results import Results, all_declared
from thinktwice.records.catalogue import CATALOGUE
from thinktwice.settings import load_settings
from thinktwice.storage.layout import DataFolder
from thinktwice.web.console.results.desk import ResultsDesk
from thinktwice.web.console.results.pages import AREA
from thinktwice.web.console.results.standings import FRESH, Standings

HK = "hk-joint-anti-scam"


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """An installation that decided nothing yet, with the shipped campaigns in force."""
    data = tmp_path_factory.mktemp("results")
    settings = load_settings(data=data)
    library = load_campaigns(settings, installation_of(settings)).library
    declared = {name: one for name, one in all_declared(library).items() if name in {HK, "lookalike"}}
    results = Results(folder=DataFolder(data), catalogue=CATALOGUE, currency="USD", declared=lambda: declared)
    standings = Standings(lambda name: results.analysis(name, NOW).verdict, lambda: NOW)
    reporting = Reporting(results=results, operator="Harbour Exchange", keyring=lambda: TEST_KEYRING)
    desk = ResultsDesk(results=results, declared=lambda: declared, standings=standings, write=reporting.write)
    made = open_console(data, [AREA], desks={ResultsDesk: desk})
    yield made
    standings.close()
    made.ledger.close()


def test_nobody_waits_for_a_verdict(console: Console) -> None:
    """The first look says that the answers are being worked out; a later one has them, in a word each."""
    secret = console.sign_in("analyst")
    assert console.get("/results", secret).text.count("is being worked out") == 2
    deadline = time.monotonic() + 60
    while "is being worked out" in (page := console.get("/results", secret).text):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert page.count("Cannot tell") == 2
    assert "10 %" in page


def test_where_nothing_can_be_compared_the_page_says_so(console: Console) -> None:
    """Without customers there is no effect and no number that could be taken for one; what would change it is said."""
    page = console.get(f"/results/{HK}", console.sign_in("analyst")).text
    assert "Nothing is compared" in page
    assert "What would change it" in page
    assert "Read the whole report" in page


def test_the_whole_report_is_a_page_under_the_consoles_policy(console: Console) -> None:
    """Report and partner's edition have their style from the console, nothing inline, and a way back."""
    secret = console.sign_in("compliance")
    for kind in ("report", "partner"):
        answer = console.get(f"/results/{HK}/{kind}", secret)
        assert answer.status_code == 200
        assert "unsafe-inline" not in answer.headers["content-security-policy"]
        assert "<style" not in answer.text
        assert " style=" not in answer.text
        assert '<link rel="stylesheet" href="/results/report.css">' in answer.text
        assert f'href="/results/{HK}"' in answer.text
    assert console.get("/results/report.css", secret).headers["content-type"].startswith("text/css")


def test_a_copy_is_a_file_and_an_entry(console: Console) -> None:
    """Whoever takes a copy gets the edition they asked for, and that they did stands in the chain."""
    secret = console.sign_in("analyst", account_id="acc_9")
    answer = console.get(f"/results/{HK}/copies/partner.json", secret)
    assert json.loads(answer.content)["format"] == "thinktwice-partner-edition-1"
    assert answer.headers["content-disposition"].startswith(f'attachment; filename="thinktwice-{HK}-partner-')
    assert console.entries()[-1] == ("acc_9", "results.export", HK, "done")
    assert "Did it help?" in console.get(f"/results/{HK}/copies/operator.html", secret).text


def test_an_evidence_card_waits_for_the_end_of_the_experiment(console: Console) -> None:
    """A card of an unfinished experiment is refused in words, and no copy is put down."""
    secret, before = console.sign_in("analyst"), len(console.entries())
    assert console.get(f"/results/{HK}/copies/card.json", secret).status_code == 422
    assert len(console.entries()) == before


@pytest.mark.parametrize(
    "path",
    ["never-live", "never-live/report", f"{HK}/copies/operator.exe", f"{HK}/copies/all.pdf", "never/copies/card.pdf"],
)
def test_what_is_not_there(console: Console, path: str) -> None:
    """A campaign that was never live, an edition or a format that does not exist: there is nothing here."""
    assert console.get(f"/results/{path}", console.sign_in("analyst")).status_code == 404


@dataclass
class Judge:
    """Judges as told, and counts how often it was asked."""

    fails: bool = False
    asked: list[str] = field(default_factory=list)

    def __call__(self, campaign: str) -> Verdict:
        self.asked.append(campaign)
        if self.fails:
            raise UnavailableError("the journal cannot be read")
        return Verdict(standing="helps", headline=None, reasons=(), would_change=(), must_stop=False)  # type: ignore[arg-type]  # not looked at


def settled(standings: Standings, campaign: str) -> str | None:
    """Return the standing once it was worked out, or why there is none."""
    deadline = time.monotonic() + 20
    while (stood := standings.of(campaign)) is None:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return stood.verdict.standing if stood.verdict else stood.why


def test_a_verdict_is_worked_out_once_and_again_when_it_is_old() -> None:
    """Looking often costs nothing; an old verdict is shown until the new one is there."""
    now, judge = [NOW], Judge()
    standings = Standings(judge, lambda: now[0])
    assert settled(standings, "a") == "helps"
    assert [standings.of("a") for _ in range(5)]
    assert judge.asked == ["a"]
    now[0] = NOW + 2 * FRESH
    assert standings.of("a") is not None
    deadline = time.monotonic() + 20
    while len(judge.asked) < 2:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    standings.close()


def test_a_verdict_that_cannot_be_had_says_why() -> None:
    """A journal that cannot be read stops no other verdict, and no page."""
    judge = Judge(fails=True)
    standings = Standings(judge, lambda: NOW)
    assert settled(standings, "a") == "the journal cannot be read"
    judge.fails = False
    assert settled(standings, "b") == "helps"
    standings.close()
