"""The acts that people perform, each with a name and a meaning.

Invariants: pure; a permission is named after an act, never after a page; every act stands under one heading and is
explained once, here. Rules about *two* people (never the author, never the first reader) are checked where the act is
performed, because they depend on who did what before; the meanings mention them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, get_args

Permission = Literal[
    # everybody
    "manage_own_account",
    # overview and results
    "read_today",
    "read_results",
    "export_results",
    "publish_results",
    # campaigns
    "read_campaigns",
    "save_draft",
    "submit_draft",
    "comment_on_draft",
    "approve_campaign",
    "release_campaign",
    "pause_campaign",
    "stop_campaign",
    "withdraw_campaign",
    "lift_limit",
    # decisions and evidence
    "search_decisions",
    "read_evidence",
    # interventions
    "read_interventions",
    "work_intervention",
    "resolve_hold",
    "confirm_resolution",
    "decide_appeal",
    "hand_off_intervention",
    "request_recall",
    # watchlist
    "look_up_address",
    "allow_destination",
    "delist_address",
    "upload_list",
    "decide_dispute",
    "run_feed",
    # audit, long work, settings
    "read_audit",
    "export_audit",
    "read_jobs",
    "cancel_job",
    "read_settings",
    # people and keys
    "read_people",
    "invite_account",
    "change_roles",
    "suspend_account",
    "reset_account",
    "end_session",
    "read_keys",
    "manage_keys",
    # agencies, as the operator sees them
    "read_agencies",
    "register_agency",
    "verify_agency",
    "set_agency_trust",
    "suspend_agency",
    "suspend_officer",
    "allow_officer_totp",
    "confirm_officer",
    # cases, as the operator sees them
    "read_cases",
    "work_case",
    "record_call_back",
    "review_case",
    "approve_case",
    "confirm_case",
    "refuse_case",
    "assemble_production",
    "deliver_production",
    "accept_flag",
    "match_victims",
    "sample_cases",
    "read_transparency",
    # the portal
    "read_own_cases",
    "file_request",
    "withdraw_request",
    "write_case_message",
    "upload_case_file",
    "download_production",
    "report_address",
    "retract_report",
    "upload_victims",
    "read_joint_campaigns",
    "comment_as_partner",
    "approve_as_partner",
    "withdraw_partner_approval",
    "read_partner_results",
    "consent_to_contact",
    "read_officers",
    "invite_officer",
    "reconfirm_officer",
    "suspend_own_officer",
]

PERMISSIONS: Final[tuple[Permission, ...]] = get_args(Permission)

AREAS: Final[Mapping[str, Mapping[Permission, str]]] = {
    "Own account": {
        "manage_own_account": "change one's own password, second factors and recovery codes; list and end own sessions",
    },
    "Overview and results": {
        "read_today": "see today's counts, feeds, expiring contacts and campaigns near their limits",
        "read_results": "read reports of campaigns",
        "export_results": "take a report away as a file",
        "publish_results": "give a campaign's partners their edition of its results",
    },
    "Campaigns": {
        "read_campaigns": "read campaigns, drafts, differences, previews and contacts",
        "save_draft": "make and change a draft",
        "submit_draft": "ask for the review of a draft, or take it back",
        "comment_on_draft": "comment on a draft under review",
        "approve_campaign": "approve or reject content for the operator; never one's own",
        "release_campaign": "put an approved version live or into shadow, with its release; never one's own draft",
        "pause_campaign": "pause and resume a campaign",
        "stop_campaign": "stop a campaign at once",
        "withdraw_campaign": "withdraw a release for the operator, at once and whatever its state",
        "lift_limit": "lift a blast-radius limit that has stopped or softened a campaign",
    },
    "Decisions": {
        "search_decisions": "search decisions and read one, condition by condition",
        "read_evidence": "make the proof of what one customer was shown and did",
    },
    "Interventions": {
        "read_interventions": "see the queue of holds and referrals and open one",
        "work_intervention": "take one, record contact attempts, answers and the disposition",
        "resolve_hold": "propose the end of a hold or referral, or decide one that needs a single person",
        "confirm_resolution": "be the second person of an early release; never the one who proposed it",
        "decide_appeal": "answer a customer's appeal against a hold; never one's own resolution",
        "hand_off_intervention": "hand an intervention to another team's system",
        "request_recall": "write the recall request to a receiving exchange",
    },
    "Watchlist": {
        "look_up_address": "look up who listed an address, when, why and what follows",
        "allow_destination": "allow an address that lists call bad, and end that permission",
        "delist_address": "end a source's statement about an address",
        "upload_list": "import a list, after a dry run",
        "decide_dispute": "decide a dispute about a listing",
        "run_feed": "run a feed now, pause it or resume it",
    },
    "Audit and settings": {
        "read_audit": "read the chain of acts",
        "export_audit": "take the chain away for verification elsewhere",
        "read_jobs": "see long work and its progress",
        "cancel_job": "cancel long work",
        "read_settings": "read the installation's settings (never its keys)",
    },
    "People and keys": {
        "read_people": "see accounts, roles, invitations and sessions",
        "invite_account": "invite a person, and withdraw an open invitation",
        "change_roles": "give and take roles; never one's own",
        "suspend_account": "suspend an account and let it return; never the last administrator",
        "reset_account": "make somebody, of staff or of an agency, set the account up anew; never one's own",
        "end_session": "end another person's session",
        "read_keys": "see API keys, never their secrets",
        "manage_keys": "make and revoke API keys",
    },
    "Agencies": {
        "read_agencies": "see agencies, officers and how each was verified",
        "register_agency": "register an agency or take up its application",
        "verify_agency": "record one step of an agency's verification",
        "set_agency_trust": "set what an agency may ask; never on one's own verification alone",
        "suspend_agency": "suspend an agency with all its officers, and let it return",
        "suspend_officer": "suspend an officer, and let the officer return",
        "allow_officer_totp": "consent to an officer's codes instead of a passkey",
        "confirm_officer": "confirm that an agency's officer still needs access, for 90 days",
    },
    "Cases": {
        "read_cases": "see the queue of requests and open one, with the staff's private layer",
        "work_case": "take a case, write to the agency, ask for information, keep the timeline",
        "record_call_back": "record the call to the agency's independent number",
        "review_case": "record the legal review of a request",
        "approve_case": "approve a request wholly or in part",
        "confirm_case": "be the second person of a restriction, urgent preservation or risk to life; never the first",
        "refuse_case": "refuse a request with its code",
        "assemble_production": "put a production together from approved categories and period",
        "deliver_production": "seal and deliver a production; never assembled by oneself alone",
        "accept_flag": "accept or refuse a reported address; the operator's side of a large or first one",
        "match_victims": "start the matching of suspected victims",
        "sample_cases": "draw and read the random audit sample of cases",
        "read_transparency": "read the transparency report before it is published",
    },
    "Portal: requests": {
        "read_own_cases": "read the cases of one's own agency",
        "file_request": "draft and submit a request",
        "withdraw_request": "withdraw a request",
        "write_case_message": "write in a case of one's own agency",
        "upload_case_file": "add a file to a case of one's own agency",
        "download_production": "fetch a production with one's own delivery key",
        "consent_to_contact": "agree that another agency with the same interest learns of one's own",
    },
    "Portal: intelligence": {
        "report_address": "report an address",
        "retract_report": "take back a report of one's own agency",
        "upload_victims": "name addresses or transactions of suspected victims",
    },
    "Portal: joint campaigns": {
        "read_joint_campaigns": "see what was submitted with one's agency's name on it, as customers would see it",
        "comment_as_partner": "comment on a campaign that is to carry one's agency's name",
        "approve_as_partner": "approve its exact content with one's own passkey",
        "withdraw_partner_approval": "withdraw that approval, whoever of the agency gave it",
        "read_partner_results": "read the partner's edition of results",
    },
    "Portal: officers": {
        "read_officers": "see the officers of one's own agency and what they asked for",
        "invite_officer": "invite an officer of one's own agency",
        "reconfirm_officer": "confirm that an officer still needs access, for 90 days; never one's own",
        "suspend_own_officer": "suspend an officer of one's own agency; never oneself",
    },
}
"""Every permission under its heading, with what it allows."""

ACTS: Final[Mapping[Permission, str]] = {name: meaning for area in AREAS.values() for name, meaning in area.items()}
"""What each permission allows, in words."""
