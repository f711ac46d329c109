"""The area that every module of the entrance declares its pages in."""

from __future__ import annotations

from typing import Final

from thinktwice.web.console.routes import Area

AREA: Final = Area("thinktwice.web.console.entrance")
