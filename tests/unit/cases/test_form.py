"""What a request lacks is said field by field, and legal bases are data read strictly."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from pyrage import x25519

from thinktwice.cases.form import RequestForm, lacking, unusable
from thinktwice.cases.identifiers import Identifier
from thinktwice.cases.kinds import KINDS, RULES, Kind
from thinktwice.cases.legal_basis import load_legal_bases
from thinktwice.errors import InputError

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
SHIPPED = Path(__file__).parents[3] / "src" / "thinktwice" / "packs" / "legal_bases"
BASES = load_legal_bases(SHIPPED)
FORM = RequestForm(
    unit="Cyber Security and Technology Crime Bureau",
    officer_name="A. Officer",
    rank="Inspector",
    officer_number="12345",
    supervisor_name="A. Supervisor",
    supervisor_contact="supervisor@example.org",
    case_number="RN26000123",
    offence="Obtaining property by deception",
    legal_basis="production_order",
    instrument_file="file-1",
    signatory="A. Judge",
    legal_entity="Example Exchange Ltd",
    identifiers=(Identifier("account", "a-1"),),
    period_from=date(2026, 11, 1),
    period_until=date(2026, 11, 20),
    zone="Asia/Hong_Kong",
    data_categories=("identity", "withdrawals"),
    necessity="To trace the money of one victim.",
    question="Please add the helpline.",
    delivery_key=str(x25519.Identity.generate().to_public()),
)


def fields(kind: Kind, **changes: Any) -> set[str | None]:
    return {fault.field for fault in lacking(kind, replace(FORM, **changes), "HK", BASES, NOW)}


def test_a_whole_production_request_lacks_nothing() -> None:
    """The worked example of Hong Kong carries it."""
    assert lacking("production", FORM, "HK", BASES, NOW) == ()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"unit": " "}, "unit"),
        ({"supervisor_contact": ""}, "supervisor_contact"),
        ({"identifiers": ()}, "identifiers"),
        ({"legal_basis": ""}, "legal_basis"),
        ({"legal_basis": "nonsense"}, "legal_basis"),
        ({"legal_basis": "crime_exemption"}, "legal_basis"),
        ({"instrument_file": ""}, "instrument_file"),
        ({"signatory": ""}, "signatory"),
        ({"data_categories": ()}, "data_categories"),
        ({"zone": "Mars"}, "zone"),
        ({"zone": "localtime"}, "zone"),
        ({"zone": "Factory"}, "zone"),
        ({"zone": "EST5EDT"}, "zone"),
        ({"period_until": date(2026, 11, 21)}, "period_until"),
        ({"period_from": None}, "period_from"),
        ({"period_from": date(1990, 1, 1)}, "period_from"),
        ({"delivery_key": "age1nonsense"}, "delivery_key"),
        ({"deadline": date(2026, 11, 19)}, "deadline"),
        ({"is_customer_told": False, "deferral_until": date(2026, 12, 1)}, "deferral_reason"),
        ({"is_customer_told": False, "deferral_reason": "ongoing"}, "deferral_until"),
        ({"deferral_reason": "ongoing"}, "is_customer_told"),
        ({"measure_days": 3}, "measure_days"),
        ({"rank": "x" * 201}, "rank"),
        ({"necessity": "a\u202eb"}, "necessity"),
    ],
)
def test_each_missing_or_wrong_field_is_named(changes: dict[str, Any], field: str) -> None:
    """One thing wrong gives one fault, at its field."""
    assert fields("production", **changes) == {field}


def test_a_country_without_a_table_carries_no_instrument() -> None:
    """What counsel did not enter carries nothing."""
    assert {fault.field for fault in lacking("production", FORM, "SG", BASES, NOW)} == {"legal_basis"}


def test_an_empty_draft_may_be_kept_and_no_kind_may_be_submitted_empty() -> None:
    """A draft is as empty as its officer likes."""
    assert unusable(RequestForm()) == ()
    for kind in KINDS:
        assert lacking(kind, RequestForm(), "HK", BASES, NOW)


def test_a_table_sets_the_targets_that_it_names(tmp_path: Path) -> None:
    """Shorter or longer than ours, as the operator says; what it does not name stays ours."""
    text = "country: HK\nstatus: for_counsel\nreply_hours:\n  risk_to_life: 2\n  information: 2160\n"
    (tmp_path / "hk.yaml").write_text(text)
    bases = load_legal_bases(tmp_path)
    assert bases.reply_hours("HK", "risk_to_life") == 2
    assert bases.reply_hours("HK", "information") == 2_160
    assert bases.reply_hours("HK", "production") == RULES["production"].reply_hours
    assert bases.reply_hours("SG", "information") == RULES["information"].reply_hours


def test_what_is_shipped_is_for_counsel() -> None:
    """Nobody here claims that it is right."""
    assert BASES.for_counsel == {"HK"}
    assert (SHIPPED / "template.yaml.example").is_file()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("country: hk\nstatus: for_counsel\n", "country code"),
        ("country: HK\nstatus: reviewed\n", "reviewed_by"),
        ("country: HK\nstatus: for_counsel\nbases: [{id: A}]\n", "bases"),
        ("country: HK\nstatus: for_counsel\nbase: []\n", "bases"),
        ("country: &a HK\n", "anchors"),
        ("country: HK\nstatus: [", "YAML"),
        ("country: HK\nstatus: for_counsel\nreply_hours: {information: 0}\n", "1 to 2160"),
        ("country: HK\nstatus: for_counsel\nreply_hours: {information: 2161}\n", "1 to 2160"),
        ("country: HK\nstatus: for_counsel\nreply_hours: {information: soon}\n", "whole number"),
        ("country: HK\nstatus: for_counsel\nreply_hours: {informations: 8}\n", "did you mean information"),
        ("country: HK\nstatus: for_counsel\nreply_hours: 8\n", "fields"),
    ],
)
def test_a_table_that_cannot_be_used_is_named_with_its_line(tmp_path: Path, text: str, says: str) -> None:
    """And nothing of the folder is taken."""
    (tmp_path / "hk.yaml").write_text(text)
    with pytest.raises(InputError, match=says) as refused:
        load_legal_bases(tmp_path)
    assert all(fault.where and fault.line for fault in refused.value.faults)
