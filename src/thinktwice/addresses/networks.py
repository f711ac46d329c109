"""The networks of version 1 and the names by which the outside calls them.

Invariants: every network has exactly one name here; an alias leads to exactly one network; the operator's
own aliases win over tickers, never over names.

A *family* is a set of networks on which one address belongs to one holder, so that one listing, hold or
history serves all of them. All EVM networks are one family: the same key controls the same address on each.
Polkadot and Kusama are one family (``substrate``) for the same reason: SS58 only prints one public key with
another prefix. Bitcoin and its forks stay apart: their keys coincide too, but a listing there names
coins of one chain, and ``decode_everywhere`` already files a text under every fork that can read it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from thinktwice.errors import InputError, Phrase
from thinktwice.records.networks import ADDRESS_FAMILIES, NETWORK_TABLE


@dataclass(frozen=True, slots=True)
class Network:
    """One network to which money can be withdrawn.

    ``family`` names the keys of addresses; ``families`` are all that can be paid on this network, the usual
    one first; ``has_memo`` says whether a memo or tag separates holders behind one address.
    """

    name: str
    family: str
    families: tuple[str, ...]
    has_memo: bool = False


# CAIP-2 ids as the Chain Agnostic Standards Alliance's namespace documents write them, or made as these say, from a
# genesis hash. Bitcoin Cash and Dogecoin have two, because wallets in wide use count or cut theirs differently.
_CHAIN_IDS: Final[Mapping[str, str]] = {
    "bip122:000000000019d6689c085ae165831e93": "bitcoin",
    "bip122:000000000000000000651ef99cb9fcbe": "bitcoin-cash",
    "bip122:000000000000000000b15ad892af8f6a": "bitcoin-cash",
    "bip122:12a765e31ffd4059bada1e25190f6e98": "litecoin",
    "bip122:1a91e3dace36e2be3bf030a65679fe82": "dogecoin",
    "bip122:00000000001a91e3dace36e2be3bf030": "dogecoin",
    "bip122:00000ffd590b1485b3caadc19b22e637": "dash",
    "bip122:00040fe8ec8471911baa1db1266ea15d": "zcash",
    "xrpl:0": "xrp",
    "eip155:1": "ethereum",
    "eip155:61": "ethereum-classic",
    "eip155:56": "bsc",
    "eip155:137": "polygon",
    "eip155:42161": "arbitrum",
    "eip155:10": "optimism",
    "eip155:8453": "base",
    "eip155:43114": "avalanche",
    "tron:0x2b6653dc": "tron",
    "tron:728126428": "tron",
    "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp": "solana",
    "polkadot:91b171bb158e2d3848fa23a9f1c25182": "polkadot",
    "polkadot:b0a8d493285c2df73290dfb7e61f870f": "kusama",
    "cip34:1-764824073": "cardano",
    "cosmos:cosmoshub-4": "cosmos",
    "algorand:wGHE2Pwdvd7S12BL5FaOP20EGYesN73k": "algorand",
    "antelope:aca376f206b8fc25a6ed44dbdc66547c": "eos",
    "eosio:aca376f206b8fc25a6ed44dbdc66547c": "eos",
    "fil:f": "filecoin",
    "cosmos:Binance-Chain-Tigris": "binance-chain",
    "eip155:321": "kcc",
}

_SEPARATORS: Final = re.compile(r"[\s_-]+")
_TWO_NAMES: Final = re.compile(r"([^()]+)\(([^()]+)\)")


def _plain(text: str) -> str:
    """Fold letter case and the separators that exchanges set differently (``TRC-20``, ``trc 20``)."""
    return _SEPARATORS.sub("", text).lower()


def _network(name: str, families: str, has_memo: bool) -> Network:
    names = tuple(families.split())
    return Network(name, names[0], names, has_memo)


NETWORKS: Final[Mapping[str, Network]] = MappingProxyType(
    {name: _network(name, families, has_memo) for name, (families, has_memo, _) in NETWORK_TABLE.items()}
)
"""Every network of version 1 by its name."""

FAMILIES: Final = ADDRESS_FAMILIES
"""Every address family, in the order of the networks."""

_ALIASES: Final[Mapping[str, Network]] = MappingProxyType(
    {
        _plain(alias): NETWORKS[name]
        for name, (_, _, tickers) in NETWORK_TABLE.items()
        for alias in (name, *tickers.split())
    }
    | {_plain(chain_id): NETWORKS[name] for chain_id, name in _CHAIN_IDS.items()}
)


def find_network(text: str, extra_aliases: Mapping[str, str] = MappingProxyType({})) -> Network:
    """Return the network that a name, ticker, token standard or CAIP-2 id means, whatever its letter case.

    ``extra_aliases`` are the operator's own: alias to any name known here. They win over tickers.

    Raises:
        InputError: field ``network``; says the nearest names when the text is unknown.
    """
    found = NETWORKS.get(text)
    if found is not None:
        return found
    plain = _plain(text[:128])
    if extra_aliases and plain not in NETWORKS:
        target = extra_aliases.get(text) or _own_alias(plain, extra_aliases)
        if target is not None:
            return _known(_plain(target), _misled(text, target))
    return _known(plain, Phrase("unknown network %(text)s", text=repr(text[:64])))


def _own_alias(plain: str, extra_aliases: Mapping[str, str]) -> str | None:
    return next((name for alias, name in extra_aliases.items() if _plain(alias) == plain), None)


def _misled(alias: str, target: str) -> Phrase:
    return Phrase(
        "alias %(alias)s of this installation leads to %(target)s", alias=repr(alias[:64]), target=repr(target[:64])
    )


def _known(plain: str, complaint: Phrase) -> Network:
    found = _ALIASES.get(plain) or _named_twice(plain)
    if found is not None:
        return found
    near = difflib.get_close_matches(plain[:64], _ALIASES, n=5, cutoff=0.6)
    names = tuple(dict.fromkeys(_ALIASES[alias].name for alias in near))[:3] or tuple(NETWORKS)
    hint = Phrase("did you mean") if near else Phrase("known are")
    raise InputError.of(
        Phrase("%(complaint)s; %(hint)s %(choices)s", complaint=complaint, hint=hint, choices=", ".join(names)),
        field="network",
    )


def _named_twice(plain: str) -> Network | None:
    """Read ``BNB Smart Chain (BEP20)``, as exchanges print it, when both names mean one network."""
    parts = _TWO_NAMES.fullmatch(plain)
    if parts is None:
        return None
    first, second = (_ALIASES.get(part) for part in parts.groups())
    return first if first is second else None
