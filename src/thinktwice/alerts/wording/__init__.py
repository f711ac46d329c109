"""The interface words of alerts, one module per language.

Invariants: each language has every word (the types say so); no word names a scam, a person, a list or a reason beyond
its class; what stands in braces is filled in. None of them was read by a native reader yet except where a module says
so; before any badge the police partner approves them.
"""
