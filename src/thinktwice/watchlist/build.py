"""Building a base from ``control.db``; run as a module it is a process of its own.

Invariants: a base holds what one read transaction saw; two builds of one folder never run at the same time; a build
that fails leaves the base in force as it was. A large build needs hundreds of bytes a key for a minute, which is why a
service never does it in its own process.
"""

from __future__ import annotations

import fcntl
import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from thinktwice.errors import ThinkTwiceError, UnavailableError
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.sqlite import connect
from thinktwice.watchlist.claims import read_everything
from thinktwice.watchlist.keymap import ENGINES, Engine
from thinktwice.watchlist.mapped_base import Manifest, read_manifest, write_base

OVERLAY_LIMIT: Final = 50_000
"""More changed keys than this after a base, and an import builds a new one by itself."""


def build(folder: DataFolder, engine: Engine | None = None) -> Manifest:
    """Build a base in this process and put it in force.

    Args:
        folder: The data folder.
        engine: Which key map to write; by default the one in force.

    Raises:
        NotFoundError: the folder has no ``control.db``.
        UnavailableError: a file cannot be read or written.
    """
    folder.watchlist.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _only_one(folder.watchlist / "build.lock"), _without_garbage_collection():
        chosen = engine or _engine_in_force(folder.watchlist)
        with closing(connect(folder.control, read_only=True)) as connection:
            connection.execute("BEGIN")
            (seq,) = connection.execute("SELECT coalesce(max(seq), 0) FROM watchlist_change").fetchone()
            numbers, combinations = read_everything(connection)
        try:
            return write_base(folder.watchlist, numbers, combinations, seq=seq, engine=chosen, now=datetime.now(UTC))
        except OSError as error:
            raise UnavailableError(f"cannot write a watchlist base in {folder.watchlist}: {error}") from error


def build_apart(folder: DataFolder, engine: Engine | None = None) -> Manifest:
    """Build a base in a process of its own, so that the memory it needs is given back.

    Raises:
        UnavailableError: the build failed; its last words are in the message.
    """
    command = [sys.executable, "-m", "thinktwice.watchlist.build", str(folder.path), *([engine] if engine else [])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own module, no shell
    if done.returncode:
        raise UnavailableError(f"building the watchlist base failed: {done.stderr.strip()[-500:]}")
    return msgspec.json.decode(done.stdout, type=Manifest)


def changes_after_base(folder: DataFolder) -> int:
    """Return how many changes the overlay carries at present."""
    manifest = read_manifest(folder.watchlist)
    with closing(connect(folder.control, read_only=True)) as connection:
        (count,) = connection.execute(
            "SELECT count(*) FROM watchlist_change WHERE seq > ?", (manifest.seq if manifest else 0,)
        ).fetchone()
    return int(count)


def build_when_due(folder: DataFolder, limit: int = OVERLAY_LIMIT) -> Manifest | None:
    """Build a base apart when the overlay has grown beyond a limit; returns its manifest if one was built."""
    return build_apart(folder) if changes_after_base(folder) > limit else None


def _engine_in_force(folder: Path) -> Engine:
    manifest = read_manifest(folder)
    return manifest.engine if manifest else ENGINES[0]


@contextmanager
def _only_one(lock: Path) -> Iterator[None]:
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _without_garbage_collection() -> Iterator[None]:
    """Millions of rows hold no cycles; looking for some would take a third of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def main(arguments: list[str]) -> int:
    """Build for ``DATA [ENGINE]`` and print the manifest."""
    engine: Engine | None = next((known for known in ENGINES if known in arguments[1:2]), None)
    try:
        manifest = build(DataFolder(Path(arguments[0])), engine)
    except ThinkTwiceError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.buffer.write(msgspec.json.encode(manifest))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
