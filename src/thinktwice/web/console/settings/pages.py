"""The settings of the installation, to be read.

Invariant: nothing here can be changed, because settings come from files; no key and no password is ever among them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from starlette.responses import Response

from thinktwice.web.console.routes import Area
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _


@dataclass(frozen=True, slots=True)
class SettingsDesk:
    """Settings as (name, value, meaning), and which purposes have a key."""

    settings: tuple[tuple[str, str, str], ...]
    keys: tuple[tuple[str, bool], ...] = ()


AREA: Final = Area("thinktwice.web.console.settings", needs=(SettingsDesk,))


@AREA.page("GET", "/settings", permission="read_settings")
def settings(visit: Visit) -> Response:
    """Show what is in force."""
    desk = visit.desk(SettingsDesk)
    return visit.show("settings.html", title=_("Settings"), settings=desk.settings, keys=desk.keys)
