"""Two people changed one text: what each did, put together where they did not touch the same lines.

Invariants: pure; nothing that either wrote is left out of the result; where both changed the same lines both readings
stand in it between markers, which no pack can be read with, so that nobody publishes them by accident.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

Files = Mapping[str, str]
"""Text by path inside a pack."""


@dataclass(frozen=True, slots=True)
class Merged:
    """The texts put together; ``conflicts`` are the paths in which a person has to choose."""

    files: Files
    conflicts: tuple[str, ...]


def merge_files(base: Files, mine: Files, theirs: Files) -> Merged:
    """Put two revisions of the same base together, file by file."""
    merged: dict[str, str] = {}
    conflicts: list[str] = []
    for path in sorted({*base, *mine, *theirs}):
        before, ours, others = base.get(path), mine.get(path), theirs.get(path)
        if others in (ours, before):
            kept = ours
        elif ours == before:
            kept = others
        else:
            kept, is_clean = merge_texts(before or "", ours or "", others or "")
            if not is_clean:
                conflicts.append(path)
        if kept is not None:
            merged[path] = kept
    return Merged(merged, tuple(conflicts))


def merge_texts(base: str, mine: str, theirs: str) -> tuple[str, bool]:
    """Return both changes in one text, and whether they kept out of each other's lines."""
    lines = [text.splitlines(keepends=True) for text in (base, mine, theirs)]
    out: list[str] = []
    is_clean = True
    for before, ours, others in _chunks(*lines):
        if others in (ours, before):
            out += ours
        elif ours == before:
            out += others
        else:
            is_clean = False
            out += ["<<<<<<< yours\n", *_ended(ours), "=======\n", *_ended(others), ">>>>>>> theirs\n"]
    return "".join(out), is_clean


def _ended(lines: Sequence[str]) -> list[str]:
    """Return the lines, the last one ended, so that a marker begins a line of its own."""
    return [*lines[:-1], lines[-1] if lines[-1].endswith("\n") else lines[-1] + "\n"] if lines else []


def _chunks(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[tuple[list[str], list[str], list[str]]]:
    """Yield the three readings of each stretch, cut where a line of the base stands unchanged in both."""
    kept_mine, kept_theirs = _kept(base, mine), _kept(base, theirs)
    at = at_mine = at_theirs = 0
    for number in range(len(base) + 1):
        is_end = number == len(base)
        if not is_end and (number not in kept_mine or number not in kept_theirs):
            continue
        to_mine = len(mine) if is_end else kept_mine[number]
        to_theirs = len(theirs) if is_end else kept_theirs[number]
        yield base[at:number], mine[at_mine:to_mine], theirs[at_theirs:to_theirs]
        if not is_end:
            yield [base[number]], [base[number]], [base[number]]
            at, at_mine, at_theirs = number + 1, to_mine + 1, to_theirs + 1


def _kept(base: list[str], changed: list[str]) -> dict[int, int]:
    """Return where each line of the base that was kept stands now."""
    matcher = difflib.SequenceMatcher(a=base, b=changed, autojunk=False)
    return {
        block.a + offset: block.b + offset for block in matcher.get_matching_blocks() for offset in range(block.size)
    }


def diff_files(before: Files, after: Files, *, names: tuple[str, str] = ("before", "after")) -> str:
    """Return the difference in words as a unified diff over all files; empty where there is none."""
    found: list[str] = []
    for path in sorted({*before, *after}):
        old, new = before.get(path, ""), after.get(path, "")
        if old != new:
            lines = difflib.unified_diff(
                old.splitlines(), new.splitlines(), f"{names[0]}/{path}", f"{names[1]}/{path}", lineterm=""
            )
            found += lines
    return "\n".join(found) + ("\n" if found else "")
