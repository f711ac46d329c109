"""What the two signed-in surfaces (console and portal) share: how pages are declared, answered and shown; getting in.

Invariant: nothing here knows which surface it is part of; whatever differs is in ``Surface``.
"""
