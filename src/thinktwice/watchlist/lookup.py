"""Who listed an address, when, why, and what follows: for staff, from full provenance.

Invariants: reads only; every text that came from a list is made harmless for a terminal before it is shown (control and
direction marks escaped, web addresses defanged), because lists are written by strangers.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from thinktwice.addresses.destinations import decode_everywhere, match_keys_for_lookup, read_destination
from thinktwice.addresses.networks import find_network
from thinktwice.records.vocabulary import Disposition
from thinktwice.watchlist import statements as sql
from thinktwice.watchlist.claims import read_keys
from thinktwice.watchlist.listing import Listing, resolve

CONSEQUENCES: Final[Mapping[Disposition, str]] = {
    "block": "A withdrawal to it is blocked; the customer sees a neutral compliance text.",
    "warn": "A withdrawal to it always raises a warning, whatever holdout or cap a campaign has.",
    "silent": "It is recorded with the decision; nothing that a customer sees changes.",
    "ignore": "Nothing follows: it belongs to a known service.",
}
ALLOWED: Final = "Nothing follows: the allow list wins over every listing."
NOT_LISTED: Final = "It is not listed; other signals and campaigns decide."

_STATEMENT: Final = (
    "match_key", "memo", "address", "kind", "disposition", "confidence", "source", "label", "reference", "place",
    "listed_at", "expires_at", "known_from", "known_until", "is_agency_reported", "imported_by", "file_name",
)  # fmt: skip
_ALLOWANCE: Final = ("match_key", "memo", "address", "reason", "author", "known_from", "known_until")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """All that is known about an address: what counts now, what counted once, and what follows."""

    address: str
    match_keys: tuple[str, ...]
    listing: Listing | None
    consequence: str
    entries: tuple[Mapping[str, Any], ...]
    former: tuple[Mapping[str, Any], ...]
    allowances: tuple[Mapping[str, Any], ...]


def keys_of(address: str, network: str | None) -> tuple[str, ...]:
    """Return what to ask for: on one network as the decision does, else in every family that decodes the text.

    Raises:
        InputError: an unknown network, or a text that can be no address.
    """
    if network is None:
        return decode_everywhere(address)
    return match_keys_for_lookup(read_destination(find_network(network), address))


def look_up(
    connection: sqlite3.Connection, address: str, *, network: str | None, memo: str | None, now: datetime
) -> Finding:
    """Gather what is known about an address.

    Raises:
        InputError: as ``keys_of``.
    """
    keys = keys_of(address, network)
    found = [claims for claims in read_keys(connection, keys).values() if claims]
    listing = resolve(found, memo, now)
    statements = _rows(connection, sql.ABOUT_KEY, keys, _STATEMENT)
    return Finding(
        address=address,
        match_keys=keys,
        listing=listing,
        consequence=_consequence(listing),
        entries=tuple(row for row in statements if _is_current(row, now)),
        former=tuple(row for row in statements if not _is_current(row, now)),
        allowances=tuple(
            row for row in _rows(connection, sql.ALLOWANCES_OF_KEY, keys, _ALLOWANCE) if row["known_until"] is None
        ),
    )


def harmless(text: str) -> str:
    """Return a stranger's text safe to print: unprintable and direction characters escaped, links not clickable."""
    visible = "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in text)
    return visible.replace("http://", "hxxp://").replace("https://", "hxxps://")


def _consequence(listing: Listing | None) -> str:
    if listing is None:
        return NOT_LISTED
    return ALLOWED if listing.is_allowed else CONSEQUENCES[listing.disposition]


def _rows(
    connection: sqlite3.Connection, statement: str, keys: Sequence[str], names: Sequence[str]
) -> list[dict[str, Any]]:
    return [dict(zip(names, row, strict=True)) for key in keys for row in connection.execute(statement, (key,))]


def _is_current(row: Mapping[str, Any], now: datetime) -> bool:
    if row["known_until"] is not None:
        return False
    return row["expires_at"] is None or datetime.fromisoformat(row["expires_at"]) > now


def export_rows(connection: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    """Yield every current statement and allowance, in the order they became known."""
    for row in connection.execute(sql.ALL_CURRENT):
        yield dict(zip(_STATEMENT, row, strict=True))
    for row in connection.execute(sql.ALL_ALLOWANCES):
        yield {**dict(zip(_ALLOWANCE, row, strict=True)), "disposition": "ignore", "kind": "allowed"}
