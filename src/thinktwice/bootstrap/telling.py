"""Emptying the outbox while the service runs, and saying how much is left in it.

Invariants: reminders go through the one group-commit thread like everything else that may change a state; a receiver
that is away never makes the service unready, because deciding does not need it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from thinktwice.bootstrap.core import Core
from thinktwice.decisions.asks import Ask, Recheck
from thinktwice.errors import UnavailableError
from thinktwice.journal.writer import GroupCommit
from thinktwice.outbox.deliverer import Deliverer
from thinktwice.outbox.endpoint import Endpoint
from thinktwice.outbox.message import Backlog
from thinktwice.outbox.store import OutboxStore
from thinktwice.signals.state import micros

BEHIND_SECONDS: Final = 60
"""From this age of the oldest webhook on readiness mentions the backlog."""


class BacklogMetrics(Collector):
    """The backlog as gauges, read when somebody asks for metrics; nothing while it cannot be read."""

    def __init__(self, backlog: Callable[[], Backlog]) -> None:
        self._backlog = backlog

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the gauges."""
        try:
            found = self._backlog()
        except UnavailableError:
            return
        yield GaugeMetricFamily("thinktwice_webhooks_waiting", "Webhooks not acknowledged yet.", found.waiting)
        yield GaugeMetricFamily("thinktwice_webhooks_failed", "Of those, tried at least once in vain.", found.failed)
        yield GaugeMetricFamily(
            "thinktwice_webhooks_oldest_seconds", "How long the oldest of them has waited.", found.oldest_seconds
        )


def state_of(backlog: Callable[[], Backlog]) -> str:
    """Return what readiness says of the webhooks: *ok*, and after it how far behind they are."""
    try:
        found = backlog()
    except UnavailableError:
        return "ok; their number cannot be read"
    if found.oldest_seconds < BEHIND_SECONDS:
        return "ok"
    return f"ok; {found.waiting} wait, the oldest for {found.oldest_seconds // 60} min, {found.failed} failed before"


@contextmanager
def delivering(core: Core, url: str, writer: GroupCommit[Ask, Any]) -> Iterator[Callable[[], Backlog]]:
    """Deliver what the core tells, for as long as the block lasts; gives what says how much is left.

    Raises:
        InputError: the address may not be used, or there is no key to sign with.
    """
    endpoint = Endpoint(url, core.keyring.webhook)
    store = OutboxStore(core.folder.journal)
    deliverer = Deliverer(store, endpoint, lambda decision_id: writer.submit(Recheck(decision_id)).result())
    try:
        yield lambda: store.backlog(micros(datetime.now(UTC)))
    finally:
        deliverer.close()
        store.close()
