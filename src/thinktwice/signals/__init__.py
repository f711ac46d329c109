"""Facts about one withdrawal, one module per family.

Invariants: a signal is computed only from the withdrawal, the states of its customer and destination, and one
watchlist snapshot; never from the clock. Together the modules produce exactly the names of the catalogue.
"""
