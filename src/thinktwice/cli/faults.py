"""How a command says what went wrong, and with which exit code it ends.

Invariants: a fault of the input is printed as ``file:line: field: message``, one per line, never as a traceback;
something unexpected shows its traceback only when ``THINKTWICE_DEBUG=1``, because a traceback tells a user nothing
and may hold what a customer typed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from typing import NoReturn

import typer

from thinktwice.errors import Fault, InputError, ThinkTwiceError

MAX_FAULTS = 100
"""More faults than this are counted, not listed."""


class Exit(IntEnum):
    """What the exit code of every command means."""

    DONE = 0
    NO = 1
    UNUSABLE_INPUT = 2
    BROKEN = 70
    """Something unexpected: neither an answer nor a fault of the input (``EX_SOFTWARE`` of sysexits.h)."""


def say(text: str) -> None:
    """Print one line on standard error; standard output is for results."""
    sys.stderr.write(f"{text}\n")


def say_faults(faults: tuple[Fault, ...] | list[Fault]) -> None:
    """Print up to ``MAX_FAULTS`` faults on standard error, one a line, and how many were left out."""
    for fault in faults[:MAX_FAULTS]:
        say(_one_line(str(fault)))
    if len(faults) > MAX_FAULTS:
        say(f"… and {len(faults) - MAX_FAULTS} more faults")


def refuse(*faults: Fault) -> NoReturn:
    """End the command with exit code 2 and these faults."""
    say_faults(faults)
    raise typer.Exit(Exit.UNUSABLE_INPUT)


@contextmanager
def reporting_faults() -> Iterator[None]:
    """Turn every error into words on standard error and an exit code; also usable as a decorator."""
    try:
        yield
    except InputError as error:
        refuse(*error.faults)
    except ThinkTwiceError as error:
        say(_one_line(str(error)) or type(error).__name__)
        raise typer.Exit(Exit.UNUSABLE_INPUT) from error
    except FileNotFoundError as error:
        refuse(Fault("there is no such file or folder", where=str(error.filename)))
    except (IsADirectoryError, NotADirectoryError, PermissionError) as error:
        refuse(Fault((error.strerror or "cannot be opened").lower(), where=str(error.filename)))
    except BrokenPipeError:
        # The reader of our output went away (`thinktwice … | head`): nothing is wrong.
        sys.stderr.close()
        raise typer.Exit(Exit.DONE) from None


def unexpected(error: BaseException) -> Exit:
    """Say that something unexpected happened; with ``THINKTWICE_DEBUG=1`` the caller lets it surface."""
    if os.environ.get("THINKTWICE_DEBUG") == "1":
        raise error
    say(f"unexpected {type(error).__name__}: {_one_line(str(error))[:500]}")
    say("set THINKTWICE_DEBUG=1 to see where")
    return Exit.BROKEN


def _one_line(text: str) -> str:
    """Replace control characters, which an input may have smuggled into a message, by their escapes."""
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)
