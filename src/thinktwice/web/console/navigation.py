"""What the menu offers, in its order; each reader sees what they may open."""

from __future__ import annotations

from typing import Final

from thinktwice.web.edge.signed_in.surface import Item
from thinktwice.web.edge.words import mark as _

ITEMS: Final[tuple[Item, ...]] = (
    Item(_("Today"), "/", "read_today"),
    Item(_("Interventions"), "/interventions", "read_interventions"),
    Item(_("Campaigns"), "/campaigns", "read_campaigns"),
    Item(_("Results"), "/results", "read_results"),
    Item(_("Decisions"), "/decisions", "search_decisions"),
    Item(_("Watchlist"), "/watchlist", "look_up_address"),
    Item(_("Cases"), "/cases", "read_cases"),
    Item(_("Agencies"), "/agencies", "read_agencies"),
    Item(_("Reported addresses"), "/reported-addresses", "accept_flag"),
    Item(_("Transparency"), "/transparency", "read_transparency"),
    Item(_("Jobs"), "/jobs", "read_jobs"),
    Item(_("Audit"), "/audit", "read_audit"),
    Item(_("People"), "/people", "read_people"),
    Item(_("API keys"), "/keys", "read_keys"),
    Item(_("Settings"), "/settings", "read_settings"),
)
