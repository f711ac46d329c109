"""Run the long evidence and write what it showed to docs/proof.md: date, commit, machine, figures.

What is marked ``quiet`` measures time or memory and runs by itself afterwards; the rest shares the cores.
Exit code 1 when any of it failed; the page is written all the same, because a failed proof is a finding.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Sequence
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

The long evidence, as `make prove` last showed it. What each test claims stands in its docstring.

| | |
|---|---|
| date | {date} |
| commit | {commit} |
| machine | {machine} |
| result | {passed} passed, {failed} failed, {skipped} skipped, in {minutes:.0f} minutes |

| claim | result | seconds |
|---|---|---:|
"""


def _commit() -> str:
    found = subprocess.run(["git", "describe", "--always", "--dirty"], capture_output=True, text=True, check=False)
    return found.stdout.strip() or "unknown"


def _result(case: ElementTree.Element) -> str:
    for tag, word in (("failure", "failed"), ("error", "failed"), ("skipped", "skipped")):
        if case.find(tag) is not None:
            return word
    return "passed"


def _figures(case: ElementTree.Element) -> str:
    printed = case.findtext("system-out") or ""
    return "\n".join(line for line in printed.splitlines() if line.strip())


def page(reports: Sequence[Path]) -> str:
    """Return the page for JUnit reports."""
    cases = [case for report in reports for case in ElementTree.parse(report).getroot().iter("testcase")]
    results = [_result(case) for case in cases]
    seconds = sum(float(case.get("time", 0)) for case in cases)
    text = HEAD.format(
        date=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        commit=_commit(),
        machine=f"{os.cpu_count()} cores, {platform.platform(terse=True)}, Python {platform.python_version()}",
        passed=results.count("passed"),
        failed=results.count("failed"),
        skipped=results.count("skipped"),
        minutes=seconds / 60,
    )
    for case, result in zip(cases, results, strict=True):
        text += f"| {case.get('classname')}: {case.get('name')} | {result} | {float(case.get('time', 0)):.1f} |\n"
    printed = [(case.get("name"), _figures(case)) for case in cases if _figures(case)]
    if printed:
        text += "\n## Figures\n"
    for name, figures in printed:
        text += f"\n{name}:\n\n```\n{figures[:4000]}\n```\n"
    return text


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
        PAGE.write_text(page(reports), "utf-8")
    return failed


if __name__ == "__main__":
    sys.exit(main())
