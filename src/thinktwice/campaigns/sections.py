"""A message file taken apart: front matter, then sections under fixed headings, each with its lines.

Invariants: a body is a small Markdown subset (paragraphs, lists led by ``- ``, emphasis, links); how its lines are
broken means nothing, so two files that read alike give equal texts; anything else of Markdown or HTML is a fault.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from thinktwice.contacts.document import Entry, parse_document
from thinktwice.contacts.fields import nearest
from thinktwice.errors import Fault, Phrase

_HEADING: Final = re.compile(r"## +([a-z0-9_.-]+) *")
_REFUSED: Final = re.compile(r"#|```|~~~|\||>|    |\t|\d+[.)] |[*+] |!\[|(-{3,}|={3,}|_{3,}|\*{3,})\s*$")
_TAG: Final = re.compile(r"</?[a-zA-Z!?]|&[#a-zA-Z0-9]+;|!\[|`")
_WIDE: Final = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")
"""Letters of scripts that are written without spaces between words."""


@dataclass(frozen=True, slots=True)
class Section:
    """The body under one heading, with lines joined; ``line`` is that of the heading."""

    name: str
    text: str
    where: str
    line: int

    def fault(self, message: str) -> Fault:
        """Return a fault at this section."""
        return Fault(message, self.name, self.where, self.line)

    @property
    def items(self) -> tuple[str, ...] | None:
        """The items when the body is one list, else None."""
        blocks = self.text.split("\n")
        if not all(block.startswith("- ") for block in blocks):
            return None
        return tuple(block.removeprefix("- ") for block in blocks)


def split_message(text: str, where: str, faults: list[Fault]) -> tuple[Entry | None, dict[str, Section]]:
    """Return the front matter and the sections by name, after adding faults."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---" or "---" not in (line.rstrip() for line in lines[1:]):
        faults.append(Fault("begin with front matter between two lines of ---", where=where, line=1))
        return None, {}
    end = next(number for number, line in enumerate(lines) if number and line.rstrip() == "---")
    front = parse_document("\n".join(lines[1:end]) + "\n", where, faults, first_line=2)
    sections: dict[str, Section] = {}
    for section in _sections(lines, end + 1, where, faults):
        if section.name in sections:
            faults.append(
                section.fault(Phrase("is given twice; the first is on line %(line)s", line=sections[section.name].line))
            )
        elif not section.text:
            faults.append(section.fault("says nothing; write its words below the heading"))
        else:
            sections[section.name] = section
    return front, sections


def _sections(lines: list[str], start: int, where: str, faults: list[Fault]) -> Iterator[Section]:
    name, line, body = "", 0, list[str]()
    for number, content in enumerate(lines[start:], start=start + 1):
        heading = _HEADING.fullmatch(content)
        if heading is None:
            faults.extend(_line_faults(content, name, where, number))
            body.append(content)
            continue
        if name:
            yield Section(name, _joined(body), where, line)
        name, line, body = heading.group(1), number, []
    if name:
        yield Section(name, _joined(body), where, line)


def _line_faults(content: str, name: str, where: str, number: int) -> Iterator[Fault]:
    if not content.strip():
        return
    if not name:
        yield Fault("stands before the first heading; begin with ## and the name of a section", None, where, number)
    elif "![" in content or "<img" in content:
        message = Phrase("an image is not read aloud, and not approved word for word; say in words what it would show")
        yield Fault(message, name, where, number)
    elif _REFUSED.match(content) or _TAG.search(content):
        yield Fault("write paragraphs, lists led by '- ', emphasis and links only", name, where, number)


def _joined(body: list[str]) -> str:
    """Join the lines of each paragraph and item; paragraphs stay apart by an empty line, items by a line end."""
    blocks: list[str] = []
    is_open = False
    for line in (line.strip() for line in body):
        if not line:
            is_open = False
        elif line.startswith("- "):
            blocks.append("- " + " ".join(line[2:].split()))
            is_open = True
        elif is_open:
            blocks[-1] = _glued(blocks[-1], " ".join(line.split()))
        else:
            blocks.append(" ".join(line.split()))
            is_open = True
    text = ""
    for before, block in zip(["", *blocks], blocks, strict=False):
        are_items = before.startswith("- ") and block.startswith("- ")
        text += ("" if not before else "\n" if are_items else "\n\n") + block
    return text


def _glued(left: str, right: str) -> str:
    """Join two lines of a paragraph: with a space, except between letters of scripts that have none."""
    return left + ("" if _WIDE.match(left[-1]) and _WIDE.match(right[0]) else " ") + right


def unknown_sections(sections: dict[str, Section], known: Collection[str]) -> Iterator[Fault]:
    """Name each section that no message has, with the nearest known one."""
    for section in sections.values():
        if section.name not in known:
            yield section.fault(Phrase("is not a section here%(known)s", known=nearest(section.name, known)))
