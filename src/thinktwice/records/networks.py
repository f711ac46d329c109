"""The names of the networks of version 1, of their address families, and what people call them.

Invariants: every network has exactly one name here; a ticker or token standard belongs to one network. What the names
mean, and how one is found, is told by ``addresses.networks``; audiences know the names too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

NETWORK_TABLE: Final[Mapping[str, tuple[str, bool, str]]] = {
    "bitcoin": ("bitcoin", False, "btc xbt segwit bech32"),
    "bitcoin-cash": ("bitcoin-cash", False, "bch"),
    "bitcoin-sv": ("bitcoin-sv", False, "bsv"),
    "bitcoin-gold": ("bitcoin-gold", False, "btg"),
    "litecoin": ("litecoin", False, "ltc"),
    "dogecoin": ("dogecoin", False, "doge xdg"),
    "dash": ("dash", False, ""),
    "zcash": ("zcash", False, "zec"),
    "verge": ("verge", False, "xvg"),
    "monero": ("monero", False, "xmr"),
    "xrp": ("xrp", True, "ripple xrpl"),
    "ethereum": ("evm", False, "eth erc20 ethereummainnet"),
    "ethereum-classic": ("evm", False, "etc"),
    "bsc": ("evm", False, "bep20 bnb bnbsmartchain binancesmartchain bnbchain"),
    "polygon": ("evm", False, "matic pol polygonpos"),
    "arbitrum": ("evm", False, "arb arbitrumone arbone"),
    "optimism": ("evm", False, "op opmainnet opt"),
    "base": ("evm", False, "basemainnet"),
    "avalanche": ("evm avalanche", False, "avax avaxc avaxcchain avalanchec avalanchecchain cchain"),
    "tron": ("tron", False, "trx trc20 trc10"),
    "solana": ("solana", False, "sol spl"),
    "polkadot": ("substrate", False, "dot"),
    "kusama": ("substrate", False, "ksm"),
    "cardano": ("cardano", False, "ada"),
    "cosmos": ("cosmos", True, "atom cosmoshub"),
    "algorand": ("algorand", False, "algo"),
    "eos": ("eos", True, "vaulta"),
    "filecoin": ("filecoin", False, "fil"),
    "binance-chain": ("binance-chain", True, "bep2 bnbbeaconchain binancebeaconchain"),
    "kcc": ("evm", False, "kcs krc20 kucoincommunitychain"),
}
"""By name: families that can be paid there (the usual one first), whether it has a memo, tickers and standards."""

ADDRESS_FAMILIES: Final[tuple[str, ...]] = tuple(
    dict.fromkeys(family for families, _, _ in NETWORK_TABLE.values() for family in families.split())
)
"""Every address family, in the order of the networks."""
