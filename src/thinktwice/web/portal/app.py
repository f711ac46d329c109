"""The portal, put together.

Invariants: what no area declared is not served; no page of the console is among them; a demonstration has one area
more, in which anybody becomes anybody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from thinktwice.people.permissions import OfficerRole
from thinktwice.web.edge.asgi import App
from thinktwice.web.edge.signed_in.app import create_surface
from thinktwice.web.edge.signed_in.parts import SurfaceParts
from thinktwice.web.edge.signed_in.routes import Area
from thinktwice.web.edge.signed_in.surface import Item, Surface
from thinktwice.web.edge.words import mark as _
from thinktwice.web.portal.areas import AREAS, DEMO_AREAS

ROLE_NAMES: Final[Mapping[OfficerRole, str]] = {
    "officer": _("Officer"),
    "agency_administrator": _("Agency administrator"),
}

PORTAL: Final = Surface(
    name="portal",
    title=_("Agency portal"),
    package="thinktwice.web.portal",
    items=(
        Item(_("Requests"), "/requests", "read_own_cases"),
        Item(_("Reported addresses"), "/reports", "report_address"),
        Item(_("Joint campaigns"), "/campaigns", "read_joint_campaigns"),
        Item(_("Officers"), "/officers", "read_officers"),
        Item(_("Your account"), "/account", "manage_own_account"),
    ),
    role_names=ROLE_NAMES,
    languages={"zh_Hant": "繁體中文"},
    is_passkey_first=True,
    beside_sign_in=(_("Your agency is not here yet? Apply for it."), "/apply"),
)


def create_portal(parts: SurfaceParts, areas: Sequence[Area] | None = None) -> App:
    """Return the ASGI application of the portal.

    Raises:
        ValueError: two areas claim one path, or an area has no desk to work with.
    """
    if areas is None:
        areas = DEMO_AREAS if parts.is_demo else AREAS
    return create_surface(PORTAL, parts, areas)
