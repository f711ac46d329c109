"""Emptying the outbox while the service runs.

Invariant: reminders go through the one group-commit thread like everything else that may change a state.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from thinktwice.bootstrap.core import Core
from thinktwice.decisions.asks import Ask, Recheck
from thinktwice.journal.writer import GroupCommit
from thinktwice.outbox.deliverer import Deliverer
from thinktwice.outbox.endpoint import Endpoint
from thinktwice.outbox.store import OutboxStore


@contextmanager
def delivering(core: Core, url: str, writer: GroupCommit[Ask, Any]) -> Iterator[None]:
    """Deliver what the core tells, for as long as the block lasts.

    Raises:
        InputError: the address may not be used, or there is no key to sign with.
    """
    endpoint = Endpoint(url, core.keyring.webhook)
    store = OutboxStore(core.folder.journal)
    deliverer = Deliverer(store, endpoint, lambda decision_id: writer.submit(Recheck(decision_id)).result())
    try:
        yield
    finally:
        deliverer.close()
        store.close()
