"""Who may do what: the roles, and the acts that each allows.

Invariants: pure; what no role of a person allows is refused (default deny); a role belongs to one realm, so that no
officer's role ever opens the console and no staff role the portal; rights are the union of a person's roles.

``docs/permissions.md`` is written from these tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, Literal, cast, get_args

from thinktwice.people.acts import ACTS, AREAS, PERMISSIONS, Permission

__all__ = [
    "ACTS",
    "AREAS",
    "DANGEROUS",
    "OFFICER_ROLES",
    "PERMISSIONS",
    "ROLES",
    "ROLE_MEANINGS",
    "STAFF_ROLES",
    "OfficerRole",
    "Permission",
    "Realm",
    "Role",
    "StaffRole",
    "permissions_of",
    "realm_of",
    "roles_with",
]

Realm = Literal["console", "portal"]
StaffRole = Literal[
    "author", "approver", "analyst", "intervention_handler", "case_handler", "compliance", "administrator"
]
OfficerRole = Literal["officer", "agency_administrator"]
Role = StaffRole | OfficerRole

STAFF_ROLES: Final[tuple[StaffRole, ...]] = get_args(StaffRole)
OFFICER_ROLES: Final[tuple[OfficerRole, ...]] = get_args(OfficerRole)


def _acts(*lines: str) -> frozenset[Permission]:
    """Read names of acts, separated by spaces.

    Raises:
        ValueError: A name that is no act: the import of this module fails.
    """
    names = frozenset(" ".join(lines).split())
    if not names <= set(PERMISSIONS):
        raise ValueError(f"not an act: {sorted(names - set(PERMISSIONS))}")
    return cast("frozenset[Permission]", names)


_READING: Final = _acts(
    "manage_own_account read_today read_results read_campaigns",
)

_AUTHOR: Final = _READING | _acts(
    "save_draft submit_draft comment_on_draft pause_campaign stop_campaign",
    "look_up_address read_jobs export_results",
)
_APPROVER: Final = _READING | _acts(
    "comment_on_draft approve_campaign release_campaign pause_campaign stop_campaign withdraw_campaign lift_limit",
    "export_results publish_results read_jobs",
)
_ANALYST: Final = _READING | _acts(
    "export_results save_draft submit_draft comment_on_draft pause_campaign stop_campaign",
    "search_decisions read_evidence read_interventions look_up_address upload_list run_feed",
    "read_jobs cancel_job",
)
_INTERVENTION_HANDLER: Final = _acts(
    "manage_own_account read_today read_interventions work_intervention resolve_hold",
    "confirm_resolution decide_appeal hand_off_intervention request_recall search_decisions",
    "look_up_address",
)
_CASE_HANDLER: Final = _acts(
    "manage_own_account read_today read_agencies register_agency verify_agency suspend_officer",
    "read_cases work_case record_call_back approve_case confirm_case refuse_case",
    "assemble_production deliver_production accept_flag match_victims search_decisions",
    "read_evidence look_up_address read_jobs read_transparency",
)
_COMPLIANCE: Final = _READING | _acts(
    "export_results publish_results pause_campaign stop_campaign search_decisions read_evidence",
    "read_interventions confirm_resolution decide_appeal look_up_address allow_destination",
    "delist_address decide_dispute read_audit export_audit read_jobs read_people read_keys",
    "read_settings read_agencies verify_agency set_agency_trust suspend_agency suspend_officer",
    "allow_officer_totp confirm_officer read_cases record_call_back review_case approve_case confirm_case",
    "refuse_case accept_flag sample_cases read_transparency",
)
_ADMINISTRATOR: Final = _acts(
    "manage_own_account read_today stop_campaign read_campaigns read_audit export_audit",
    "read_jobs cancel_job read_settings read_people invite_account change_roles",
    "suspend_account reset_account end_session read_keys manage_keys read_agencies",
    "suspend_agency suspend_officer confirm_officer run_feed",
)
_OFFICER: Final = _acts(
    "manage_own_account",
    *AREAS["Portal: requests"],
    *AREAS["Portal: intelligence"],
    *AREAS["Portal: joint campaigns"],
)
_AGENCY_ADMINISTRATOR: Final = _acts(
    "manage_own_account read_own_cases read_joint_campaigns withdraw_partner_approval read_partner_results",
    *AREAS["Portal: officers"],
)

ROLES: Final[Mapping[Role, frozenset[Permission]]] = {
    "author": _AUTHOR,
    "approver": _APPROVER,
    "analyst": _ANALYST,
    "intervention_handler": _INTERVENTION_HANDLER,
    "case_handler": _CASE_HANDLER,
    "compliance": _COMPLIANCE,
    "administrator": _ADMINISTRATOR,
    "officer": _OFFICER,
    "agency_administrator": _AGENCY_ADMINISTRATOR,
}
"""What each role may do. An administrator manages people and keys and reads no customer's record and no case."""

ROLE_MEANINGS: Final[Mapping[Role, str]] = {
    "author": "writes campaigns",
    "approver": "approves and releases what others wrote",
    "analyst": "writes drafts, runs lists, reads decisions, evidence and results",
    "intervention_handler": "speaks with customers whose withdrawal waits",
    "case_handler": "works agencies' requests",
    "compliance": "reads proof and audit, decides disputes and appeals, reviews cases legally",
    "administrator": "manages accounts, roles and keys",
    "officer": "an agency's officer",
    "agency_administrator": "manages the officers of one agency",
}

DANGEROUS: Final = _acts(
    "approve_campaign release_campaign lift_limit confirm_resolution allow_destination",
    "delist_address export_audit invite_account change_roles suspend_account reset_account",
    "manage_keys set_agency_trust suspend_agency allow_officer_totp confirm_officer approve_case confirm_case",
    "deliver_production match_victims upload_victims download_production",
    "approve_as_partner invite_officer reconfirm_officer suspend_own_officer",
)
"""Acts that need a second factor given within the last ten minutes.

Stopping a campaign, suspending an officer and withdrawing an approval are not among them: what protects never waits.
"""


def realm_of(role: Role) -> Realm:
    """Return the only realm in which a role means anything."""
    return "portal" if role in OFFICER_ROLES else "console"


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """Return what these roles together allow."""
    return frozenset[Permission]().union(*(ROLES[role] for role in roles))


def roles_with(permission: Permission) -> tuple[Role, ...]:
    """Return the roles that allow an act, in the order of the tables."""
    return tuple(role for role, allowed in ROLES.items() if permission in allowed)
