"""The service target for first answers as gauges, beside the deciding service.

Invariants: nothing is read while somebody scrapes: a thread of its own looks once a minute, in the console's index as
far as it goes, and never follows the journal, because the deciding process does not work for reports; without a console
there is no index and no gauge; what could not be counted, whatever went wrong, is not told: no number is an old one.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Final

import structlog
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from thinktwice.audit.ledger import Ledger
from thinktwice.bootstrap.core import Core
from thinktwice.decisions.clock import utc_now
from thinktwice.errors import ThinkTwiceError
from thinktwice.interventions.first_answers import FirstAnswers, Week
from thinktwice.journal.finder_holds import FinderReader

EVERY_SECONDS: Final = 60.0

_log: Final = structlog.get_logger(__name__)


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
        answers = FirstAnswers(core.reader, FinderReader(core.folder.finder), ledger.reading, utc_now)
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
