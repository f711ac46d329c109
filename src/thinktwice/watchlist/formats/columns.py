"""Which column of a table holds what: named by the operator, else recognised by its heading, else by its content.

Invariant: a guess is made only for the address column and only when exactly one fits; everything else is named by a
heading or by the operator.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from thinktwice.addresses.destinations import decode_everywhere
from thinktwice.errors import InputError, Phrase

HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "address": ("address", "wallet_address", "wallet", "addr", "crypto_address", "digital_currency_address",
                "contract_address", "account", "indicator"),
    "asset": ("asset", "asset_code", "ofac_asset_code", "currency", "blockchain", "chain", "network"),
    "memo": ("memo", "destination_tag", "memo_tag"),
    "kind": ("kind", "abuse"),
    "confidence": ("confidence",),
    "disposition": ("disposition",),
    "label": ("label", "name_tag", "etherscan_tag", "contract_tag", "name", "annotation"),
    "reference": ("reference", "url", "source_url"),
    "listed_at": ("listed_at", "date_listed", "lastmod", "first_seen"),
    "expires_at": ("expires_at", "valid_until"),
}  # fmt: skip
"""The fields of an entry, and the headings that mean them where the operator names none; the first present wins."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each field stands (0-based), and whether the first row is a heading."""

    positions: Mapping[str, int]
    has_header: bool = True
    named: frozenset[str] = field(default_factory=frozenset)

    def cell(self, row: Sequence[str], name: str) -> str:
        """Return the trimmed cell of a field, empty when the table has no such column or the row ends before it."""
        position = self.positions.get(name, -1)
        return row[position].strip() if 0 <= position < len(row) else ""


def parse_mapping(pairs: Sequence[str]) -> dict[str, str]:
    """Read ``field=COLUMN`` pairs.

    Raises:
        InputError: a pair without ``=``, or a field that entries do not have.
    """
    mapping: dict[str, str] = {}
    for pair in pairs:
        name, sign, column = pair.partition("=")
        if not sign or not column.strip() or name.strip() not in HEADINGS:
            fields = ", ".join(HEADINGS)
            raise InputError.of(
                Phrase(
                    "write FIELD=COLUMN, where FIELD is one of %(fields)s; got %(pair)s", fields=fields, pair=repr(pair)
                ),
                field="--column",
            )
        mapping[name.strip()] = column.strip()
    return mapping


def find_columns(first: Sequence[str], mapping: Mapping[str, str], where: str) -> Columns:
    """Decide from the first row and the operator's mapping where each field stands.

    Raises:
        InputError: a named column is not there, or no column holds addresses.
    """
    headings = [cell.strip() for cell in first]
    folded = [_fold(heading) for heading in headings]
    positions = {name: _named(column, headings, folded, where) for name, column in mapping.items()}
    for name, known in HEADINGS.items():
        hits = [folded.index(heading) for heading in known if heading in folded]
        if name not in positions and hits:
            positions[name] = hits[0]
    if "address" in positions and not _decodes(headings[positions["address"]]):
        return Columns(positions, has_header=True, named=frozenset(mapping))
    guesses = [place for place, cell in enumerate(headings) if _decodes(cell)]
    if "address" not in mapping and len(guesses) == 1:
        positions = {name: place for name, place in positions.items() if name in mapping} | {"address": guesses[0]}
    if "address" in positions:
        return Columns(positions, has_header=False, named=frozenset(mapping))
    raise InputError.of(
        Phrase(
            "no column is headed `address`; name it with --column address=COLUMN; the columns are %(headings)s",
            headings=_shown(headings),
        ),
        field="--column",
        where=where,
        line=1,
    )


def _named(column: str, headings: Sequence[str], folded: Sequence[str], where: str) -> int:
    """Find a column by its heading, else by its 1-based number."""
    if column in headings:
        return headings.index(column)
    if _fold(column) in folded:
        return folded.index(_fold(column))
    if column.isascii() and column.isdecimal() and 1 <= int(column[:6]) <= len(headings):
        return int(column[:6]) - 1
    raise InputError.of(
        Phrase("no column %(column)s; the columns are %(headings)s", column=repr(column), headings=_shown(headings)),
        field="--column",
        where=where,
        line=1,
    )


def _fold(heading: str) -> str:
    return heading.strip().lower().replace(" ", "_").replace("-", "_")


def _decodes(cell: str) -> bool:
    text = cell.strip()
    return bool(text) and len(text) <= 256 and not decode_everywhere(text)[0].startswith("literal:")


def _shown(headings: Sequence[str]) -> str:
    listed = ", ".join(repr(heading[:40]) for heading in headings[:30])
    return listed + (", …" if len(headings) > 30 else "")
