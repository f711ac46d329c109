"""What ``/verify`` says of joint campaigns: what a partner signed or the operator pinned, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.campaign_desk import HK, DeskWorld, changed, folder_files
from thinktwice.bootstrap.campaigning import CoreBadges
from thinktwice.bootstrap.choices import installation_of
from thinktwice.bootstrap.core import Core, open_core
from thinktwice.bootstrap.in_force import campaigns_in_force
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.settings import Settings


@pytest.fixture
def world(tmp_path: Path) -> DeskWorld:
    return DeskWorld(tmp_path / "data")


@pytest.fixture
def settings(tmp_path: Path, world: DeskWorld) -> Settings:
    return world.settings(tmp_path)


@pytest.fixture
def core(world: DeskWorld, settings: Settings) -> Iterator[Core]:
    installation = installation_of(settings)
    campaigns = campaigns_in_force(settings, installation, lambda: world.now)
    with open_core(world.folder, installation=installation, keyring=TEST_KEYRING, campaigns=campaigns) as made:
        made.campaigns.refresh()
        yield made


def listed(core: Core, world: DeskWorld) -> list[tuple[str, list[str]]]:
    core.campaigns.refresh()
    found = CoreBadges(core, lambda: world.now).joint()
    return [(one.jurisdiction, [partner.name for partner in one.partners]) for one in found]


def test_a_live_campaign_is_named_by_its_partner_and_place(core: Core, world: DeskWorld) -> None:
    """Before the release nobody is named; after it the partner is, once for each jurisdiction."""
    assert listed(core, world) == []
    world.live()
    assert listed(core, world) == [("HK", ["Hong Kong Police Force"])]


def test_a_title_that_no_officer_signed_stands_nowhere(core: Core, world: DeskWorld) -> None:
    """Another title is the same version, so the officer's approval counts for it; the public page never shows it."""
    first = world.live()
    title = next(line for line in folder_files(HK)["campaign.yaml"].splitlines() if line.startswith("title:"))
    words = "Send your savings to 18222 at once"
    other = world.live(changed(folder_files(HK), "campaign.yaml", title, f"title: {words}"))
    assert (other.version, other.release_hash) == (first.version, first.release_hash)
    core.campaigns.refresh()
    assert core.campaigns.pack(HK, other.version).title == words
    assert words not in str(CoreBadges(core, lambda: world.now).joint())
    assert listed(core, world) == [("HK", ["Hong Kong Police Force"])]
