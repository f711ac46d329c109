"""Addresses out of a STIX 2.1 bundle, as agencies' tools export them.

Invariants: the text is bounded in size, depth, number of objects and length of a pattern before anything is looked at;
nothing in it is followed, fetched or run; a small, documented part of STIX is read (ADR 32): wallet objects, indicators
whose pattern compares a wallet's address, and what MISP's converter writes; whatever names an address in another way is
refused with the id of its object and the field, never skipped, and so is what its maker says is valid no more; objects
that name no address, or that were revoked, are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from thinktwice.addresses.destinations import decode_everywhere
from thinktwice.addresses.networks import NETWORKS, find_network
from thinktwice.cases.identifiers import MOST_BYTES, MOST_FAULTS, Identifier, address_of
from thinktwice.errors import Fault, InputError, Phrase

MOST_DEPTH: Final = 20
MOST_OBJECTS: Final = 5_000
MOST_PATTERN: Final = 4_000

_WALLETS: Final = frozenset({"cryptocurrency-wallet", "x-cryptocurrency-wallet", "x-crypto"})
_ADDRESS_NAMES: Final = ("value", "address")
_CHAIN_NAMES: Final = ("chain", "network", "blockchain", "symbol", "x_chain", "x_network")
_MISP_TYPES: Final = {"btc": "bitcoin", "xmr": "monero", "dash": "dash"}
_MISP_WALLETS: Final = frozenset({"btc-wallet", "coin-address"})
_ABOUT_A_WALLET: Final = re.compile(r"(?<![a-z0-9-])(?:x-)?crypto[a-z-]*:")
_TOKEN: Final = re.compile(
    r"\s*(?:(?P<bracket>[\[\]])|(?P<word>AND|OR)\b|(?P<type>[a-z0-9-]+):(?P<name>[a-z_]+)\s*=\s*"
    r"'(?P<text>(?:[^'\\]|\\['\\])*)')\s*"
)
_ID: Final = re.compile(r"[a-z0-9-]{1,60}--[0-9a-fA-F-]{36}")
_STRINGS: Final = re.compile(rb'"(?:[^"\\]|\\.)*+(?:"|\\?\Z)', re.DOTALL)
"""A string, or one that nobody ended, to the end: each letter is looked at once, however hostile the text is."""

_NOT_READ: Final = "this pattern cannot be read; write [cryptocurrency-wallet:value = '…'], several joined with OR"


def is_stix(text: bytes) -> bool:
    """Whether a file is meant as JSON and not as a table."""
    return text[:64].removeprefix(b"\xef\xbb\xbf").lstrip()[:1] in {b"{", b"["}


def read_stix(text: bytes, *, at_most: int, now: datetime, where: str = "file") -> dict[Identifier, datetime | None]:
    """Return the addresses of a bundle, or of a single object, each with the moment until which it is said to be valid.

    At most ``at_most`` different ones; repeated, at most as many more as a bundle may have objects.

    Raises:
        InputError: not JSON, out of bounds, or objects that cannot be used, or that say of themselves that they are
            valid no more; each is named by its id and field.
    """
    found: dict[Identifier, datetime | None] = {}
    faults: list[Fault] = []
    left = at_most + MOST_OBJECTS
    for place, thing in enumerate(_objects(text, where)):
        try:
            # Counted while it is read: one object may hold tens of thousands, and each costs time, repeated ones too.
            for address in _addresses(thing):
                end = _end(thing, now)
                found[address] = end if address not in found else _later(found[address], end)
                left -= 1
                if len(found) > at_most or left < 0:
                    break
        except InputError as error:
            faults.extend(_named(fault, thing, place, where) for fault in error.faults)
        if len(found) > at_most or left < 0:
            raise InputError.of(Phrase("has more than %(most)s addresses", most=f"{at_most:,}"), where=where)
        if len(faults) >= MOST_FAULTS:
            break
    if faults:
        raise InputError(*faults)
    return found


def _objects(text: bytes, where: str) -> Sequence[Any]:
    """Return the objects of a bundle, after every bound was held to."""
    if len(text) > MOST_BYTES:
        raise InputError.of(Phrase("is at most %(most)s MB long", most=MOST_BYTES >> 20), where=where)
    bare = text.removeprefix(b"\xef\xbb\xbf")
    if _depth(bare) > MOST_DEPTH:
        raise InputError.of(Phrase("is nested more than %(most)s deep", most=MOST_DEPTH), where=where)
    try:
        read = msgspec.json.decode(bare)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise InputError.of("is not readable JSON in UTF-8", where=where) from None
    is_object = isinstance(read, dict) and isinstance(read.get("id"), str) and _ID.fullmatch(read["id"]) is not None
    if not is_object or not isinstance(read.get("type"), str):
        raise InputError.of("is no STIX 2.1 bundle", where=where)
    objects = read.get("objects", []) if read["type"] == "bundle" else [read]
    if not isinstance(objects, list) or len(objects) > MOST_OBJECTS:
        raise InputError.of(Phrase("is a bundle of at most %(most)s objects", most=f"{MOST_OBJECTS:,}"), where=where)
    return objects


def _depth(text: bytes) -> int:
    """Return how deep brackets nest outside of strings."""
    deepest = depth = 0
    for letter in _STRINGS.sub(b"", text):
        if letter in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif letter in b"]}":
            depth -= 1
    return deepest


def _addresses(thing: object) -> Iterator[Identifier]:
    """Yield the addresses that one object names."""
    if not isinstance(thing, dict) or not isinstance(thing.get("type"), str):
        raise InputError.of("is no object with a type", field="type")
    kind = thing["type"]
    if thing.get("revoked") is True:
        return
    is_misp = kind == "x-misp-object" and str(thing.get("x_misp_name")) in _MISP_WALLETS
    misp = _MISP_TYPES.get(kind.removeprefix("x-misp-object-")) if kind.startswith("x-misp-object-") else None
    if kind not in _WALLETS | {"indicator"} and not is_misp and misp is None:
        return
    if thing.get("spec_version", "2.1") != "2.1":
        raise InputError.of("is STIX 2.1", field="spec_version")
    if kind in _WALLETS:
        yield _wallet(thing)
    elif kind == "indicator":
        yield from _indicated(thing)
    elif misp is not None:
        yield _address(thing.get("x_misp_value"), misp, "x_misp_value")
    else:
        yield from _misp_wallet(thing)


def _end(thing: Mapping[str, Any], now: datetime) -> datetime | None:
    """Return until when an object says that it is valid, None where it says nothing."""
    if "valid_until" not in thing:
        return None
    try:
        end = datetime.fromisoformat(thing["valid_until"])
    except (TypeError, ValueError):
        end = None
    if end is None or end.tzinfo is None:
        raise InputError.of("is a time like 2027-01-31T00:00:00Z", field="valid_until")
    if end <= now:
        raise InputError.of(
            Phrase("ended on %(day)s; leave it out, or ask its maker", day=end.date()), field="valid_until"
        )
    return end


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return None if one is None or other is None else max(one, other)


def _wallet(thing: Mapping[str, Any]) -> Identifier:
    name = next((name for name in _ADDRESS_NAMES if name in thing), "value")
    return _address(thing.get(name), _chain(thing), name)


def _chain(thing: Mapping[str, Any]) -> str | None:
    """Return the chain that a wallet object names, None where it names none."""
    name = next((name for name in _CHAIN_NAMES if name in thing), None)
    if name is None:
        return None
    if not isinstance(thing[name], str):
        raise InputError.of("is a text", field=name)
    return str(thing[name])


def _indicated(thing: Mapping[str, Any]) -> Iterator[Identifier]:
    pattern = thing.get("pattern")
    if not isinstance(pattern, str) or len(pattern) > MOST_PATTERN:
        raise InputError.of(Phrase("is a text of at most %(most)s characters", most=MOST_PATTERN), field="pattern")
    if thing.get("pattern_type", "stix") != "stix":
        raise InputError.of("is stix: no other language of patterns is read", field="pattern_type")
    if not _ABOUT_A_WALLET.search(pattern):
        return
    for address, chain in _compared(pattern):
        yield _address(address, chain, "pattern")


def _compared(pattern: str) -> Iterator[tuple[str, str | None]]:
    """Yield what a pattern compares: addresses joined with OR, or one address AND its chain, in each bracket."""
    tokens, place = [], 0
    while place < len(pattern):
        token = _TOKEN.match(pattern, place)
        if token is None or token.end() == place:
            raise InputError.of(_NOT_READ, field="pattern")
        tokens.append(token)
        place = token.end()
    groups, rest = [], [*tokens]
    while rest:
        end = next((number for number, token in enumerate(rest) if token["bracket"] == "]"), None)
        if end is None or rest[0]["bracket"] != "[":
            raise InputError.of(_NOT_READ, field="pattern")
        groups.append(rest[1:end])
        rest = rest[end + 1 :]
        if rest:
            if rest[0]["word"] != "OR" or len(rest) == 1:
                raise InputError.of(_NOT_READ, field="pattern")
            rest = rest[1:]
    for group in groups:
        yield from _group(group)


def _group(group: Sequence[re.Match[str]]) -> Iterator[tuple[str, str | None]]:
    terms, joints = group[::2], {token["word"] for token in group[1::2]}
    is_whole = len(group) % 2 == 1 and all(term["type"] in _WALLETS for term in terms)
    addresses = [_plain(term["text"]) for term in terms if term["name"] in _ADDRESS_NAMES]
    chains = [_plain(term["text"]) for term in terms if term["name"] in _CHAIN_NAMES]
    if is_whole and joints <= {"OR"} and len(addresses) == len(terms):
        yield from ((address, None) for address in addresses)
    elif is_whole and joints == {"AND"} and len(addresses) == len(chains) == 1 and len(terms) == 2:
        yield addresses[0], chains[0]
    else:
        raise InputError.of(_NOT_READ, field="pattern")


def _plain(text: str) -> str:
    return re.sub(r"\\(['\\])", r"\1", text)


def _misp_wallet(thing: Mapping[str, Any]) -> Iterator[Identifier]:
    attributes = thing.get("x_misp_attributes")
    if not isinstance(attributes, list):
        raise InputError.of("is a list", field="x_misp_attributes")
    named = [one for one in attributes if isinstance(one, dict) and str(one.get("type")) in _MISP_TYPES]
    if not named:
        raise InputError.of("names no address of a type that is read: btc, xmr, dash", field="x_misp_attributes")
    for one in named:
        yield _address(one.get("value"), _MISP_TYPES[one["type"]], "x_misp_attributes")


def _address(value: object, chain: str | None, field: str) -> Identifier:
    if not isinstance(value, str) or not value:
        raise InputError.of("holds no address", field=field)
    try:
        network = find_network(chain).name if chain is not None else _network_of(value)
        return address_of(value.strip(), network)
    except InputError as error:
        raise InputError(*(Fault(fault.message, field) for fault in error.faults)) from None


def _network_of(value: str) -> str:
    """Return the network of an address whose chain nobody names: its format's own, Bitcoin where forks share it."""
    families = [key.partition(":")[0] for key in decode_everywhere(value.strip()[:256])]
    if families == ["literal"]:
        raise InputError.of("is not an address of any network that is read; check every character")
    family = "bitcoin" if "bitcoin" in families else families[0]
    if len(families) > 1 and family != "bitcoin":
        raise InputError.of("may be of several networks; add its chain")
    return next(network.name for network in NETWORKS.values() if network.family == family)


def _named(fault: Fault, thing: object, place: int, where: str) -> Fault:
    own = thing.get("id") if isinstance(thing, dict) else None
    name = own if isinstance(own, str) and _ID.fullmatch(own) else f"objects[{place}]"
    return Fault(
        Phrase("%(object)s, %(field)s: %(fault)s", object=name, field=fault.field, fault=fault.message), None, where
    )
