"""Published vectors and lists: what must decode does, what must not does not, and each exception says why."""

from __future__ import annotations

import json
from collections import Counter
from typing import TypedDict

import pytest

from tests.support.poisoning import destination, rows
from tests.support.shared_data import shared_data
from thinktwice.addresses.destinations import decode_everywhere


class Vector(TypedDict, total=False):
    """One line of the vectors file."""

    kind: str
    string: str
    valid: bool
    network: str


BY_KIND = {
    "segwit_address": "bitcoin",
    "btc_like_p2pkh": "bitcoin",
    "btc_like_p2sh": "bitcoin",
    "btc_like_p2wpkh": "bitcoin",
    "btc_p2tr": "bitcoin",
    "bch_p2pkh": "bitcoin-cash",
    "bch_p2sh": "bitcoin-cash",
    "evm": "ethereum",
    "evm_checksum_address": "ethereum",
    "tron": "tron",
    "xrp": "xrp",
    "solana": "solana",
    "monero": "monero",
    "cardano_shelley": "cardano",
    "substrate": "polkadot",
    "cosmos": "cosmos",
    "algorand": "algorand",
    "filecoin": "filecoin",
    "avalanche": "avalanche",
}
BY_NETWORK = {
    "DashMainNet": "dash",
    "DogecoinMainNet": "dogecoin",
    "LitecoinMainNet": "litecoin",
    "ZcashMainNet": "zcash",
    "BinanceChain": "binance-chain",
}

EXCEPTIONS = {
    "bc1pyacup9uskxpar8z2sjpg9gmukx9k4tm7mkrr56yhzw78y48vu2m555np8lf": (
        "not taproot, which the vector asks for; yet BIP 350 calls a witness program of version 1 and 40 bytes valid"
    ),
    "F9vSypJrvid1y1ckLUJoT1Ke4R5TgeMiyoZdFKBAA91j": (
        "off the curve, as every program-derived account of Solana is; such accounts are paid every day"
    ),
    "2JGLE66OO2F6RYBXYSGR6A6UXVSB7JWSCJZY6YORSZ37UCBYKIBBR4J2TA": (
        "off the curve, as half of Algorand's application and multisignature accounts are"
    ),
    "2rKUvXu7WpfC9VyEvqwVVxxRVKqNp4CgXYwStmfiqqpFAkSC": (
        "printed for another Substrate chain: the same account, but not Polkadot's way of writing"
    ),
}
"""Vectors of registered networks that are judged unlike their file, by text, with the reason."""

TEST_NETWORKS = ("tb1", "bchtest:", "addr_test1")
UNREGISTERED = {
    "aptos": 5,
    "bech32": 18,
    "bech32m": 21,
    "cosmos": 4,  # Band, Kava, Iris, Terra
    "injective": 6,
    "near": 5,
    "stellar": 6,
    "sui": 5,
    "tezos": 6,
    "ton": 3,
    "zilliqa": 6,
}
"""Vectors by kind of chains that version 1 does not withdraw to, and of codes that are no address."""


def vectors() -> list[Vector]:
    """Read the vectors file."""
    found: list[Vector] = json.loads(shared_data("address_vectors/address_vectors.json").read_text())["vectors"]
    return found


def network_of(vector: Vector) -> str | None:
    """Return the registered main network of a vector, if any."""
    chain = vector.get("network")
    if chain is None or chain in ("BitcoinMainNet", "BitcoinCashMainNet", "MoneroMainNet", "Cosmos"):
        return BY_KIND.get(vector["kind"])
    return BY_NETWORK.get(chain)


def is_of_a_test_network(vector: Vector) -> bool:
    """Say whether the text belongs to a test network."""
    return vector.get("network", "").endswith("TestNet") or vector["string"].lower().startswith(TEST_NETWORKS)


def test_vectors_of_registered_networks_are_judged_right() -> None:
    """Every vector of a main network that we register is judged as its specification says, exceptions by name."""
    judged = [v for v in vectors() if network_of(v) and not is_of_a_test_network(v)]
    wrong = {v["string"] for v in judged if destination(v["string"], network_of(v) or "").is_valid is not v["valid"]}
    assert wrong == set(EXCEPTIONS)
    assert len(judged) == 137


def test_addresses_of_test_networks_are_wrong_on_main_networks() -> None:
    """A test network's address is the wrong network's."""
    found = [v for v in vectors() if is_of_a_test_network(v)]
    networks = [BY_KIND[v["kind"]] for v in found]
    assert {destination(v["string"], n).is_valid for v, n in zip(found, networks, strict=True)} == {False}
    assert len(found) == 22


def test_the_other_vectors_are_of_unregistered_chains() -> None:
    """What is left are chains and codes without a network here, counted by kind."""
    left = Counter(v["kind"] for v in vectors() if not network_of(v) and not is_of_a_test_network(v))
    assert left == UNREGISTERED


def test_sanctioned_addresses_decode_but_one() -> None:
    """Of 654 OFAC rows 364 decode in several families, and the one text that is no address stays literal."""
    keys = [decode_everywhere(row["address"]) for row in rows("addresses/ofac_sanctioned_2024-09-27.csv")]
    assert len(keys) == 654
    assert sum(len(found) > 1 for found in keys) == 364
    literal = [found[0] for found in keys if found[0].startswith("literal:")]
    assert literal == ["literal:5be5543ff73456ab9f2d207887e2af87322c651ea1a873c5b25b7ffae456c320"]


@pytest.mark.parametrize(
    "row", ["addresses/forta_phishing_scams_eth.csv", "addresses/openaml_sanctioned_and_blocked.csv"]
)
def test_listed_evm_addresses_are_evm(row: str) -> None:
    """Every listed address of an EVM list decodes as such, whatever its letter case."""
    keys = {decode_everywhere(entry["address"]) for entry in rows(row)}
    assert all(len(found) == 1 and found[0].startswith("evm:0x") for found in keys)


def test_listed_substrate_addresses_are_accounts() -> None:
    """All addresses of the Polkadot scam list decode; the nine printed for Kusama are not Polkadot's writing."""
    listed = json.loads(shared_data("addresses/polkadotjs_scam_addresses.json").read_text())
    read = [destination(text, "polkadot") for texts in listed.values() for text in texts]
    assert Counter((d.address_type, d.is_valid) for d in read) == {("account", True): 270, ("account", False): 9}
