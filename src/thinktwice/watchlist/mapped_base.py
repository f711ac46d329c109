"""The base: everything the watchlist held at one moment, as two files that are mapped and never changed.

``base.json`` (the manifest) names the pair in force: a key map from match key to place, and a file of claims, where
each combination that occurs is stored once. Invariants: the hash covers both files and is the same for the same
contents; the manifest is replaced atomically after both files are durable, so a reader sees the old pair or the new
one; a pair in use stays readable after it is replaced.
"""

from __future__ import annotations

import hashlib
import mmap
import os
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from thinktwice.errors import UnavailableError
from thinktwice.storage.layout import sync_folder
from thinktwice.watchlist.keymap import Engine, KeyMap, open_map, write_map
from thinktwice.watchlist.listing import Claims, Listing, resolve

MANIFEST: Final = "base.json"
_LENGTH_BITS: Final = 24
_LENGTH_MASK: Final = (1 << _LENGTH_BITS) - 1
_KEPT: Final = 10_000
"""Decoded combinations kept at hand; real lists have a few hundred."""

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Claims).decode
_ANY_TIME: Final = datetime(1970, 1, 1, tzinfo=UTC)


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """Which base is in force: its hash, the last change it contains, and how to open it."""

    hash: str
    seq: int
    keys: int
    combinations: int
    engine: Engine
    key_bytes: int
    claims_sha256: str
    built_at: datetime

    def files(self, folder: Path) -> tuple[Path, Path]:
        """Return the paths of the key map and of the claims."""
        stem = f"base-{self.hash[:16]}"
        return folder / f"{stem}.{self.engine}", folder / f"{stem}.claims"


@dataclass(frozen=True, slots=True)
class Found:
    """The claims of one match key, and what they come to when that depends on neither memo nor time."""

    claims: Claims
    listing: Listing | None

    @classmethod
    def of(cls, claims: Claims) -> Found:
        """Resolve what can be resolved ahead."""
        return cls(claims, resolve([claims], None, _ANY_TIME) if claims.is_plain else None)


class Base:
    """An open base."""

    def __init__(self, manifest: Manifest, keys: KeyMap, claims: mmap.mmap | bytes) -> None:
        self.manifest = manifest
        self.place_of = keys.get
        self._claims = claims
        self._decoded: dict[int, Found] = {}

    def renewed(self, manifest: Manifest) -> Base:
        """Return this base under a manifest that names the same files, without opening them twice."""
        other = copy(self)
        other.manifest = manifest
        return other

    def at(self, place: int) -> Found:
        """Return what stands at a place that ``place_of`` returned; equal places give the same object."""
        found = self._decoded.get(place)
        if found is None:
            start = place >> _LENGTH_BITS
            found = Found.of(_decode(self._claims[start : start + (place & _LENGTH_MASK)]))
            if len(self._decoded) >= _KEPT:
                self._decoded.clear()
            self._decoded[place] = found
        return found


def read_manifest(folder: Path) -> Manifest | None:
    """Return the manifest in force, or None before the first build.

    Raises:
        UnavailableError: the manifest is there and cannot be read.
    """
    try:
        return msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise UnavailableError(f"cannot read {folder / MANIFEST}: {error}") from error


def open_base(folder: Path, manifest: Manifest) -> Base:
    """Open the base of a manifest and check it.

    Raises:
        UnavailableError: a file is missing or is not the one that was built.
    """
    key_path, claims_path = manifest.files(folder)
    keys = open_map(key_path, manifest.engine)
    try:
        claims = _map_file(claims_path)
    except OSError as error:
        raise UnavailableError(f"cannot open the watchlist base {claims_path}: {error}") from error
    if hashlib.sha256(claims).hexdigest() != manifest.claims_sha256 or key_path.stat().st_size != manifest.key_bytes:
        raise UnavailableError(
            f"the watchlist base {manifest.hash[:16]} is damaged; `thinktwice watchlist build` it anew"
        )
    return Base(manifest, keys, claims)


def write_base(
    folder: Path, numbers: dict[str, int], combinations: list[Claims], *, seq: int, engine: Engine, now: datetime
) -> Manifest:
    """Write a base and put it in force.

    Args:
        folder: The watchlist folder; created when absent.
        numbers: Match key to index in ``combinations``; its values are overwritten to save memory.
        combinations: Each combination of claims once.
        seq: The last change that is contained.
        engine: Which key map to write.
        now: When it was built.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    blob, places = _lay_out(combinations)
    for key, index in numbers.items():
        numbers[key] = places[index]
    key_draft, claims_draft = folder / "draft.keys", folder / "draft.claims"
    key_draft.unlink(missing_ok=True)
    write_map(key_draft, numbers, engine)
    claims_draft.write_bytes(blob)
    manifest = Manifest(
        hash=_hash(key_draft, blob),
        seq=seq,
        keys=len(numbers),
        combinations=len(combinations),
        engine=engine,
        key_bytes=key_draft.stat().st_size,
        claims_sha256=hashlib.sha256(blob).hexdigest(),
        built_at=now,
    )
    _put_in_force(folder, manifest, {key_draft: manifest.files(folder)[0], claims_draft: manifest.files(folder)[1]})
    return manifest


def _lay_out(combinations: list[Claims]) -> tuple[bytes, list[int]]:
    """Encode each combination in an order that depends on the contents alone; return the blob and each one's place."""
    encoded = [_encode(claims) for claims in combinations]
    places = [0] * len(encoded)
    parts: list[bytes] = []
    start = 0
    for index in sorted(range(len(encoded)), key=encoded.__getitem__):
        length = len(encoded[index])
        if length > _LENGTH_MASK:
            raise UnavailableError("one address has more claims than a base can hold")
        places[index] = start << _LENGTH_BITS | length
        parts.append(encoded[index])
        start += length
    return b"".join(parts), places


def _hash(keys: Path, claims: bytes) -> str:
    digest = hashlib.sha256(claims)
    with keys.open("rb") as source:
        digest.update(hashlib.file_digest(source, "sha256").digest())
    return digest.hexdigest()


def _put_in_force(folder: Path, manifest: Manifest, renames: Mapping[Path, Path]) -> None:
    """Make the files durable, then the manifest, then remove all but this pair and the one before.

    The one before stays, because a reader may have read its manifest and not yet opened its files.
    """
    for draft, final in renames.items():
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.chmod(0o600)
        draft.replace(final)
    before = read_manifest(folder)
    kept = {*renames.values(), *(before.files(folder) if before else ())}
    draft = folder / "draft.json"
    with draft.open("wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(manifest)))
        file.flush()
        os.fsync(file.fileno())
    sync_folder(folder)
    draft.replace(folder / MANIFEST)
    sync_folder(folder)
    for path in folder.glob("base-*"):
        if path not in kept:
            path.unlink(missing_ok=True)


def _map_file(path: Path) -> mmap.mmap | bytes:
    with path.open("rb") as source:
        if os.fstat(source.fileno()).st_size == 0:
            return b""
        return mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ)
