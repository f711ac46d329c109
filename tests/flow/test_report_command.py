"""``thinktwice report`` over a lived campaign: every edition and format, and what is refused."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.support.campaign_weeks import HK, SMALL, lived
from tests.support.report_pages import analysis_of
from thinktwice.cli.main import assemble
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.keyring.seal import public_key_of
from thinktwice.measurement.card import make_card

WORLD = SMALL["hong-kong-campaign"]
UNTIL = ["--until", "2026-05-30T16:00:00"]


def run(*words: str) -> Result:
    return CliRunner().invoke(assemble("report"), ["report", *words])


@pytest.fixture(scope="module")
def data() -> list[str]:
    return ["--data", str(lived(WORLD).path)]


def test_the_answer_is_printed(data: list[str]) -> None:
    """A campaign alone gives the verdict, what it rests on and what would change it."""
    answer = run(HK, *data, *UNTIL)
    assert answer.exit_code == 0, answer.output
    assert "what this rests on" in answer.output
    assert "customers counted" in answer.output


def test_every_format_is_written(data: list[str], tmp_path: Path) -> None:
    """HTML in Chinese, JSON, the partner's edition, and a PDF."""
    page = run(HK, *data, *UNTIL, "--format", "html", "--locale", "zh-Hant")
    assert "有幫助嗎？" in page.stdout
    body = json.loads(run(HK, *data, *UNTIL, "--format", "json").stdout)
    assert body["analysis"]["campaign"] == HK
    partner = json.loads(run(HK, *data, *UNTIL, "--edition", "partner", "--format", "json").stdout)
    assert partner["format"] == "thinktwice-partner-edition-1"
    out = tmp_path / "report.pdf"
    assert run(HK, *data, *UNTIL, "--edition", "partner", "--format", "pdf", "--out", str(out)).exit_code == 0
    assert out.read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--edition", "everybody"], "operator, partner, card"),
        (["--format", "xlsx"], "html, pdf, json"),
        (["--format", "pdf"], "--out"),
        (["--format", "html", "--locale", "fr"], "en, zh-Hant"),
        (["--edition", "card", "--format", "json"], "goes on until"),
    ],
)
def test_what_cannot_be_written_is_refused(data: list[str], words: list[str], said: str) -> None:
    """An unknown edition, format or language, a PDF without a file, and a card of a running campaign: 2, and why."""
    refused = run(HK, *data, *UNTIL, *words)
    assert refused.exit_code == 2
    assert said in refused.output


def test_an_unknown_campaign_is_refused(data: list[str]) -> None:
    """No campaign in force has this id."""
    assert run("nobody", *data).exit_code == 2


def test_counts_are_still_there(data: list[str]) -> None:
    """Without a campaign plain counts of all are printed."""
    counted = run(*data)
    assert counted.exit_code == 0
    assert HK in counted.output


def test_a_card_is_checked_offline(tmp_path: Path) -> None:
    """The command needs no data; it ends with 0 for a whole card and 1 for a changed one."""
    made_at = datetime(2026, 6, 1, tzinfo=UTC)
    card = make_card(analysis_of(WORLD), operator="Demo", made_at=made_at, keyring=TEST_KEYRING)
    assert TEST_KEYRING.seal
    key = ["--public-key", base64.b64encode(public_key_of(TEST_KEYRING.seal)).decode()]
    file = tmp_path / "card.json"
    file.write_bytes(card)
    assert run("--verify", str(file), *key).exit_code == 0
    file.write_bytes(card.replace(b'"operator":"Demo"', b'"operator":"Memo"'))
    assert run("--verify", str(file), *key).exit_code == 1
    assert run("--verify", str(file)).exit_code == 2
    assert run("--verify", str(tmp_path / "none.json"), *key).exit_code == 2
