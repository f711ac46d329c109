"""What roles, states and ways of signing in are called on pages."""

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

STATE_NAMES: Final[Mapping[str, str]] = {
    "invited": _("Invited"),
    "active": _("In use"),
    "suspended": _("Suspended"),
    "ended": _("Ended"),
}

METHOD_NAMES: Final[Mapping[str, str]] = {
    "invitation": _("Invitation"),
    "password": _("Password"),
    "totp": _("Code of an app"),
    "passkey": _("Passkey"),
    "recovery": _("Recovery code"),
    "oidc": _("Company account"),
}
