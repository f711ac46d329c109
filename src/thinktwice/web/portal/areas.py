"""Which areas the portal has; one line each."""

from __future__ import annotations

from typing import Final

from thinktwice.web.edge.signed_in.account.pages import AREA as ACCOUNT
from thinktwice.web.edge.signed_in.entrance import AREA as ENTRANCE
from thinktwice.web.edge.signed_in.routes import Area
from thinktwice.web.portal.application.pages import AREA as APPLICATION
from thinktwice.web.portal.campaigns import AREA as CAMPAIGNS
from thinktwice.web.portal.demo.pages import AREA as DEMO
from thinktwice.web.portal.officers.pages import AREA as OFFICERS
from thinktwice.web.portal.reports.pages import AREA as REPORTS
from thinktwice.web.portal.requests import AREA as REQUESTS

AREAS: Final[tuple[Area, ...]] = (ENTRANCE, APPLICATION, REQUESTS, REPORTS, CAMPAIGNS, OFFICERS, ACCOUNT)
"""The areas of every portal."""

DEMO_AREAS: Final[tuple[Area, ...]] = (*AREAS, DEMO)
"""The areas of a demonstration, which signs anybody in."""
