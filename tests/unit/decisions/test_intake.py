"""What arrives is normalised once, and what is wrong with it is named."""

from __future__ import annotations

import contextlib
import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.world import START, request
from thinktwice.decisions.intake import Intake
from thinktwice.errors import InputError
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.records.installation import Installation

INTAKE = Intake(
    Installation(attributes={"tier": "text", "limit": "money", "tags": "texts", "score": "integer"}), TEST_KEYRING
)


def read(body: dict[str, Any]) -> Any:
    return INTAKE.withdrawal(json.dumps(body).encode(), now=START)


def fields_of(error: InputError) -> set[str | None]:
    return {fault.field for fault in error.faults}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount": "-1"}, "amount"),
        ({"amount": "NaN"}, "amount"),
        ({"amount": "Infinity"}, "amount"),
        ({"amount": "1e400"}, "amount"),
        ({"amount": "1e-400"}, "amount"),
        ({"amount": "0.0000000000000000001"}, "amount"),
        ({"amount": "123456789012345678901"}, "amount"),
        ({"amount": []}, "amount"),
        ({"fiat_amount": "-0.01"}, "fiat_amount"),
        ({"fiat_currency": "EUR"}, "fiat_currency"),
        ({"initiated_at": "2026-11-20T12:00:00"}, "initiated_at"),
        ({"initiated_at": (START + timedelta(minutes=6)).isoformat()}, "initiated_at"),
        ({"initiated_at": "1999-01-01T00:00:00Z"}, "initiated_at"),
        ({"initiated_at": "yesterday"}, "initiated_at"),
        ({"customer__jurisdiction": "UK"}, "customer.jurisdiction"),
        ({"customer__jurisdiction": "hk"}, "customer.jurisdiction"),
        ({"customer__jurisdiction": ""}, "customer.jurisdiction"),
        ({"customer__id": ""}, "customer.id"),
        ({"customer__id": "a\u0000b"}, "customer.id"),
        ({"customer__id": "x" * 257}, "customer.id"),
        ({"customer__locale": "zh_Hant"}, "customer.locale"),
        ({"customer__locale": "x" * 200}, "customer.locale"),
        ({"customer__age_band": "74"}, "customer.age_band"),
        ({"customer__nickname": "n"}, "customer.nickname"),
        ({"network": "etherium"}, "network"),
        ({"asset": "US DT"}, "asset"),
        ({"destination__address": ""}, "destination.address"),
        ({"destination__address": "0x" + "1" * 500}, "destination.address"),
        ({"destination__address": "a\nb"}, "destination.address"),
        ({"withdrawal_id": "w 1"}, "withdrawal_id"),
        ({"withdrawal_id": ""}, "withdrawal_id"),
        ({"attempt": 0}, "attempt"),
        ({"attempt": "1"}, "attempt"),
        ({"channel": "phone"}, "channel"),
        ({"surprise": 1}, "surprise"),
        ({"session__risk_flags": ["ok", "\u202e"]}, "session.risk_flags[1]"),
        ({"session__risk_flags": [None]}, "session.risk_flags[0]"),
        ({"account__fiat_balance": "NaN"}, "account.fiat_balance"),
        ({"attributes": {"unknown": 1}}, "attributes.unknown"),
        ({"attributes": {"limit": "1.00001"}}, "attributes.limit"),
        ({"attributes": {"score": True}}, "attributes.score"),
        ({"attributes": {"score": 1.5}}, "attributes.score"),
    ],
)
def test_a_fault_names_its_field(change: dict[str, Any], field: str) -> None:
    """Each unusable value is refused under the dotted name of its field."""
    with pytest.raises(InputError) as refused:
        read(request(**change))
    assert field in fields_of(refused.value)


def test_all_faults_are_told_at_once() -> None:
    """Three wrong fields, three faults."""
    with pytest.raises(InputError) as refused:
        read(request(amount="-1", customer__jurisdiction="XX", network="nowhere"))
    assert fields_of(refused.value) == {"amount", "customer.jurisdiction", "network"}


@pytest.mark.parametrize("missing", ["withdrawal_id", "initiated_at", "customer", "asset", "network", "amount"])
def test_a_required_field_is_named_when_missing(missing: str) -> None:
    """The fault names the field that is not there."""
    body = request()
    del body[missing]
    with pytest.raises(InputError) as refused:
        read(body)
    assert fields_of(refused.value) == {missing}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"\xff\xfe",
        b'{"withdrawal_id": "\\ud800"}',
        b"[" * 100_000,
        b'{"a":' * 9 + b"1" + b"}" * 9,
        b'{"withdrawal_id": "' + b"x" * 70_000 + b'"}',
    ],
)
def test_what_is_no_request_is_refused_calmly(body: bytes) -> None:
    """Malformed, oversized, too deep or surrogate-ridden bodies raise InputError and nothing else."""
    with pytest.raises(InputError):
        INTAKE.withdrawal(body, now=START)


def test_a_string_that_nobody_ends_is_looked_at_once() -> None:
    """A search that began again at each quote inside would keep a worker busy for minutes with one batch."""
    with pytest.raises(InputError, match="malformed JSON"):
        INTAKE.withdrawal(b'"' + b'\\"[' * 1_000, now=START)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_intake(body: bytes) -> None:
    """Arbitrary bytes are refused with an InputError."""
    with pytest.raises(InputError):
        INTAKE.withdrawal(body, now=START)


@given(st.text(max_size=40))
def test_no_text_in_any_field_breaks_the_intake(text: str) -> None:
    """Arbitrary text in a text field is either taken or refused with an InputError."""
    for field in ("customer__id", "asset", "network", "destination__address", "destination__memo", "withdrawal_id"):
        with contextlib.suppress(InputError):
            read(request(**{field: text}))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"amount": "12.0"}, {"amount": "12.00"}),
        ({"amount": "12"}, {"amount": 12}),
        ({"initiated_at": "2026-11-20T12:00:00Z"}, {"initiated_at": "2026-11-20T20:00:00+08:00"}),
        ({"network": "ethereum"}, {"network": "ERC20"}),
        ({"asset": "usdt"}, {"asset": "USDT"}),
        ({"session__risk_flags": ["b", "a"]}, {"session__risk_flags": ["a", "b", "a"]}),
        (
            {"destination__address": "0x25f5AA11bb22cc33dd44ee55ff6600778899b02c"},
            {"destination__address": " 0X25F5aa11bb22cc33dd44ee55ff6600778899b02c"},
        ),
    ],
)
def test_two_spellings_are_one_withdrawal(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Normalisation feeds the digest."""
    assert read(request(**one)).digest == read(request(**other)).digest


def test_the_digest_is_the_one_of_every_earlier_version() -> None:
    """A withdrawal that came before an upgrade is recognised after it; this digest was made by the first version."""
    body = request(
        amount="1200.500",
        fiat_amount="8471.0",
        account__fiat_balance="1e5",
        attributes={"tier": "gold", "limit": "12.50", "tags": ["b", "a"], "score": 3},
        initiated_at="2026-11-20T20:00:00+08:00",
    )
    assert read(body).digest.hex() == "b1e2762fdb5f0c137b593c5545f6a5d2a7b968ae1d31150577dd5dabec1e736d"


@pytest.mark.parametrize("amount", ["1", "0", "0.5", "12345678901234567890.123456789012345678", "1e3", "1E-18", "-0"])
def test_an_amount_is_accepted_however_it_is_written(amount: str) -> None:
    """Plain digits take a short way through the checks, exponents and signs the long one; both accept what is right."""
    assert read(request(amount=amount)).amount == Decimal(amount)


def test_the_customer_id_is_gone() -> None:
    """The reference is stable, and the id is nowhere in the record."""
    withdrawal = read(request(customer__id="someone@example.org"))
    assert withdrawal.customer_ref == read(request("w-2", customer__id="someone@example.org")).customer_ref
    assert "someone" not in repr(withdrawal)


def test_fiat_is_cut_to_four_places() -> None:
    """A valuation finer than DECIMAL(20,4) is cut, never rounded up over a threshold."""
    assert str(read(request(fiat_amount="199.99999")).fiat_amount) == "199.9999"
