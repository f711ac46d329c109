"""The operator's malware scanner: a command that reads a file and says with its exit code what it is.

Invariants: the file goes to the command's standard input and never lies unencrypted on disk; no shell; the command has
so many seconds and its whole process group ends with them; exit code 0 is clean and 1 malware (as ``clamdscan -``
says it), anything else is no answer: then the file is not kept and whoever sent it is told to try again, because a
scanner that is down must not let anything through. Without a command nobody scans, and every file says so.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import structlog

from thinktwice.cases.filing import NoScanner, Scanner, Verdict
from thinktwice.errors import UnavailableError
from thinktwice.settings import Settings

CLEAN: Final = 0
MALWARE: Final = 1
_ENVIRONMENT: Final = ("PATH", "LANG", "LC_ALL", "HOME", "TMPDIR")

_log: Final = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CommandScanner:
    """Runs a command for each file; ``seconds`` is how long one file may take."""

    command: tuple[str, ...]
    seconds: float

    def scan(self, pieces: Iterator[bytes]) -> Verdict:
        """Say what the pieces of a file together are.

        Raises:
            UnavailableError: the command gave no answer.
        """
        try:
            process = subprocess.Popen(  # noqa: S603 - the operator's own command from the settings, no shell
                self.command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
                start_new_session=True,
            )
        except OSError as error:
            raise self._no_answer(f"cannot be started: {error}") from error
        timer = threading.Timer(self.seconds, _end, [process])
        timer.start()
        try:
            _feed(process, pieces)
            # Not reaped yet, so that its number, which is its group's, cannot be anybody else's when the group ends.
            os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        finally:
            timer.cancel()
            timer.join()
            _end(process)
            code = process.wait()
        if code not in {CLEAN, MALWARE}:
            raise self._no_answer(f"ended with {code}")
        return "clean" if code == CLEAN else "infected"

    def _no_answer(self, reason: str) -> UnavailableError:
        _log.error("a file could not be scanned", command=self.command[0], reason=reason)
        return UnavailableError("the file could not be scanned for malware, so it was not kept; try again later")


def scanner_of(settings: Settings) -> Scanner:
    """Return the scanner that the settings name, or the one that says that nobody scans."""
    command: Sequence[str] = settings.malware_scan_command
    return CommandScanner(tuple(command), settings.malware_scan_seconds) if command else NoScanner()


def _feed(process: subprocess.Popen[bytes], pieces: Iterator[bytes]) -> None:
    """Write a file to the command; one that has read enough may close its input early."""
    assert process.stdin is not None, "it was asked for"
    with contextlib.suppress(BrokenPipeError):
        for piece in pieces:
            process.stdin.write(piece)
    with contextlib.suppress(BrokenPipeError):
        process.stdin.close()


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the command and whatever it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
