"""The pages of campaigns, each module declared by importing it."""

from __future__ import annotations

from typing import Final

from thinktwice.web.console.campaigns import drafting, releases, showing, starting, terms_pages
from thinktwice.web.console.campaigns.area import AREA

__all__ = ["AREA", "MODULES"]

MODULES: Final = (starting, drafting, terms_pages, showing, releases)
"""The modules whose pages make up the area."""
