"""The pages of results: verdicts that nobody waits for, blocked states in plain words, copies that are put down."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from tests.support.console import NOW, Console, open_console
from thinktwice.audit.ledger import Ledger
from thinktwice.bootstrap.choices import installation_of, load_campaigns
from thinktwice.bootstrap.reporting import Reporting
from thinktwice.errors import UnavailableError
from thinktwice.jobs.files import FinishedFiles
from thinktwice.jobs.runner import JobRunner
from thinktwice.jobs.seam import Tasks
from thinktwice.jobs.store import SqliteJobs
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.measurement.analysis.records import Verdict
from thinktwice.measurement.copies import TASK, Copies, copy_task
from thinktwice.measurement.results import Results, all_declared
from thinktwice.records.catalogue import CATALOGUE
from thinktwice.settings import load_settings
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate
from thinktwice.web.console.results.desk import ResultsDesk
from thinktwice.web.console.results.pages import AREA
from thinktwice.web.console.results.standings import FRESH, Standings

HK = "hk-joint-anti-scam"


@dataclass(frozen=True)
class Room:
    """A console, and what does its long work when a test wants it to."""

    console: Console
    runner: JobRunner


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """An installation that decided nothing yet, with the shipped campaigns in force."""
    data = tmp_path_factory.mktemp("results")
    migrate(data)
    settings = load_settings(data=data)
    library = load_campaigns(settings, installation_of(settings)).library
    declared = {name: one for name, one in all_declared(library).items() if name in {HK, "lookalike"}}
    results = Results(folder=DataFolder(data), catalogue=CATALOGUE, currency="USD", declared=lambda: declared)
    standings = Standings(lambda name: results.analysis(name, NOW).verdict, lambda: NOW)
    reporting = Reporting(results=results, operator="Harbour Exchange", keyring=lambda: TEST_KEYRING)
    ledger, files = Ledger(DataFolder(data).control), FinishedFiles(DataFolder(data).finished)
    tasks = Tasks()
    tasks.add(TASK, copy_task(reporting.write, files))
    jobs = SqliteJobs(ledger, tasks)
    desk = ResultsDesk(
        results=results,
        declared=lambda: declared,
        standings=standings,
        write=reporting.write,
        copies=Copies(ledger, jobs, files),
    )
    made = open_console(data, [AREA], desks={ResultsDesk: desk})
    yield Room(made, JobRunner(jobs, tasks))
    standings.close()
    jobs.close()
    ledger.close()
    made.ledger.close()


@pytest.fixture
def console(room: Room) -> Console:
    return room.console


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


def test_a_pdf_is_made_while_nobody_waits(room: Room) -> None:
    """It is asked for, shows how far it is without script, is listed, and is given to who asked for it alone."""
    console = room.console
    secret, other = (console.sign_in("analyst", account_id=one) for one in ("acc_7", "acc_8"))
    assert console.get(f"/results/{HK}/copies/partner.pdf", secret).headers["location"] == f"/results/{HK}#copies"
    page = console.post(f"/results/{HK}/copies", {"copy": "partner.pdf"}, secret).headers["location"]
    waiting = console.get(page, secret).text
    assert '<noscript><meta http-equiv="refresh"' in waiting
    assert console.get(f"{page}/file", secret).status_code == 404
    assert page in console.get(f"/results/{HK}", secret).text
    assert page not in console.get(f"/results/{HK}", other).text
    assert room.runner.work_once()
    assert "http-equiv" not in console.get(page, secret).text
    answer = console.get(f"{page}/file", secret)
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["cache-control"] == "no-store"
    assert console.entries()[-1] == ("acc_7", "results.export", HK, "done")
    for path in (page, f"{page}/file"):
        assert console.get(path, other).status_code == 404
        assert console.get(path, console.sign_in("case_handler")).status_code == 403


def test_a_copy_that_is_cancelled_is_not_made(room: Room) -> None:
    """Whoever asked may think otherwise; nobody else may."""
    console = room.console
    secret, other = (console.sign_in("analyst", account_id=one) for one in ("acc_7", "acc_8"))
    page = console.post(f"/results/{HK}/copies", {"copy": "operator.pdf"}, secret).headers["location"]
    assert console.post(f"{page}/cancel", {}, other).status_code == 404
    assert console.post(f"{page}/cancel", {}, secret).status_code == 303
    room.runner.work_once()
    assert "Cancelled" in console.get(page, secret).text
    assert console.get(f"{page}/file", secret).status_code == 404


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
