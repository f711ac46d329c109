"""Reading lists: what is taken, what is refused, and how the refusal names its place."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pytest

from thinktwice.errors import Fault, InputError
from thinktwice.watchlist import source_file
from thinktwice.watchlist.entry import Entry
from thinktwice.watchlist.formats import csv, detect, ofac_sdn, tagpack, text
from thinktwice.watchlist.formats.columns import parse_mapping

EVM = "0x5b6d3d66e18dfd31ed9a753c406963c401f356c0"
BTC = "12jVCWW1ZhTLA5yVnroEJswqKwsfiZKsax"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "list"


def _split(reading: object) -> tuple[list[Entry], list[Fault]]:
    items = list(reading)  # type: ignore[call-overload]  # any reading
    return [one for one in items if isinstance(one, Entry)], [one for one in items if isinstance(one, Fault)]


def test_text_takes_one_address_a_line(file: Path) -> None:
    """Comments label, blank lines are skipped, two words on a line are a fault with its line."""
    file.write_text(f"# head\n\n{EVM} # exploiter\r\n  {BTC}\ntwo words\n\x1a")
    entries, faults = _split(text.read(file))
    assert [(one.address, one.line, one.label) for one in entries] == [(EVM, 3, "exploiter"), (BTC, 4, None)]
    assert [fault.line for fault in faults] == [5]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_csv_reads_any_usual_delimiter(file: Path, mark: str) -> None:
    """Headings are recognised and every field is read."""
    heading = ("address", "asset", "kind", "confidence", "label", "listed_at", "expires_at", "memo")
    row = (EVM, "ETH", "phishing", "80", '"a, b; c"', "2024-02-29", "2027-01-01T00:00:00Z", "7")
    file.write_text(f"{mark.join(heading)}\n{mark.join(row)}\n")
    (entry,), faults = _split(csv.read(file))
    assert not faults
    assert (entry.address, entry.asset, entry.kind, entry.confidence, entry.memo) == (EVM, "ETH", "scam", 80, "7")
    assert (entry.label, entry.listed_at) == ("a, b; c", date(2024, 2, 29))


def test_csv_columns_can_be_named(file: Path) -> None:
    """A column is named by heading or number; the byte order mark and letter case do not matter."""
    file.write_text(f"\ufeffWhere To,Note\n{EVM},x\n")
    for mapping in ({"address": "where to", "label": "Note"}, {"address": "1", "label": "2"}):
        (entry,), _ = _split(csv.read(file, mapping))
        assert (entry.address, entry.label) == (EVM, "x")


def test_csv_without_heading_finds_the_only_address(file: Path) -> None:
    """A first row that holds an address is no heading."""
    file.write_text(f"Ethereum,{EVM},Sanctioned\n")
    (entry,), _ = _split(csv.read(file))
    assert entry.address == EVM


@pytest.mark.parametrize(
    ("row", "field"),
    [("", "address"), (f"{EVM},101", "confidence"), (f"{EVM},,soon", "listed_at"), (f"{EVM},,,never", "expires_at"),
     (f"{EVM},,,,stop", "disposition"), ("0x\u202e5b,,,,", "address"), (f"{'1' * 300},,,,", "address")],
)  # fmt: skip
def test_a_cell_that_cannot_be_read_is_named(file: Path, row: str, field: str) -> None:
    """The fault has file, line and field, and the row is not half taken."""
    file.write_text(f"address,confidence,listed_at,expires_at,disposition,x\n{EVM},,,,,\n{row},,\n")
    entries, faults = _split(csv.read(file))
    expected = [] if not row else [(field, 3, str(file))]
    assert [(fault.field, fault.line, fault.where) for fault in faults] == expected
    assert len(entries) == 1


def test_csv_without_address_column_says_what_to_do(file: Path) -> None:
    """The refusal shows the columns and the option."""
    file.write_text("who,where\nme,here\n")
    with pytest.raises(InputError, match="--column address=COLUMN; the columns are 'who', 'where'"):
        _split(csv.read(file))


def test_column_pairs_are_checked() -> None:
    """A field that entries do not have is refused with those they have."""
    assert parse_mapping(["address=a", "kind = k"]) == {"address": "a", "kind": "k"}
    for pair in ("address", "adress=a", "address="):
        with pytest.raises(InputError, match="FIELD=COLUMN"):
            parse_mapping([pair])


def test_sdn_remarks_may_begin_and_end_in_the_middle_of_a_word(file: Path) -> None:
    """A whole address behind a severed label is taken; a severed head or tail is named and never taken."""
    file.write_text(
        f'1,"ddress - ETH {EVM}; alt. Digital Currency Address - XBT {BTC}; '
        'alt. Digital Currency Address - XBT 12jVCWW1"\n'
        f'2,"VCWW1ZhTLA5yVnroEJswqKwsfiZKsax; alt. Digital Currency Address - XBT {BTC}."\n'
        f'3,"BT {BTC}; Gender Male."\n4,"10; a.k.a. \'X\'."\n5,"one, two",3\n\x1a'
    )
    entries, faults = _split(ofac_sdn.read(file))
    assert [(one.line, one.asset, one.address) for one in entries] == [
        (1, "ETH", EVM), (1, "XBT", BTC), (2, "XBT", BTC), (3, None, BTC),
    ]  # fmt: skip
    assert [fault.line for fault in faults] == [1, 2, 5]
    assert {one.kind for one in entries} == {"sanctions"}


PACK = f"""\
title: T
confidence: forensic
abuse: scam
lastmod: 2021-11-12
tags:
- address: {EVM}
  currency: ETH
- address: '{BTC} '
  abuse: extortion
- address: 1
  confidence: gut_feeling
- label: nothing
- just text
"""


def test_tags_inherit_the_header(file: Path) -> None:
    """A tag's own field wins; an unquoted hex address stays text; what cannot be taken is named with its line."""
    file.write_text(PACK)
    entries, faults = _split(tagpack.read(file))
    assert [(one.address, one.kind, one.confidence, one.line) for one in entries] == [
        (EVM, "scam", 50, 6), (BTC, None, 50, 8), ("1", "scam", None, 10),
    ]  # fmt: skip
    assert entries[1].kind_word == "extortion"
    assert entries[0].listed_at == date(2021, 11, 12)
    assert [(fault.line, fault.field) for fault in faults] == [
        (10, "tags[2].confidence"), (12, "tags[3].address"), (13, "tags[4]"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [
        "",
        "- a\n",
        "tags: 3\n",
        "a: [1\n",
        "!!python/object/apply:os.system ['true']\n",
        "a: &a [*a]\ntags: *b\n",
        "[" * 5000,
    ],
)
def test_what_is_no_tagpack_is_refused(file: Path, content: str) -> None:
    """No YAML trick ends in anything but a refusal."""
    file.write_text(content)
    with pytest.raises(InputError):
        _split(tagpack.read(file))


def test_aliases_are_never_expanded(file: Path) -> None:
    """A pack of a billion laughs is read in the time of its text."""
    bomb = "\n".join(f"b{n}: &b{n} [{', '.join([f'*b{n - 1}'] * 9)}]" for n in range(1, 30))
    file.write_text(f"b0: &b0 [x]\n{bomb}\ntags:\n- address: {EVM}\n  label: *b29\n")
    (entry,), faults = _split(tagpack.read(file))
    assert (entry.address, entry.label, faults) == (EVM, None, [])


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("x.yaml", PACK, "tagpack"), ("x", PACK, "tagpack"), ("x.csv", f"address\n{EVM}\n", "csv"),
        ("x.dat", f"a,b\n{EVM},2\n", "csv"), ("x.txt", f"# a, b\n{EVM}\n", "text"), ("x", f"{EVM}\n", "text"),
        ("sdn.csv", '36,"A, B",-0- ,"CUBA"\n', "ofac-sdn"), ("c.csv", '36,"ddress - ETH 0x1; b."\n\x1a', "ofac-sdn"),
        ("p.csv", f'{EVM},"x"\n', "csv"),
    ],
)  # fmt: skip
def test_formats_are_told_apart(tmp_path: Path, name: str, content: str, expected: str) -> None:
    """Name and first lines tell the format, packed or not."""
    path = tmp_path / name
    path.write_text(content)
    assert detect.format_of(path) == expected
    packed = tmp_path / f"{name}.gz"
    packed.write_bytes(gzip.compress(content.encode()))
    assert detect.format_of(packed) == expected


@pytest.mark.parametrize(("content", "words"), [("", "empty"), ('{"a": 1}', "JSON"), ("<a/>", "XML")])
def test_unknown_formats_are_refused(file: Path, content: str, words: str) -> None:
    """The refusal says what the file seems to be."""
    file.write_text(content)
    with pytest.raises(InputError, match=words):
        detect.format_of(file)


def test_other_encodings_are_refused_by_byte_and_line(file: Path) -> None:
    """The first byte that is not UTF-8 is named; UTF-16 is called by its name."""
    file.write_bytes(b"abc\ncaf\xe9\n")
    with pytest.raises(InputError, match=r"byte 8 \(0xe9, byte 4 of the line\)") as caught:
        list(source_file.read_lines(file))
    assert caught.value.faults[0].line == 2
    file.write_bytes("abc".encode("utf-16"))
    with pytest.raises(InputError, match="UTF-16"):
        list(source_file.read_lines(file))


def test_archives_are_bounded(tmp_path: Path) -> None:
    """A small file that unpacks to a large one, an over-long line and a cut archive are refused."""
    bomb = tmp_path / "bomb.gz"
    bomb.write_bytes(gzip.compress((b"0" * 1000 + b"\n") * 30_000))
    with pytest.raises(InputError, match="200 times its size"):
        list(source_file.read_lines(bomb))
    bomb.write_bytes(gzip.compress(b"0" * (source_file.MAX_LINE + 1)))
    with pytest.raises(InputError, match="line is at most"):
        list(source_file.read_lines(bomb))
    bomb.write_bytes(gzip.compress(b"some text\n" * 100)[:-12])
    with pytest.raises(InputError, match="archive is broken"):
        list(source_file.read_lines(bomb))
