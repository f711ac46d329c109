"""Which figures of a table may be published: small cells and dominated amounts are withheld, with what reveals them.

Invariants: a count below the minimum is never published, nor a total of one; for every withheld small figure, whoever
knows all published ones and that nothing is negative is left with a range at least as wide as the rule promises; when
no choice achieves that, more is withheld, up to the whole table. What several published tables tell together, or the
same table week after week, is not judged here: dimensions must stay fixed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

Floats = NDArray[np.float64]
Cell = tuple[int, int]

MINIMUM: Final = 10
"""Fewest customers that a published figure may stand for."""

PROTECTED_SHARE: Final = 0.15
"""The p of the p % rule: how near the second largest contributor may come to knowing the largest one's amount."""


@dataclass(frozen=True, slots=True)
class Published:
    """A table with totals, as far as it may be shown; None stands where a figure is withheld."""

    cells: tuple[tuple[float | None, ...], ...]
    row_totals: tuple[float | None, ...]
    column_totals: tuple[float | None, ...]
    total: float | None


@dataclass(frozen=True, slots=True)
class AmountCell:
    """Amounts of the customers of one cell: how many, their sum, and the two largest (0 when there are fewer)."""

    customers: int
    total: float
    largest: float
    second: float

    def __add__(self, other: AmountCell) -> AmountCell:
        """Return both cells together, when no customer is in both."""
        first, second = sorted((self.largest, self.second, other.largest, other.second), reverse=True)[:2]
        return AmountCell(self.customers + other.customers, self.total + other.total, first, second)

    def is_safe(self, minimum: int = MINIMUM) -> bool:
        """Whether the sum gives nobody away: enough customers, and the p % rule.

        The second largest contributor, who knows their own amount, must not be able to tell the largest within p %.
        Source: Hundepool et al., "Statistical Disclosure Control", Wiley 2012, chapter 4.
        """
        remainder = self.total - self.largest - self.second
        return self.customers >= minimum and remainder >= PROTECTED_SHARE * self.largest


def publish_counts(counts: Sequence[Sequence[int]], *, minimum: int = MINIMUM) -> Published:
    """Return a table of counts without figures below the minimum, zero included, and without what reveals them.

    Zero is withheld too: "nobody of this group" is a statement about few people as well.
    """
    full = _with_totals(np.asarray(counts, dtype=np.float64))
    return _publish(full, lambda cell: bool(full[cell] >= minimum), lambda _cell: float(minimum))


def publish_amounts(cells: Sequence[Sequence[AmountCell]], *, minimum: int = MINIMUM) -> Published:
    """Return a table of sums of amounts without unsafe ones and without what reveals them within p % of their value."""
    nothing = AmountCell(0, 0.0, 0.0, 0.0)
    rows = [[*row, sum(row, nothing)] for row in cells]
    rows.append([sum(column, nothing) for column in zip(*rows, strict=True)])
    full = np.array([[cell.total for cell in row] for row in rows], dtype=np.float64)
    return _publish(
        full, lambda at: rows[at[0]][at[1]].is_safe(minimum), lambda at: max(PROTECTED_SHARE * float(full[at]), 1e-9)
    )


def _with_totals(inner: Floats) -> Floats:
    with_rows = np.column_stack([inner, inner.sum(axis=1)])
    return np.vstack([with_rows, with_rows.sum(axis=0)])


def _publish(full: Floats, is_safe: Callable[[Cell], bool], width: Callable[[Cell], float]) -> Published:
    """Withhold unsafe cells, and for each that the others would reveal the cheapest rectangle that hides it."""
    unsafe = [at for at in _everywhere(full) if not is_safe(at)]
    withheld = set(unsafe)
    for cell in unsafe:  # a cell once hidden stays so: withholding more only widens every range
        if _known_width(full, withheld, cell) < width(cell):
            withheld |= _hiding(full, withheld, cell, width(cell))
    shown = [[None if (i, j) in withheld else float(x) for j, x in enumerate(row)] for i, row in enumerate(full)]
    return Published(
        cells=tuple(tuple(row[:-1]) for row in shown[:-1]),
        row_totals=tuple(row[-1] for row in shown[:-1]),
        column_totals=tuple(shown[-1][:-1]),
        total=shown[-1][-1],
    )


def _everywhere(full: Floats) -> list[Cell]:
    return [(i, j) for i in range(full.shape[0]) for j in range(full.shape[1])]


def _hiding(full: Floats, withheld: set[Cell], cell: Cell, width: float) -> set[Cell]:
    """Return the cheapest three cells that make a rectangle with this one and hide it, else the whole table.

    Around a rectangle amounts can move without changing any total, which is why three cells can hide a fourth. Totals
    are the last to go: they are what most readers came for.
    """

    def cost(corners: set[Cell]) -> tuple[int, float, list[Cell]]:
        new = sorted(corners - withheld)
        totals = sum(at[0] == full.shape[0] - 1 or at[1] == full.shape[1] - 1 for at in new)
        return totals, sum(float(full[at]) for at in new), new

    rectangles = [{(cell[0], j), (i, cell[1]), (i, j)} for i, j in _everywhere(full) if i != cell[0] and j != cell[1]]
    for corners in sorted(rectangles, key=cost):
        if _known_width(full, withheld | corners, cell) >= width:
            return corners
    return set(_everywhere(full))


def _known_width(full: Floats, withheld: set[Cell], cell: Cell) -> float:
    """Return how wide a range the published figures leave for one withheld cell (linear programming, both ends)."""
    order = sorted(withheld)
    rows, right = _equations(full, order)
    wanted = np.array([1.0 if at == cell else 0.0 for at in order])
    ends = []
    for sign in (1.0, -1.0):
        found = optimize.linprog(sign * wanted, A_eq=rows, b_eq=right, bounds=(0, None), method="highs")
        if found.status == 3:  # unbounded: nothing limits the cell from above
            return math.inf
        if not found.success:
            raise ValueError(f"the table does not add up: {found.message}")
        ends.append(sign * float(found.fun))
    return ends[1] - ends[0] + 1e-6


def _equations(full: Floats, order: list[Cell]) -> tuple[Floats, Floats]:
    """Return what everybody knows about the withheld cells: each line adds up to its total."""
    height, breadth = full.shape
    lines = [[(i, j) for j in range(breadth)] for i in range(height)]
    lines += [[(i, j) for i in range(height)] for j in range(breadth)]
    place = {cell: index for index, cell in enumerate(order)}
    rows, right = np.zeros((len(lines), len(order))), np.zeros(len(lines))
    for number, line in enumerate(lines):
        for cell in line:
            sign = -1.0 if cell == line[-1] else 1.0
            if cell in place:
                rows[number, place[cell]] = sign
            else:
                right[number] -= sign * full[cell]
    return rows, right
