"""Every text of the reports that is to be translated, found in code and templates."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment
from jinja2.ext import extract_from_ast

import thinktwice.measurement
from thinktwice.outcomes.health import CHECKS

ROOT = Path(thinktwice.measurement.__file__).parent
WRITERS = {"say", "mark"}


def texts() -> set[str]:
    """Return what ``say``, ``mark`` and the templates' ``_`` are given, and the names of sentences and checks."""
    found = set(_of_templates())
    for path in (*(ROOT / "report").rglob("*.py"), *(ROOT / "published").rglob("*.py"), *ROOT.glob("card*.py")):
        found |= set(_of_code(ast.parse(path.read_text("utf-8"))))
    found |= {f"said:{code}" for code in codes()}
    found |= {f"health:{check.name}" for check in CHECKS}
    return found


def codes() -> set[str]:
    """Return the codes of all sentences that an analysis can say."""
    text = "\n".join(path.read_text("utf-8") for path in (ROOT / "analysis").rglob("*.py"))
    found = set(re.findall(r'Said\(\s*"(\w+)"', text))
    return found | {"loss_less", "loss_more"}


def _of_code(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and node.args and _name(node.func) in WRITERS:
            said = node.args[0]
            for one in (said.body, said.orelse) if isinstance(said, ast.IfExp) else (said,):
                if isinstance(one, ast.Constant) and isinstance(one.value, str):
                    yield one.value


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _of_templates() -> Iterator[str]:
    environment = Environment()
    for path in (ROOT / "report" / "templates").glob("*.html"):
        for _, _, message in extract_from_ast(environment.parse(path.read_text("utf-8"))):
            yield message if isinstance(message, str) else str((message or ("",))[0])
