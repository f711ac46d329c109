"""Checkpoints of the audit chain while the service runs: made from time to time, given to the witnesses outside.

Invariants: a checkpoint that no witness has yet is tried again, later each time and without end; a chain that does not
follow what was signed before is not signed, and the log says so at every attempt.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import msgspec

from thinktwice.audit.checkpoint import read_line
from thinktwice.audit.checkpoints import Checkpoints, FileWitness, Witness
from thinktwice.errors import ThinkTwiceError
from thinktwice.keyring.keys import Key, Keyring
from thinktwice.outbox.endpoint import Endpoint, new_client
from thinktwice.outbox.message import OutboxMessage
from thinktwice.settings import Settings
from thinktwice.storage.layout import DataFolder

POLL_SECONDS: Final = 5.0

_log: Final = logging.getLogger(__name__)


class WebhookWitness:
    """A server that keeps checkpoints; told by Standard Webhooks, each under one id however often it is tried."""

    def __init__(self, endpoint: Endpoint, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._endpoint = endpoint
        self._clock = clock

    def tell(self, number: int, line: bytes) -> str | None:
        """Send one checkpoint once; returns None when it was acknowledged."""
        message = message_of(number, line)
        return asyncio.run(self._send(message))

    async def _send(self, message: OutboxMessage) -> str | None:
        async with new_client() as client:
            return await self._endpoint.send(client, message, self._clock())


def message_of(number: int, line: bytes) -> OutboxMessage:
    """Return the webhook that tells of a checkpoint; its data is the line of the checkpoint file."""
    statement = read_line(line).statement
    body: dict[str, Any] = {"type": "audit.checkpoint", "timestamp": statement.at, "data": msgspec.Raw(line.strip())}
    return OutboxMessage(
        message_id=f"chk_{statement.chain.removeprefix('chain_')}_{number}",
        topic="audit.checkpoint",
        body=msgspec.json.encode(body),
        created_at=0,
        due_at=0,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnesses:
    """Who keeps checkpoints for this installation."""

    file: Witness | None
    webhook: Witness | None


def witnesses_of(settings: Settings, keyring: Keyring, folder: DataFolder, to: Path | None = None) -> Witnesses:
    """Return the witnesses that the settings name; ``to`` is a file in the place of theirs.

    Raises:
        InputError: the address may not be used, or there is no key to sign with.
    """
    path = to or settings.audit_checkpoint_file or folder.checkpoints
    url = settings.audit_checkpoint_url
    return Witnesses(
        file=FileWitness(path), webhook=WebhookWitness(Endpoint(url, keyring.webhook)) if url is not None else None
    )


def witnessed(folder: DataFolder, settings: Settings, keyring: Keyring) -> AbstractContextManager[None]:
    """Make checkpoints of an installation's chain, unless there is no key to sign them with.

    Raises:
        InputError: the address of the witness may not be used, or there is no key to sign with.
    """
    if keyring.seal is None:
        return nullcontext()
    every = timedelta(minutes=settings.audit_checkpoint_minutes)
    return witnessing(folder.control, keyring.seal, witnesses_of(settings, keyring, folder), every)


@contextmanager
def witnessing(control: Path, key: Key, witnesses: Witnesses, every: timedelta) -> Iterator[None]:
    """Make checkpoints and hand them over for as long as the block lasts."""
    stopped = threading.Event()
    with closing(Checkpoints(control, key)) as checkpoints:

        def run() -> None:
            while True:
                _round(checkpoints, witnesses, every)
                if stopped.wait(POLL_SECONDS):
                    return

        thread = threading.Thread(target=run, name="audit-checkpoints", daemon=True)
        thread.start()
        try:
            yield
        finally:
            stopped.set()
            thread.join()


def _round(checkpoints: Checkpoints, witnesses: Witnesses, every: timedelta) -> None:
    try:
        checkpoints.make(not_within=every)
        for fault in checkpoints.tell(file=witnesses.file, webhook=witnesses.webhook):
            _log.warning("audit: %s; it is tried again", fault)
    except ThinkTwiceError as error:
        _log.error("audit: %s", error)
    except Exception:  # noqa: BLE001 - a thread that ended would leave the chain unwitnessed in silence
        _log.exception("audit checkpoints failed; they are tried again")
