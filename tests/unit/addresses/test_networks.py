"""Names of networks: one meaning each, from whatever outside."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thinktwice.addresses.networks import _CHAIN_IDS, FAMILIES, NETWORKS, find_network
from thinktwice.errors import InputError
from thinktwice.records.networks import NETWORK_TABLE
from thinktwice.targeting.values import CLOSED

CONTRACT = (
    "bitcoin bitcoin-cash bitcoin-sv bitcoin-gold litecoin dogecoin dash zcash verge monero "
    "xrp ethereum ethereum-classic bsc polygon arbitrum optimism base avalanche tron "
    "solana polkadot kusama cardano cosmos algorand eos filecoin binance-chain kcc "
)


def test_the_networks_are_those_of_the_contract() -> None:
    """Exactly the networks that the contract promises exist."""
    assert list(NETWORKS) == CONTRACT.split()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("bitcoin", "bitcoin"),
        ("BTC", "bitcoin"),
        ("xbt", "bitcoin"),
        ("ERC20", "ethereum"),
        ("erc-20", "ethereum"),
        ("TRC20", "tron"),
        ("BEP20", "bsc"),
        ("BEP20 (BSC)", "bsc"),
        ("BNB Smart Chain (BEP20)", "bsc"),
        ("BEP2", "binance-chain"),
        ("Ethereum Classic", "ethereum-classic"),
        ("ETHEREUM_CLASSIC", "ethereum-classic"),
        ("Arbitrum One", "arbitrum"),
        ("AVAX C-Chain", "avalanche"),
        ("eip155:1", "ethereum"),
        ("EIP155:56", "bsc"),
        ("bip122:000000000019d6689c085ae165831e93", "bitcoin"),
        ("tron:0x2b6653dc", "tron"),
        ("solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp", "solana"),
        ("cosmos:cosmoshub-4", "cosmos"),
    ],
)
def test_aliases_lead_to_their_network(text: str, name: str) -> None:
    """Tickers, token standards and CAIP-2 ids lead to a network whatever their letter case and hyphens."""
    assert find_network(text).name == name


def test_an_unknown_name_is_refused_with_the_nearest() -> None:
    """A mistyped network is refused, and the refusal names what was probably meant."""
    with pytest.raises(InputError, match="unknown network 'ethereun'; did you mean ethereum") as refusal:
        find_network("ethereun")
    assert refusal.value.faults[0].field == "network"


def test_a_name_near_nothing_is_refused_with_all_names() -> None:
    """When nothing is near, the refusal lists every network."""
    with pytest.raises(InputError, match=r"known are bitcoin, .*kcc"):
        find_network("7777777")


def test_no_alias_has_two_meanings() -> None:
    """No ticker, name or chain id is claimed by two networks."""
    claims = [(name, alias) for name, (_, _, tickers) in NETWORK_TABLE.items() for alias in {name, *tickers.split()}]
    claims += [(name, chain_id) for chain_id, name in _CHAIN_IDS.items()]
    assert all(find_network(alias).name == name for name, alias in claims)


def test_two_names_that_disagree_are_refused() -> None:
    """``Ethereum (TRC20)`` means nothing; guessing would send money astray."""
    with pytest.raises(InputError):
        find_network("Ethereum (TRC20)")


def test_the_operators_own_aliases_win_over_tickers_but_not_over_names() -> None:
    """An operator may redefine a ticker; a network's own name keeps its meaning."""
    own = {"BNB": "binance-chain", "My-Tron": "TRC20", "bitcoin": "dash"}
    assert find_network("bnb", own).name == "binance-chain"
    assert find_network("mytron", own).name == "tron"
    assert find_network("bitcoin", own).name == "bitcoin"
    assert find_network("Bitcoin", own).name == "bitcoin"


def test_an_own_alias_to_nowhere_is_refused_by_name() -> None:
    """An alias of the operator that leads to no network says so."""
    with pytest.raises(InputError, match="alias 'house' of this installation leads to 'etherium'"):
        find_network("house", {"house": "etherium"})


def test_evm_networks_are_one_family_and_substrate_another() -> None:
    """One listing serves all EVM networks, and one both Polkadot and Kusama."""
    evm = {name for name, network in NETWORKS.items() if network.family == "evm"}
    assert evm == {
        "ethereum",
        "ethereum-classic",
        "bsc",
        "polygon",
        "arbitrum",
        "optimism",
        "base",
        "avalanche",
        "kcc",
    }
    assert {name for name, network in NETWORKS.items() if network.family == "substrate"} == {"polkadot", "kusama"}
    assert {network.family for network in NETWORKS.values()} <= set(FAMILIES)


@settings(deadline=None)
@given(st.text(max_size=2000))
def test_any_text_gives_a_network_or_an_input_error(text: str) -> None:
    """No text does anything but find a network or be refused."""
    try:
        outcome = find_network(text, {"house": "tron"}).name
    except InputError as refusal:
        outcome = str(refusal)
    assert outcome in NETWORKS or (outcome.startswith("network: unknown") and len(outcome) < 600)


def test_audiences_know_the_same_names() -> None:
    """What an audience may compare network and family with is what a withdrawal's destination can hold."""
    assert CLOSED["network"] == tuple(NETWORKS)
    assert CLOSED["address_family"] == FAMILIES
    assert {family for network in NETWORKS.values() for family in network.families} == set(FAMILIES)
