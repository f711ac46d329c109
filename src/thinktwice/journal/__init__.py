"""What was acknowledged, in the order in which it was recorded.

Invariants: nothing is acknowledged before it is durable; records are appended and, except by erasure, never changed;
one process writes, any number reads.
"""
