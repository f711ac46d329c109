"""The lake: closed days of the journal as Parquet, and lake and journal as one history.

Invariants: a day's files are a function of the journal's records of that day and of the versions named in its manifest,
byte for byte; a day appears whole or not at all and never changes; nothing here writes the journal.
"""
