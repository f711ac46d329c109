"""Patterns of somebody else's acts go to a person and say nothing."""

from __future__ import annotations

from pathlib import Path

from tests.support.packs import copy_pack, read, replace_in, said
from thinktwice.campaigns.library import shipped_packs
from thinktwice.campaigns.typologies import TYPOLOGIES, is_unauthorised, typology_faults


def test_every_shipped_typology_is_in_the_table() -> None:
    """Whoever ships a typology says of which kind it is."""
    for folder in shipped_packs().iterdir():
        if (folder / "campaign.yaml").exists():
            pack = read(folder).pack
            assert pack is not None
            assert set(pack.typologies) <= set(TYPOLOGIES)


def test_an_operators_own_typology_is_authorised() -> None:
    """What the table does not know is a scam that deceives a customer."""
    assert not is_unauthorised(["our_own", "investment"])
    assert is_unauthorised(["account_takeover"])


def test_somebody_elses_acts_are_referred_on_every_channel() -> None:
    """Any weaker rung, or a mixture of both kinds, is a fault at its field."""
    fields = [field for field, _ in typology_faults(("account_takeover", "investment"), "confirm", "hold")]
    assert fields == ["typologies", "intervention", "no_screen"]
    assert list(typology_faults(("account_takeover",), "refer", "refer")) == []
    assert list(typology_faults(("investment",), "confirm", "notice")) == []


def test_a_pack_that_would_show_it_is_refused(tmp_path: Path) -> None:
    """The fault names file, line and field."""
    folder = copy_pack(tmp_path, "account-takeover")
    line = replace_in(folder / "campaign.yaml", "intervention: refer ", "intervention: confirm ")
    assert f"campaign.yaml:{line}: intervention: write refer" in said(read(folder).faults)
