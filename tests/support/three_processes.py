"""The three processes of an installation as a user starts them, where a browser of this machine reaches them.

Passkeys want a host name that the browser trusts without a certificate, so console and portal believe in
``http://localhost`` with the port on which they listen.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from tests.support.serving import COMMAND, PATIENCE_SECONDS, Installation, Serving
from thinktwice.people.permissions import Realm

_ANNOUNCED: Final = re.compile(r"^serving (?:console|portal) at \S+ ", re.MULTILINE)


class LocalSurface:
    """Console or portal as a process; it starts while others do, and is waited for when its address is asked for."""

    def __init__(self, installation: Installation, realm: Realm) -> None:
        with socket.socket() as asked:
            asked.bind(("127.0.0.1", 0))
            port = asked.getsockname()[1]
        self._url = f"http://localhost:{port}"
        self._log = installation.data / f"{realm}.log"
        chosen = {f"THINKTWICE_{realm.upper()}_URL": self._url, "THINKTWICE_KEY_FILE": str(installation.key_file)}
        with self._log.open("wb") as stream:
            self._process = subprocess.Popen(
                [COMMAND, "serve", realm, "--data", str(installation.data), "--port", str(port)],
                stderr=stream,
                cwd=installation.data,
                env={**os.environ, **chosen},
            )

    @cached_property
    def url(self) -> str:
        """Where a browser finds it."""
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end and self._process.poll() is None:
            if _ANNOUNCED.search(self._log.read_text("utf-8")):
                return self._url
            time.sleep(0.01)
        raise AssertionError(f"the surface did not start: {self._log.read_text('utf-8')}")

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        try:
            self._process.wait(30)
        finally:
            self._process.kill()


@dataclass(frozen=True)
class Three:
    """API with customer pages, console, portal: three processes on one data folder."""

    serving: Serving
    console: LocalSurface
    portal: LocalSurface


@contextmanager
def three_processes(installation: Installation) -> Iterator[Three]:
    """Run all three for as long as the block lasts; settings come from the environment."""
    with ExitStack() as stack:
        surfaces = [LocalSurface(installation, realm) for realm in ("console", "portal")]
        for surface in surfaces:
            stack.callback(surface.stop)
        serving = Serving(installation)
        stack.callback(serving.kill)
        assert all(surface.url for surface in surfaces)  # nobody comes in while another process is still starting
        yield Three(serving, *surfaces)
