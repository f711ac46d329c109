"""The agency's requests: written, submitted, followed."""

from __future__ import annotations

from thinktwice.web.portal.requests import contact, drafting, following, listing, starting, wording
from thinktwice.web.portal.requests.area import AREA

__all__ = ["AREA", "MODULES"]

MODULES = (contact, drafting, following, listing, starting, wording)
"""The modules whose pages make up the area; importing them declares the pages."""
