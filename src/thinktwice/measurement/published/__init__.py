"""The partner's edition: what may leave the operator, in fixed tables by week, with small figures withheld.

Invariants: dimensions never change from one edition to the next; a week that was published is published the same way
ever after; nothing here names or counts fewer customers than the minimum, and no figure reveals one that was withheld.
"""
