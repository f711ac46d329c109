"""GraphSense TagPacks: YAML whose header fields are inherited by the tags below them.

Invariants: the YAML is composed into nodes and never constructed into objects, so no tag can run code, no alias is ever
expanded, and an unquoted ``0x…`` stays the text it is; only the fields named here are read, two levels deep.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import yaml

from thinktwice.errors import Fault, InputError, Phrase
from thinktwice.records.vocabulary import IndicatorKind
from thinktwice.watchlist.entry import Entry, Reading, address_problem, read_date, shown
from thinktwice.watchlist.kinds import KIND_OF_ABUSE, KIND_OF_CATEGORY, confidence_of
from thinktwice.watchlist.source_file import read_text

MAX_BYTES: Final = 64 << 20
"""The largest pack read; a node takes about forty times its text in memory."""

MAX_DEPTH: Final = 20
"""A TagPack has two levels; its ``context`` may have a few more."""

_NULL: Final = "tag:yaml.org,2002:null"
_Fields = Mapping[str, str]


def read(path: Path) -> Reading:
    """Yield an entry a tag; a tag that cannot be taken is a fault with its line.

    Raises:
        InputError: the file is no YAML, or no TagPack.
    """
    root = _compose(path)
    header = _scalars(root)
    tags = next((value for key, value in root.value if _text(key) == "tags"), None)
    if not isinstance(tags, yaml.SequenceNode):
        raise InputError.of("a TagPack has a list `tags`", field="tags", where=str(path))
    for position, tag in enumerate(tags.value):
        line = tag.start_mark.line + 1
        if not isinstance(tag, yaml.MappingNode):
            yield Fault("a tag is a mapping with `address`", f"tags[{position}]", str(path), line)
            continue
        yield from _read_tag({**header, **_scalars(tag)}, path, line, f"tags[{position}]")


def _compose(path: Path) -> yaml.MappingNode:
    text = read_text(path, MAX_BYTES)
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _check_depth(yaml.parse(text, Loader=loader), path)
        root = yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise InputError.of(
            Phrase("not YAML: %(context)s", context=error.problem or error.context),
            where=str(path),
            line=mark.line + 1 if mark else None,
        ) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise InputError.of(Phrase("not YAML that can be read: %(error)s", error=error), where=str(path)) from error
    if not isinstance(root, yaml.MappingNode):
        raise InputError.of("a TagPack is a mapping with a header and `tags`", where=str(path))
    return root


def _check_depth(events: Iterator[yaml.Event], path: Path) -> None:
    """Refuse deep nesting before composing, which follows it recursively in C and would end the process."""
    depth = 0
    for event in events:
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                line = event.start_mark.line + 1 if event.start_mark else None
                raise InputError.of(
                    Phrase("nested deeper than %(most)s levels", most=MAX_DEPTH), where=str(path), line=line
                )
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _text(node: yaml.Node) -> str | None:
    return str(node.value) if isinstance(node, yaml.ScalarNode) and node.tag != _NULL else None


def _scalars(node: yaml.MappingNode) -> dict[str, str]:
    """Return the plain fields of a mapping as they are written; nested ones mean nothing here."""
    pairs = ((_text(key), _text(value)) for key, value in node.value)
    return {key: value for key, value in pairs if key is not None and value is not None}


def _read_tag(tag: _Fields, path: Path, line: int, field: str) -> Reading:
    address = tag.get("address", "").strip()
    if problem := address_problem(address):
        yield Fault(problem, f"{field}.address", str(path), line)
        return
    confidence = confidence_of(tag["confidence"]) if "confidence" in tag else None
    if "confidence" in tag and confidence is None:
        yield Fault(
            Phrase("unknown confidence %(confidence)s; counted as not given", confidence=repr(tag["confidence"][:40])),
            f"{field}.confidence",
            str(path),
            line,
        )
    kind, word = _kind(tag)
    yield Entry(
        address=address,
        line=line,
        kind=kind,
        kind_word=word,
        confidence=confidence,
        asset=shown(tag.get("currency") or tag.get("network")),
        label=shown(tag.get("label")),
        reference=shown(tag.get("source")),
        listed_at=_date(tag.get("lastmod")),
    )


def _kind(tag: _Fields) -> tuple[IndicatorKind | None, str | None]:
    """Map ``abuse`` first, else ``category``; return the word that maps to nothing beside None."""
    abuse, category = tag.get("abuse", "").strip(), tag.get("category", "").strip()
    kind = KIND_OF_ABUSE.get(abuse.lower()) if abuse else KIND_OF_CATEGORY.get(category.lower())
    return kind, None if kind else shown(abuse or category)


def _date(text: str | None) -> date | None:
    try:
        return read_date(text) if text else None
    except ValueError:
        return None
