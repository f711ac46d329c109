"""The mathematics of measurement: from sufficient statistics to an estimate, or to the reason why there is none.

Invariants: no estimator sees a row, only counts, sums, squares and cross-products; every answer is an ``Estimate`` or a
``CannotTell``, never an effect of 0 that stands for a failure; nothing here reads a clock, a file or randomness; the
assumptions, the theorem and its source stand in the docstring of each method, in plain words in docs/measurement.md.
"""
