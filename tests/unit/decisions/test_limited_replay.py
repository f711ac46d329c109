"""A limited decision says so, and can be derived again from what it stored."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from tests.support.world import World, policy
from thinktwice.decisions.limiter import Limiter
from thinktwice.decisions.replay import replay
from thinktwice.records.campaign import BlastRadius

HK = replace(
    policy("hk"),
    holdout=policy("hk").holdout * 0,
    expected_daily_triggers=24,
    blast_radius=BlastRadius(3, 60, "inform"),
    frequency_cap=None,
)


def test_the_fifth_customer_is_only_informed_and_the_decision_is_derived_again(tmp_path: Path) -> None:
    """Three an hour are allowed: the fourth trips the limit, the fifth is softened; what stood is stored with it, so
    the same campaigns give the same bytes whatever stands now. Test traffic counts nothing.
    """
    world = World(tmp_path, (HK,))
    limiter = world.service._limiter = Limiter()
    assert all(world.decide(is_test=True, customer__id=f"t-{number}").intervention == "confirm" for number in range(9))
    found = [world.decide(customer__id=f"c-{number}") for number in range(6)]
    assert [one.intervention for one in found] == ["confirm"] * 4 + ["inform"] * 2
    assert [one.explanation.circumstances.limited for one in found] == [()] * 4 + [("hk",)] * 2
    assert [one.explanation.reasons[-1] for one in found[4:]] == ["limited"] * 2
    limiter.follow(())
    limiter.take_untold()
    assert all(replay(one, world.campaigns, world.installation).is_same for one in found)
    world.close()
