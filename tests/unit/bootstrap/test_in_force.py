"""What is in force in a running process: from folders and database, swapped whole, at once."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.campaign_desk import HK, POLICE, DeskWorld, changed, folder_files
from tests.support.control import APPROVER, NOON, OFFICER, SECOND
from thinktwice.bootstrap import in_force
from thinktwice.bootstrap.campaign_source import CampaignSource
from thinktwice.bootstrap.choices import installation_of
from thinktwice.bootstrap.in_force import FOLDER_EVERY, CampaignsInForce
from thinktwice.campaigns.archive import VersionArchive
from thinktwice.campaigns.badge import Badges, Showing
from thinktwice.campaigns.limiting import lift
from thinktwice.decisions.limiter import Limiter
from thinktwice.errors import InputError, NotFoundError
from thinktwice.settings import Settings


class Process:
    """One process's view of the installation, looked at by hand instead of by its thread."""

    def __init__(self, world: DeskWorld, settings: Settings) -> None:
        source = CampaignSource(settings, installation_of(settings), lambda: world.now)
        self.source = source
        self.campaigns = CampaignsInForce(source.load(), source)
        self.campaigns.follow(world.control, VersionArchive(world.control), world.ledger)
        self.campaigns.refresh()

    def live(self) -> dict[str, str]:
        return {policy.id: policy.version for policy in self.campaigns.live.policies if not policy.is_shadow}


@pytest.fixture
def world(tmp_path: Path) -> DeskWorld:
    return DeskWorld(tmp_path / "data")


@pytest.fixture
def settings(tmp_path: Path, world: DeskWorld) -> Settings:
    return world.settings(tmp_path)


@pytest.fixture
def process(world: DeskWorld, settings: Settings) -> Iterator[Process]:
    made = Process(world, settings)
    yield made
    made.campaigns.close()


def test_a_release_is_in_force_at_the_next_look_and_gone_after_a_stop(world: DeskWorld, process: Process) -> None:
    """The folder's pack first, then the release of other words, then neither; the others stay all the time."""
    from_folder = process.live()
    files = changed(folder_files(HK), "campaign.yaml", "fiat_amount >= 200", "fiat_amount >= 300")
    release = world.live(files)
    assert process.campaigns.refresh()
    assert process.live() == {**from_folder, HK: release.version}
    assert process.live()[HK] != from_folder[HK]
    world.desk.stop(SECOND, HK, "enough")
    assert process.campaigns.refresh()
    assert process.live() == {name: version for name, version in from_folder.items() if name != HK}
    assert not process.campaigns.refresh()


def test_words_of_a_version_that_is_over_can_still_be_asked_for(world: DeskWorld, process: Process) -> None:
    """A batch that began before a swap finds the words and languages of the policies it took."""
    policy = next(one for one in process.campaigns.live.policies if one.id == HK)
    world.desk.stop(SECOND, HK, "enough")
    process.campaigns.refresh()
    assert process.campaigns.choose_locale("zh-Hant-HK", policy) == "zh-Hant"
    assert process.campaigns.pack(HK, policy.version).id == HK
    with pytest.raises(NotFoundError):
        process.campaigns.pack(HK, "0" * 64)


def test_a_pack_of_the_folder_is_stopped_and_does_not_come_back(
    world: DeskWorld, process: Process, settings: Settings
) -> None:
    """Neither at the next look nor in a process that starts later, whatever the folder holds."""
    world.desk.stop(SECOND, HK, "harm")
    process.campaigns.refresh()
    assert HK not in process.live()
    later = Process(world, settings)
    assert HK not in later.live()
    later.campaigns.close()


def test_shadow_records_and_answers_nothing(world: DeskWorld, process: Process) -> None:
    """A release in shadow is a policy of its own kind, and no longer the folder's live one."""
    world.desk.go_live(APPROVER, world.approved().id, is_shadow=True)
    process.campaigns.refresh()
    assert [policy.is_shadow for policy in process.campaigns.live.policies if policy.id == HK] == [True]


def test_a_changed_folder_is_read_again_and_a_broken_one_is_not_taken(process: Process, settings: Settings) -> None:
    """Editing a file takes effect; half an edit leaves what was in force, and says so."""
    assert settings.campaigns_dir is not None
    path = settings.campaigns_dir / HK / "campaign.yaml"
    before = process.live()
    path.write_text(path.read_text("utf-8").replace("fiat_amount >= 200", "fiat_amount >= 250"), "utf-8")
    looked = [process.campaigns.refresh() for _ in range(FOLDER_EVERY)]
    assert any(looked)
    assert process.live()[HK] != before[HK]
    good = process.live()
    path.write_text("id: [", "utf-8")
    process.campaigns.start()
    deadline = time.monotonic() + 20
    while process.campaigns.trouble is None and time.monotonic() < deadline:
        time.sleep(0.05)
    assert "campaign.yaml" in (process.campaigns.trouble or "")
    assert process.live() == good


def test_a_new_day_hides_what_expired(world: DeskWorld, process: Process) -> None:
    """An expired contact makes another version, without anybody doing anything."""
    before = process.live()
    world.now = NOON + timedelta(days=3650)
    assert any(process.campaigns.refresh() for _ in range(FOLDER_EVERY))
    assert process.live()[HK] != before[HK]


def test_an_expired_contact_gives_a_release_another_version_and_goes_on_warning(
    world: DeskWorld, process: Process
) -> None:
    """Words and reach were approved; only the contacts moved on. It is archived under its own hash."""
    release = world.live()
    process.campaigns.refresh()
    assert process.live()[HK] == release.version
    world.now = NOON + timedelta(days=3650)
    assert any(process.campaigns.refresh() for _ in range(FOLDER_EVERY))
    drifted = process.live()[HK]
    assert drifted != release.version
    assert VersionArchive(world.control).version(HK, drifted).id == HK


def test_words_changed_in_the_database_are_not_in_force(world: DeskWorld, process: Process, settings: Settings) -> None:
    """A live release whose stored files are not those that were approved goes on as approved where it runs, and is
    not in force in a process that starts later, which says why.
    """
    release = world.live()
    process.campaigns.refresh()
    with closing(sqlite3.connect(world.control)) as connection, connection:
        (files,) = connection.execute("SELECT files FROM campaign_release").fetchone()
        forged = files.replace("fiat_amount >= 200", "fiat_amount >= 999999")
        connection.execute("UPDATE campaign_release SET files = ?", [forged])
    process.campaigns.refresh()
    assert process.live()[HK] == release.version
    later = Process(world, settings)
    assert HK not in later.live()
    assert "not those that were approved" in (later.campaigns.trouble or "")
    later.campaigns.close()


def test_limits_are_written_down_and_lifted_by_staff(world: DeskWorld, process: Process) -> None:
    """What trips in the deciding process is where staff see it; what they lift counts afresh here."""
    policy = next(one for one in process.campaigns.live.policies if one.id == HK)
    limiter: Limiter = process.campaigns.limiter
    for _ in range(51):
        limiter.count(policy, NOON)
    assert limiter.limited() == (HK,)
    process.campaigns.refresh()
    assert limiter.limited() == (HK,)
    with world.ledger.reading() as connection:
        row = connection.execute("SELECT campaign, triggers, allowed, drops_to FROM campaign_limit").fetchone()
    assert row == (HK, 51, 50, "inform")
    lift(world.ledger, SECOND, HK, "a festival")
    assert process.campaigns.refresh()
    assert limiter.limited() == ()


def test_a_limit_stands_in_a_process_that_starts_later(world: DeskWorld, process: Process, settings: Settings) -> None:
    """A restart is no way around a limit."""
    policy = next(one for one in process.campaigns.live.policies if one.id == HK)
    for _ in range(51):
        process.campaigns.limiter.count(policy, NOON)
    process.campaigns.refresh()
    later = Process(world, settings)
    assert later.campaigns.limiter.limited() == (HK,)
    later.campaigns.close()


def test_a_live_badge_is_of_the_release(world: DeskWorld, process: Process) -> None:
    """The partner's key in the folder is the one that counts here too."""
    release = world.live()
    world.desk.withdraw_partner(OFFICER, HK, release.version, POLICE, "no")
    process.campaigns.refresh()
    assert process.live()[HK] == release.version  # without its badge, and still a warning


def stands(world: DeskWorld, process: Process, version: str) -> bool:
    """Whether the badge stands in this process, as its pages ask."""
    showing = Showing(contacts=world.contacts, jurisdiction="HK", today=world.today)
    return bool(Badges(world.control, lambda: process.source.partners).shown(HK, version, showing))


def looked(process: Process) -> None:
    """Let the process look as often as it does within a second, whatever cannot be read."""
    for _ in range(FOLDER_EVERY):
        process.campaigns.look()


ENDS: dict[str, Callable[[Path, str], object]] = {
    "no partner at all": lambda file, _: file.write_text("partners: []\n", "utf-8"),
    "the version withdrawn in the file": lambda file, version: file.write_text(
        file.read_text("utf-8").replace("    keys:", f"    withdrawn: [{version}]\n    keys:", 1), "utf-8"
    ),
    "an unknown field": lambda file, _: file.write_text(file.read_text("utf-8") + "colour: blue\n", "utf-8"),
    "no YAML": lambda file, _: file.write_text("partners: [", "utf-8"),
    "the file deleted": lambda file, _: file.unlink(),
    "the folder gone": lambda file, _: shutil.rmtree(file.parent),
}


@pytest.mark.parametrize("is_pack_broken", [False, True])
@pytest.mark.parametrize("what", ENDS)
def test_a_change_of_the_file_of_partners_counts_whatever_else_has_a_fault(
    world: DeskWorld, process: Process, settings: Settings, what: str, is_pack_broken: bool
) -> None:
    """The badge is gone at the next look; the warning goes on; a fault of the file is told until it is mended."""
    assert settings.partners_dir is not None
    assert settings.campaigns_dir is not None
    version = world.live().version
    looked(process)
    assert stands(world, process, version)
    file, pack = settings.partners_dir / "partners.yaml", settings.campaigns_dir / HK / "campaign.yaml"
    before = file.read_text("utf-8")
    if is_pack_broken:
        pack.write_text("id: [", "utf-8")
    ENDS[what](file, version)
    looked(process)
    assert not stands(world, process, version)
    assert HK in process.live()
    assert ("partners" in (process.campaigns.trouble or "")) is (what not in list(ENDS)[:2])
    assert ("campaign.yaml" in (process.campaigns.trouble or "")) is is_pack_broken
    file.parent.mkdir(exist_ok=True)
    file.write_text(before, "utf-8")
    looked(process)
    assert stands(world, process, version)
    assert "partners" not in (process.campaigns.trouble or "")


def test_a_disk_that_is_full_keeps_no_badge(
    world: DeskWorld, process: Process, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a limit that tripped cannot be written down, a key taken out of the file still counts."""
    assert settings.partners_dir is not None
    version = world.live().version
    looked(process)

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(in_force, "trip", full)
    policy = next(one for one in process.campaigns.live.policies if one.id == HK)
    for _ in range(51):
        process.campaigns.limiter.count(policy, NOON)
    (settings.partners_dir / "partners.yaml").write_text("partners: []\n", "utf-8")
    looked(process)
    assert "full" in (process.campaigns.trouble or "")
    assert not stands(world, process, version)


def test_a_process_starts_without_the_file_of_partners_and_says_so(
    world: DeskWorld, process: Process, settings: Settings
) -> None:
    """Customers are warned, nobody is a partner, and what checks packs refuses until the file is mended."""
    assert settings.partners_dir is not None
    version = world.live().version
    (settings.partners_dir / "partners.yaml").unlink()
    later = Process(world, settings)
    assert HK in later.live()
    assert not stands(world, later, version)
    assert "partners.yaml" in (later.campaigns.trouble or "")
    with pytest.raises(InputError, match=r"partners\.yaml"):
        later.source.around()
    later.campaigns.close()
