"""An installation as an operator makes it: a key file, no data, and everything else by commands and pages."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.serving import COMMAND, PATIENCE_SECONDS


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


@dataclass(frozen=True)
class Installed:
    """Where everything is; ``run`` is the command line on this machine."""

    folder: Path
    api_url: str
    console_url: str

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "data"

    def run(self, *words: str) -> str:
        """Run one command and return what it printed."""
        done = subprocess.run(
            [COMMAND, *words], check=True, capture_output=True, text=True, cwd=self.folder, env=environment(self)
        )
        return done.stdout


def environment(place: Installed) -> dict[str, str]:
    """Return the settings of every process of the installation."""
    return {
        **os.environ,
        "THINKTWICE_DATA": str(place.data),
        "THINKTWICE_KEY_FILE": str(place.folder / "keys"),
        "THINKTWICE_CAMPAIGNS_DIR": str(place.folder / "campaigns"),
        "THINKTWICE_CONSOLE_URL": place.console_url,
        "THINKTWICE_OPERATOR_NAME": "Harbour Exchange",
    }


def empty(folder: Path) -> Installed:
    """Make a key file and a folder without campaigns; there is no data folder yet."""
    place = Installed(folder, f"http://127.0.0.1:{_free_port()}", f"http://localhost:{_free_port()}")
    (folder / "campaigns").mkdir()
    place.run("key", "generate-keyring", str(folder / "keys"))
    return place


@contextmanager
def running(place: Installed) -> Iterator[None]:
    """Run service and console, each a process of its own, for as long as the block lasts."""
    started = []
    try:
        for surface, url in (("all", place.api_url), ("console", place.console_url)):
            started.append(_start(place, surface, url.rpartition(":")[2]))
        yield
    finally:
        for process in started:
            process.terminate()
            process.wait(30)


def _start(place: Installed, surface: str, port: str) -> subprocess.Popen[bytes]:
    said = place.folder / f"{surface}.log"
    with said.open("wb") as log:
        process = subprocess.Popen(
            [COMMAND, "serve", surface, "--port", port], stderr=log, cwd=place.folder, env=environment(place)
        )
    end = time.monotonic() + PATIENCE_SECONDS
    while not re.search(rf"serving {surface} at", said.read_text()):
        if process.poll() is not None or time.monotonic() > end:
            process.kill()
            raise AssertionError(f"{surface} did not start: {said.read_text()}")
        time.sleep(0.05)
    return process
