"""Joint campaigns: what an agency is asked to approve, what is said about it, and what came of it."""

from __future__ import annotations

from thinktwice.web.portal.campaigns import approving, reading
from thinktwice.web.portal.campaigns.area import AREA

__all__ = ["AREA", "MODULES"]

MODULES = (reading, approving)
"""The modules whose pages make up the area; importing them declares the pages."""
