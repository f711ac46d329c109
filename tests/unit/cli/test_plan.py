"""``thinktwice plan`` prices one look and daily looks, as a table and as JSON, and asks for what it does not know."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from thinktwice.audit.ledger import Actor, Ledger
from thinktwice.campaigns.content import read_folder
from thinktwice.campaigns.drafts import DraftStore
from thinktwice.campaigns.library import shipped_packs
from thinktwice.cli.main import assemble
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate


def run(*words: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(assemble("plan"), ["plan", *(str(word) for word in words)], prog_name="thinktwice")
    return result.exit_code, result.stdout, result.stderr


def test_the_shipped_pilot_can_be_planned_without_any_data(tmp_path: Path) -> None:
    """Baseline and effect come from its plan, the pace from its release; both kinds of looks are priced."""
    code, out, err = run("hk-joint-anti-scam", "--data", tmp_path)
    assert code == 0
    assert "looking once" in out
    assert "declared in release.yaml" in err
    assert "expected_daily_triggers" in err


def test_json_says_where_every_number_came_from(tmp_path: Path) -> None:
    """The document has sizes by looks and an origin for each number."""
    code, out, _ = run("hk-joint-anti-scam", "--data", tmp_path, "--baseline", "0.1", "--effect", "0.02", "--json")
    found = json.loads(out)
    assert code == 0
    assert (found["baseline"]["from"], found["effect"]["from"], found["per_day"]["from"]) == (
        "given", "given", "release",
    )  # fmt: skip
    assert [one["looks"] for one in found["sizes"]] == ["once", "every_day"]
    assert found["sizes"][0]["customers"] < found["sizes"][1]["customers"]


def test_a_draft_can_be_planned_before_anybody_approved_it(tmp_path: Path) -> None:
    """A campaign that only the database knows is planned from its newest draft."""
    migrate(tmp_path)
    files = read_folder(shipped_packs() / "hk-joint-anti-scam")
    files["campaign.yaml"] = files["campaign.yaml"].replace("id: hk-joint-anti-scam", "id: drafted-pilot")
    with closing(Ledger(DataFolder(tmp_path).control)) as ledger:
        DraftStore(ledger).save(Actor("staff", "acc_1"), "drafted-pilot", files, based_on=0)
    code, out, err = run("drafted-pilot", "--data", tmp_path)
    assert code == 0, err
    assert "drafted-pilot: 80% power" in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nothing-here",), "no such campaign"),
        (("new-destination", "--effect", "0.02"), "has no holdout"),
        (("hk-joint-anti-scam", "--effect", "2"), "between 0 and 1"),
    ],
)
def test_what_cannot_be_planned_ends_with_two(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    """An unknown campaign, one without a holdout and an impossible effect are unusable input, and say why."""
    code, out, err = run(*words, "--data", tmp_path)
    assert (code, out) == (2, "")
    assert said in err
