"""Which releases hold the plan, and what is declared of a campaign that has ended."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.campaign_desk import HK, DeskWorld, changed, folder_files
from tests.support.control import APPROVER, NOON
from thinktwice.bootstrap.campaign_source import CampaignSource
from thinktwice.bootstrap.choices import Campaigns, installation_of
from thinktwice.bootstrap.declaring import Declaring
from thinktwice.campaigns.archive import VersionArchive
from thinktwice.campaigns.merging import Files
from thinktwice.measurement.analysis.plan import check_plan
from thinktwice.measurement.analysis.records import Declared, VersionSeen
from thinktwice.settings import load_settings

CAMPAIGN = "campaign.yaml"
RELEASE = "release.yaml"


class Operator:
    """An operator who releases through the desk, and what is in force each time."""

    def __init__(self, folder: Path) -> None:
        self.world = DeskWorld(folder / "data")
        partners = folder / "partners"
        partners.mkdir()
        key, own = self.world.officer_key, self.world.approver_key
        (partners / "partners.yaml").write_text(
            "partners:\n  - id: hk-police-cstcb\n    name: Hong Kong Police Force\n    keys:\n"
            f"      - {key.as_yaml()}\noperator:\n  keys:\n    - {own.as_yaml()}\n",
            "utf-8",
        )
        settings = load_settings(data=self.world.folder, partners_dir=partners)
        self.source = CampaignSource(settings, installation_of(settings), lambda: self.world.now)
        self.seen: list[VersionSeen] = []

    def declared(self) -> Declared:
        return Declaring(self.source, self.world.control)()[HK]

    def decide(self) -> Campaigns:
        """Archive what is in force, as a deciding process does, and let it trigger once."""
        campaigns = self.source.load()
        VersionArchive(self.world.control).keep((campaigns.library,), self.world.now)
        policy = next(one for one in campaigns.library.policies if one.id == HK)
        at, hashes = NOON + timedelta(hours=len(self.seen)), {"version": policy.version, "release": policy.release}
        self.seen.append(VersionSeen(campaign=HK, first_at=at, last_at=at, triggers=1, **hashes))
        return campaigns

    def release(self, files: Files) -> None:
        self.world.live(files)
        self.decide()

    def standing(self) -> str:
        assert len({one.release for one in self.seen}) == len(self.seen), "nothing changed"
        return check_plan(self.declared(), self.seen, NOON + timedelta(days=1)).standing


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path)


def priority(files: Files) -> Files:
    """Another place in the queue, which makes another version."""
    return changed(files, CAMPAIGN, "priority: 50 ", "priority: 51 ")


def cap(files: Files) -> Files:
    """Another rule of the release beside the plan."""
    (line,) = [one for one in files[RELEASE].splitlines() if one.startswith("expected_daily_triggers:")]
    return changed(files, RELEASE, line, "expected_daily_triggers: 4321")


def plan(files: Files) -> Files:
    """Another plan."""
    return changed(files, RELEASE, "owner: fraud-operations", "owner: somebody-else")


@pytest.mark.parametrize(("change", "standing"), [(priority, "preregistered"), (cap, "preregistered"), (plan, "late")])
def test_only_another_plan_reads_as_another_plan(
    operator: Operator, change: Callable[[Files], Files], standing: str
) -> None:
    """A release changed for another reason leaves the experiment preregistered; one with another plan does not."""
    operator.release(folder_files(HK))
    operator.release(change(folder_files(HK)))
    assert operator.standing() == standing


def test_a_contact_that_moves_on_keeps_the_plan(operator: Operator) -> None:
    """A contact expires under a live release, which gives it another version and hash: the plan is still the same."""
    operator.release(folder_files(HK))
    operator.world.now += timedelta(days=400)
    operator.decide()
    assert operator.standing() == "preregistered"


def test_a_pack_of_the_folder_counts_beside_its_releases(operator: Operator) -> None:
    """What ran from the folder before the first release of the same plan belongs to the same experiment."""
    operator.decide()
    operator.release(priority(folder_files(HK)))
    assert operator.standing() == "preregistered"


def test_an_ended_campaign_still_says_what_it_declared(operator: Operator) -> None:
    """After the end there is a report, by the release that ran last."""
    operator.release(folder_files(HK))
    before = operator.declared()
    operator.world.desk.stop(APPROVER, HK, "over")
    assert HK not in operator.source.load().library.packs
    assert replace(operator.declared(), releases=None) == replace(before, releases=None)
