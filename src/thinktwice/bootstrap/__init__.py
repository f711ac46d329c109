"""Putting an installation together: the only place that reads settings and chooses implementations.

Invariants: everything opened here is closed here, in the reverse order; nothing serves customers with the public test
keys; nothing starts with a watchlist, campaigns or keys that it could not read.
"""
