"""``thinktwice bench``: run the benchmarks of a source tree and show each figure beside its budget.

Invariant: a benchmark is a file ``benchmarks/<name>.py`` with ``run() -> list[(name, value, unit, budget)]``; a budget
is a text such as ``<= 25`` or ``>= 0.30``, a number that may not be exceeded, or None, and the exit code is 1 when a
figure misses its budget.
"""

from __future__ import annotations

import json
import operator
import sys
from collections.abc import Callable, Sequence
from importlib.util import module_from_spec, spec_from_file_location
from math import isnan
from pathlib import Path
from types import ModuleType
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from thinktwice.cli.faults import Exit, say
from thinktwice.errors import InputError

Budget = str | float | None
Figure = tuple[str, float, str, Budget]

_COMPARISONS: Final[dict[str, Callable[[float, float], bool]]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("bench")(bench)


def bench(
    names: Annotated[list[str] | None, typer.Argument(help="Benchmarks to run; all when none is named.")] = None,
    folder: Annotated[Path, typer.Option(help="Where the benchmarks lie.")] = Path("benchmarks"),
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")] = False,
) -> None:
    """Run the benchmarks and show each figure beside its budget."""
    sys.path.insert(0, str(folder.absolute().parent))  # benchmarks share parts with each other and with the tests
    figures: list[tuple[str, Figure]] = []
    for path in chosen(folder, names or []):
        say(f"running {path.stem} …")
        figures += [(path.stem, figure) for figure in _load(path).run()]
    if as_json:
        keys = ("benchmark", "name", "value", "unit", "budget", "is_met")
        rows = [
            (stem, name, None if isnan(value) else value, unit, budget, is_met(value, budget))
            for stem, (name, value, unit, budget) in figures
        ]
        typer.echo(json.dumps([dict(zip(keys, row, strict=True)) for row in rows], indent=1))
    else:
        Console().print(_table(figures))
    if any(is_met(figure[1], figure[3]) is False for _, figure in figures):
        raise typer.Exit(Exit.NO)


def chosen(folder: Path, names: Sequence[str]) -> list[Path]:
    """Return the benchmark files asked for, in order.

    Raises:
        InputError: there is no such folder or no benchmark of that name.
    """
    there = {path.stem: path for path in sorted(folder.glob("*.py")) if not path.stem.startswith("_")}
    if not there:
        raise InputError.of("no benchmarks here; run this in a source tree", where=str(folder))
    unknown = [name for name in names if name not in there]
    if unknown:
        raise InputError.of(f"no benchmark {', '.join(unknown)}; there are {', '.join(there)}", field="names")
    return [there[name] for name in names] if names else list(there.values())


def is_met(value: float, budget: Budget) -> bool | None:
    """Whether a figure keeps its budget, such as ``<= 25`` or 25; None when it has none, or could not be measured."""
    if budget in {None, ""} or isnan(value):
        return None
    if not isinstance(budget, str):
        budget = f"<= {budget}"
    sign, _, limit = budget.replace("≤", "<=").replace("≥", ">=").strip().partition(" ")
    if sign not in _COMPARISONS:
        raise InputError.of(f"cannot read the budget {budget!r}; write it like '<= 25'", field="budget")
    return _COMPARISONS[sign](value, float(limit.split()[0]))


def _load(path: Path) -> ModuleType:
    spec = spec_from_file_location(f"thinktwice_benchmark_{path.stem}", path)
    if spec is None or spec.loader is None:  # pragma: no cover - only for files that Python cannot import at all
        raise InputError.of("cannot be imported", where=str(path))
    module = module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    if not hasattr(module, "run"):
        raise InputError.of("has no run()", where=str(path))
    return module


def _table(figures: Sequence[tuple[str, Figure]]) -> Table:
    table = Table("benchmark", "figure", title="Benchmarks", title_justify="left")
    table.add_column("value", justify="right")
    table.add_column("unit")
    table.add_column("budget", justify="right")
    table.add_column("met")
    for stem, (name, value, unit, budget) in figures:
        met = {True: "yes", False: "NO", None: "–"}[is_met(value, budget)]
        shown = "–" if isnan(value) else f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}"
        table.add_row(stem, name, shown, unit, "–" if budget is None else f"{budget}", met)
    return table
