"""The pages about the chain of acts and about long work, as those who may open them see them."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.support.chains import PUBLIC, SEAL
from tests.support.console import NOW, Console, open_console
from thinktwice.audit.checkpoints import Checkpoints
from thinktwice.audit.ledger import Actor, Ledger
from thinktwice.audit.lines import read_beginning, read_lines
from thinktwice.audit.reading import AuditReader
from thinktwice.audit.verification import verify
from thinktwice.jobs.job import Job
from thinktwice.jobs.runner import JobRunner
from thinktwice.jobs.seam import Tasks
from thinktwice.jobs.store import SqliteJobs
from thinktwice.measurement import copies
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate
from thinktwice.storage.sqlite import connect
from thinktwice.watchlist import feed_job, import_job
from thinktwice.web.console.audit.desk import AuditDesk
from thinktwice.web.console.audit.pages import AREA as AUDIT
from thinktwice.web.console.jobs.pages import AREA as JOBS
from thinktwice.web.console.jobs.pages import FIGURE_NAMES, JobDesk

ANA = Actor("staff", "acc_ana")
NAMES = {"acc_ana": "Ana Lee"}


@dataclass
class Site:
    """A console with the two areas, over a chain and jobs that are real."""

    console: Console
    control: Path
    jobs: SqliteJobs
    tasks: Tasks

    def act(self, about: str = "hk", **details: Any) -> None:
        with self.console.ledger.act(ANA, "campaign.stop", "campaign", about) as act:
            act.note(**details)
            act.commit_to("reason", "too many alerts")
            act.after({"state": "paused"})

    def sign(self) -> None:
        with closing(Checkpoints(self.control, SEAL, lambda: NOW)) as checkpoints:
            checkpoints.make()

    def ask(self, key: str = "k", **arguments: Any) -> Job:
        with self.console.ledger.act(ANA, "job.ask", "job", key) as act:
            return self.jobs.enqueue(act, ANA, "watchlist.import", arguments, key)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    migrate(tmp_path)
    control = DataFolder(tmp_path).control
    tasks = Tasks()
    with closing(Ledger(control, lambda: NOW)) as ledger, closing(SqliteJobs(ledger, tasks, lambda: NOW)) as jobs:
        desks = {
            AuditDesk: AuditDesk(ledger, AuditReader(ledger), NAMES.get, (PUBLIC,)),
            JobDesk: JobDesk(jobs, NAMES.get),
        }
        console = open_console(tmp_path, [AUDIT, JOBS], desks=desks)
        yield Site(console, control, jobs, tasks)
        console.ledger.close()


def test_an_empty_chain_says_what_will_be_here(site: Site) -> None:
    """Neither list nor check fails before anybody did anything."""
    secret = site.console.sign_in("compliance")
    assert "from the first on" in site.console.get("/audit", secret).text
    assert "nothing to check" in site.console.get("/audit/check", secret).text
    assert "Nothing is signed yet" in site.console.get("/audit", secret).text


def test_the_list_names_who_did_what(site: Site) -> None:
    """People by name, keys by id; refusals stand out; and how far the chain is signed."""
    site.act()
    site.sign()
    site.console.ledger.refused(Actor("key", "key_1"), "page.open", "page", "GET /audit", "may not")
    page = site.console.get("/audit", site.console.sign_in("compliance")).text
    assert "Ana Lee" in page
    assert "key_1" in page
    assert "campaign.stop" in page
    assert ">Refused</span>" in page
    assert "Signed up to entry 1." in page
    assert "Entries since then: 1." in page
    assert "No witness outside" in page


def test_entries_can_be_filtered_and_paged(site: Site) -> None:
    """By act, who, what and outcome; the link to older ones keeps the filter; hostile values find nothing."""
    for number in range(60):
        site.act("hk" if number % 2 else "sg")
    secret = site.console.sign_in("compliance")
    first = site.console.get("/audit?about=hk", secret).text
    assert "/audit/entries/60" in first
    assert "/audit/entries/59" not in first
    assert "Older entries" not in first
    page = site.console.get("/audit?act=campaign", secret).text
    assert "/audit?act=campaign&amp;before=11" in page
    assert "/audit/entries/10" in site.console.get("/audit?act=campaign&before=11", secret).text
    for query in ("act=x", "actor=nobody", "about=%27%20OR%201", "outcome=refused"):
        assert "No entry fits" in site.console.get(f"/audit?{query}", secret).text
    for before in ("x", "-1", "٣", "9" * 30):
        assert site.console.get(f"/audit?before={before}", secret).status_code == 200


def test_an_entry_is_shown_whole_without_what_is_personal(site: Site) -> None:
    """Details, hashes and commitments; the value that was committed to is nowhere."""
    site.act(reason_class="volume", count=3)
    page = site.console.get("/audit/entries/1", site.console.sign_in("compliance"))
    assert page.status_code == 200
    for text in ("reason_class", "volume", "Ana Lee", "Sealed values", "Staff"):
        assert text in page.text
    assert "too many alerts" not in page.text
    for unknown in ("2", "x", "-1", "9" * 30):
        assert site.console.get(f"/audit/entries/{unknown}", site.console.sign_in("compliance")).status_code == 404


def test_the_check_says_whole_or_names_what_is_not(site: Site) -> None:
    """A changed entry is named with its number, in red words that say what to do."""
    for _ in range(3):
        site.act()
    site.sign()
    secret = site.console.sign_in("compliance")
    page = site.console.get("/audit/check", secret).text
    assert "The chain is whole." in page
    assert "Signed up to entry 3." in page
    with closing(connect(site.control)) as connection:
        connection.execute("DROP TRIGGER audit_entry_never_changes")
        connection.execute("UPDATE audit_entry SET actor_id = 'acc_x' WHERE seq = 2")
    page = site.console.get("/audit/check", secret).text
    assert "The chain is not whole" in page
    assert "Edited" in page
    assert "does not have the hash that was written with it" in page
    chinese = site.console.get("/audit/check", secret, {"Accept-Language": "zh-HK"}).text
    assert "與一同寫下的雜湊值不符" in chinese
    assert "does not have the hash" not in chinese


def test_a_copy_can_be_checked_elsewhere_and_taking_it_is_an_act(site: Site) -> None:
    """The file verifies, holds the entry of its own export, and needs a fresh second factor."""
    site.act()
    secret = site.console.sign_in("compliance")
    assert "Take the copy" in site.console.get("/audit/export", secret).text
    answer = site.console.post("/audit/export", {}, secret)
    assert answer.status_code == 200
    assert 'attachment; filename="thinktwice-audit-20260301-120000.jsonl"' in answer.headers["content-disposition"]
    lines = iter(answer.content.splitlines(keepends=True))
    verdict = verify(read_beginning(next(lines)), read_lines(lines))
    assert verdict.is_whole
    assert verdict.entries == 2
    assert json.loads(answer.content.splitlines()[-1])["act"] == "audit.export"
    stale = site.console.sign_in("compliance", second_factor_at=None)
    assert site.console.post("/audit/export", {}, stale).status_code == 303
    assert site.console.entries()[-1][1] == "audit.export"


def test_an_auditor_who_may_not_export_sees_no_button(site: Site) -> None:
    """Who may read but not take away is not offered it."""
    assert site.console.get("/audit", site.console.sign_in("author")).status_code == 403


def test_jobs_show_progress_and_can_be_cancelled(site: Site) -> None:
    """From waiting to cancelled, in words, with who asked; cancelling is an act of whoever did it."""
    site.tasks.add("watchlist.import", lambda _: {"added": 7, "faults": ["list.csv:2: <b>bad</b>"]})
    secret = site.console.sign_in("analyst")
    assert "Here will be work" in site.console.get("/jobs", secret).text
    job = site.ask(is_rehearsal=True)
    page = site.console.get("/jobs", secret).text
    for text in ("Import of a list", "rehearsal", "Ana Lee", "Waits"):
        assert text in page
    who = next(
        role
        for role in ("administrator", "compliance", "analyst")
        if "Cancel this job" in site.console.get(f"/jobs/{job.id}", site.console.sign_in(role)).text
    )
    answer = site.console.post(f"/jobs/{job.id}/cancel", {}, site.console.sign_in(who))  # type: ignore[arg-type]  # as above
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/jobs/{job.id}?said=job-cancelled"
    assert "Cancelled" in site.console.get(f"/jobs/{job.id}", secret).text
    assert site.console.entries()[-1] == ("acc_1", "job.cancel", job.id, "done")
    assert site.console.get("/jobs/job_x", secret).status_code == 404


def test_a_job_tells_its_figures_and_faults_escaped(site: Site) -> None:
    """What a list contains reaches the page as text."""
    site.tasks.add("watchlist.import", lambda _: {"added": 1234567, "faults": ["list.csv:2: <b>bad</b>"]})
    job = site.ask()
    JobRunner(site.jobs, site.tasks).work_once()
    page = site.console.get(f"/jobs/{job.id}", site.console.sign_in("analyst")).text
    assert "1,234,567" in page
    assert "&lt;b&gt;bad" in page
    assert "Cancel this job" not in page
    assert "<dt>New</dt>" in page
    chinese = site.console.get(f"/jobs/{job.id}", site.console.sign_in("analyst"), {"Accept-Language": "zh-HK"}).text
    assert "<dt>新增</dt>" in chinese


def test_a_job_tells_unknown_figures_by_their_names(site: Site) -> None:
    """What an older version told is not lost, and a yes is said as one."""
    site.tasks.add("watchlist.import", lambda _: {"other": 7, "is_unchanged": True})
    job = site.ask()
    JobRunner(site.jobs, site.tasks).work_once()
    page = site.console.get(f"/jobs/{job.id}", site.console.sign_in("analyst")).text
    assert "<dt><code>other</code></dt><dd>7</dd>" in page
    assert "<dt>The same file as before</dt><dd>Yes</dd>" in page


def test_every_figure_of_a_job_has_a_name() -> None:
    """What the tasks return is named, so that a new figure gets words in every language."""
    told = set()
    for module in (feed_job, import_job, copies):
        for node in ast.walk(ast.parse(Path(str(module.__file__)).read_text("utf-8"))):
            if isinstance(node, ast.Return) and isinstance(node.value, ast.Dict):
                told |= {key.value for key in node.value.keys if isinstance(key, ast.Constant)}
    assert told == FIGURE_NAMES.keys()
