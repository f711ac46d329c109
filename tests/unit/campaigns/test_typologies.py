"""The taxonomy of scams: whole, mapped, told in every language; somebody else's acts go to a person and say nothing."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.support.packs import copy_pack, read, replace_in, said
from tests.support.shared_data import shared_data
from thinktwice.campaigns.library import shipped_packs
from thinktwice.campaigns.typologies import (
    is_unauthorised,
    read_taxonomy,
    shipped_typologies,
    taxonomy,
    typology_faults,
)
from thinktwice.errors import InputError
from thinktwice.records.catalogue import CATALOGUE

NAMED = {
    "investment",
    "relationship_investment",
    "romance",
    "job_task",
    "purchase_rental",
    "advance_fee",
    "recovery",
    "bank_impersonation",
    "police_impersonation",
    "government_impersonation",
    "family_emergency",
    "tech_support",
    "business_email",
    "giveaway",
    "phishing",
    "approval_phishing",
    "address_poisoning",
    "p2p_payment_proof",
    "ponzi",
    "extortion",
    "mule_recruitment",
    "cash_courier",
    "account_takeover",
}
"""The kinds that the build list names, two of its pairs written as two kinds."""


def test_every_named_kind_is_there_and_said_to_be_of_one_side() -> None:
    """The taxonomy holds each named kind; whoever acts instead of the customer is unauthorised."""
    assert set(taxonomy()) >= NAMED
    unauthorised = {name for name, one in taxonomy().items() if one.agency == "unauthorised"}
    assert unauthorised == {"phishing", "account_takeover", "sim_swap", "stolen_device"}


@pytest.mark.parametrize("name", sorted(taxonomy()))
def test_each_kind_is_whole(name: str) -> None:
    """One sentence says what it is, three flags show it, a line pre-empts us, and its signals exist."""
    one = taxonomy()[name]
    assert one.definition.endswith(".")
    assert one.definition.count(". ") == 0
    assert len(one.red_flags) == 3
    assert one.preempts
    assert set(one.signals) <= set(CATALOGUE)
    assert one.mitre_f3
    assert one.interpol


def test_every_mapping_is_to_a_published_code_or_name() -> None:
    """Each MITRE code and each INTERPOL name stands in the published taxonomies."""
    with shared_data("reference/fraud_typology_names.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    codes = {row["code"] for row in rows if row["framework"] == "mitre-fraud-framework"}
    names = {row["name"].strip() for row in rows if row["framework"] == "interpol-dwva"}
    for one in taxonomy().values():
        assert set(one.mitre_f3) <= codes, one.id
        assert set(one.interpol) <= names, one.id


def test_definitions_are_our_own() -> None:
    """No definition, flag or name is a sentence of the published taxonomies: they are not read here at all."""
    text = (shipped_typologies() / "taxonomy.yaml").read_text("utf-8")
    assert "http" not in text


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("agency: authorised\n    definition: A prize", "agency: both\n    definition: A prize", "write one of"),
        ("told_as: account_takeover\n  - id: account", "told_as: nobody\n  - id: account", "which is not there"),
        ("id: romance", "id: investment", "is given twice"),
        ("mitre_f3: [T1585]", "mitre_f3: [love]", "write a code of the framework"),
        ("    interpol: [Scam, Crypto ATM]", "    interpoll: [Scam]", "did you mean interpol?"),
    ],
)
def test_a_faulty_taxonomy_is_refused_with_the_line(tmp_path: Path, old: str, new: str, fault: str) -> None:
    """The reader is strict: unknown fields, kinds and codes are faults with file and line."""
    text = (shipped_typologies() / "taxonomy.yaml").read_text("utf-8")
    assert text.count(old) == 1
    path = tmp_path / "taxonomy.yaml"
    path.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(InputError) as refused:
        read_taxonomy(path)
    assert fault in str(refused.value)
    assert "taxonomy.yaml" in str(refused.value)


def test_every_shipped_typology_is_in_the_taxonomy() -> None:
    """Whoever ships a typology says of which kind it is."""
    for folder in shipped_packs().iterdir():
        if (folder / "campaign.yaml").exists():
            pack = read(folder).pack
            assert pack is not None
            assert set(pack.typologies) <= set(taxonomy())


def test_an_operators_own_typology_is_authorised() -> None:
    """What the taxonomy does not know is a scam that deceives a customer."""
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
