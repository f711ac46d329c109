"""Addresses out of STIX: every spelling that is seen in the wild, and nothing that a hostile file could do."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import base58
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.shared_data import shared_data
from thinktwice.cases.identifiers import Identifier
from thinktwice.cases.stix import MOST_DEPTH, MOST_OBJECTS, is_stix, read_stix
from thinktwice.errors import InputError

BITCOIN = "1KFHE7w8BhaENAswwryaoccDb6qcT6DbYY"
ETHER = "0x52908400098527886E0F7030069857D2E4169EE7"
TRON = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
NUMBER = "8d2f1f0e-1c1b-4a57-9a3a-0d4f5b6c7d8e"


def thing(kind: str = "cryptocurrency-wallet", **fields: Any) -> dict[str, Any]:
    return {"type": kind, "spec_version": "2.1", "id": f"{kind}--{NUMBER}", **fields}


def indicator(pattern: str, **fields: Any) -> dict[str, Any]:
    return thing("indicator", pattern=pattern, pattern_type="stix", **fields)


def bundle(*objects: object) -> bytes:
    return json.dumps({"type": "bundle", "id": f"bundle--{NUMBER}", "objects": list(objects)}).encode()


def read(*objects: object) -> tuple[tuple[str, str | None], ...]:
    return tuple((one.value, one.network) for one in read_stix(bundle(*objects), at_most=500, now=NOW))


def test_every_spelling_seen_in_public_producers_is_read() -> None:
    """Each pattern of the collection gives the address; a chain in it is believed."""
    variants = json.loads(shared_data("intel/stix_wallet_pattern_variants.json").read_text())["stix_patterns"]
    assert len(variants) == 6
    for pattern in variants:
        filled = pattern.replace("{address}", TRON).replace("{chain}", "tron")
        assert read(indicator(filled)) == ((TRON, "tron"),), pattern


def test_a_real_wallet_object_and_what_a_converter_writes_are_read() -> None:
    """Published samples, whole: the wallet of an extension; attribute and object of a converter, IBAN left out."""
    wallet = shared_data(
        "intel/stix21_extensions/examples__cryptocurrency-wallet--b6ae6083-875f-5fe9-84b9-89e168f89406.json"
    )
    assert read_stix(wallet.read_bytes(), at_most=1, now=NOW) == {Identifier("address", BITCOIN, "bitcoin"): None}
    for name in ("attributes", "objects"):
        path = shared_data(f"intel/misp_to_stix21/misp_custom_{name}_to_stix21.subset.json")
        things = [one["STIX"] for one in json.loads(path.read_text()).values()]
        assert read(*things) == (("1E38kt7ryhbRXUzbam6iQ6sd93VHUUdjEE", "bitcoin"),)


@pytest.mark.parametrize("name", ["test_event1", "test_events_collection", "test_objects_collection"])
def test_real_bundles_about_other_things_name_no_address(name: str) -> None:
    """Domains, files, e-mail: left out, without a fault."""
    assert read_stix(shared_data(f"intel/stix21_bundles/{name}_stix21.json").read_bytes(), at_most=1, now=NOW) == {}


def test_several_addresses_are_each_taken_once() -> None:
    """In one pattern, in several brackets, in several objects; a revoked one is not."""
    either = f"[cryptocurrency-wallet:value = '{BITCOIN}' OR cryptocurrency-wallet:value = '{ETHER}']"
    apart = f"[x-crypto:value = '{TRON}'] OR [x-crypto:value = '{ETHER}']"
    revoked = thing(value="0x" + "1" * 40, revoked=True)
    assert read(indicator(either), indicator(apart), thing(value=BITCOIN), revoked) == (
        (BITCOIN, "bitcoin"),
        (ETHER, "ethereum"),
        (TRON, "tron"),
    )
    assert read(thing(value=ETHER, chain="bsc"))[0][1] == "bsc"


@pytest.mark.parametrize(
    ("wrong", "field", "said"),
    [
        (thing(), "value", "holds no address"),
        (thing(value=7), "value", "holds no address"),
        (thing(value="0x12"), "value", "not an address of any network"),
        (thing(value=ETHER, chain="tron"), "value", "is not an address of tron"),
        (thing(value=ETHER, chain="moon"), "value", "moon"),
        (thing(value=ETHER, chain=["tron"]), "chain", "is a text"),
        (thing(value=ETHER + "\u202e", chain="bsc"), "value", "nobody sees"),
        ({**thing(value=ETHER), "spec_version": "2.0"}, "spec_version", "is STIX 2.1"),
        (indicator(f"[cryptocurrency-wallet:value LIKE '{ETHER}']"), "pattern", "cannot be read"),
        (indicator(f"[cryptocurrency-wallet:value != '{ETHER}']"), "pattern", "cannot be read"),
        (indicator(f"[cryptocurrency-wallet:value = '{ETHER}' AND file:name = 'x']"), "pattern", "cannot be read"),
        (indicator(f"[cryptocurrency-wallet:value = '{ETHER}'] AND [x-crypto:value = '{TRON}']"), "pattern", "cannot"),
        (indicator(f"[cryptocurrency-wallet:value = '{ETHER}'] OR"), "pattern", "cannot be read"),
        (indicator(f"[cryptocurrency-wallet:value = '{ETHER}'"), "pattern", "cannot be read"),
        (indicator("[x-crypto:value = '" + "a" * 4_000), "pattern", "at most 4000"),
        (indicator(f"[x-crypto:value = '{ETHER}']") | {"pattern_type": "yara"}, "pattern_type", "is stix"),
        (thing("x-misp-object", x_misp_name="btc-wallet", x_misp_attributes={}), "x_misp_attributes", "is a list"),
        (thing("x-misp-object", x_misp_name="coin-address", x_misp_attributes=[7]), "x_misp_attributes", "no address"),
        (thing("x-misp-object", x_misp_name="btc-wallet", x_misp_attributes=[{"type": []}]), "x_misp_attributes", "no"),
    ],
    ids=str,
)
def test_what_names_an_address_in_another_way_is_refused_by_object_and_field(
    wrong: dict[str, Any], field: str, said: str
) -> None:
    """Never skipped in silence, and nothing of the file is taken."""
    with pytest.raises(InputError) as refused:
        read(thing(value=BITCOIN), wrong)
    (fault,) = refused.value.faults
    assert fault.message.startswith(f"{wrong['id']}, {field}: ")
    assert said in fault.message


def test_a_name_of_another_type_is_no_name() -> None:
    """A list where a text belongs is left out like any other object that names no address."""
    assert read(thing("x-misp-object", x_misp_name=[], x_misp_attributes=[])) == ()


def test_an_object_without_a_proper_id_is_named_by_its_place() -> None:
    """What a page shows of it is ours, not the sender's."""
    with pytest.raises(InputError) as refused:
        read({**thing(value="0x12"), "id": "<script>" * 100}, 7)
    assert [fault.message.partition(",")[0] for fault in refused.value.faults] == ["objects[0]", "objects[1]"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"{", "is not readable JSON"),
        (b'{"type": "\xff"}', "is not readable JSON"),
        (b"[]", "is no STIX 2.1 bundle"),
        (b'{"type": "bundle"}', "is no STIX 2.1 bundle"),
        (b'{"Event": {}}', "is no STIX 2.1 bundle"),
        (b"[" * 100_000, f"more than {MOST_DEPTH} deep"),
        (b'{"a":' * 100_000, f"more than {MOST_DEPTH} deep"),
        (b'"' + b"\\" * 100_000, "is not readable JSON"),
        (b'"' + b'\\"[' * 2_000, "is not readable JSON"),
        (b" " * (5 << 20), "at most 4 MB"),
        (bundle(*[{}] * (MOST_OBJECTS + 1)), "at most 5,000 objects"),
        (bundle(*[thing(value=f"0x{number:040x}") for number in range(1, 502)]), "more than 500 addresses"),
    ],
    ids=[
        "cut",
        "latin",
        "list",
        "no-id",
        "other",
        "deep-list",
        "deep-object",
        "escapes",
        "unended",
        "large",
        "many",
        "addresses",
    ],
)
def test_a_hostile_file_is_refused_before_it_costs_anything(text: bytes, said: str) -> None:
    """Each bound has its own words."""
    with pytest.raises(InputError) as refused:
        read_stix(text, at_most=500, now=NOW)
    assert said in str(refused.value)


@pytest.mark.parametrize(
    "values",
    [
        [*(base58.b58encode_check(place.to_bytes(21, "big")).decode() for place in range(501)), "no address"],
        [BITCOIN] * (500 + MOST_OBJECTS + 1),
    ],
    ids=["many", "repeated"],
)
def test_one_object_costs_no_more_than_its_bound(values: list[str]) -> None:
    """Addresses are counted while an object is read: nothing after the last that may stand is looked at."""
    attributes = [{"type": "btc", "value": value} for value in values]
    whole = thing("x-misp-object", x_misp_name="coin-address", x_misp_attributes=attributes)
    with pytest.raises(InputError, match="more than 500 addresses"):
        read_stix(bundle(whole), at_most=500, now=NOW)


PATTERN = f"[cryptocurrency-wallet:value = '{ETHER}']"


@pytest.mark.parametrize("until", ["2023-06-01T00:00:00Z", "2026-11-23T09:00:00.000Z"])
def test_what_its_maker_ended_is_refused_by_its_id(until: str) -> None:
    """An indicator that is valid no more warns nobody afresh; its day is named."""
    with pytest.raises(InputError) as refused:
        read(indicator(PATTERN, valid_until=until))
    (fault,) = refused.value.faults
    assert f"indicator--{NUMBER}, valid_until: ended on {until[:10]}" in str(fault.message)
    assert read(indicator("[ipv4-addr:value = '198.51.100.1']", valid_until=until)) == ()
    assert read(indicator(PATTERN, valid_until=until, revoked=True)) == ()


@pytest.mark.parametrize("until", ["soon", 5, None, "2027-01-01", "2027-01-01T00:00:00"])
def test_an_end_that_cannot_be_read_is_a_fault(until: object) -> None:
    """It might have passed."""
    with pytest.raises(InputError, match="valid_until: is a time like"):
        read(indicator(PATTERN, valid_until=until))


def test_an_end_to_come_goes_with_the_address() -> None:
    """Of several objects about one address the last end counts, and one without an end has none."""
    soon, late = NOW + timedelta(days=3), NOW + timedelta(days=30)
    first = indicator(PATTERN, valid_until=soon.isoformat())
    second = indicator(PATTERN, valid_until=late.isoformat().replace("+00:00", "Z"))
    for objects, end in (((first,), soon), ((second, first), late), ((first, indicator(PATTERN)), None)):
        (found,) = read_stix(bundle(*objects), at_most=500, now=NOW).values()
        assert found == end


def test_a_table_is_not_taken_for_json() -> None:
    """By its first letter, past a byte order mark."""
    assert is_stix(b"\xef\xbb\xbf {")
    assert not is_stix(b"kind,value,network")
    assert not is_stix(b"")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=60),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=12), inner, max_size=3),
    max_leaves=8,
)
KINDS = st.sampled_from(["cryptocurrency-wallet", "indicator", "x-misp-object", "x-misp-object-btc", "report"])
FIELD_NAMES = st.sampled_from(
    ["value", "address", "chain", "symbol", "pattern", "pattern_type", "revoked", "valid_until", "x_misp_name",
     "x_misp_attributes", "x_misp_value", "spec_version", "id"]
)  # fmt: skip
PATTERNS = st.text(alphabet="[]x-crypto:value='ANDOR 0a\\", max_size=80).map("[x-crypto:{}".format)


@given(st.lists(st.tuples(KINDS, st.dictionaries(FIELD_NAMES, ANYTHING | PATTERNS, max_size=4)), max_size=4))
def test_whatever_stands_in_a_bundle_is_read_or_refused(things: list[tuple[str, dict[str, Any]]]) -> None:
    """Nothing but addresses and refusals comes out, whatever types the fields have."""
    text = bundle(*({"type": kind, **fields} for kind, fields in things))
    try:
        found = read_stix(text, at_most=500, now=NOW)
    except InputError:
        return
    assert all(one.kind == "address" and one.network for one in found)
