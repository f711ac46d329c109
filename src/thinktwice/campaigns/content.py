"""A pack as texts by path, wherever they lie: in a folder, in a draft, in a release.

Invariants: only the paths of the format exist (``campaign.yaml``, ``release.yaml``, ``messages/<locale>.md``,
``README.md``), so no path leads out of a folder; texts are kept byte for byte as they were written, and what is read
from them is read by the one reader of packs, which also looks at folders; faults name the path inside the pack.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from thinktwice.campaigns.merging import Files
from thinktwice.campaigns.reading import Reading, Surroundings, read_pack
from thinktwice.contacts.document import MAX_BYTES
from thinktwice.errors import Fault, InputError, Phrase

MAX_FILES: Final = 60
_PATH: Final = re.compile(
    r"campaign\.yaml|release\.yaml|README\.md|messages/[A-Za-z0-9-]{2,20}(\.[a-z0-9_-]{1,32})?\.md"
)
_ID: Final = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")
_MAX_ID: Final = 64


def check_id(campaign: str) -> None:
    """Refuse what cannot be the id of a campaign.

    Raises:
        InputError: it holds other characters than those of an id, or is too long.
    """
    if len(campaign) > _MAX_ID or not _ID.fullmatch(campaign):
        raise InputError.of("write lower-case letters, digits, - and _, at most 64", field="id")


def check_files(files: Files) -> None:
    """Refuse texts that are no part of a pack, before anything is written or parsed.

    Raises:
        InputError: with every fault, each with the path inside the pack.
    """
    faults = list(_faults(files))
    if faults:
        raise InputError(*faults)


def _faults(files: Files) -> Iterator[Fault]:
    if not files:
        yield Fault("holds no file; a pack begins with campaign.yaml")
    if len(files) > MAX_FILES:
        yield Fault(Phrase("holds %(count)s files; at most %(most)s", count=len(files), most=MAX_FILES))
        return
    for path, text in sorted(files.items()):
        where = path[:200]
        if not _PATH.fullmatch(path):
            yield Fault(
                "is not part of a pack; known: campaign.yaml, release.yaml, messages/<locale>.md, README.md",
                where=where,
            )
        try:
            size = len(text.encode("utf-8"))
        except UnicodeEncodeError:
            yield Fault("is not UTF-8", where=where)
            continue
        if size > MAX_BYTES:
            yield Fault(Phrase("is larger than %(most)s KB", most=MAX_BYTES // 1024), where=where)


def read_folder(folder: Path) -> dict[str, str]:
    """Return the texts of one pack folder, byte for byte; hidden files are left out.

    Raises:
        InputError: it is no folder, or holds a link, a foreign file, or one that is not UTF-8 or too large.
    """
    if not folder.is_dir() or folder.is_symlink():
        raise InputError.of("there is no such folder of a pack", where=str(folder))
    found: dict[str, str] = {}
    faults: list[Fault] = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if any(part.startswith(".") for part in path.relative_to(folder).parts):
            continue
        if path.is_symlink():
            faults.append(Fault("is a link or lies outside its folder; put the file itself here", where=str(path)))
        elif path.is_dir():
            continue
        elif path.stat().st_size > MAX_BYTES:
            faults.append(Fault(Phrase("is larger than %(most)s KB", most=MAX_BYTES // 1024), where=str(path)))
        else:
            try:
                found[name] = path.read_bytes().decode("utf-8")
            except UnicodeDecodeError as error:
                faults.append(Fault(Phrase("is not UTF-8 (byte %(start)s)", start=error.start), where=str(path)))
    faults += [replace(fault, where=str(folder / (fault.where or ""))) for fault in _faults(found)]
    if faults:
        raise InputError(*faults)
    return found


def write_folder(files: Files, folder: Path) -> None:
    """Write the texts below ``folder``, byte for byte as they were; what lies there besides is left alone.

    Raises:
        InputError: a path is no part of a pack.
    """
    check_files(files)
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode("utf-8"))


def read_files(campaign: str, files: Files, around: Surroundings) -> Reading:
    """Read and check a pack from its texts; faults name ``<campaign>/<path>``.

    Raises:
        InputError: the id or a path is no part of a pack; nothing was parsed then.
    """
    check_id(campaign)
    check_files(files)
    with tempfile.TemporaryDirectory(prefix="thinktwice-pack-") as made:
        folder = Path(made).resolve() / campaign
        folder.mkdir(mode=0o700)
        write_folder(files, folder)
        reading = read_pack(folder, around)
        root = str(folder.parent) + "/"
    return Reading(reading.pack, _inside(reading.faults, root), _inside(reading.warnings, root))


def _inside(faults: tuple[Fault, ...], root: str) -> tuple[Fault, ...]:
    return tuple(replace(fault, where=fault.where.removeprefix(root) if fault.where else None) for fault in faults)


def dump_files(files: Files) -> str:
    """Return the texts as they are stored: JSON, paths in order."""
    return json.dumps(dict(sorted(files.items())), ensure_ascii=False, separators=(",", ":"))


def load_files(stored: str) -> dict[str, str]:
    """Return the texts of what was stored.

    Raises:
        InputError: what is stored is no mapping of texts.
    """
    try:
        found = json.loads(stored)
    except ValueError as error:
        raise InputError.of(Phrase("the stored files cannot be read: %(error)s", error=error)) from error
    if not isinstance(found, dict) or not all(isinstance(text, str) for text in found.values()):
        raise InputError.of("the stored files are no texts by path")
    return {str(path): text for path, text in found.items()}
