"""From rows of outcomes to everything that may be said about one campaign, and to what may not, with the reason.

Invariants: estimators see sufficient statistics only; a split that does not fit blocks every comparison; what describes
the treated is never compared; a figure that cannot be made is a value that says why.
"""
