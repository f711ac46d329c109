"""Which areas the console has; one line each."""

from __future__ import annotations

from typing import Final

from thinktwice.web.console.entrance import language  # noqa: F401  (declares its page in the area)
from thinktwice.web.console.entrance.area import AREA as ENTRANCE
from thinktwice.web.console.keys.pages import AREA as KEYS
from thinktwice.web.console.people.pages import AREA as PEOPLE
from thinktwice.web.console.routes import Area
from thinktwice.web.console.settings.pages import AREA as SETTINGS
from thinktwice.web.console.today.pages import AREA as TODAY

AREAS: Final[tuple[Area, ...]] = (ENTRANCE, TODAY, PEOPLE, KEYS, SETTINGS)
