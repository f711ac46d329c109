"""docs/new-jurisdiction.md, followed as written, opens a jurisdiction that is not shipped."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from thinktwice.campaigns.library import shipped_packs

PAGE = (Path(__file__).parents[2] / "docs" / "new-jurisdiction.md").read_text("utf-8")
SHELL = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
(HISTORY,) = re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)


def run(block: str, folder: Path) -> subprocess.CompletedProcess[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["/bin/bash", "-euo", "pipefail", "-c", block],
        cwd=folder,
        env={"PATH": path, "HOME": str(folder), "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[subprocess.CompletedProcess[str]]]:
    """Run the page's commands one after the other in an empty folder."""
    folder = tmp_path_factory.mktemp("day")
    (folder / "history.jsonl").write_text(HISTORY, "utf-8")
    return folder, [run(block, folder) for block in SHELL]


Opened = tuple[Path, list[subprocess.CompletedProcess[str]]]


def test_every_command_of_the_page_works(opened: Opened) -> None:
    """Each block ends with 0; the strict check is among them."""
    _, done = opened
    assert [one.returncode for one in done] == [0] * len(SHELL), [one.stderr for one in done if one.returncode]
    assert any("campaign check campaigns/my-anti-scam --contacts contacts --strict" in block for block in SHELL)


def test_the_jurisdiction_was_not_shipped() -> None:
    """The page opens something new."""
    for path in shipped_packs().glob("*/campaign.yaml"):
        assert "[MY]" not in path.read_text("utf-8")


def test_the_check_says_draft_and_what_is_open(opened: Opened) -> None:
    """Before the native readers the pack is a draft, and each open language is named."""
    checked = next(one for block, one in zip(SHELL, opened[1], strict=True) if "--strict" in block)
    assert "my-anti-scam: draft; MY;" in checked.stdout
    assert {"ms.md", "zh-Hans.md"} <= set(re.findall(r"[\w-]+\.md", checked.stderr))
    assert "[ ] " in checked.stdout


def test_after_the_reviews_nothing_is_open(opened: Opened) -> None:
    """With native readers and the call back recorded the pack is ready, and its line is shown."""
    folder, _ = opened
    again = run("thinktwice campaign check campaigns/my-anti-scam --contacts contacts --strict", folder)
    assert (again.returncode, again.stderr) == (0, "")
    assert "my-anti-scam: ready; MY;" in again.stdout
    assert "997" in (folder / "my-anti-scam.html").read_text("utf-8")
    assert "Suruhanjaya Sekuriti" in (folder / "my-anti-scam-signs.html").read_text("utf-8")


def test_the_sheet_is_there_to_sign(opened: Opened) -> None:
    """The press officer gets a PDF."""
    assert (opened[0] / "my-anti-scam.pdf").read_bytes().startswith(b"%PDF-")


def test_a_withdrawal_of_the_place_meets_the_new_campaign(opened: Opened) -> None:
    """The decision names the campaign, and the customer would be warned before confirming."""
    (line,) = (opened[0] / "decisions.jsonl").read_text("utf-8").splitlines()
    decision = json.loads(line)
    assert decision["explanation"]["campaign"] == "my-anti-scam"
    assert (decision["action"], decision["intervention"]) == ("alert", "confirm")


def test_what_is_tried_is_what_was_checked_and_looked_at(opened: Opened) -> None:
    """The version that decides in step 5 is the one of the check and of the press officer's sheet: the same contacts
    stand in all three.
    """
    folder, done = opened
    decision = json.loads((folder / "decisions.jsonl").read_text("utf-8"))
    version = decision["explanation"]["version"]
    checked = run("thinktwice campaign check campaigns/my-anti-scam --contacts contacts --json", folder)
    assert json.loads(checked.stdout)["packs"][0]["version"] == version
    said = "".join(one.stdout for one in done)
    assert said.count(f"; version {version[:12]}") == 1
    assert f"pages of version {version[:12]}" in said


def test_a_language_that_nobody_wrote_is_told_section_by_section(tmp_path: Path) -> None:
    """Begun in Tamil, the pack warns of each English section, so that nobody takes it for translated."""
    begun = run("thinktwice campaign new x-lk --jurisdiction LK --locale ta --contacts contacts", tmp_path)
    assert begun.returncode == 0, begun.stderr
    checked = run("thinktwice campaign check x-lk --contacts contacts --strict", tmp_path)
    assert checked.returncode == 1
    assert checked.stderr.count("still says the English words; translate them") >= 18
    assert "no list of phrases never to say exists for ta" in checked.stderr
    assert "customers in LK see no number" in checked.stderr


def test_nothing_that_exists_is_overwritten(tmp_path: Path) -> None:
    """A folder, a code that is none and an unknown kind of scam are refused with what would be right."""
    (tmp_path / "there").mkdir()
    for words, said in [
        ("there --jurisdiction MY", "exists already"),
        ("new-one --jurisdiction XX1", "no ISO 3166 alpha-2 code"),
        ("new-one --jurisdiction MY --typology invest", "did you mean investment?"),
        ("new-one --jurisdiction MY --locale malay!", "is no language tag"),
        ("New_One! --jurisdiction MY", "the folder's name is the pack's id"),
    ]:
        refused = run(f"thinktwice campaign new {words}", tmp_path)
        assert refused.returncode == 2, words
        assert said in refused.stderr
