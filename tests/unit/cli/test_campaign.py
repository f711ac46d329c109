"""``campaign check`` explains every fault; ``campaign preview`` writes the pages that customers would see."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.support.packs import copy_pack, read, replace_in, word_arm
from thinktwice.campaigns.library import shipped_packs
from thinktwice.cli.campaign import app
from thinktwice.contacts.loading import shipped_contacts


def run(*words: str | Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(word) for word in words])
    return result.exit_code, result.stdout, result.stderr


def test_shipped_packs_are_good() -> None:
    """The folder of the shipped packs is checked whole and ends with 0, one line a pack."""
    code, out, err = run("check", shipped_packs())
    assert code == 0
    names = sorted(path.name for path in shipped_packs().iterdir() if path.is_dir())
    assert [line.split(":")[0] for line in out.splitlines()] == names
    assert all(line.startswith("open: ") for line in err.splitlines())
    assert run("check", shipped_packs(), "--strict")[0] == 0
    assert {line.split(": ")[1].split(";")[0] for line in out.splitlines()} == {"draft"}


def test_a_warning_fails_under_strict_only(tmp_path: Path) -> None:
    """Without --strict a doubt is told and the command ends with 0; with it the answer is no."""
    folder = copy_pack(tmp_path)
    replace_in(folder / "release.yaml", "weights: {a: 1, b: 1}", "weights: {a: 1, b: 0}")
    code, out, err = run("check", folder)
    assert code == 0
    assert "hk-joint-anti-scam: warned;" in out
    assert "warning: " in err
    assert run("check", folder, "--strict")[0] == 1


def test_a_check_of_a_day_to_come_fails_under_strict(tmp_path: Path) -> None:
    """A contact that was checked tomorrow a year was not checked: it is named with its line, and --strict says no."""
    contacts = tmp_path / "contacts"
    shutil.copytree(shipped_contacts(), contacts)
    text = (contacts / "hk.yaml").read_text("utf-8")
    day = datetime.now(UTC).date() + timedelta(days=300)
    later = text.replace("last_verified: 2026-11-01", f"last_verified: {day}", 1)
    (contacts / "hk.yaml").write_text(
        later.replace("expires: 2027-05-01", f"expires: {day + timedelta(days=9)}", 1), "utf-8"
    )
    code, _, err = run("check", shipped_packs() / "hk-joint-anti-scam", "--contacts", contacts, "--strict")
    assert code == 1
    assert re.search(r"warning: .*hk\.yaml:[0-9]+: .*\.last_verified: is a day to come", err), err


def test_a_shipped_draft_names_its_open_points() -> None:
    """Reviews, approvals and calls that are still to be made are told with file and line, and as data."""
    code, out, err = run("check", shipped_packs() / "ae-anti-scam", "--strict", "--json")
    assert (code, err) == (0, "")
    (pack,) = json.loads(out)["packs"]
    assert (pack["state"], pack["faults"], pack["warnings"]) == ("draft", [], [])
    assert {"reviewed", "dubai-police.called_back"} <= {one["field"] for one in pack["open"]}
    assert all(one["file"] for one in pack["open"])


def test_the_reviewers_checklist_is_printed() -> None:
    """What no pattern finds is asked of a reviewer, one question a line."""
    code, out, _ = run("check", "--checklist")
    assert code == 0
    assert len(out.splitlines()) == 10
    assert all(line.startswith("[ ] ") and line.endswith("?") for line in out.splitlines())


def test_each_fault_is_one_line_with_file_and_line(tmp_path: Path) -> None:
    """Faults go to standard error as ``file:line: field: message``, and the command ends with 2."""
    folder = copy_pack(tmp_path)
    line = replace_in(folder / "release.yaml", "holdout: 0.10", "holdout: 2")
    replace_in(folder / "campaign.yaml", "priority: 50 ", "priorty: 50 ")
    code, out, err = run("check", folder)
    assert (code, out) == (2, "")
    assert f"{folder}/release.yaml:{line}: holdout: write a number from 0 to 0.5, such as 0.10" in err
    assert "priorty: is not a field here; did you mean priority?" in err


def test_faults_come_as_json(tmp_path: Path) -> None:
    """With ``--json`` the same faults are data."""
    folder = copy_pack(tmp_path)
    line = replace_in(folder / "release.yaml", "holdout: 0.10", "holdout: 2")
    code, out, _ = run("check", folder, "--json")
    assert code == 2
    (pack,) = json.loads(out)["packs"]
    assert (pack["version"], pack["faults"][0]["line"], pack["faults"][0]["field"]) == (None, line, "holdout")


def test_a_folder_without_packs_is_no_success(tmp_path: Path) -> None:
    """An empty or missing folder is a fault, not an empty answer."""
    assert run("check", tmp_path)[0] == 2
    assert run("check", tmp_path / "none")[0] == 2


@pytest.mark.parametrize("name", ["hk-joint-anti-scam", "lookalike", "new-destination"])
@pytest.mark.parametrize("locale", ["en", "zh-Hant"])
def test_a_preview_is_the_page_in_one_file(tmp_path: Path, name: str, locale: str) -> None:
    """Each pack and language gives its three pages and its notice, with nothing loaded from elsewhere."""
    out = tmp_path / "p.html"
    code, said, _ = run("preview", shipped_packs() / name, "--locale", locale, "--out", out)
    assert code == 0
    assert len(said.splitlines()) == 4
    message = read(shipped_packs() / name).pack.messages[locale]  # type: ignore[union-attr]  # shipped packs are good
    assert message.headline in out.read_text("utf-8")
    for page in ("p.html", "p-signs.html", "p-continue.html", "p-notice.html"):
        html = (tmp_path / page).read_text("utf-8")
        assert (message.safe_action in html) == (page != "p-notice.html")
        assert 'src="http' not in html
        assert 'stylesheet" href="data:text/css;base64,' in html


def test_a_preview_is_of_one_arm(tmp_path: Path) -> None:
    """With ``--arm`` the page says and orders what that arm does; one that the pack lacks is refused."""
    pack, out = copy_pack(tmp_path), tmp_path / "p.html"
    word_arm(pack, "en.b", "## headline\n\nStop for one minute\n")
    assert run("preview", pack, "--out", out)[0] == 0
    assert "Stop for one minute" not in out.read_text("utf-8")
    assert run("preview", pack, "--out", out, "--arm", "b")[0] == 0
    html = out.read_text("utf-8")
    assert "<h1>Stop for one minute</h1>" in html
    assert html.index('class="self_check"') < html.index('class="story"')
    code, _, err = run("preview", pack, "--out", out, "--arm", "c")
    assert (code, "the pack has no arm c; it has a, b" in err) == (2, True)


def test_a_preview_in_a_language_the_pack_has_not_is_refused(tmp_path: Path) -> None:
    """The languages that the pack has are named."""
    code, _, err = run("preview", shipped_packs() / "lookalike", "--locale", "fr", "--out", tmp_path / "p.html")
    assert code == 2
    assert "the pack has no fr; it has " in err


def test_hong_kong_sees_its_help_line_and_an_unknown_place_no_number(tmp_path: Path) -> None:
    """The contacts of the preview are those of the jurisdiction."""
    run("preview", shipped_packs() / "hk-joint-anti-scam", "--out", tmp_path / "hk.html")
    assert "18222" in (tmp_path / "hk.html").read_text("utf-8")
    run("preview", shipped_packs() / "new-destination", "--out", tmp_path / "de.html", "--jurisdiction", "DE")
    html = (tmp_path / "de.html").read_text("utf-8")
    assert "tel:" not in html
    assert "local police" in html
