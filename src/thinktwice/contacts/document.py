"""YAML files written by people, read strictly: every value keeps its line, nothing is guessed, nothing runs.

It lives in the lowest package that reads such files; campaign packs are read with it too. Invariants: a document is
a tree of text (numbers, dates and booleans are read by the field that wants them, so that ``NO`` stays Norway);
anchors, aliases, tags, directives, repeated keys and second documents are refused before anything is built, as are
files that are too large, are links, lie outside their folder, are not UTF-8 or hold characters that nobody can see or
knows.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from thinktwice.contacts.characters import refused_character
from thinktwice.errors import Fault, Phrase

MAX_BYTES: Final = 256 * 1024
MAX_DEPTH: Final = 12


@dataclass(frozen=True, slots=True)
class Entry:
    """One value of a document: text, a list, a mapping, or None where the file says nothing; with its place."""

    value: str | tuple[Entry, ...] | Mapping[str, Entry] | None
    where: str
    line: int
    field: str | None

    def fault(self, message: str) -> Fault:
        """Return a fault at this place."""
        return Fault(message, self.field, self.where, self.line)


def read_source(path: Path, root: Path, faults: list[Fault], *, where: str | None = None) -> str | None:
    """Return the text of one file below ``root`` in NFC with Unix line ends, or None after adding faults."""
    where = where or str(path)
    if path.is_symlink() or not path.resolve().is_relative_to(root.resolve()):
        faults.append(Fault("is a link or lies outside its folder; put the file itself here", where=where))
        return None
    if not path.is_file():
        faults.append(Fault("there is no such file", where=where))
        return None
    if path.stat().st_size > MAX_BYTES:
        faults.append(Fault(Phrase("is larger than %(most)s KB", most=MAX_BYTES // 1024), where=where))
        return None
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        faults.append(Fault(Phrase("is not UTF-8 (byte %(start)s)", start=error.start), where=where))
        return None
    text = text.replace("\r\n", "\n")
    bad = list(_characters_refused(text, where))
    faults.extend(bad)
    return None if bad else unicodedata.normalize("NFC", text)


def _characters_refused(text: str, where: str) -> Iterator[Fault]:
    """Name each line that holds a character nobody can see or knows."""
    for number, line in enumerate(text.split("\n"), start=1):
        if refused := refused_character(line):
            yield Fault(refused, where=where, line=number)


def parse_document(text: str, where: str, faults: list[Fault], *, first_line: int = 1) -> Entry | None:
    """Parse one YAML document into a tree, or None after adding faults.

    ``first_line`` is the line of the file on which ``text`` starts, for front matter.
    """
    offset = first_line - 1
    try:
        refused = list(_constructs_refused(text, where, offset))
        faults.extend(refused)
        if refused:
            return None
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 + offset if error.problem_mark else None
        faults.append(Fault(Phrase("is not YAML: %(problem)s", problem=error.problem), where=where, line=line))
        return None
    except yaml.YAMLError as error:
        faults.append(Fault(Phrase("is not YAML: %(error)s", error=error), where=where))
        return None
    if node is None:
        return Entry({}, where, first_line, None)
    return _entry(node, where, offset, None, faults)


_REFUSED: Final[Mapping[type[yaml.Token], str]] = {
    yaml.AnchorToken: Phrase("anchors (&name) are not read; write the value out"),
    yaml.AliasToken: Phrase("aliases (*name) are not read; write the value out, or put it in quotes"),
    yaml.TagToken: Phrase("tags (!name) are not read; remove it"),
    yaml.DirectiveToken: Phrase("directives (%%) are not read; remove the line"),
    yaml.DocumentEndToken: Phrase("one document a file; remove the end mark"),
}

_DEEPER = (
    yaml.BlockMappingStartToken,
    yaml.BlockSequenceStartToken,
    yaml.FlowMappingStartToken,
    yaml.FlowSequenceStartToken,
)
_SHALLOWER = (yaml.BlockEndToken, yaml.FlowMappingEndToken, yaml.FlowSequenceEndToken)


def _constructs_refused(text: str, where: str, offset: int) -> Iterator[Fault]:
    """Scan without building, so that neither recursion nor aliases can blow up (a billion laughs)."""
    depth = documents = 0
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        line = token.start_mark.line + 1 + offset
        if type(token) in _REFUSED:
            yield Fault(_REFUSED[type(token)], where=where, line=line)
        documents += isinstance(token, yaml.DocumentStartToken)
        if documents > 1:
            yield Fault("one document a file; remove the second", where=where, line=line)
            return
        depth += isinstance(token, _DEEPER) - isinstance(token, _SHALLOWER)
        if depth > MAX_DEPTH:
            yield Fault(Phrase("is nested deeper than %(most)s levels", most=MAX_DEPTH), where=where, line=line)
            return


def _entry(node: yaml.Node, where: str, offset: int, field: str | None, faults: list[Fault]) -> Entry:
    """Turn one node into an entry, collecting repeated and unusable keys."""
    line = node.start_mark.line + 1 + offset
    if isinstance(node, yaml.SequenceNode):
        items = (_entry(item, where, offset, f"{field or ''}[{i}]", faults) for i, item in enumerate(node.value))
        return Entry(tuple(items), where, line, field)
    if isinstance(node, yaml.MappingNode):
        return Entry(_mapping(node, where, offset, field, faults), where, line, field)
    faults.extend(_escapes_refused(node, where, line, field))
    is_absent = node.tag == "tag:yaml.org,2002:null"
    return Entry(None if is_absent else str(node.value), where, line, field)


def _escapes_refused(node: yaml.Node, where: str, line: int, field: str | None) -> Iterator[Fault]:
    """Hold what a quoted text writes as an escape to the rule for characters written as they are."""
    refused = (refused_character(part) for part in str(node.value).split("\n"))
    if found := next((one for one in refused if one), None):
        yield Fault(found, field, where, line)


def _mapping(
    node: yaml.MappingNode, where: str, offset: int, field: str | None, faults: list[Fault]
) -> dict[str, Entry]:
    found: dict[str, Entry] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1 + offset
        if not isinstance(key, yaml.ScalarNode) or key.tag == "tag:yaml.org,2002:merge":
            faults.append(Fault("a field's name is plain text", field, where, line))
            continue
        faults.extend(_escapes_refused(key, where, line, field))
        name = str(key.value)
        path = f"{field}.{name}" if field else name
        if name in found:
            faults.append(
                Fault(Phrase("is given twice; the first is on line %(line)s", line=found[name].line), path, where, line)
            )
            continue
        entry = _entry(value, where, offset, path, faults)
        # The place of a field is where its name stands, also when its value starts on the next line.
        found[name] = Entry(entry.value, where, line, path)
    return found
