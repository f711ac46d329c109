"""One story: a history in a file is decided from the command line as over HTTP."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import chdir
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from typer.testing import CliRunner

from thinktwice.cli.main import assemble
from thinktwice.records.catalogue import CATALOGUE
from thinktwice.simulation.parameters import Parameters
from thinktwice.simulation.world import World, make_world


class Done(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


def decide(*words: str, cwd: Path) -> Done:
    """Run the command in this process: starting another for each file would take longer than deciding it."""
    with chdir(cwd):
        result = CliRunner().invoke(assemble("decide"), ["decide", *words], prog_name="thinktwice")
    return Done(result.exit_code, result.stdout, result.stderr)


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(
        Parameters(
            ends_at=datetime(2026, 11, 23, tzinfo=UTC), customers=80, withdrawals=150, lookalikes=0.03, scams=0.05
        )
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, world: World) -> Path:
    """A folder with the history, shuffled by halves so that it is not in order."""
    path = tmp_path_factory.mktemp("decide")
    lines = list(world.history_jsonl())
    middle = len(lines) // 2
    (path / "history.jsonl").write_text("".join(lines[middle:] + lines[:middle]))
    (path / "ordered.jsonl").write_text("".join(lines))
    return path


@pytest.fixture(scope="module")
def answers(folder: Path) -> list[dict[str, Any]]:
    words = ["decide", "history.jsonl", "-o", "out.jsonl", "--explain"]
    done = subprocess.run(
        [sys.executable, "-m", "thinktwice.cli.main", *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr
    assert "public test key" in done.stderr
    return [json.loads(line) for line in (folder / "out.jsonl").read_text().splitlines()]


def test_there_is_one_decision_a_withdrawal_in_time_order(answers: list[dict[str, Any]], world: World) -> None:
    """OUT has the withdrawals of the history, in its order of time, each with the fields of the HTTP answer."""
    wanted = [body["withdrawal_id"] for body in world.history if "type" not in body]
    assert [answer["withdrawal_id"] for answer in answers] == wanted
    fields = {"decision_id", "withdrawal_id", "attempt", "action", "intervention", "alert", "hold", "explanation"}
    assert all(set(answer) == fields for answer in answers)


def test_the_explanation_has_every_signal(answers: list[dict[str, Any]]) -> None:
    """Every declared signal is there, in every decision; a missing one is null."""
    for answer in answers:
        assert set(answer["explanation"]) == {"campaign", "version", "arm", "reasons", "signals"}
        assert set(answer["explanation"]["signals"]) == set(CATALOGUE)


def test_planted_lookalikes_are_found(answers: list[dict[str, Any]], world: World) -> None:
    """Imitations of addresses that the customer paid are told from all others."""
    found = {answer["withdrawal_id"] for answer in answers if answer["explanation"]["signals"]["is_lookalike"]}
    planted = {number for number, truth in world.truth.items() if truth == "poisoning"}
    assert found <= planted
    assert len(found) >= len(planted) - 1


def test_two_runs_and_another_order_of_lines_decide_the_same(folder: Path, answers: list[dict[str, Any]]) -> None:
    """Apart from ids and tokens, the same history gives the same decisions."""
    done = decide("ordered.jsonl", "-o", "again.jsonl", "--explain", cwd=folder)
    assert done.returncode == 0, done.stderr
    again = [json.loads(line) for line in (folder / "again.jsonl").read_text().splitlines()]
    keys = ("withdrawal_id", "action", "intervention", "explanation")
    assert [[one[key] for key in keys] for one in again] == [[one[key] for key in keys] for one in answers]


def test_a_bad_line_fails_the_run_and_leaves_no_output(folder: Path) -> None:
    """Every fault is told with file, line and field; the exit code is 2; an output of earlier stays as it was."""
    lines = (folder / "ordered.jsonl").read_text().splitlines()[:20]
    first = next(number for number, line in enumerate(lines) if '"initiated_at"' in line)
    body = json.loads(lines[first])
    broken = body | {"network": "trno", "customer": body["customer"] | {"jurisdiction": "ZZ"}}
    (folder / "bad.jsonl").write_text("\n".join([*lines[:first], json.dumps(broken), "nonsense"]) + "\n")
    (folder / "kept.jsonl").write_text("earlier\n")
    done = decide("bad.jsonl", "-o", "kept.jsonl", cwd=folder)
    assert done.returncode == 2
    places = [line.split(": ")[:2] for line in done.stderr.splitlines() if line.startswith("bad.jsonl")]
    assert [f"bad.jsonl:{first + 1}", "network"] in places
    assert [f"bad.jsonl:{first + 1}", "customer.jurisdiction"] in places
    assert any(place[0] == f"bad.jsonl:{first + 2}" for place in places)
    assert (folder / "kept.jsonl").read_text() == "earlier\n"
    assert not list(folder.glob(".thinktwice-*"))


def test_one_key_with_two_bodies_is_a_fault(folder: Path) -> None:
    """A withdrawal that comes again with another body is refused where it stands; the same body is the same answer."""
    lines = (folder / "ordered.jsonl").read_text().splitlines()
    body = next(json.loads(line) for line in lines if '"initiated_at"' in line)
    bodies = [body, body, body | {"amount": "1"}]
    (folder / "twice.jsonl").write_text("".join(json.dumps(one) + "\n" for one in bodies))
    done = decide("twice.jsonl", cwd=folder)
    assert done.returncode == 2
    assert "twice.jsonl:3: this withdrawal_id and attempt came before with another body" in done.stderr
    assert done.stdout == ""
    (folder / "same.jsonl").write_text("".join(json.dumps(one) + "\n" for one in bodies[:2]))
    done = decide("same.jsonl", cwd=folder)
    first, second = done.stdout.splitlines()
    assert first == second


def test_a_csv_without_completion_facts_is_warned_about(folder: Path) -> None:
    """A table is decided too; without completions a warning says that nothing can become established."""
    header = (
        "withdrawal_id,initiated_at,customer.id,customer.jurisdiction,asset,network,amount,fiat_amount,fiat_currency,"
        "destination.address"
    )
    row = "w-1,2026-11-22T12:00:00Z,c-1,HK,USDT,tron,1200,1201,USD,TRkYnCecd6ebcbRLPfy71ZwV2jWTcww9NQ"
    (folder / "history.csv").write_text(f"{header}\n{row}\n")
    done = decide("history.csv", cwd=folder)
    assert done.returncode == 0
    assert "no completion facts" in done.stderr
    assert json.loads(done.stdout)["withdrawal_id"] == "w-1"
