"""Addresses: networks, families, decoding, and lookalike arithmetic.

Invariants: everything here is pure (no clock, no randomness, no input or output); one address has one
canonical form whatever way a chain permits to write it; text that does not decode still has a key.
"""
