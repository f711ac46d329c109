"""Published tables give nobody away: by small cells, by subtraction, or by one dominant amount."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from thinktwice.measurement.estimators.disclosure import AmountCell, Published, publish_amounts, publish_counts


def _lines(table: Published) -> list[list[float | None]]:
    rows = [[*cells, total] for cells, total in zip(table.cells, table.row_totals, strict=True)]
    rows.append([*table.column_totals, table.total])
    return rows + [list(column) for column in zip(*rows, strict=True)]


def test_a_table_without_small_cells_is_published_whole() -> None:
    """Nothing is withheld without need."""
    table = publish_counts([[10, 20], [30, 40]])
    assert table == Published(((10, 20), (30, 40)), (30, 70), (40, 60), 100)


def test_a_small_cell_is_withheld_together_with_what_would_reveal_it() -> None:
    """One small cell takes three more with it, or a subtraction from the totals would tell it."""
    table = publish_counts([[3, 50, 60], [40, 70, 80], [45, 75, 85]])
    assert table.cells[0][0] is None
    for line in _lines(table):
        assert sum(cell is None for cell in line) != 1
    assert table.total == 508
    assert table.row_totals == (113, 190, 205)


def test_two_zeros_do_not_hide_each_other() -> None:
    """Where the withheld cells of a line add up to nothing, everybody knows them: more is withheld."""
    table = publish_counts([[0, 0, 60], [40, 70, 80], [45, 75, 85]])
    withheld = [cell is None for row in table.cells for cell in row]
    assert sum(withheld) > 4


def test_small_totals_are_withheld_too() -> None:
    """A group of six customers does not appear in the margin either."""
    table = publish_counts([[2, 4], [300, 400]])
    assert table.row_totals[0] is None
    assert table.cells[0] == (None, None)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.integers(0, 40), min_size=3, max_size=3), min_size=2, max_size=4))
def test_nobody_can_pin_a_small_cell_down_by_subtraction(counts: list[list[int]]) -> None:
    """No small figure is published, no line has a single withheld figure, and repeated subtraction uncovers none."""
    table = publish_counts(counts)
    for line in _lines(table):
        assert all(cell is None or cell >= 10 for cell in line)
        assert sum(cell is None for cell in line) != 1
        if line[-1] is not None and None in line[:-1]:
            assert line[-1] - sum(cell or 0 for cell in line[:-1]) >= 10


def test_an_amount_that_one_customer_dominates_is_withheld() -> None:
    """The second largest contributor could work out the largest within 15 %, so the sum is not shown."""
    calm = AmountCell(40, 4000.0, 300.0, 250.0)
    dominated = AmountCell(40, 1_010_000.0, 900_000.0, 100_000.0)
    few = AmountCell(9, 900.0, 110.0, 105.0)
    assert calm.is_safe()
    assert not dominated.is_safe()
    assert not few.is_safe()
    table = publish_amounts([[calm, dominated, calm], [calm, calm, calm]])
    assert table.cells[0][1] is None
    for line in _lines(table):
        assert sum(cell is None for cell in line) != 1


def test_amount_cells_of_different_customers_add() -> None:
    """Sums add and the two largest are those of both together."""
    assert AmountCell(2, 30.0, 20.0, 10.0) + AmountCell(2, 40.0, 25.0, 15.0) == AmountCell(4, 70.0, 25.0, 20.0)


def test_one_cell_alone_is_withheld_with_its_totals() -> None:
    """When no neighbour can hide it, the whole table goes."""
    table = publish_counts([[4]])
    assert table == Published(((None,),), (None,), (None,), None)


@pytest.mark.parametrize("minimum", [5, 20])
def test_the_minimum_can_be_stricter_or_looser(minimum: int) -> None:
    """The contract with a partner may state another minimum."""
    assert (publish_counts([[12, 30], [31, 32]], minimum=minimum).cells[0][0] is None) == (minimum == 20)
