"""The frame of the command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import typer

from thinktwice.cli.bench import chosen, is_met
from thinktwice.cli.faults import reporting_faults
from thinktwice.errors import ConflictError, Fault, InputError


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "thinktwice.cli.main", *words], capture_output=True, text=True, check=False, timeout=60
    )


def test_version_is_printed() -> None:
    """``--version`` prints one line and ends with 0."""
    done = run("--version")
    assert (done.returncode, done.stdout.split()[0]) == (0, "thinktwice")


def test_unknown_command_is_unusable_input() -> None:
    """A command that does not exist ends with 2 and no traceback."""
    done = run("nonsense")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_help_imports_no_service() -> None:
    """Asking for help does not import the modules of the commands."""
    code = "import sys; from thinktwice.cli.main import assemble; assemble(''); print('duckdb' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_faults_are_printed_one_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """Each fault is ``file:line: field: message`` and control characters cannot forge a line."""
    error = InputError(Fault("too big", "amount", "a.jsonl", 3), Fault("no\nb.jsonl:1: forged", None, "a.jsonl", 4))
    with pytest.raises(typer.Exit) as end, reporting_faults():
        raise error
    assert end.value.exit_code == 2
    assert capsys.readouterr().err.splitlines() == [
        "a.jsonl:3: amount: too big",
        "a.jsonl:4: no\\nb.jsonl:1: forged",
    ]


def test_other_errors_are_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    """A conflict is told in one line, with exit code 2."""
    with pytest.raises(typer.Exit) as end, reporting_faults():
        raise ConflictError("another body came before")
    assert end.value.exit_code == 2
    assert capsys.readouterr().err == "another body came before\n"


def test_more_than_a_hundred_faults_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    """The hundred-and-first fault and later ones are counted, not listed."""
    with pytest.raises(typer.Exit), reporting_faults():
        raise InputError(*(Fault("wrong", line=line) for line in range(1, 151)))
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 101
    assert lines[-1] == "… and 50 more faults"


@pytest.mark.parametrize(
    ("value", "budget", "met"),
    [
        (24.0, "<= 25", True),
        (26.0, "≤ 25 µs", False),
        (0.4, ">= 0.30", True),
        (1.0, None, None),
        (2.0, 1.5, False),
        (0.0, 0.0, True),
        (float("nan"), "<= 1", None),
    ],
)
def test_budgets_are_kept_or_missed(value: float, budget: str | float | None, met: bool | None) -> None:
    """A figure is compared with its budget; no budget, no verdict."""
    assert is_met(value, budget) is met


def test_bench_names_what_there_is(tmp_path: Path) -> None:
    """An unknown benchmark is refused with the names that exist."""
    (tmp_path / "decide.py").write_text("def run(): return []\n")
    with pytest.raises(InputError, match="there are decide"):
        chosen(tmp_path, ["nonsense"])
