"""The area of cases with all of its pages."""

from __future__ import annotations

from thinktwice.web.console.cases import flags, one, producing, queue, steps, victims
from thinktwice.web.console.cases.area import AREA

__all__ = ["AREA", "flags", "one", "producing", "queue", "steps", "victims"]
