"""Jobs are done once, in somebody's name, cancelled when asked, and tried a bounded number of times."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from thinktwice.audit.ledger import Actor, Ledger
from thinktwice.errors import ConflictError, InputError, NotFoundError, UnavailableError
from thinktwice.jobs.job import Job, JobStopped
from thinktwice.jobs.runner import JobRunner
from thinktwice.jobs.seam import JobContext, Jobs, Tasks
from thinktwice.jobs.store import SqliteJobs
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate

ANA = Actor("staff", "acc_ana")
LEASE = timedelta(seconds=20)
WRITE = "INSERT INTO watchlist_change (match_key, changed_at) VALUES (?, '2026')"


class Clock:
    """A clock that moves when told, or by itself."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, tzinfo=UTC)
        self.is_real = False

    def __call__(self) -> datetime:
        return datetime.now(UTC) if self.is_real else self.now


class Bench:
    """A ledger, jobs and a runner that works when told."""

    def __init__(self, control: Path) -> None:
        self.clock = Clock()
        self.ledger = Ledger(control, self.clock)
        self.tasks = Tasks()
        self.jobs = SqliteJobs(self.ledger, self.tasks, self.clock, lease=LEASE)
        self.runner = JobRunner(self.jobs, self.tasks, lease=LEASE)
        self.seen: list[int] = []

    def ask(self, task: str = "work", key: str = "k", **arguments: Any) -> Job:
        with self.ledger.act(ANA, "job.ask", "job", key) as act:
            return self.jobs.enqueue(act, ANA, task, arguments, key)

    def effects(self) -> list[str]:
        with self.ledger.reading() as connection:
            return [key for (key,) in connection.execute("SELECT match_key FROM watchlist_change ORDER BY seq")]

    def effect(self, context: JobContext, name: str = "effect") -> None:
        """Do something that shows, as its end."""
        with self.ledger.act(context.job.actor, "watchlist.import", "job", context.job.id) as act:
            act.connection.execute(WRITE, (name,))
            context.finish(act.connection, {"name": name})

    def close(self) -> None:
        self.jobs.close()
        self.ledger.close()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    migrate(tmp_path)
    with closing(Bench(DataFolder(tmp_path).control)) as bench:
        yield bench


def test_a_job_is_done_in_the_name_of_who_asked(bench: Bench) -> None:
    """Its effect, its end and its entry are there together, with progress and result."""

    def work(context: JobContext) -> None:
        context.progress(5, 10)
        bench.effect(context, str(context.job.arguments["name"]))

    bench.tasks.add("work", work)
    asked = bench.ask(name="list")
    assert (asked.state, asked.actor, asked.attempts, asked.is_over) == ("queued", ANA, 0, False)
    assert bench.runner.work_once()
    job = bench.jobs.job(asked.id)
    assert (job.state, job.result, job.error, job.attempts, job.is_over) == ("done", {"name": "list"}, None, 1, True)
    assert bench.effects() == ["list"]
    with bench.ledger.reading() as connection:
        rows = connection.execute("SELECT actor_id, act, object_id FROM audit_entry ORDER BY seq").fetchall()
    assert rows == [("acc_ana", "job.ask", "k"), ("acc_ana", "watchlist.import", job.id)]
    assert not bench.runner.work_once()


def test_a_job_without_effect_returns_what_it_found(bench: Bench) -> None:
    """A rehearsal changes nothing and its findings are kept."""
    bench.tasks.add("work", lambda _: {"would_add": 7})
    job = bench.ask()
    bench.runner.work_once()
    assert (bench.jobs.job(job.id).state, bench.jobs.job(job.id).result) == ("done", {"would_add": 7})


def test_the_same_key_is_the_same_job(bench: Bench) -> None:
    """Asked for twice it is done once; with other arguments it is a conflict; an unknown task is refused."""
    bench.tasks.add("work", bench.effect)
    first = bench.ask(file="a")
    assert bench.ask(file="a") == first
    with pytest.raises(ConflictError):
        bench.ask(file="b")
    while bench.runner.work_once():
        pass
    assert bench.ask(file="a").state == "done"
    assert bench.effects() == ["effect"]
    with pytest.raises(InputError, match="no task"):
        bench.ask("other")
    for key in ("", "x" * 201):
        with pytest.raises(InputError), bench.ledger.act(ANA, "job.ask", "job", "x") as act:
            bench.jobs.enqueue(act, ANA, "work", {}, key)


def test_a_job_asked_for_in_an_act_that_fails_is_not_there(bench: Bench) -> None:
    """Asking is part of the act."""
    bench.tasks.add("work", bench.effect)

    def ask() -> None:
        with bench.ledger.act(ANA, "job.ask", "job", "k") as act:
            bench.jobs.enqueue(act, ANA, "work", {}, "k")
            raise KeyError

    with pytest.raises(KeyError):
        ask()
    assert bench.jobs.recent() == []


def test_a_fault_of_the_input_fails_at_once_in_words(bench: Bench) -> None:
    """What cannot succeed later is not tried again."""

    def work(_: JobContext) -> None:
        raise InputError.of("holds no entry", where="list.csv")

    bench.tasks.add("work", work)
    job = bench.ask()
    bench.runner.work_once()
    job = bench.jobs.job(job.id)
    assert (job.state, job.error, job.attempts) == ("failed", "list.csv: holds no entry", 1)


@pytest.mark.parametrize(
    ("error", "words"),
    [(UnavailableError("the disk is full"), "the disk is full"), (KeyError("secret"), "unexpected KeyError")],
)
def test_what_may_succeed_later_is_tried_again_a_bounded_number_of_times(
    bench: Bench, error: Exception, words: str
) -> None:
    """Three attempts, later each time; then it failed, in words that tell nothing of the inside."""

    def work(context: JobContext) -> None:
        bench.seen.append(context.job.attempts)
        raise error

    bench.tasks.add("work", work)
    job = bench.ask()
    for wait in (5, 10, 600):
        assert bench.runner.work_once()
        bench.clock.now += timedelta(seconds=wait - 1)
        assert not bench.runner.work_once()
        bench.clock.now += timedelta(seconds=1)
    assert not bench.runner.work_once()
    job = bench.jobs.job(job.id)
    assert (job.state, job.error, job.attempts, bench.seen) == ("failed", words, 3, [1, 2, 3])


def test_an_attempt_that_failed_leaves_nothing_of_its_effect(bench: Bench) -> None:
    """An effect that is not followed by the end of the job is rolled back; the next attempt does it once."""

    def work(context: JobContext) -> None:
        with bench.ledger.act(ANA, "watchlist.import", "job", context.job.id) as act:
            act.connection.execute(WRITE, ("effect",))
            context.finish(act.connection, {})
            if context.job.attempts == 1:
                raise UnavailableError("the disk is full")

    bench.tasks.add("work", work)
    job = bench.ask()
    bench.runner.work_once()
    assert (bench.jobs.job(job.id).state, bench.effects()) == ("queued", [])
    bench.clock.now += timedelta(seconds=6)
    bench.runner.work_once()
    assert (bench.jobs.job(job.id).state, bench.jobs.job(job.id).error, bench.effects()) == ("done", None, ["effect"])


def test_a_job_that_waits_is_cancelled_at_once(bench: Bench) -> None:
    """It is never begun, and cancelling is an act."""
    bench.tasks.add("work", bench.effect)
    job = bench.ask()
    assert bench.jobs.cancel(ANA, job.id).state == "cancelled"
    assert not bench.runner.work_once()
    assert bench.effects() == []
    with bench.ledger.reading() as connection:
        assert connection.execute("SELECT act FROM audit_entry ORDER BY seq DESC").fetchone() == ("job.cancel",)
    for unknown in ("job_" + "0" * 32, "x", "", "job_' OR 1"):
        with pytest.raises(NotFoundError):
            bench.jobs.cancel(ANA, unknown)


def test_cancelling_before_the_end_prevents_the_effect(bench: Bench) -> None:
    """Even when the work is all done: the end does not commit after somebody was told that it is cancelled."""

    def work(context: JobContext) -> None:
        bench.jobs.cancel(ANA, context.job.id)
        bench.effect(context)

    bench.tasks.add("work", work)
    job = bench.ask()
    bench.runner.work_once()
    assert (bench.jobs.job(job.id).state, bench.effects()) == ("cancelled", [])


def test_cancelling_what_is_over_changes_nothing(bench: Bench) -> None:
    """A job that is done stays done."""
    bench.tasks.add("work", bench.effect)
    job = bench.ask()
    bench.runner.work_once()
    assert bench.jobs.cancel(ANA, job.id).state == "done"


def test_a_job_whose_holder_is_gone_is_taken_by_another(bench: Bench) -> None:
    """After the length of a lease; whoever held it before cannot end it any more."""
    bench.tasks.add("work", bench.effect)
    bench.ask()
    lost = bench.jobs.claim()
    assert lost is not None
    assert bench.jobs.claim() is None
    bench.clock.now += LEASE + timedelta(seconds=1)
    assert bench.runner.work_once()
    assert bench.effects() == ["effect"]
    with pytest.raises(JobStopped, match="elsewhere"):
        bench.jobs.heartbeat(lost, 1, 2)
    with pytest.raises(JobStopped, match="elsewhere"):
        bench.jobs.finish_alone(lost, {})
    bench.jobs.end(lost, "failed", "late")
    bench.jobs.put_back(lost, wait=timedelta(0), error="late", counts=True)
    assert bench.jobs.job(lost.job.id).state == "done"


def test_a_job_that_kills_its_holder_is_given_up(bench: Bench) -> None:
    """After as many attempts as the task allows it failed, and says so; a task that is gone fails too."""
    bench.tasks.add("work", bench.effect)
    job = bench.ask()
    for _ in range(3):
        assert bench.jobs.claim() is not None
        bench.clock.now += LEASE + timedelta(seconds=1)
    assert bench.jobs.claim() is None
    assert bench.jobs.job(job.id).state == "failed"
    assert "interrupted 3 times" in str(bench.jobs.job(job.id).error)
    job = bench.ask(key="k2")
    newer = SqliteJobs(bench.ledger, Tasks(), bench.clock)
    assert newer.claim() is None
    assert "no task work" in str(newer.job(job.id).error)
    newer.close()


def test_a_cancelled_job_whose_holder_is_gone_ends_as_cancelled(bench: Bench) -> None:
    """It is not begun again."""
    bench.tasks.add("work", bench.effect)
    job = bench.ask()
    assert bench.jobs.claim() is not None
    assert bench.jobs.cancel(ANA, job.id).is_cancel_asked
    bench.clock.now += LEASE + timedelta(seconds=1)
    assert not bench.runner.work_once()
    assert (bench.jobs.job(job.id).state, bench.effects()) == ("cancelled", [])


def test_the_list_shows_the_newest_first(bench: Bench) -> None:
    """By task and state."""
    bench.tasks.add("work", bench.effect)
    bench.tasks.add("other", lambda _: None)
    for number in range(3):
        bench.ask(key=f"k{number}")
        bench.clock.now += timedelta(seconds=1)
    bench.ask("other", key="k3")
    bench.runner.work_once()
    jobs: Jobs = bench.jobs
    assert [job.task for job in jobs.recent()] == ["other", "work", "work", "work"]
    assert [job.state for job in jobs.recent(task="work")] == ["queued", "queued", "done"]
    assert len(jobs.recent(states=["done", "failed"])) == 1
    assert len(jobs.recent(limit=2)) == 2
    with pytest.raises(NotFoundError):
        jobs.job("job_x")


def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


@pytest.fixture
def live(bench: Bench) -> Iterator[Bench]:
    """The same with real time and a runner on its thread."""
    bench.clock.is_real = True
    lease = timedelta(seconds=2)
    bench.jobs._lease = lease
    bench.runner = JobRunner(bench.jobs, bench.tasks, lease=lease, poll_seconds=0.01)
    yield bench
    bench.runner.close()


def test_a_running_job_shows_progress_and_hears_that_it_is_cancelled(live: Bench) -> None:
    """Within a heartbeat, and it keeps its lease for longer than the lease is."""

    def work(context: JobContext) -> None:
        for step in range(100_000):
            context.progress(step, 100_000)
            time.sleep(0.01)

    live.tasks.add("work", work)
    live.runner.start()
    job = live.ask()
    until(lambda: live.jobs.job(job.id).done > 0)
    time.sleep(2.5)
    shown = live.jobs.job(job.id)
    assert (shown.state, shown.total, shown.attempts) == ("running", 100_000, 1)
    assert 0 < (shown.fraction or 0) < 1
    assert live.jobs.claim() is None
    assert live.jobs.cancel(ANA, job.id).is_cancel_asked
    until(lambda: live.jobs.job(job.id).state == "cancelled")


def test_closing_puts_a_job_back(live: Bench) -> None:
    """A service that stops leaves its job queued, without counting the attempt, and the next start does it."""
    begun = threading.Event()

    def work(context: JobContext) -> None:
        begun.set()
        for step in range(300 if context.job.attempts == 1 and not live.seen else 1):
            context.progress(step)
            time.sleep(0.01)
        live.effect(context)

    live.tasks.add("work", work)
    live.runner.start()
    job = live.ask()
    assert begun.wait(10)
    live.runner.close()
    assert (live.jobs.job(job.id).state, live.jobs.job(job.id).attempts, live.effects()) == ("queued", 0, [])
    live.seen.append(1)
    live.runner = JobRunner(live.jobs, live.tasks, poll_seconds=0.01).start()
    until(lambda: live.jobs.job(job.id).is_over)
    assert (live.jobs.job(job.id).state, live.effects()) == ("done", ["effect"])


def test_a_task_is_known_by_one_name(bench: Bench) -> None:
    """Two tasks of one name would make old jobs mean something else."""
    bench.tasks.add("work", bench.effect)
    with pytest.raises(ValueError, match="two tasks"):
        bench.tasks.add("work", bench.effect)
