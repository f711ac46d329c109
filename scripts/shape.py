"""Refuse files and functions that have outgrown their noun, and names that say nothing."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

FILE_LINES = 320
FUNCTION_LINES = 60
ROOTS = (Path("src"), Path("clients/python/src"))
EMPTY_NAMES = {"utils", "helpers", "common", "manager", "base", "misc"}


def faults_of(path: Path) -> list[str]:
    """Return what is wrong with the shape of one source file."""
    text = path.read_text(encoding="utf-8")
    faults = []
    if text.count("\n") > FILE_LINES:
        faults.append(f"{path}: {text.count(chr(10))} lines; which noun wants its own room?")
    if path.stem in EMPTY_NAMES:
        faults.append(f"{path}: the name says nothing")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno
            if lines > FUNCTION_LINES:
                faults.append(f"{path}:{node.lineno}: {node.name} has {lines} lines")
    return faults


def main() -> int:
    """Print every fault; return 1 when there is one."""
    faults = [fault for root in ROOTS for path in sorted(root.rglob("*.py")) for fault in faults_of(path)]
    print("\n".join(faults) or "shape: every file and function fits its room")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
