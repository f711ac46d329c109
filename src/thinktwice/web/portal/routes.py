"""Areas of the portal; pages are declared as those of the console (``thinktwice.web.console.routes`` tells how)."""

from __future__ import annotations

from dataclasses import dataclass

from thinktwice.people.permissions import Realm
from thinktwice.web.edge.signed_in import routes


@dataclass(slots=True)
class Area(routes.Area):
    """An area for officers."""

    realm: Realm | None = "portal"
