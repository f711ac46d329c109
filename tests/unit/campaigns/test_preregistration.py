"""A plan stands in its release: read whole or refused, and part of the hash that decisions carry."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.support.packs import copy_pack, read, replace_in, said
from thinktwice.campaigns.pack import Pack
from thinktwice.campaigns.version import release_hash
from thinktwice.records.preregistration import GUARDRAILS

RELEASE = "release.yaml"
SOURCES = "label_sources: [complaint, listing, police]"


def _pack(folder: Path) -> Pack:
    found = read(folder)
    assert found.pack is not None, said(found.faults)
    return found.pack


def test_the_shipped_pilot_has_a_plan(tmp_path: Path) -> None:
    """Hypothesis, owner, population, primary outcome, duration, sources, limit, margins and the harm rule are read."""
    plan = _pack(copy_pack(tmp_path)).release.plan
    assert plan is not None
    assert plan.hypothesis.startswith("Fewer customers")
    assert (plan.primary, plan.days, plan.customers) == ("not_sent", 28, None)
    assert plan.label_sources == ("complaint", "listing", "police")
    assert plan.winsorised_at == Decimal(100000)
    assert plan.margins["genuine_not_sent"] == Decimal("0.01")
    assert set(plan.stop_for_harm) == set(GUARDRAILS) - {"released_early"}


def test_the_simulators_sources_can_be_declared(tmp_path: Path) -> None:
    """Any source of labels may be declared independent, in any order."""
    folder = copy_pack(tmp_path)
    replace_in(folder / RELEASE, SOURCES, "label_sources: [police, customer]")
    plan = _pack(folder).release.plan
    assert plan is not None
    assert plan.label_sources == ("customer", "police")


def test_a_changed_plan_is_another_release(tmp_path: Path) -> None:
    """One changed word of the plan changes the hash of the release; without any plan the hash is that of before."""
    folder = copy_pack(tmp_path)
    first = _pack(folder).release
    replace_in(folder / RELEASE, "owner: fraud-operations", "owner: somebody-else")
    second = _pack(folder).release
    none = replace(first, plan=None)
    assert len({release_hash(one, "v") for one in (first, second, none)}) == 3
    assert release_hash(first, "v") == release_hash(replace(second, plan=first.plan), "v")


WRONG = [
    ("owner: fraud-operations", "owned: x", "plan.owner: is missing"),
    (SOURCES, "label_sources: [alert]", "never independent"),
    ("primary: not_sent ", "primary: clicks ", "not_sent, kept, is_loss"),
    ("baseline: 0.04", "baseline: 1.0", "between 0 and 1"),
    ("winsorised_at: 100000", "winsorised_at: 0", "above 0"),
    ("contacted: 0.01", "calls: 0.01", "is not a field here"),
    ("slow, interrupted, is_loss]", "slow, clicks]", "clicks is not watched"),
    ("days: 28", "days: 2", "from 7 to 730"),
]


@pytest.mark.parametrize(("old", "new", "fault"), WRONG)
def test_a_wrong_plan_is_refused_where_it_is_wrong(tmp_path: Path, old: str, new: str, fault: str) -> None:
    """Each mistake is a fault that says what would be right."""
    folder = copy_pack(tmp_path)
    line = replace_in(folder / RELEASE, old, new)
    found = [str(one) for one in read(folder).faults]
    assert any(fault in one for one in found), found
    assert line
