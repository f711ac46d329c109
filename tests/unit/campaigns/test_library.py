"""A library is whole or refused, ordered by priority, and gives packs out under their own version only."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tests.support.packs import TODAY, copy_pack, read, replace_in, said, shipped_registry
from thinktwice.campaigns.library import Library, load_library, policy_of, shipped_packs
from thinktwice.campaigns.pack import Pack
from thinktwice.campaigns.version import version_hash
from thinktwice.contacts.loading import shipped_contacts
from thinktwice.errors import InputError, NotFoundError
from thinktwice.records.catalogue import CATALOGUE


def load(folder: Path) -> Library:
    return load_library(folder, shipped_contacts(), TODAY, CATALOGUE, currency="USD")


def test_policies_come_by_priority_then_id() -> None:
    """What may be a thief is asked first, then the look-alike pack, the generic one last."""
    library = load(shipped_packs())
    names = [policy.id for policy in library.policies]
    jurisdictions = ["ae-anti-scam", "gb-anti-scam", "hk-joint-anti-scam", "mo-anti-scam", "sg-anti-scam"]
    assert names == ["account-takeover", "lookalike", *jurisdictions, "new-destination"]
    assert [policy.id for policy in library.policies if policy.is_unauthorised] == ["account-takeover"]


def test_equal_priorities_come_by_id(tmp_path: Path) -> None:
    """Where priorities are equal the order is that of the ids, so that it never depends on the disk."""
    for name in ("new-destination", "lookalike"):
        copy_pack(tmp_path, name)
    replace_in(tmp_path / "new-destination/campaign.yaml", "priority: 10 ", "priority: 100 ")
    assert [policy.id for policy in load(tmp_path).policies] == ["lookalike", "new-destination"]


def test_a_policy_says_what_the_release_says() -> None:
    """Nothing is lost between the files and what decisions read."""
    policy = next(policy for policy in load(shipped_packs()).policies if policy.id == "hk-joint-anti-scam")
    assert policy.starts_at == datetime(2026, 10, 31, 16, tzinfo=UTC)
    assert (policy.holdout, policy.arms, policy.experiment) == (Decimal("0.10"), {"a": 1, "b": 1}, "hk-pilot-2026")
    assert policy.hold is not None
    assert policy.hold.hours == 24


def test_arms_keep_the_order_of_the_campaign(tmp_path: Path) -> None:
    """Assignment depends on the order of arms, which is that of campaign.yaml, however weights are listed."""
    folder = copy_pack(tmp_path)
    replace_in(folder / "release.yaml", "{a: 1, b: 1}", "{b: 2, a: 1}")
    assert list(load(tmp_path).policies[0].arms.items()) == [("a", 1), ("b", 2)]


def test_a_pack_is_given_out_under_its_version_only() -> None:
    """Words of another version are not shown in its place."""
    library = load(shipped_packs())
    assert library.pack("lookalike", library.versions["lookalike"]).id == "lookalike"
    for name, version in (("lookalike", "0" * 64), ("nothing", library.versions["lookalike"])):
        with pytest.raises(NotFoundError):
            library.pack(name, version)


def test_one_broken_pack_refuses_the_library_with_all_faults(tmp_path: Path) -> None:
    """A campaign is never left out silently."""
    for name in ("new-destination", "lookalike"):
        replace_in(copy_pack(tmp_path, name) / "release.yaml", "holdout: 0\n", "holdout: x\n")
    with pytest.raises(InputError) as raised:
        load(tmp_path)
    assert len(raised.value.faults) == 2


def test_a_shadow_release_is_a_shadow_policy(tmp_path: Path) -> None:
    """``shadow: true`` decides and records and shows nothing."""
    folder = copy_pack(tmp_path)
    (folder / "release.yaml").write_text((folder / "release.yaml").read_text() + "shadow: true\n")
    assert load(tmp_path).policies[0].is_shadow


def test_a_missing_folder_is_a_fault(tmp_path: Path) -> None:
    """A mistyped folder does not mean no campaigns."""
    with pytest.raises(InputError, match="no such folder"):
        load(tmp_path / "none")


def test_a_folder_without_packs_has_no_policy(tmp_path: Path) -> None:
    """An empty folder is an installation without campaigns."""
    assert load(tmp_path).policies == ()


def test_arms_may_try_another_rung_below_ask(tmp_path: Path) -> None:
    """The rung of an arm is part of the version and reaches the decision; above confirm none can be tried."""
    plain = policy_of(read_whole(copy_pack(tmp_path / "a")), "v")
    assert plain.arm_rungs == {}
    folder = copy_pack(tmp_path / "b")
    replace_in(
        folder / "campaign.yaml", "b: {journey: self_check_first}", "b: {journey: self_check_first, rung: inform}"
    )
    trying = read_whole(folder)
    assert policy_of(trying, "v").arm_rungs == {"b": "inform"}
    assert version_hash(trying, shipped_registry(), TODAY) != version_hash(
        read_whole(tmp_path / "a" / "hk-joint-anti-scam"), shipped_registry(), TODAY
    )
    replace_in(folder / "campaign.yaml", "intervention: confirm", "intervention: ask")
    assert "outside every arm" in said(read(folder).faults)


def read_whole(folder: Path) -> Pack:
    pack = read(folder).pack
    assert pack is not None
    return pack
