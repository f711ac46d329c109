"""Who is shown what: assignment to the holdout and to arms.

Invariant: pure; an assignment is a function of key, experiment and customer reference alone, so it is never
stored as a secret of its own and a repetition finds the same arm.
"""
