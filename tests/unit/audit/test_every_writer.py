"""Nobody writes the control database but through an act: the code is scanned for statements that do."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

import thinktwice
from thinktwice.storage.control_metadata import CONTROL
from thinktwice.storage.control_schema import CONTROL as DECLARED

SOURCE = Path(thinktwice.__file__).parent
WRITE = re.compile(
    r"\b(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|REPLACE\s+INTO|UPDATE|DELETE\s+FROM)\s+(?:main\.)?(\w+)", re.IGNORECASE
)
TABLES = {table.name for table in DECLARED.sorted_tables}

WITHOUT_AN_ACT = {
    "audit": "the chain itself, its salts and its checkpoints",
    "campaigns/archive.py": "keeps the words of a version under their own hash; says nothing about who did what",
    "jobs/statements.py": "leases, progress and ends of jobs; asking for one and its effect are acts",
}
"""Modules (or packages) whose statements may run without an act, each with the reason."""

OPENERS = {
    "audit/ledger.py": "the connection of every act",
    "audit/checkpoints.py": "checkpoints are signed statements about the chain, no acts",
    "campaigns/archive.py": "as above",
    "cli/watchlist.py": "holds what is staged; the store's acts run on it",
    "demo/prepare.py": "holds what is staged; the store's acts run on it",
    "jobs/store.py": "leases, progress and ends of jobs",
    "journal/sqlite.py": "the journal, another database",
    "journal/finder.py": "an index beside the journal, another database",
    "journal/checkpoint.py": "the journal, another database",
    "lake/history.py": "a scratch database",
    "outbox/store.py": "the journal, another database",
    "people/counters.py": "wrong guesses and when a session was last seen; whatever a person decides is an act",
    "watchlist/feed_job.py": "holds what is staged; the store's acts run on it",
    "watchlist/import_job.py": "holds what is staged; the store's acts run on it",
    "web/console/watchlist/desk.py": "lends the store a connection; its acts run on it",
    "storage/migrate.py": "the shape of the databases",
}
"""Modules that open a database for writing, each with the reason: a new one has to be put here by somebody."""


@cache
def modules() -> tuple[tuple[str, ast.Module], ...]:
    return tuple(
        (path.relative_to(SOURCE).as_posix(), ast.parse(path.read_text("utf-8")))
        for path in sorted(SOURCE.rglob("*.py"))
    )


def written_tables(tree: ast.Module) -> set[str]:
    """The control tables that a text of this module writes; docstrings are texts too and must not look like SQL."""
    texts = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return {table for text in texts for table in WRITE.findall(text) if table in TABLES}


def names(tree: ast.Module) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)} | {
        alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    }


def opens_for_writing(tree: ast.Module) -> list[int]:
    """Lines on which the module opens a database itself, not read-only."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "connect"
        and not any(keyword.arg == "read_only" for keyword in node.keywords)
    ]


def is_excepted(module: str) -> bool:
    return any(module == name or module.startswith(f"{name}/") for name in WITHOUT_AN_ACT)


WRITERS = [(module, tree) for module, tree in modules() if written_tables(tree) and not is_excepted(module)]


def users_of(module: str) -> list[tuple[str, ast.Module]]:
    """The module itself, or where it only names statements, the modules of its package that import it."""
    package, _, name = module.rpartition("/")
    dotted = f"thinktwice.{package.replace('/', '.')}"
    found = []
    for other, tree in modules():
        imports = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        if other == module or any(
            (one.module == dotted and any(alias.name == name.removesuffix(".py") for alias in one.names))
            or one.module == f"{dotted}.{name.removesuffix('.py')}"
            for one in imports
        ):
            found.append((other, tree))
    return found


def test_there_is_something_to_scan() -> None:
    """The scan finds the writers that are known to exist."""
    assert {"people/keys.py", "watchlist/statements.py"} <= {module for module, _ in WRITERS}
    assert CONTROL is DECLARED


@pytest.mark.parametrize("module", [module for module, _ in WRITERS])
def test_a_module_that_writes_does_so_in_an_act(module: str) -> None:
    """Whoever holds or uses such a statement takes a ledger or an act, or is excepted above with a reason."""
    users = users_of(module)
    assert any({"Ledger", "Act"} & names(tree) for _, tree in users), f"{module} writes control.db and knows no act"


def test_only_named_modules_open_a_database_for_writing() -> None:
    """Connections that can write come from the ledger; whoever opens one of their own is named above with a reason."""
    openers = {module for module, tree in modules() if opens_for_writing(tree)} - {"storage/upgrade.py"}
    assert openers <= OPENERS.keys(), "use Ledger.act(...).connection"


@pytest.mark.parametrize("name", WITHOUT_AN_ACT)
def test_an_exception_is_still_needed(name: str) -> None:
    """An exception whose module is gone or writes nothing any more is taken off the list."""
    path = SOURCE / name
    if not path.exists():
        pytest.skip("not written yet")
    trees = [tree for module, tree in modules() if module == name or module.startswith(f"{name}/")]
    assert any(written_tables(tree) for tree in trees)
