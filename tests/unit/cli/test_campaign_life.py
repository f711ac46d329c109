"""Files and database are one thing: import, export, diff, publish, stop, and approvals verified offline."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.support.campaign_desk import HK, POLICE, DeskWorld, folder_files
from tests.support.control import APPROVER, OFFICER
from tests.support.pictures import square
from thinktwice.campaigns.content import read_folder
from thinktwice.campaigns.library import shipped_packs
from thinktwice.campaigns.partners import OPERATOR
from thinktwice.cli.main import assemble

RUNNER = CliRunner()


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DeskWorld:
    made = DeskWorld(tmp_path / "data")
    partners = made.write_partners(tmp_path / "partners")
    monkeypatch.setenv("THINKTWICE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("THINKTWICE_PARTNERS_DIR", str(partners))
    return made


def run(*words: str, code: int = 0) -> str:
    result = RUNNER.invoke(assemble(), ["campaign", *words])
    assert result.exit_code == code, result.output
    return result.output


def test_an_export_after_an_import_is_the_files_byte_for_byte(world: DeskWorld, tmp_path: Path) -> None:
    """Every shipped pack survives the way through the database; importing it again changes nothing."""
    for pack in sorted(shipped_packs().iterdir()):
        assert "revision 1" in run("import", str(pack))
        assert "as it was" in run("import", str(pack))
        run("export", pack.name, str(tmp_path / "out"))
        assert read_folder(tmp_path / "out" / pack.name) == read_folder(pack)
    run("export", HK, str(tmp_path / "out"), code=2)  # nothing is overwritten


def test_a_difference_is_one_of_meaning(world: DeskWorld, tmp_path: Path) -> None:
    """Another layout is the same in meaning; another title differs for staff only; another audience is named with both
    readings, and exit 1.
    """
    folder = Path(shutil.copytree(shipped_packs() / HK, tmp_path / HK))
    run("import", str(folder))
    path = folder / "campaign.yaml"
    path.write_text("# a comment\n\n" + path.read_text("utf-8"), "utf-8")
    assert "same in meaning" in run("diff", f"{HK}@1", str(folder))
    text = path.read_text("utf-8")
    title = next(line for line in text.splitlines() if line.startswith("title:"))
    path.write_text(text.replace(title, "title: Something else"), "utf-8")
    said = run("diff", f"{HK}@1", str(folder))
    assert "for staff only: title: " in said
    assert "→ Something else" in said
    assert "same in meaning" not in said
    path.write_text(text.replace("fiat_amount >= 200", "fiat_amount >= 500"), "utf-8")
    said = run("diff", f"{HK}@1", str(folder), "--text", code=1)
    assert "audience: " in said
    assert "+audience: " in said
    assert ">= 500" in said


def test_publish_list_pause_and_stop(world: DeskWorld) -> None:
    """Only what both sides approved begins; the list says where everything stands."""
    out = run("import", str(shipped_packs() / HK), "--submit")
    assert "release 1 in review" in out
    assert "has not approved it" in run("publish", "1", code=2)
    release = world.desk._release(1)
    world.approve(release, OPERATOR, APPROVER, world.approver_key)
    world.approve(release, POLICE, OFFICER, world.officer_key)
    assert "is live" in run("publish", "1")
    assert json.loads(run("list", "--json"))[0]["releases"][0]["state"] == "live"
    assert "release 1: live" in run("list")
    assert "is paused" in run("pause", HK, "--because", "a festival")
    assert "is live" in run("resume", HK)
    run("resume", HK, code=2)
    assert "is paused" in run("pause", HK, "--because", "a festival")
    assert "is shadow" in run("publish", "1", "--shadow")
    assert "is ended" in run("stop", HK, "--because", "enough")
    run("stop", HK, "--because", "again", code=2)
    run("lift", HK, "--because", "none", code=2)


@pytest.mark.parametrize("because", ["", "  "])
@pytest.mark.parametrize("act", ["pause", "stop", "lift"])
def test_a_reason_that_says_nothing_is_refused(world: DeskWorld, act: str, because: str) -> None:
    """What has to be said is said: nothing happens, and the command names the option."""
    release = world.live()
    assert "--because" in run(act, HK, "--because", because, code=2)
    assert world.desk._release(release.id).state == "live"


def test_approvals_verify_here_and_offline(world: DeskWorld, tmp_path: Path) -> None:
    """Exported, they verify with the file of partners alone; one changed digit of the version and they do not."""
    release = world.approved(folder_files(HK))
    said = run("approvals", HK, "--verify", "--export", str(tmp_path / "approvals.json"))
    assert said.count("verified") == 2
    partners = str(tmp_path / "partners")
    assert run("verify", str(tmp_path / "approvals.json"), "--partners", partners).count("verified") == 2
    text = (tmp_path / "approvals.json").read_text("utf-8")
    last = release.version[-1]
    (tmp_path / "forged.json").write_text(text.replace(release.version, release.version[:-1] + "01"[last == "0"]))
    assert "does not hold" in run("verify", str(tmp_path / "forged.json"), "--partners", partners, code=1)
    world.desk.withdraw_partner(OFFICER, HK, release.version, POLICE, "no")
    assert "does not stand: withdrawn" in run("approvals", HK, "--verify")


def test_fingerprints_of_the_pinned_keys_are_printed(world: DeskWorld, tmp_path: Path) -> None:
    """Both sides' keys, each with what its holder reads aloud."""
    said = run("keys", "--partners", str(tmp_path / "partners"))
    assert f"operator {world.approver_key.pinned.fingerprint}" in said
    assert f"{POLICE} {world.officer_key.pinned.fingerprint}" in said


def sheet_of(tmp_path: Path) -> tuple[str, str]:
    """Return what the command says, and the sheet of the Hong Kong pack."""
    out = tmp_path / "sheet.html"
    said = run("preview", str(shipped_packs() / HK), "--sheet", str(out), "--out", str(tmp_path / "page.html"))
    return said, out.read_text("utf-8")


def test_the_sheet_and_the_check_name_the_version_that_gets_signed(world: DeskWorld, tmp_path: Path) -> None:
    """Partners' names and logos are part of a version: both commands read the same file of partners as the desk, and
    the cells show the badge as it will stand, marked until each partner approved.
    """
    run("import", str(shipped_packs() / HK), "--submit")
    release = world.desk._release(1)
    checked = json.loads(run("check", str(shipped_packs() / HK), "--json"))["packs"]
    assert [one["version"] for one in checked] == [release.version]
    said, sheet = sheet_of(tmp_path)
    assert f"pages of version {release.version[:12]}" in said
    assert release.version in sheet
    badge, denied = "Written together with Hong Kong Police Force", "not issued by the police"
    assert badge in sheet
    assert denied not in sheet.split("</section>", 1)[1]
    assert "first screen · en · confirm · light · <strong>not yet approved by Hong Kong Police Force</strong>" in sheet
    assert "Not approved yet by Hong Kong Police Force" in sheet
    page = (tmp_path / "page.html").read_text("utf-8")
    assert badge not in page
    assert denied in page

    world.approve(release, POLICE, OFFICER, world.officer_key)
    _, sheet = sheet_of(tmp_path)
    assert badge in sheet
    assert "ot yet approved" not in sheet
    assert "ot approved yet" not in sheet
    assert badge in (tmp_path / "page.html").read_text("utf-8")


def test_a_sheet_on_paper_shows_the_logo(world: DeskWorld, tmp_path: Path) -> None:
    """What an officer signs on paper holds the picture that stands in the page."""
    partners = tmp_path / "partners"
    (partners / "police.png").write_bytes(square())
    file = partners / "partners.yaml"
    file.write_text(file.read_text("utf-8").replace("    keys:", "    logo: police.png\n    keys:", 1), "utf-8")
    run("preview", str(shipped_packs() / HK), "--sheet", str(tmp_path / "sheet.pdf"))
    assert b"/Subtype /Image" in (tmp_path / "sheet.pdf").read_bytes()
