"""The service target for first answers as gauges, beside the deciding service.

Invariants: nothing is read while somebody scrapes: a thread of its own looks once a minute, in the console's index as
far as it goes, and never follows the journal, because the deciding process does not work for reports; without a console
there is no index and no gauge; what could not be counted, whatever went wrong, is not told: no number is an old one.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import structlog
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from thinktwice.audit.ledger import Ledger
from thinktwice.bootstrap.core import Core
from thinktwice.decisions.clock import utc_now
from thinktwice.errors import ThinkTwiceError, UnavailableError
from thinktwice.interventions.first_answers import FirstAnswers, Week
from thinktwice.journal.finder_statements import SELECT_ACTS, SELECT_WAITING
from thinktwice.journal.times import from_microseconds, to_microseconds
from thinktwice.storage.sqlite import connect

EVERY_SECONDS: Final = 60.0

_log: Final = structlog.get_logger(__name__)


class _Index:
    """The console's index, read only."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def waiting(self, limit: int = 5_000) -> tuple[str, ...]:
        """Return the decisions at which a hold or referral began, newest first.

        Raises:
            NotFoundError: there is no index yet.
            UnavailableError: it cannot be read.
        """
        return tuple(row[0] for row in self._read(SELECT_WAITING, limit))

    def acts(self, since: datetime) -> tuple[tuple[str, str, datetime], ...]:
        """Return what staff did to holds since.

        Raises:
            NotFoundError: there is no index yet.
            UnavailableError: it cannot be read.
        """
        rows = self._read(SELECT_ACTS, to_microseconds(since))
        return tuple((ref, key, from_microseconds(at)) for ref, key, at in rows)

    def _read(self, statement: str, value: int) -> list[tuple[Any, ...]]:
        try:
            with closing(connect(self._path, read_only=True)) as connection:
                return connection.execute(statement, (value,)).fetchall()
        except sqlite3.Error as error:
            raise UnavailableError(f"the index cannot be read: {error}") from error


class FirstAnswerMetrics(Collector):
    """The newest week as gauges; nothing before the first look."""

    def __init__(self) -> None:
        self.newest: Week | None = None

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the gauges."""
        if self.newest is None:
            return
        counts = GaugeMetricFamily(
            "thinktwice_first_answers",
            "Holds, referrals and appeals of the last seven days, by whether a person answered within the target.",
            labels=["kind", "standing"],
        )
        times = GaugeMetricFamily(
            "thinktwice_first_answer_median_seconds", "Time to the first answer by a person.", labels=["kind"]
        )
        for one in self.newest.kinds:
            for standing, count in (("in_time", one.in_time), ("late", one.late), ("open", one.open)):
                counts.add_metric([one.kind, standing], count)
            if one.median is not None:
                times.add_metric([one.kind], one.median.total_seconds())
        yield counts
        yield times


@contextmanager
def timed(core: Core) -> Iterator[FirstAnswerMetrics]:
    """Look every minute for as long as the block lasts; gives the gauges."""
    found, stopped = FirstAnswerMetrics(), threading.Event()
    with closing(Ledger(core.folder.control, utc_now)) as ledger:
        answers = FirstAnswers(core.reader, _Index(core.folder.finder), ledger.reading, utc_now)
        thread = threading.Thread(target=_look, args=(answers, found, stopped), name="first-answers", daemon=True)
        thread.start()
        try:
            yield found
        finally:
            stopped.set()
            thread.join()


def _look(
    answers: FirstAnswers, found: FirstAnswerMetrics, stopped: threading.Event, every_seconds: float = EVERY_SECONDS
) -> None:
    while not stopped.is_set():
        try:
            found.newest = answers.weeks()[0]
        except ThinkTwiceError as error:
            found.newest = None
            _log.debug("first answers cannot be counted", why=str(error))
        except Exception:  # noqa: BLE001 - a thread that ended would leave old numbers standing, in silence
            found.newest = None
            _log.exception("first answers cannot be counted; it is tried again")
        stopped.wait(every_seconds)
