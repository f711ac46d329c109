"""``thinktwice serve`` as processes of its own, with real keys, to be killed and started again on the same data.

The first process is started as an operator starts it. Later ones are forked from a process that has imported the
command already and run the same command line, because importing takes many times as long as starting.
"""

from __future__ import annotations

import multiprocessing
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from tests.support.keys import store_key
from thinktwice.people.keys import create_key
from thinktwice.storage.migrate import migrate

COMMAND: Final = Path(sys.executable).with_name("thinktwice")
PATIENCE_SECONDS: Final = 120.0
_ANNOUNCED: Final = re.compile(r"^serving all at (\S+) ", re.MULTILINE)
_forking = multiprocessing.get_context("forkserver")
_forking.set_forkserver_preload(
    ["thinktwice.cli.serve", "thinktwice.bootstrap.serving", "thinktwice.bootstrap.surfaces"]
)


@dataclass(frozen=True)
class Installation:
    """A data folder, a key file beside it, and an API key."""

    data: Path
    key_file: Path
    api_key: str

    @property
    def headers(self) -> dict[str, str]:
        """The credential of the operator's server."""
        return {"Authorization": f"Bearer {self.api_key}"}

    @property
    def arguments(self) -> list[str]:
        """The command line of the service, on a free port."""
        return ["serve", "--data", str(self.data), "--port", "0"]


def install(folder: Path, *, actor: str = "tests") -> Installation:
    """Make a key file with the command, a migrated data folder, and a live key that may decide and tell events."""
    key_file = folder / "keys"
    subprocess.run([COMMAND, "key", "generate-keyring", str(key_file)], check=True, capture_output=True)
    data = folder / "data"
    migrate(data)
    key, secret = create_key(
        name="server", mode="live", scopes=("decide", "events", "clear"), actor=actor, now=datetime.now(UTC)
    )
    store_key(data, key)
    return Installation(data, key_file, secret)


class Serving:
    """One process that serves an installation; ``kill`` it before leaving."""

    def __init__(self, installation: Installation, *, is_forked: bool = False) -> None:
        self._log = installation.data / f"serve-{time.monotonic_ns()}.log"
        self._process: multiprocessing.process.BaseProcess | subprocess.Popen[bytes]
        if is_forked:
            forked = _forking.Process(target=_run, args=(installation, self._log), daemon=True)
            forked.start()
            self._process = forked
        else:
            with self._log.open("wb") as log:
                self._process = subprocess.Popen(
                    [COMMAND, *installation.arguments],
                    stderr=log,
                    cwd=installation.data,
                    env={**os.environ, "THINKTWICE_KEY_FILE": str(installation.key_file)},
                )
        self.url = self._announced()

    @property
    def pid(self) -> int:
        """The process id."""
        assert self._process.pid is not None
        return self._process.pid

    def kill(self) -> int:
        """End it at once with SIGKILL, and return the status it ended with."""
        self._process.kill()
        if isinstance(self._process, subprocess.Popen):
            return self._process.wait()
        self._process.join()
        assert self._process.exitcode is not None
        return self._process.exitcode

    def _announced(self) -> str:
        """Wait until it says where it serves."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            found = _ANNOUNCED.search(self._log.read_text() if self._log.exists() else "")
            if found:
                return found[1]
            is_over = (
                self._process.poll() is not None
                if isinstance(self._process, subprocess.Popen)
                else not self._process.is_alive()
            )
            if is_over:
                break
            time.sleep(0.01)
        self.kill()
        raise AssertionError(f"the service did not start: {self._log.read_text()}")


def _run(installation: Installation, log: Path) -> None:
    """Be the command, in a forked process."""
    os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT, 0o600), 2)
    os.chdir(installation.data)
    os.environ["THINKTWICE_KEY_FILE"] = str(installation.key_file)
    sys.argv = [str(COMMAND), *installation.arguments]
    from thinktwice.cli.main import main

    main()
