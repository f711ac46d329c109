"""The console, put together.

Invariants: what no area declared is not served; a demonstration has one area more, in which anybody becomes anybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from thinktwice.web.console.areas import AREAS, DEMO_AREAS
from thinktwice.web.console.navigation import ITEMS
from thinktwice.web.console.role_words import ROLE_NAMES
from thinktwice.web.edge.asgi import App
from thinktwice.web.edge.signed_in.app import create_surface
from thinktwice.web.edge.signed_in.parts import SurfaceParts
from thinktwice.web.edge.signed_in.routes import Area
from thinktwice.web.edge.signed_in.surface import Surface
from thinktwice.web.edge.words import mark as _

CONSOLE: Final = Surface(
    name="console",
    title=_("Console"),
    package="thinktwice.web.console",
    items=ITEMS,
    role_names=ROLE_NAMES,
    languages={"zh_Hant": "繁體中文"},
)


def create_console(parts: SurfaceParts, areas: Sequence[Area] | None = None) -> App:
    """Return the ASGI application of the console.

    Raises:
        ValueError: two areas claim one path, or an area has no desk to work with.
    """
    own = DEMO_AREAS if parts.is_demo else AREAS
    return create_surface(CONSOLE, parts, own if areas is None else areas)
