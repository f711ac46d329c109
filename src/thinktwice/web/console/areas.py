"""Which areas the console has; one line each."""

from __future__ import annotations

from typing import Final

from thinktwice.web.console.agencies.officers import AREA as AGENCIES
from thinktwice.web.console.audit.pages import AREA as AUDIT
from thinktwice.web.console.campaigns.pages import AREA as CAMPAIGNS
from thinktwice.web.console.cases.pages import AREA as CASES
from thinktwice.web.console.company.pages import AREA as COMPANY
from thinktwice.web.console.decisions.pages import AREA as DECISIONS
from thinktwice.web.console.demo.pages import AREA as DEMO
from thinktwice.web.console.interventions.pages import AREA as INTERVENTIONS
from thinktwice.web.console.jobs.pages import AREA as JOBS
from thinktwice.web.console.keys.pages import AREA as KEYS
from thinktwice.web.console.people.pages import AREA as PEOPLE
from thinktwice.web.console.results.pages import AREA as RESULTS
from thinktwice.web.console.settings.pages import AREA as SETTINGS
from thinktwice.web.console.today.pages import AREA as TODAY
from thinktwice.web.console.watchlist.pages import AREA as WATCHLIST
from thinktwice.web.edge.signed_in.account.pages import AREA as ACCOUNT
from thinktwice.web.edge.signed_in.entrance import AREA as ENTRANCE
from thinktwice.web.edge.signed_in.routes import Area

AREAS: Final[tuple[Area, ...]] = (
    ENTRANCE,
    COMPANY,
    TODAY,
    INTERVENTIONS,
    CAMPAIGNS,
    RESULTS,
    DECISIONS,
    WATCHLIST,
    CASES,
    AGENCIES,
    ACCOUNT,
    JOBS,
    AUDIT,
    PEOPLE,
    KEYS,
    SETTINGS,
)
"""The areas of every console."""

DEMO_AREAS: Final[tuple[Area, ...]] = (*AREAS, DEMO)
"""The areas of a demonstration, which signs anybody in."""
