"""What both sides call the kinds, states, categories and refusals of agencies' requests.

Invariant: what only one side reads, or reads in its own words, stands with that side; no word here says "you" or "we".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from thinktwice.cases.course import State
from thinktwice.cases.desk import Refusal
from thinktwice.cases.form import DataCategory
from thinktwice.cases.kinds import Kind
from thinktwice.web.edge.words import mark as _

KIND_NAMES: Final[Mapping[Kind, str]] = {
    "information": _("Information"),
    "production": _("Production of records"),
    "preservation": _("Preservation of data"),
    "preservation_extension": _("Extension of a preservation"),
    "voluntary_restriction": _("Voluntary restriction of an account"),
    "lift_of_restriction": _("Lift of a restriction"),
    "seizure_or_return": _("Seizure or return of assets"),
    "urgent_preservation": _("Urgent preservation of assets"),
    "risk_to_life": _("Imminent risk to life"),
    "victim_notification": _("Notification of victims"),
    "intelligence_flag": _("Intelligence flag"),
    "message_coauthoring": _("Wording of a message to customers"),
}
COMMON_STATES: Final[Mapping[State, str]] = {
    "draft": _("Draft"),
    "submitted": _("Submitted"),
    "verifying_requester": _("Verifying who asks"),
    "legal_review": _("Legal review"),
    "approved": _("Approved"),
    "partly_approved": _("Approved in part"),
    "refused": _("Refused"),
    "fulfilled": _("Fulfilled"),
    "delivered": _("Delivered"),
    "closed": _("Closed"),
    "withdrawn": _("Withdrawn"),
    "expired": _("Expired"),
}
COMMON_REFUSALS: Final[Mapping[Refusal, str]] = {
    "no_jurisdiction": _("no jurisdiction"),
    "no_legal_basis": _("no legal basis"),
    "over_broad": _("asks for more than is needed"),
    "rights_risk": _("risk to somebody's rights"),
    "not_verified": _("the requester could not be verified"),
    "other": _("another reason, given in the note"),
}
CATEGORY_NAMES: Final[Mapping[DataCategory, str]] = {
    "identity": _("Identity"),
    "contact": _("Contact details"),
    "account_activity": _("Account activity"),
    "withdrawals": _("Withdrawals"),
    "deposits": _("Deposits"),
    "devices": _("Devices"),
    "ip_addresses": _("IP addresses"),
    "documents": _("Identity documents"),
    "communications": _("Messages with support"),
    "alerts": _("Warnings shown"),
}
