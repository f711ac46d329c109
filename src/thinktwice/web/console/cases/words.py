"""What kinds, states, steps and fields of requests are called for staff."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from thinktwice.cases.course import State, Step
from thinktwice.cases.desk import Refusal
from thinktwice.cases.identifiers import IdentifierKind
from thinktwice.cases.impostors import Sign
from thinktwice.web.edge.signed_in.case_words import CATEGORY_NAMES, COMMON_REFUSALS, COMMON_STATES, KIND_NAMES
from thinktwice.web.edge.words import mark as _

__all__ = ["CATEGORY_NAMES", "KIND_NAMES"]

STATE_NAMES: Final[Mapping[State, str]] = {**COMMON_STATES, "needs_information": _("Waits for the agency's answer")}
ENTRY_NAMES: Final[Mapping[str, str]] = {
    "submit": _("Submitted"),
    "take": _("Taken up"),
    "ask_more": _("Asked for more"),
    "answer": _("Answered"),
    "call_back": _("Call-back recorded"),
    "confirm_requester": _("Requester verified"),
    "approve": _("Approved"),
    "approve_partly": _("Approved in part"),
    "confirm_approval": _("Second approval"),
    "reconsider": _("Taken back for another look"),
    "refuse": _("Refused"),
    "fulfil": _("Fulfilled"),
    "deliver": _("Delivered"),
    "close": _("Closed"),
    "withdraw": _("Withdrawn"),
    "lapse": _("Expired"),
    "message": _("Message"),
    "attachment": _("File"),
    "instrument": _("Legal instrument"),
    "portion": _("Portion of the production"),
    "production": _("Production"),
}
SIDE_NAMES: Final[Mapping[str, str]] = {
    "officer": _("Agency"),
    "operator": _("Our staff"),
    "clock": _("The clock"),
}
STEP_VERBS: Final[Mapping[Step, str]] = {
    "take": _("Take it up"),
    "ask_more": _("Ask for more"),
    "call_back": _("Record a call-back"),
    "confirm_requester": _("Confirm who asks"),
    "approve": _("Approve"),
    "approve_partly": _("Approve in part"),
    "confirm_approval": _("Approve as second person"),
    "reconsider": _("Take it back for another look"),
    "refuse": _("Refuse"),
    "fulfil": _("Fulfil"),
    "deliver": _("Deliver"),
    "close": _("Close"),
}
STEP_MEANINGS: Final[Mapping[Step, str]] = {
    "take": _("You begin to verify who asks. The agency sees that somebody took it up."),
    "ask_more": _("The agency reads your question and has 14 days to answer; then the request expires."),
    "call_back": _(
        "Call the number below, which the agency did not give, and ask whether this officer sent this request. "
        "The note stays among staff."
    ),
    "confirm_requester": _("You are sure who asks. The request goes on to its legal review."),
    "approve": _("All that is asked for is approved. Nothing happens to a customer before it is fulfilled."),
    "approve_partly": _("Only what you choose is approved; the agency reads your note and sees what was left out."),
    "confirm_approval": _(
        "You look at it independently: not after a colleague's word, and not if you made the call. With your approval "
        "it can be fulfilled."
    ),
    "reconsider": _("Every approval falls and the review begins again. The note stays among staff."),
    "refuse": _("The request ends. The agency reads the code and your note."),
    "fulfil": _("You say that what was approved has been done in your systems. A measure lapses by itself."),
    "deliver": _("The officer can take the production away, with the officer's own key. It cannot be called back."),
    "close": _("Nothing more happens in this request. Both sides can still read it."),
}
REFUSAL_NAMES: Final[Mapping[Refusal, str]] = {**COMMON_REFUSALS, "not_ours": _("not about us")}
IDENTIFIER_NAMES: Final[Mapping[IdentifierKind, str]] = {
    "account": _("Account"),
    "email": _("E-mail"),
    "phone": _("Telephone"),
    "address": _("Address"),
    "transaction": _("Transaction"),
}
SIGN_TEXTS: Final[Mapping[Sign, str]] = {
    "new_device": _("The officer's passkey is less than 7 days old, the account is older."),
    "new_officer": _("The officer has had access for less than 14 days."),
    "urgent_and_new_agency": _("An emergency from an agency that was registered less than 60 days ago."),
    "foreign_mailbox": _("The officer's mailbox is not of the agency's own domain."),
    "shared_mailbox_domain": _("An officer of another agency has a mailbox of the same domain."),
    "unusual_hour": _("Sent at night or at a weekend, in the agency's own time."),
    "unusual_volume": _("Far more requests from this officer in a day than usual."),
    "call_back_missing": _("No independent number of this agency is recorded yet."),
    "no_independent_supervisor": _(
        "Only the supervisor whom the officer named was told: the agency has no other administrator in use."
    ),
}
VERDICT_NAMES: Final[Mapping[str, str]] = {
    "clean": _("scanned"),
    "infected": _("malware found: in quarantine, nobody can take it away"),
    "not_scanned": _("not scanned for malware"),
}
HANDLING_NAMES: Final[Mapping[str, str]] = {
    "warn": _("Warn customers"),
    "silent": _("Listen silently"),
}
NEED_NAMES: Final[Mapping[str, str]] = {
    "second_officer": _("a second officer of the agency"),
    "operator": _("your decision"),
    "unexamined": _("the examination, which takes seconds"),
}
END_NAMES: Final[Mapping[str, str]] = {
    "granted": _("Granted"),
    "refused": _("Refused"),
    "withdrawn_or_expired": _("Withdrawn or expired"),
    "open": _("Open"),
}
REACH_NAMES: Final[Mapping[str, str]] = {
    "domestic": _("reaches us directly"),
    "mlat": _("comes through mutual legal assistance"),
}
