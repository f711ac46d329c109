"""A world with planted truth: a synthetic history whose every withdrawal is known to be genuine or not.

Invariants: the same parameters give the same history, byte for byte; times are relative to the ``ends_at`` given and
never to the clock; every person, payment and address is invented. Randomness comes from the seed only. Nothing
here decides anything: the lines are what an operator would send over HTTP (DESIGN section 5).
"""
