"""All that estimators may know about the customers of one arm: how many, sums, squares, cross-products.

Invariants: records are frozen; adding two gives exactly the record of both groups together, so days, shards and
partitions add in any order; one customer is one unit (n counts customers, never withdrawals); a record that cannot have
come from real rows is refused where it is made.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_ROUNDING = 1e-9
"""How far below zero a variance may come out by rounding alone, relative to the mean square."""


@dataclass(frozen=True, slots=True)
class Proportion:
    """Customers of one arm and how many of them had the outcome."""

    n: int
    successes: int

    def __post_init__(self) -> None:
        """Refuse counts that no rows could have."""
        if not 0 <= self.successes <= self.n:
            raise ValueError(f"{self.successes} of {self.n} is not a proportion")

    def __add__(self, other: Proportion) -> Proportion:
        """Return the record of both groups together."""
        return Proportion(self.n + other.n, self.successes + other.successes)

    @property
    def rate(self) -> float:
        """Share with the outcome, of those in the arm; raises ZeroDivisionError for an empty arm."""
        return self.successes / self.n


@dataclass(frozen=True, slots=True)
class Sample:
    """Customers of one arm, with the sum and the sum of squares of one number each."""

    n: int
    total: float
    squares: float

    def __post_init__(self) -> None:
        """Refuse sums that no rows could have (Cauchy and Schwarz: n times the squares is at least the sum squared)."""
        if self.n < 0 or self.squares < 0 or self.n * self.squares < self.total**2 * (1 - _ROUNDING):
            raise ValueError(f"no {self.n} numbers have the sum {self.total} and the sum of squares {self.squares}")

    def __add__(self, other: Sample) -> Sample:
        """Return the record of both groups together."""
        return Sample(self.n + other.n, self.total + other.total, self.squares + other.squares)

    @classmethod
    def from_summary(cls, n: int, mean: float, variance: float) -> Sample:
        """Build the record from a published mean and sample variance (divisor n - 1)."""
        return cls(n, n * mean, (n - 1) * variance + n * mean**2)

    @property
    def mean(self) -> float:
        """Mean of the numbers; raises ZeroDivisionError for an empty arm."""
        return self.total / self.n

    @property
    def variance(self) -> float:
        """Sample variance (divisor n - 1); needs two customers."""
        return max(0.0, (self.squares - self.total**2 / self.n) / (self.n - 1))

    @property
    def equal_contributors(self) -> float:
        """Kish's effective count (sum squared over sum of squares): how many equal amounts would weigh the same."""
        return self.total**2 / self.squares if self.squares else 0.0


@dataclass(frozen=True, slots=True)
class Winsorised:
    """Amounts cut at a limit that was declared before the experiment began, never chosen after seeing them.

    ``limit`` is in the reporting currency, as are the amounts; amounts are never negative.
    """

    limit: float
    amounts: Sample

    def __post_init__(self) -> None:
        """Refuse sums that amounts between 0 and the limit cannot have."""
        most = self.limit * self.amounts.total * (1 + _ROUNDING)
        if self.limit <= 0 or self.amounts.total < 0 or self.amounts.squares > most:
            raise ValueError(f"these sums are not of amounts between 0 and {self.limit}")

    def __add__(self, other: Winsorised) -> Winsorised:
        """Return the record of both groups together; raises ValueError when they were cut at different limits."""
        if self.limit != other.limit:
            raise ValueError(f"amounts cut at {self.limit} and at {other.limit} do not add")
        return Winsorised(self.limit, self.amounts + other.amounts)


@dataclass(frozen=True, slots=True)
class Moments:
    """Customers of one arm, with sums and cross-products of several numbers each.

    ``products[i][j]`` is the sum over customers of number i times number j (so the diagonal holds sums of squares).
    By position: (outcome, same number before) for CUPED; (numerator, denominator) for a ratio; (numerator,
    denominator, numerator before, denominator before) for a ratio with CUPED.
    """

    n: int
    sums: tuple[float, ...]
    products: tuple[tuple[float, ...], ...]

    def __post_init__(self) -> None:
        """Refuse products that do not fit the sums or are not symmetric."""
        size = len(self.sums)
        if len(self.products) != size or any(len(row) != size for row in self.products):
            raise ValueError(f"{size} sums need {size} x {size} products")
        if any(self.products[i][j] != self.products[j][i] for i in range(size) for j in range(i)):
            raise ValueError("products are not symmetric")
        for place in range(size):
            self.sample(place)

    def __add__(self, other: Moments) -> Moments:
        """Return the record of both groups together."""
        sums = tuple(a + b for a, b in zip(self.sums, other.sums, strict=True))
        pairs = zip(self.products, other.products, strict=True)
        products = tuple(tuple(a + b for a, b in zip(row, more, strict=True)) for row, more in pairs)
        return Moments(self.n + other.n, sums, products)

    def sample(self, place: int) -> Sample:
        """Return the record of one of the numbers alone."""
        return Sample(self.n, self.sums[place], self.products[place][place])

    @property
    def means(self) -> NDArray[np.float64]:
        """Mean of each number."""
        return np.asarray(self.sums, dtype=np.float64) / self.n

    @property
    def covariance(self) -> NDArray[np.float64]:
        """Sample covariance matrix (divisor n - 1); needs two customers."""
        means = self.means
        centred = np.asarray(self.products, dtype=np.float64) - self.n * np.outer(means, means)
        return np.asarray(centred / (self.n - 1), dtype=np.float64)
