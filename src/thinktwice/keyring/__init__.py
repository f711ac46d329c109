"""The installation's keys and what is derived from them.

Invariants: pure (no file, clock or randomness); keys never enter a database, a log or a ``repr``; each purpose
has a key of its own, so that losing or rotating one leaves the others alone.
"""
