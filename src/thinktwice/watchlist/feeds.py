"""Which lists are imported by themselves: a file of feeds, and the file that each one reads next.

Invariants: feeds stand in one TOML file, are read whole or not at all, and every fault names its place; a feed reads
files of this machine only (what fetches a list from elsewhere is the operator's, and leaves it in a folder); a file
that somebody may still be writing is left for the next time.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

import msgspec

from thinktwice.addresses.networks import FAMILIES
from thinktwice.errors import Fault, InputError, Phrase
from thinktwice.records.vocabulary import IndicatorKind
from thinktwice.watchlist.formats.detect import Format
from thinktwice.watchlist.source_file import digest_of

SETTLED: Final = timedelta(seconds=10)
"""How long nobody may have written to a file before it is read."""

_ID: Final = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")


class Feed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A list that is imported by itself.

    ``path`` is a file, a folder, or a pattern such as ``lists/sdn-*.csv``; of several files the newest is read.
    ``most_ended_percent``: an import that would end more than this share of what the source holds waits for a person,
    because a list that was cut off in transfer looks just like that. The rest is as in ``ImportOptions``.
    """

    id: str
    source: Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
    path: Annotated[str, msgspec.Meta(min_length=1, max_length=1000)]
    every_minutes: Annotated[int, msgspec.Meta(ge=1, le=10_080)] = 60
    stale_after_hours: Annotated[int, msgspec.Meta(ge=1, le=8_760)] | None = None
    most_ended_percent: Annotated[int, msgspec.Meta(ge=0, le=100)] = 50
    format: Format | None = None
    kind: IndicatorKind | None = None
    family: str | None = None
    confidence: Annotated[int, msgspec.Meta(ge=0, le=100)] | None = None
    columns: Mapping[str, str] = {}
    is_replacing: bool = True

    @property
    def every(self) -> timedelta:
        """How often it is looked for."""
        return timedelta(minutes=self.every_minutes)


class _FeedsFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    feed: tuple[Feed, ...] = ()


def read_feeds(path: Path) -> dict[str, Feed]:
    """Return the feeds of a file by id; paths are relative to the folder of the file.

    Raises:
        InputError: the file is missing or not TOML, or a feed in it cannot be used.
    """
    where = path.name
    try:
        found = msgspec.convert(tomllib.loads(path.read_text("utf-8")), _FeedsFile).feed
    except OSError:
        raise InputError.of("there is no such file", where=where) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError.of(Phrase("is not TOML: %(error)s", error=str(error)), where=where) from None
    except msgspec.ValidationError as error:
        raise InputError.of(Phrase("is no list of feeds: %(error)s", error=str(error)), where=where) from None
    feeds: dict[str, Feed] = {}
    faults = []
    for feed in found:
        if not _ID.fullmatch(feed.id) or len(feed.id) > 64:
            faults.append(Fault("write lower-case letters, digits, - and _, at most 64", "id", where))
        if feed.id in feeds:
            faults.append(Fault(Phrase("the id %(id)s is given twice", id=feed.id), "id", where))
        if feed.family is not None and feed.family not in FAMILIES:
            choices = ", ".join(FAMILIES)
            faults.append(Fault(Phrase("is one of %(choices)s", choices=choices), f"{feed.id}.family", where))
        feeds[feed.id] = msgspec.structs.replace(feed, path=str(path.parent / feed.path))
    if faults:
        raise InputError(*faults)
    return feeds


def newest_file(feed: Feed, now: datetime) -> Path:
    """Return the file that a feed reads now.

    Raises:
        InputError: there is none that nobody has written to for a while.
    """
    place = Path(feed.path)
    if place.is_dir():
        files = [one for one in place.iterdir() if not one.name.startswith(".")]
    elif any(letter in place.name for letter in "*?["):
        files = _matching(place)
    else:
        files = [place]
    settled = (now - SETTLED).timestamp()
    ready = sorted((one.stat().st_mtime, one.name, one) for one in files if one.is_file())
    ready = [one for one in ready if one[0] <= settled]
    if not ready:
        raise InputError.of(Phrase("there is no file to read at %(path)s", path=place.name))
    return ready[-1][2]


def _matching(pattern: Path) -> list[Path]:
    try:
        return list(pattern.parent.glob(pattern.name))
    except ValueError:  # such as ** beside other letters
        return []


def mark_of(feed: Feed, path: Path) -> str:
    """Return what tells whether there is anything new: the file's content and how it is read."""
    terms = msgspec.json.encode(msgspec.structs.replace(feed, path="", every_minutes=1, stale_after_hours=None))
    return hashlib.sha256(digest_of(path).encode() + terms).hexdigest()
