"""What a request is about: accounts, e-mails, telephone numbers, addresses and transactions.

Invariants: reading never touches customer data, so that nothing here can tell whether an identifier exists; a row that
cannot be used is named with its line and what would be right, and then nothing is taken (never half a list); one
identifier typed in several ways is one; sizes are bounded before anything is parsed.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args

import phonenumbers

from thinktwice.addresses.destinations import read_destination
from thinktwice.addresses.networks import find_network
from thinktwice.cases.cells import safe_cell
from thinktwice.errors import Fault, InputError, Phrase
from thinktwice.languages.writing import require_seen

IdentifierKind = Literal["account", "email", "phone", "address", "transaction"]
IDENTIFIER_KINDS: Final[tuple[IdentifierKind, ...]] = get_args(IdentifierKind)

MOST_BYTES: Final = 4 << 20
MOST_FAULTS: Final = 50
_ARCHIVE: Final = b"PK\x03\x04"
_COLUMNS: Final = ("kind", "value", "network")
_TRANSACTION: Final = re.compile(r"(?:0[xX])?[0-9a-fA-F]{64}")
_SOLANA_SIGNATURE: Final = re.compile(r"[1-9A-HJ-NP-Za-km-z]{64,90}")
_ALGORAND_TRANSACTION: Final = re.compile(r"[A-Z2-7]{52}")
_FILECOIN_MESSAGE: Final = re.compile(r"bafy[a-z2-7]{58}")
"""A CID of version 1 in base32, of BLAKE2b-256, as messages have; transactions of its EVM have hashes like Ethereum."""
_ACCOUNT: Final = re.compile(r"[\w.:@/+-]{1,128}", re.ASCII)
_EMAIL: Final = re.compile(r"[^\s@<>\"',;:()\\]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}")


@dataclass(frozen=True, slots=True, order=True)
class Identifier:
    """One thing asked about, in its canonical form; ``network`` for addresses and transactions only."""

    kind: IdentifierKind
    value: str
    network: str | None = None


def read_identifiers(text: bytes, *, at_most: int, where: str = "identifiers") -> tuple[Identifier, ...]:
    """Return the identifiers of a pasted list or a CSV file, each once, in the order given.

    A line is ``kind,value`` or ``kind,value,network``; a heading of these names is allowed. Empty lines count for
    nothing.

    Raises:
        InputError: not UTF-8, too large, too many rows, or rows that cannot be used; each is named by its line.
    """
    if len(text) > MOST_BYTES:
        raise InputError.of(Phrase("is at most %(most)s MB long", most=MOST_BYTES >> 20), where=where)
    found: dict[Identifier, None] = {}
    faults: list[Fault] = []
    for line, row in _rows(_decoded(text, where), where):
        try:
            found.setdefault(_identifier(row))
        except InputError as error:
            faults.extend(Fault(fault.message, fault.field, where, line) for fault in error.faults)
        if len(found) > at_most:
            faults.append(
                Fault(
                    Phrase("has more than %(most)s identifiers; split the request", most=f"{at_most:,}"),
                    None,
                    where,
                    line,
                )
            )
        if len(faults) >= MOST_FAULTS or len(found) > at_most:
            break
    if faults:
        raise InputError(*faults)
    return tuple(found)


def table_of(identifiers: Iterable[Identifier]) -> bytes:
    """Return identifiers as a table for spreadsheets, in UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_COLUMNS)
    writer.writerows((one.kind, safe_cell(one.value), one.network or "") for one in identifiers)
    return text.getvalue().encode("utf-8-sig")


def meant_by(kind: IdentifierKind, value: str, network: str | None) -> Identifier:
    """Return what is equal for everything that means the same, however it is written; letters count where they must.

    Raises:
        InputError: it is none of its kind and network.
    """
    identifier = _identifier([kind, value, network or ""])
    match identifier.kind:
        case "address":
            key = read_destination(find_network(identifier.network or ""), identifier.value).match_key
            return replace(identifier, value=key)
        case "email":  # mailboxes differ in the size of their letters on paper only
            return replace(identifier, value=identifier.value.casefold())
    return identifier


def address_of(value: str, network: str) -> Identifier:
    """Return one address that did not come from a table.

    Raises:
        InputError: no such network, or no address of it.
    """
    require_seen(value, "value")
    return _address(value, network)


def _decoded(text: bytes, where: str) -> str:
    if text.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError.of("is UTF-16; save it as UTF-8", where=where)
    if text.startswith(_ARCHIVE):
        raise InputError.of("is an archive, or a spreadsheet that is one; save it as CSV in UTF-8", where=where)
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = text.count(b"\n", 0, error.start) + 1
        raise InputError.of("is not UTF-8; save it as UTF-8", where=where, line=line) from None


def _rows(text: str, where: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for number, row in enumerate(reader):
            cells = [cell.strip() for cell in row]
            is_heading = number == 0 and [cell.casefold() for cell in cells] == list(_COLUMNS[: len(cells)])
            if any(cells) and not is_heading:
                yield reader.line_num, cells
    except csv.Error as error:
        raise InputError.of(
            Phrase("is not a readable table: %(error)s", error=error), where=where, line=reader.line_num
        ) from None


def _identifier(row: Sequence[str]) -> Identifier:
    if not 2 <= len(row) <= 3:
        raise InputError.of("is written kind,value or kind,value,network")
    kind = row[0].casefold()
    network = row[2] if len(row) == 3 and row[2] else None
    require_seen(row[1], "value")
    match kind:
        case "address":
            return _address(row[1], network)
        case "transaction":
            return _transaction(row[1], network)
    if network is not None:
        raise InputError.of("only addresses and transactions have a network", field="network")
    match kind:
        case "email":
            return Identifier("email", _email(row[1]))
        case "phone":
            return Identifier("phone", _phone(row[1]))
        case "account":
            if not _ACCOUNT.fullmatch(row[1]):
                raise InputError.of("an account id has 1 to 128 letters, digits or any of . : @ / + - _", field="value")
            return Identifier("account", row[1])
    raise InputError.of(Phrase("is one of %(choices)s", choices=", ".join(IDENTIFIER_KINDS)), field="kind")


def _address(value: str, network: str | None) -> Identifier:
    if network is None:
        raise InputError.of("an address needs its network, for example tron", field="network")
    found = find_network(network)
    destination = read_destination(found, value)
    if destination.is_valid is False:
        raise InputError.of(
            Phrase("is not an address of %(name)s; check every character", name=found.name), field="value"
        )
    return Identifier("address", destination.address, found.name)


def _transaction(value: str, network: str | None) -> Identifier:
    if network is None:
        raise InputError.of("a transaction needs its network, for example bitcoin", field="network")
    found = find_network(network)
    if found.family == "solana":
        if not _SOLANA_SIGNATURE.fullmatch(value):
            raise InputError.of("a transaction of solana is a base58 signature of about 88 characters", field="value")
        return Identifier("transaction", value, found.name)
    if found.family == "algorand":
        if not _ALGORAND_TRANSACTION.fullmatch(value):
            raise InputError.of("a transaction of algorand has 52 letters and digits of base32", field="value")
        return Identifier("transaction", value, found.name)
    if found.family == "filecoin" and not value.startswith(("0x", "0X")):
        if not _FILECOIN_MESSAGE.fullmatch(value):
            raise InputError.of(
                "a transaction of filecoin begins with bafy, or with 0x and has 64 hexadecimal digits", field="value"
            )
        return Identifier("transaction", value, found.name)
    if not _TRANSACTION.fullmatch(value):
        raise InputError.of(
            Phrase("a transaction of %(name)s has 64 hexadecimal digits", name=found.name), field="value"
        )
    bare = value[-64:].lower()
    return Identifier("transaction", f"0x{bare}" if found.family in {"evm", "filecoin"} else bare, found.name)


def _email(value: str) -> str:
    local, _, host = value.rpartition("@")
    try:
        host = host.encode("idna").decode("ascii").lower()
    except UnicodeError:
        host = ""
    folded = f"{local}@{host}"
    if len(folded) > 254 or not _EMAIL.fullmatch(folded):
        raise InputError.of("is an e-mail address like name@example.org", field="value")
    return folded


def _phone(value: str) -> str:
    try:
        number = phonenumbers.parse(value, None)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise InputError.of("is a telephone number with its country code, like +852 1234 5678", field="value")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
