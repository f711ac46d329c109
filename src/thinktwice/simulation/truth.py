"""What a withdrawal really is, as only the simulation knows.

Invariant: nothing that decides or measures may read this; it is what estimates are held against.
"""

from __future__ import annotations

from typing import Literal

Truth = Literal["genuine", "scam", "poisoning", "takeover", "sanctioned"]
"""``scam``: the customer is deceived; ``poisoning``: they pay a look-alike; ``takeover``: somebody else acts."""

Subject = Literal["genuine", "scam", "coached", "poisoning", "takeover", "sanctioned"]
"""Who stands before an alert; ``coached`` is a deceived customer whom the scammer talks through it."""
