"""The base and the service that opens it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.watchlists import Lists, ask
from thinktwice.errors import UnavailableError
from thinktwice.storage.layout import DataFolder
from thinktwice.watchlist.build import build, build_apart, build_when_due
from thinktwice.watchlist.keymap import ENGINES, Engine
from thinktwice.watchlist.listing import Claim, Claims
from thinktwice.watchlist.mapped_base import open_base, read_manifest, write_base
from thinktwice.watchlist.service import Watchlist
from thinktwice.watchlist.snapshot import EMPTY, Snapshot

NOW = datetime(2026, 11, 22, tzinfo=UTC)
WARN, BLOCK = Claims((Claim("warn", "scam", "a"),)), Claims((Claim("block", "sanctions", "b"),), ("1",))
EVM = "0x5b6d3d66e18dfd31ed9a753c406963c401f356c0"


@pytest.mark.parametrize("engine", ENGINES)
def test_the_hash_depends_on_contents_alone(tmp_path: Path, engine: Engine) -> None:
    """Order of keys and of combinations, time and place of the build do not matter; one claim more does."""
    one = write_base(tmp_path / "a", {"k1": 0, "k2": 1}, [WARN, BLOCK], seq=1, engine=engine, now=NOW)
    two = write_base(tmp_path / "b", {"k2": 0, "k1": 1}, [BLOCK, WARN], seq=2, engine=engine, now=NOW)
    other = write_base(tmp_path / "c", {"k1": 0, "k2": 0}, [WARN], seq=1, engine=engine, now=NOW)
    assert one.hash == two.hash != other.hash


@pytest.mark.parametrize("engine", ENGINES)
def test_equal_keys_share_one_answer(tmp_path: Path, engine: Engine) -> None:
    """Look-ups of plain claims allocate nothing: the same object answers for every key; long keys work too."""
    long_key = "evm:" + "x" * 600
    manifest = write_base(tmp_path, {"k1": 0, long_key: 0, "k3": 1}, [WARN, BLOCK], seq=1, engine=engine, now=NOW)
    snapshot = Snapshot(open_base(tmp_path, manifest), {}, 1)
    first = snapshot.find(("k1",), None, NOW)
    assert first
    assert first is snapshot.find((long_key,), "memo", NOW)
    assert snapshot.find(("k2",), None, NOW) is None
    both = snapshot.find(("k1", "k3"), None, NOW)
    assert both
    assert both.disposition == "block"


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("which", [0, 1])
def test_a_damaged_base_is_refused(tmp_path: Path, engine: Engine, which: int) -> None:
    """A file that is cut, changed or gone is an error and never an answer."""
    manifest = write_base(tmp_path, {"k": 0}, [WARN], seq=1, engine=engine, now=NOW)
    path = manifest.files(tmp_path)[which]
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    with pytest.raises(UnavailableError):
        open_base(tmp_path, manifest)
    path.unlink()
    with pytest.raises(UnavailableError):
        open_base(tmp_path, manifest)


def test_an_empty_folder_is_an_empty_watchlist(tmp_path: Path) -> None:
    """Before any import there is nothing to read and the id says so."""
    with Watchlist(DataFolder(tmp_path / "nowhere")) as watchlist:
        assert watchlist.snapshot().id == EMPTY.id == "empty"
    lists = Lists(tmp_path / "data")
    assert lists.snapshot().id == "empty"
    assert build(lists.folder).keys == 0
    assert ask(lists.snapshot(), "ethereum", EVM) is None


@pytest.mark.parametrize("engine", ENGINES)
def test_rebuilding_the_same_contents_keeps_serving(tmp_path: Path, engine: Engine) -> None:
    """A build that changes nothing, and one in its own process, leave the answers and the hash as they were."""
    lists = Lists(tmp_path / "data")
    file = tmp_path / "list.txt"
    file.write_text(EVM)
    lists.take(file, kind="scam")
    first = build(lists.folder, engine)
    watchlist = Watchlist(lists.folder)
    assert build_apart(lists.folder).hash == first.hash
    watchlist.refresh()
    assert ask(watchlist.snapshot(), "ethereum", EVM)
    lists.delist((f"evm:{EVM}",))
    watchlist.refresh()
    assert ask(watchlist.snapshot(), "ethereum", EVM) is None
    assert read_manifest(lists.folder.watchlist) == watchlist._base.manifest if watchlist._base else False
    watchlist.close()


def test_an_unreadable_database_leaves_the_last_snapshot(tmp_path: Path) -> None:
    """Trouble is told and protection stays on."""
    lists = Lists(tmp_path / "data")
    file = tmp_path / "list.txt"
    file.write_text(EVM)
    lists.take(file, kind="scam")
    build(lists.folder)
    with Watchlist(lists.folder, poll_seconds=0.01) as watchlist:
        (lists.folder.watchlist / "base.json").write_text("{")
        for _ in range(200):
            if watchlist.trouble:
                break
            watchlist._stopped.wait(0.01)
        assert watchlist.trouble
        assert ask(watchlist.snapshot(), "ethereum", EVM)
    with pytest.raises(UnavailableError):
        Watchlist(lists.folder)


def test_a_base_is_built_when_the_overlay_has_grown(tmp_path: Path) -> None:
    """An import beyond the limit leads to a base, once; the answers stay."""
    lists = Lists(tmp_path / "data")
    file = tmp_path / "list.txt"
    file.write_text(f"{EVM}\n0x{'1' * 40}\n")
    lists.take(file, kind="scam")
    assert build_when_due(lists.folder, limit=2) is None
    built = build_when_due(lists.folder, limit=1)
    assert built
    assert built.keys == 2
    assert build_when_due(lists.folder, limit=1) is None
    assert ask(lists.snapshot(), "ethereum", EVM)
