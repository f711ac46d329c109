"""What customers did, and what was learned: one row per customer, then sums by arm.

Invariants: outcomes come from the operator's events, identically in every arm, never from buttons in an alert; what
this package reads is a DuckDB connection with the relations ``decisions``, ``events`` and ``alert_events``, whoever
put them there. Source: DESIGN section 4.
"""
