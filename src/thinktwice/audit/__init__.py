"""The chain of acts: who did what in the control plane, so that nobody can say otherwise later.

Invariants: an act and its entry are one transaction; the chain is gapless and every entry holds the hash of the one
before; nothing in an entry says who a person is, except commitments that can be erased without breaking the chain.
"""
