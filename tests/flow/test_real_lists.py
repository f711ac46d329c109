"""Real lists, imported as an operator would, and what follows for a withdrawal to what they list."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.support.shared_data import shared_data
from tests.support.watchlists import NOW, Lists, ask
from thinktwice.errors import Fault, InputError
from thinktwice.watchlist.build import build, build_apart
from thinktwice.watchlist.importing import match_keys_of
from thinktwice.watchlist.keymap import ENGINES, Engine
from thinktwice.watchlist.mapped_base import Manifest
from thinktwice.watchlist.service import Watchlist

OFAC = "addresses/ofac_sanctioned_2024-09-27.csv"
FORTA = "addresses/forta_phishing_scams_eth.csv"
PACKS = (
    "defi-fraud-masterthesis.yaml.gz", "demo.yaml", "electrum_phishing.yaml", "exchange-wallets-binance.yaml",
    "exchange-wallets-cryptocom.yaml", "exchange-wallets-deribit.yaml", "exchange-wallets-huobi.yaml",
    "exchange-wallets-kucoin.yaml", "exchange-wallets-okx.yaml", "hacks.yaml", "hydra.yaml", "lazarus.yaml",
    "mixing_fc2021.yaml", "ofac.yaml", "plustoken.yaml", "ponzi_scheme.yaml", "ransomwhere.yaml", "tornado_cash.yaml",
    "twitter_hack_scam.yaml", "usdt_blacklist.yaml", "walletexplorer.yaml",
)  # fmt: skip
EXCHANGES = [name for name in PACKS if name.startswith("exchange-wallets")]
NETWORK_OF_FAMILY = {"evm": "ethereum", "substrate": "polkadot", "literal": "monero"}
NETWORK_OF = {"XBT": "bitcoin", "ARB": "arbitrum", "USDT": "ethereum", "USDC": "ethereum"}
SIZE_OF_PACK = {"defi-fraud-masterthesis.yaml.gz": 6699, "ransomwhere.yaml": 7457, "ofac.yaml": 572, "hydra.yaml": 117}


@pytest.fixture
def lists(tmp_path: Path) -> Lists:
    return Lists(tmp_path / "data")


def _rows(name: str) -> list[dict[str, str]]:
    with shared_data(name).open(encoding="utf-8") as source:
        return list(csv.DictReader(source))


def _tags(name: str) -> Iterator[dict[str, str]]:
    pack = yaml.load(shared_data(f"tagpacks/{name}").read_text(), Loader=yaml.CSafeLoader)
    header = {key: value for key, value in pack.items() if key != "tags"}
    return ({**header, **tag} for tag in pack["tags"])


def _networks(address: str) -> set[str]:
    """Give a network for each family that reads an address without knowing its chain."""
    families = {key.partition(":")[0] for key in match_keys_of(address)}
    return {NETWORK_OF_FAMILY.get(name, name) for name in families}


def _take_or_refuse(lists: Lists, path: Path) -> tuple[int, tuple[Fault, ...]]:
    """Give how many entries were taken, and the faults of the others."""
    try:
        imported = lists.take(path)
    except InputError as error:
        return 0, error.faults[:-1]
    return imported.entries, imported.faults


def test_every_sanctioned_address_is_blocked(lists: Lists) -> None:
    """All 654 rows (641 addresses) of the OFAC list block on the network that the row and the address name."""
    imported = lists.take(shared_data(OFAC), kind="sanctions")
    snapshot = lists.snapshot()
    rows = _rows(OFAC)
    assert imported.entries == len(rows) == 654
    assert len({row["address"] for row in rows}) == 641
    for row in rows:
        named = NETWORK_OF.get(row["ofac_asset_code"], row["ofac_asset_code"])
        listing = ask(snapshot, named, row["address"])
        assert listing, row
        assert listing.disposition == "block", row


def test_a_list_without_chains_blocks_on_every_network_that_reads_the_address(lists: Lists, tmp_path: Path) -> None:
    """Without asset codes each address blocks wherever its text is an address."""
    bare = tmp_path / "bare.txt"
    bare.write_text("\n".join(sorted({row["address"] for row in _rows(OFAC)})))
    assert lists.take(bare, kind="sanctions").entries == 641
    snapshot = lists.snapshot()
    for row in _rows(OFAC):
        for network in _networks(row["address"]):
            listing = ask(snapshot, network, row["address"])
            assert listing, (network, row)
            assert listing.disposition == "block", (network, row)


def test_phishing_addresses_warn_in_any_letter_case(lists: Lists) -> None:
    """All 6,726 rows (6,205 addresses) of the Forta list warn, however the address is written."""
    imported = lists.take(shared_data(FORTA), kind="scam")
    assert (imported.entries, imported.counts.held) == (6726, 6205)
    snapshot = lists.snapshot()
    for row in _rows(FORTA):
        digits = row["address"][2:]
        for address in (row["address"], f"0x{digits.lower()}", f"0x{digits.upper()}", f"0X{digits}"):
            listing = ask(snapshot, "ERC20", address)
            assert listing, address
            assert listing.disposition == "warn", address


@pytest.mark.parametrize("name", EXCHANGES)
def test_wallets_of_exchanges_are_ignored(lists: Lists, name: str) -> None:
    """The address of a known service raises nothing."""
    imported = lists.take(shared_data(f"tagpacks/{name}"))
    assert not imported.fault_count
    snapshot = lists.snapshot()
    for tag in _tags(name):
        address = tag["address"].strip()
        for network in {key.partition(":")[0] for key in match_keys_of(address, asset=tag["currency"])}:
            listing = ask(
                snapshot,
                {"evm": "ethereum", "literal": "monero", "substrate": "polkadot"}.get(network, network),
                address,
            )
            assert listing, address
            assert listing.disposition == "ignore", address


@pytest.mark.parametrize(
    ("name", "network"),
    [("mixing_fc2021.yaml", "bitcoin"), ("tornado_cash.yaml", "ethereum"), ("usdt_blacklist.yaml", "ethereum")],
)
def test_mixers_and_frozen_tokens_stay_silent(lists: Lists, name: str, network: str) -> None:
    """A listing is not yet a warning: mixers and issuer freezes change nothing that a customer sees."""
    imported = lists.take(shared_data(f"tagpacks/{name}"))
    assert not imported.fault_count
    snapshot = lists.snapshot()
    for tag in _tags(name):
        listing = ask(snapshot, network, tag["address"])
        assert listing, tag
        assert listing.disposition == "silent", tag


@pytest.mark.parametrize("name", PACKS)
def test_every_tag_is_taken_or_named(lists: Lists, name: str) -> None:
    """With a kind to fall back on a pack imports whole; without one each tag left out is named with its line."""
    path = shared_data(f"tagpacks/{name}")
    whole = lists.take(path, kind="other", source="whole", is_rehearsal=True)
    assert whole.fault_count == 0
    assert whole.entries == SIZE_OF_PACK.get(name, whole.entries)
    taken, faults = _take_or_refuse(lists, path)
    assert taken + len(faults) == whole.entries
    assert all(fault.line and fault.where == str(path) and fault.field == "kind" for fault in faults)


def test_both_sanctions_files_give_their_whole_addresses_and_no_others(lists: Lists) -> None:
    """The SDN file of 2019 holds 2 addresses, the comments file of 2023 204 and two severed tails, which are named."""
    legacy = lists.take(shared_data("sanctions_files/ofac_sdn_legacy_2019-01.csv.gz"))
    comments = lists.take(shared_data("sanctions_files/ofac_sdn_comments_2023-12.csv"))
    assert (legacy.format, legacy.entries, legacy.fault_count) == ("ofac-sdn", 2, 0)
    assert (comments.format, comments.entries) == ("ofac-sdn", 204)
    assert [fault.line for fault in comments.faults] == [8, 9]
    known = {row["address"] for row in _rows(OFAC)}
    listed = {str(address) for (address,) in lists.rows("SELECT DISTINCT address FROM indicator")}
    assert len(listed) == 206
    assert len(listed & known) == 205
    listing = ask(lists.snapshot(), "ethereum", "0x4736dCf1b7A3d580672CcE6E7c65cd5cc9cFBa9D")
    assert listing, "the address behind a severed label"
    assert (listing.disposition, listing.kinds) == ("block", ("sanctions",))


def test_a_memo_opens_no_way_around(lists: Lists, tmp_path: Path) -> None:
    """A listing that names no memo holds for every memo."""
    listed = tmp_path / "list.csv"
    listed.write_text("address,asset\nrnXyVQzgxZe7TR1EPzTkGj2jxH4LMJYh66,XRP\n")
    lists.take(listed, kind="sanctions")
    snapshot = lists.snapshot()
    for memo in (None, "0", "12345"):
        listing = ask(snapshot, "xrp", "rnXyVQzgxZe7TR1EPzTkGj2jxH4LMJYh66", memo)
        assert listing, memo
        assert listing.disposition == "block"


def test_importing_again_changes_nothing(lists: Lists) -> None:
    """The same file twice leaves the same rows and the same snapshot."""
    lists.take(shared_data(FORTA), kind="scam")
    before, rows = lists.snapshot().id, lists.rows("SELECT count(*) FROM indicator")
    again = lists.take(shared_data(FORTA), kind="scam")
    assert (again.counts.added, again.counts.refreshed, again.counts.unchanged) == (0, 0, 6205)
    assert (lists.snapshot().id, lists.rows("SELECT count(*) FROM indicator")) == (before, rows)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_base_answers_as_the_overlay_does(lists: Lists, engine: Engine) -> None:
    """Building changes how an answer is found, never the answer."""
    lists.take(shared_data(OFAC), kind="sanctions")
    lists.take(shared_data("tagpacks/ofac.yaml"), kind="other")
    keys = [str(key) for (key,) in lists.rows("SELECT DISTINCT match_key FROM indicator")]
    overlay = lists.snapshot()
    manifest: Manifest = build(lists.folder, engine)
    base = lists.snapshot()
    assert base.id.startswith(manifest.hash[:16])
    assert manifest.keys == len(keys)
    for key in [*keys, "evm:0x0000000000000000000000000000000000000dad"]:
        assert base.find((key,), None, NOW) == overlay.find((key,), None, NOW)


def test_delisting_is_effective_within_a_second(lists: Lists) -> None:
    """A running process drops a delisted and an allowed address, and takes over a new base, within a second."""
    lists.take(shared_data(OFAC), kind="sanctions")
    build_apart(lists.folder)
    delisted, allowed = _rows(OFAC)[0]["address"], _rows(OFAC)[20]["address"]
    with Watchlist(lists.folder) as watchlist:
        began = time.monotonic()
        assert ask(watchlist.snapshot(), "ethereum", delisted)
        assert lists.delist(match_keys_of(delisted)) == 1
        lists.allow(match_keys_of(allowed))
        while ask(watchlist.snapshot(), "ethereum", delisted) and time.monotonic() < began + 2:
            time.sleep(0.01)
        assert time.monotonic() - began < 1
        changed = watchlist.snapshot().id
        manifest = build(lists.folder)
        while watchlist.snapshot().id == changed and time.monotonic() < began + 5:
            time.sleep(0.01)
        assert watchlist.snapshot().id.startswith(manifest.hash[:16])
        assert ask(watchlist.snapshot(), "ethereum", delisted) is None
        assert watchlist.trouble is None
