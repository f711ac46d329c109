"""What the roles of staff are called on pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from thinktwice.people.permissions import StaffRole
from thinktwice.web.edge.words import mark as _

ROLE_NAMES: Final[Mapping[StaffRole, str]] = {
    "author": _("Author"),
    "approver": _("Approver"),
    "analyst": _("Analyst"),
    "intervention_handler": _("Intervention handler"),
    "case_handler": _("Case handler"),
    "compliance": _("Compliance"),
    "administrator": _("Administrator"),
}

ROLE_HINTS: Final[Mapping[StaffRole, str]] = {
    "author": _("Writes campaigns."),
    "approver": _("Approves and releases what others wrote."),
    "analyst": _("Runs lists and drafts, reads decisions and results."),
    "intervention_handler": _("Speaks with customers whose withdrawal waits."),
    "case_handler": _("Works agencies’ requests."),
    "compliance": _("Reads proof and audit, decides disputes and appeals."),
    "administrator": _("Manages accounts, roles and keys."),
}
