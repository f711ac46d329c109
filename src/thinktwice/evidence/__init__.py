"""Proof, for a customer, an ombudsman or a court, of what one customer was shown and what they did.

Invariants: a pack is sealed and can be checked without this software; the customer edition is built from the
customer's side of a decision only (rule 7); what cannot be known is said to be unknown, never guessed.
"""
