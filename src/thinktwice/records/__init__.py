"""The frozen nouns that stages hand to each other.

Invariants: every record is immutable; every ``*_at`` is an aware UTC time; money is ``Decimal``; a
customer is only ever a ``customer_ref``, except in the two wire types that arrive from the operator
(``WithdrawalRequest`` and the deposit and address-book events) and are replaced at the edge.
"""
