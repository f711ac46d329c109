"""Whether a chain is whole: which entries were edited, are missing, moved, forked or cut off.

Invariants: pure, so that anybody can run it over an export without network or database; every finding names its entry
and its kind; the order of the findings is the order of the chain. What comes after the last checkpoint can be checked
against itself only: whoever can write the database could have cut it off or written it anew, and the verdict says how
many entries that concerns.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Literal

from thinktwice.audit.checkpoint import Checkpoint, Statement, hash_of_statement, is_signed
from thinktwice.audit.entry import Beginning, hash_of
from thinktwice.audit.lines import Line, entry_of
from thinktwice.errors import Phrase

Kind = Literal[
    "edited", "missing", "repeated", "reordered", "forked", "truncated", "foreign", "unreadable", "checkpoint", "salt"
]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was written; ``entry`` is its number in the chain, where there is one.

    ``message`` is a ``Phrase``, so that a page can say it in another language.
    """

    kind: Kind
    entry: int | None
    message: Phrase

    def __str__(self) -> str:
        """Return ``entry 7: edited: …``."""
        place = f"entry {self.entry}: " if self.entry is not None else ""
        return f"{place}{self.kind}: {self.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was checked and what was found; ``covered`` is the last entry under a signature that holds."""

    beginning: Beginning
    entries: int
    head: str
    checkpoints: int
    covered: int
    findings: tuple[Finding, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing was found."""
        return not self.findings


@dataclass(slots=True)
class _Walked:
    """What one pass over the chain keeps of each entry."""

    hashes: dict[int, str] = field(default_factory=dict)
    previous: dict[int, str] = field(default_factory=dict)
    edited: dict[int, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def verify(
    beginning: Beginning,
    lines: Iterable[Line | str],
    checkpoints: Sequence[Checkpoint] = (),
    public_keys: Collection[bytes] = (),
) -> Verdict:
    """Check a chain against itself and against checkpoints.

    Args:
        beginning: The first line of the export.
        lines: The entries in the order of the file; text stands for a line that could not be read.
        checkpoints: What was kept elsewhere, in any order.
        public_keys: Whose signatures count, 32 bytes each.
    """
    walked = _walk(lines)
    last = max(walked.hashes, default=0)
    findings = walked.findings + _links(beginning, walked)
    good, doubtful = _trusted(beginning, checkpoints, public_keys)
    covered, broken = _against(walked, last, good)
    findings += doubtful + broken
    findings.sort(key=lambda one: last + 1 if one.entry is None else one.entry)
    return Verdict(
        beginning=beginning,
        entries=len(walked.hashes),
        head=walked.hashes.get(last, hash_of(beginning)),
        checkpoints=len(good),
        covered=covered,
        findings=tuple(findings),
    )


def _walk(lines: Iterable[Line | str]) -> _Walked:
    """Recompute every hash, and see whether numbers only grow."""
    walked = _Walked()
    highest = 0
    for place, line in enumerate(lines, start=2):
        if isinstance(line, str):
            message = Phrase("line %(line)s holds no entry: %(error)s", line=place, error=line[:200])
            walked.findings.append(Finding("unreadable", None, message))
            continue
        seq, computed = line.seq, hash_of(entry_of(line))
        if seq in walked.hashes:
            walked.findings.append(_twice(line, walked, place))
            continue
        if seq < highest:
            message = Phrase("stands behind entry %(entry)s (line %(line)s)", entry=highest, line=place)
            walked.findings.append(Finding("reordered", seq, message))
        highest = max(highest, seq)
        walked.hashes[seq] = line.hash
        walked.previous[seq] = line.previous
        if computed != line.hash:
            walked.edited[seq] = computed
            walked.findings.append(Finding("edited", seq, Phrase("does not have the hash that was written with it")))
    return walked


def _twice(line: Line, walked: _Walked, place: int) -> Finding:
    """Name a number that was met before."""
    if line.hash == walked.hashes[line.seq] and line.seq not in walked.edited and hash_of(entry_of(line)) == line.hash:
        return Finding("repeated", line.seq, Phrase("is there again (line %(line)s)", line=place))
    return Finding("forked", line.seq, Phrase("is there twice, with different content (line %(line)s)", line=place))


def _links(beginning: Beginning, walked: _Walked) -> list[Finding]:
    """See whether every entry follows the one before, and which are missing."""
    findings = []
    for seq in sorted(walked.hashes):
        if seq in walked.edited:
            continue  # named already; what it says of its predecessor means nothing
        before = walked.previous[seq]
        if seq == 1:
            if before != hash_of(beginning):
                message = Phrase(
                    "does not follow the beginning of chain %(chain)s: it was written for another",
                    chain=beginning.chain,
                )
                findings.append(Finding("foreign", 1, message))
        elif seq - 1 in walked.hashes and before not in {walked.hashes[seq - 1], walked.edited.get(seq - 1)}:
            message = Phrase(
                "follows another entry %(before)s than the one that is here: one of both was put in later",
                before=seq - 1,
            )
            findings.append(Finding("forked", seq, message))
    return findings + [Finding("missing", first, _missing(first, end)) for first, end in _gaps(walked.hashes)]


def _missing(first: int, end: int) -> Phrase:
    return Phrase("is missing, with all up to entry %(end)s", end=end) if end > first else Phrase("is missing")


def _gaps(present: Collection[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and last number of every gap."""
    expected = 1
    for seq in sorted(present):
        if seq > expected:
            yield expected, seq - 1
        expected = seq + 1


def _trusted(
    beginning: Beginning, checkpoints: Sequence[Checkpoint], public_keys: Collection[bytes]
) -> tuple[list[Statement], list[Finding]]:
    """Return the statements that are signed and about this chain, oldest first, and what is wrong with the others."""
    findings: list[Finding] = []
    good: dict[str, Statement] = {}
    for checkpoint in checkpoints:
        statement = checkpoint.statement
        name = Phrase("checkpoint %(number)s of %(at)s", number=statement.number, at=statement.at)
        if not is_signed(checkpoint, public_keys):
            message = Phrase("%(checkpoint)s is not signed by this key, or was changed since", checkpoint=name)
            findings.append(Finding("checkpoint", None, message))
        elif (statement.chain, statement.begun_at) != (beginning.chain, beginning.begun_at):
            message = Phrase(
                "%(checkpoint)s is about %(other)s, not %(chain)s",
                checkpoint=name,
                other=statement.chain,
                chain=beginning.chain,
            )
            findings.append(Finding("foreign", None, message))
        else:
            good[hash_of_statement(statement)] = statement
    ordered = sorted(good.values(), key=lambda one: (one.number, one.at))
    return ordered, findings + _among_themselves(ordered)


def _among_themselves(statements: Sequence[Statement]) -> list[Finding]:
    """See whether checkpoints contradict each other, or one between two is missing."""
    findings = []
    numbered = [(number, list(those)) for number, those in groupby(statements, key=lambda one: one.number)]
    for number, those in numbered:
        if len(those) > 1:
            message = Phrase(
                "there are %(count)s different checkpoints %(number)s: two chains were signed under one name",
                count=len(those),
                number=number,
            )
            findings.append(Finding("forked", those[0].entries, message))
    for (earlier, before), (later, after) in pairwise(numbered):
        names = {hash_of_statement(one) for one in before}
        if later == earlier + 1 and not any(one.previous in names for one in after):
            message = Phrase(
                "checkpoint %(later)s follows another checkpoint %(earlier)s than the one given",
                later=later,
                earlier=earlier,
            )
            findings.append(Finding("forked", after[0].entries, message))
        elif later > earlier + 1:
            message = Phrase("checkpoints %(first)s to %(last)s are missing", first=earlier + 1, last=later - 1)
            findings.append(Finding("checkpoint", None, message))
    return findings


def _against(walked: _Walked, last: int, statements: Sequence[Statement]) -> tuple[int, list[Finding]]:
    """Hold the chain against what was signed; returns the last entry that a signature covers."""
    findings: list[Finding] = []
    covered = 0
    for statement in sorted(statements, key=lambda one: one.entries):
        number, at = statement.number, statement.at
        if statement.entries > last:
            message = Phrase(
                "the chain ends with entry %(last)s, but had %(entries)s at checkpoint %(number)s of %(at)s: it was "
                "cut off, or exported before",
                last=last,
                entries=statement.entries,
                number=number,
                at=at,
            )
            findings.append(Finding("truncated", last + 1, message))
        elif statement.entries in walked.hashes and walked.hashes[statement.entries] != statement.head:
            message = Phrase(
                "is not the one signed in checkpoint %(number)s of %(at)s: the chain was written anew %(since)s",
                number=number,
                at=at,
                since=Phrase("after entry %(entry)s", entry=covered) if covered else Phrase("from the first entry on"),
            )
            findings.append(Finding("forked", statement.entries, message))
        elif statement.entries in walked.hashes and not findings:
            covered = statement.entries
    return covered, findings
