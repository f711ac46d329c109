"""What happened, counted from the journal, the same way in every arm.

Invariants: only counts are given, never an effect: no statistics exist yet, and a difference between two counts is not
lift; test traffic and shadow campaigns count nowhere; outcomes come from the operator's events, never from buttons in
the alert (DESIGN section 4).
"""
