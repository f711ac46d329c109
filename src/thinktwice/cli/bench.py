"""``thinktwice bench``: run the benchmarks of a source tree and show each figure beside its budget.

Invariant: a benchmark is a file ``benchmarks/<name>.py`` with ``run() -> list[(name, value, unit, budget)]``; a budget
is a text such as ``<= 25`` or ``>= 0.30`` or None, and the exit code is 1 when a figure misses its budget.
"""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Sequence
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from thinktwice.cli.faults import Exit, say
from thinktwice.errors import InputError

Figure = tuple[str, float, str, str | None]

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
    figures: list[tuple[str, Figure]] = []
    for path in chosen(folder, names or []):
        say(f"running {path.stem} …")
        figures += [(path.stem, figure) for figure in _load(path).run()]
    if as_json:
        keys = ("benchmark", "name", "value", "unit", "budget", "is_met")
        rows = [(stem, *figure, is_met(figure[1], figure[3])) for stem, figure in figures]
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


def is_met(value: float, budget: str | None) -> bool | None:
    """Whether a figure keeps its budget, such as ``<= 25``; None when it has none."""
    if not budget:
        return None
    sign, _, limit = budget.replace("≤", "<=").replace("≥", ">=").strip().partition(" ")
    if sign not in _COMPARISONS:
        raise InputError.of(f"cannot read the budget {budget!r}; write it like '<= 25'", field="budget")
    return _COMPARISONS[sign](value, float(limit.split()[0]))


def _load(path: Path) -> ModuleType:
    spec = spec_from_file_location(f"thinktwice_benchmark_{path.stem}", path)
    if spec is None or spec.loader is None:  # pragma: no cover - only for files that Python cannot import at all
        raise InputError.of("cannot be imported", where=str(path))
    module = module_from_spec(spec)
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
        table.add_row(stem, name, f"{value:,.3g}" if abs(value) < 1000 else f"{value:,.0f}", unit, budget or "–", met)
    return table
