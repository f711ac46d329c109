"""What kinds, states, steps and fields of requests are called on pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from thinktwice.cases.course import State, Step
from thinktwice.cases.desk import Refusal
from thinktwice.cases.kinds import Kind
from thinktwice.web.edge.signed_in.case_words import CATEGORY_NAMES, COMMON_REFUSALS, COMMON_STATES, KIND_NAMES
from thinktwice.web.edge.words import mark as _

__all__ = ["CATEGORY_NAMES", "KIND_NAMES"]


KIND_HINTS: Final[Mapping[Kind, str]] = {
    "information": _("Ask how things work here, or whom to turn to. No customer data."),
    "production": _("Records of named accounts, on a legal instrument."),
    "preservation": _("Keep data from deletion while an instrument is on its way."),
    "preservation_extension": _("Keep preserved data longer."),
    "voluntary_restriction": _("Ask that an account be restricted for a short time without an order."),
    "lift_of_restriction": _("End a restriction that your agency asked for."),
    "seizure_or_return": _("Assets seized, or returned to a victim, on a legal instrument."),
    "urgent_preservation": _("The first hours after a theft: hold what can still be held."),
    "risk_to_life": _("Data that may save a life now. Few accounts, answered within the hour."),
    "victim_notification": _("Customers who may be victims get a message. You get counts only."),
    "intelligence_flag": _("Tell what you know about accounts or addresses. Nothing comes back."),
    "message_coauthoring": _("Comment on, or propose, what customers read in your agency's name."),
}

STATE_NAMES: Final[Mapping[State, str]] = {**COMMON_STATES, "needs_information": _("Waits for your answer")}

NEXT: Final[Mapping[State, str]] = {
    "draft": _("Nobody at the operator sees a draft. Complete it, then submit it."),
    "submitted": _("Somebody takes it up and verifies who asks."),
    "verifying_requester": _("The operator may call your agency on its official number."),
    "needs_information": _("Read what is asked, change the form if needed, then answer."),
    "legal_review": _("The legal basis and the extent are looked at."),
    "approved": _("It is being fulfilled."),
    "partly_approved": _("What was approved is being fulfilled."),
    "refused": _("The reason is below. A new request may cure it."),
    "fulfilled": _("It is done."),
    "delivered": _("Take the production away, verify it, then close the request."),
    "closed": _("Nothing more happens."),
    "withdrawn": _("Nothing more happens."),
    "expired": _("Its time passed. Start a new request if it is still needed."),
}

STEP_NAMES: Final[Mapping[Step | str, str]] = {
    "submit": _("Request submitted"),
    "take": _("Taken up"),
    "ask_more": _("Asked for more"),
    "answer": _("Answered"),
    "call_back": _("Call-back recorded"),
    "confirm_requester": _("Requester verified"),
    "approve": _("Approved"),
    "approve_partly": _("Approved in part"),
    "confirm_approval": _("Approval confirmed by a second person"),
    "reconsider": _("Looked at again"),
    "refuse": _("Refused"),
    "fulfil": _("Fulfilled"),
    "deliver": _("Delivered"),
    "close": _("Closed"),
    "withdraw": _("Withdrawn"),
    "lapse": _("Expired"),
    "message": _("Message"),
    "attachment": _("File"),
    "instrument": _("Legal instrument"),
    "production": _("Production"),
}

REFUSAL_NAMES: Final[Mapping[Refusal, str]] = {**COMMON_REFUSALS, "not_ours": _("not about this operator")}


SCAN_NAMES: Final[Mapping[str, str]] = {
    "clean": _("no malware found"),
    "infected": _("malware found: in quarantine, nobody can take it away"),
    "not_scanned": _("not scanned for malware"),
}

FIELD_NAMES: Final[Mapping[str | None, str]] = {
    None: _("Form"),
    "unit": _("Unit"),
    "officer_name": _("Officer's name"),
    "rank": _("Rank"),
    "officer_number": _("Officer's number"),
    "supervisor_name": _("Supervisor's name"),
    "supervisor_contact": _("Supervisor's e-mail or telephone"),
    "case_number": _("Your case number"),
    "offence": _("Offence"),
    "legal_basis": _("Legal basis"),
    "instrument_file": _("Legal instrument"),
    "signatory": _("Who signed the instrument"),
    "legal_entity": _("Company that is asked"),
    "identifiers": _("Accounts, addresses, transactions"),
    "period_from": _("First day"),
    "period_until": _("Last day"),
    "zone": _("Time zone of these days"),
    "data_categories": _("Categories"),
    "necessity": _("Why it is needed"),
    "question": _("Your question or remark"),
    "deadline": _("You need it by"),
    "is_customer_told": _("May the customer be told?"),
    "deferral_reason": _("If not yet: why"),
    "deferral_until": _("If not yet: until"),
    "delivery_key": _("Your age public key"),
    "measure_days": _("Days"),
}
