"""The audience language: one checked tree, evaluated in Python and in SQL with the same answer.

Invariants: nothing here reads a clock, a file or chance; only words of the signal catalogue and checked
literals ever reach generated code; missing values follow SQL's three-valued logic in every engine. Source:
DESIGN section 6.

``audience`` reads and explains, ``audience_set`` evaluates many at once, ``sql`` writes DuckDB, ``printing``
writes the language itself.
"""
