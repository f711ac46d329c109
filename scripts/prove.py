"""Run the long evidence and write what it showed to docs/proof.md: date, commit, machine, figures.

What is marked ``quiet`` measures time or memory and runs by itself afterwards; the rest shares the cores.
Exit code 1 when any of it failed; the page is written all the same, because a failed proof is a finding.
"""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

PAGE = Path("docs/proof.md")
PASSES = (
    ("prove and not quiet", ("-n", "auto", "--maxprocesses", "4", "--dist", "loadfile", "--no-loadscope-reorder")),
    ("prove and quiet", ()),
)
NOTHING_COLLECTED = 5
HEAD = """# Proof

The long evidence, as `make prove` last showed it. A row is a test with all its cases; what it claims stands in its
docstring.

| | |
|---|---|
| date | {date} |
| commit | {commit} |
| machine | {machine} |
| result | {passed} passed, {failed} failed, {skipped} skipped; {minutes:.0f} minutes of tests, several at a time |

| claim | cases | result | seconds |
|---|---:|---|---:|
"""
NOISE = re.compile(r"-+ Captured \w+ -+|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \[.*|\s*")
"""Lines of a test's output that are no figures: headings of the runner, and the service's own log."""
MOST_CHARACTERS = 4_000


@dataclass(frozen=True)
class Case:
    """One case of a test: where it stands, its name with its parameters, and what came of it."""

    place: str
    name: str
    result: str
    seconds: float
    printed: str = ""

    @property
    def claim(self) -> str:
        """The test without its parameters."""
        return f"{self.place}: {self.name.partition('[')[0]}"

    @property
    def figures(self) -> str:
        """What it printed, without noise."""
        return "\n".join(line for line in self.printed.splitlines() if not NOISE.fullmatch(line))[:MOST_CHARACTERS]


def _commit() -> str:
    found = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False)
    return found.stdout.strip() or "unknown"


def _result(case: ElementTree.Element) -> str:
    for tag, word in (("failure", "failed"), ("error", "failed"), ("skipped", "skipped")):
        if case.find(tag) is not None:
            return word
    return "passed"


def cases_of(reports: Sequence[Path]) -> list[Case]:
    """Return the cases of JUnit reports, in the order of their files."""
    found = [case for report in reports for case in ElementTree.parse(report).getroot().iter("testcase")]
    return [
        Case(
            case.get("classname", ""),
            case.get("name", ""),
            _result(case),
            float(case.get("time", 0)),
            case.findtext("system-out") or "",
        )
        for case in found
    ]


def page(cases: Sequence[Case], *, date: str, commit: str, machine: str) -> str:
    """Return the page: what was claimed, what came of it, and the figures that were printed."""
    results = Counter(case.result for case in cases)
    text = HEAD.format(
        date=date,
        commit=commit,
        machine=machine,
        passed=results["passed"],
        failed=results["failed"],
        skipped=results["skipped"],
        minutes=sum(case.seconds for case in cases) / 60,
    )
    claims: dict[str, list[Case]] = {}
    for case in sorted(cases, key=lambda one: one.place):
        claims.setdefault(case.claim, []).append(case)
    for claim, of in claims.items():
        worst = next((word for word in ("failed", "skipped") if any(one.result == word for one in of)), "passed")
        text += f"| {claim} | {len(of)} | {worst} | {sum(one.seconds for one in of):.1f} |\n"
    told = [case for of in claims.values() for case in of if case.figures]
    return (
        text
        + ("\n## Figures\n" if told else "")
        + "".join(f"\n{case.name}:\n\n```\n{case.figures}\n```\n" for case in told)
    )


def main() -> int:
    """Run every test marked ``prove``; arguments are handed to pytest."""
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        reports: list[Path] = []
        for which, how in PASSES:
            report = Path(folder) / f"{len(reports)}.xml"
            command = [sys.executable, "-m", "pytest", "-m", which, *how, f"--junitxml={report}"]
            result = subprocess.run([*command, "-o", "junit_logging=system-out", *sys.argv[1:]], check=False)
            if result.returncode not in (0, NOTHING_COLLECTED):
                failed = 1
            if report.exists():
                reports.append(report)
        PAGE.write_text(
            page(
                cases_of(reports),
                date=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
                commit=_commit(),
                machine=f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}",
            ),
            "utf-8",
        )
    return failed


if __name__ == "__main__":
    sys.exit(main())
