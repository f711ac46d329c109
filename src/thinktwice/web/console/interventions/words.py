"""What the codes of interventions are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from thinktwice.web.edge.words import mark as _

RUNG_NAMES: Final[Mapping[str, str]] = {
    "hold": _("Hold"),
    "refer": _("A person speaks with the customer"),
    "inform": _("Notice"),
    "confirm": _("Confirmation"),
    "ask": _("Questions"),
}
WAIT_NAMES: Final[Mapping[str, str]] = {
    "hold": _("Hold"),
    "refer": _("A person speaks with the customer"),
    "appeal": _("Appeal"),
}
KIND_NAMES: Final[Mapping[str, str]] = {
    "taken": _("Taken"),
    "contact": _("Contact attempt"),
    "answers": _("What the customer said"),
    "disposition": _("Finding"),
    "appeal": _("Appeal"),
    "appeal_decided": _("Answer to the appeal"),
    "hand_off": _("For another team"),
    "recall": _("Recall request"),
}
OUTCOME_NAMES: Final[Mapping[str, str]] = {
    "reached": _("Reached"),
    "no_answer": _("No answer"),
    "refused": _("Did not want to speak"),
    "wrong_number": _("Wrong number"),
    "genuine": _("Genuine"),
    "scam": _("Scam"),
    "unsure": _("Unsure"),
    "unreachable": _("Unreachable"),
    "upheld": _("Granted"),
    "rejected": _("Refused"),
}
RESOLUTION_NAMES: Final[Mapping[str, str]] = {
    "release": _("End it early"),
    "cancel": _("Stop this withdrawal"),
    "keep": _("Keep it as it is"),
}
STATUS_NAMES: Final[Mapping[str, str]] = {
    "awaiting_second": _("Waits for a second person"),
    "released": _("Released; the customer starts again"),
    "cancelled": _("Withdrawal stopped"),
    "kept": _("Hold kept"),
}
QUESTION_TEXTS: Final = (
    _("What is this withdrawal for?"),
    _("How would you get the money back if it went wrong?"),
    _("Who else knows about it?"),
    _("What did they say that we would say?"),
)
SIGNAL_NAMES: Final[Mapping[str, str]] = {
    "is_first_time_destination": _("First payment to this destination"),
    "is_lookalike": _("Destination looks like one the customer knows"),
    "lookalike_of": _("It looks like"),
    "watchlist_kinds": _("Listed as"),
    "has_prior_scam_report": _("Reported a scam before"),
    "balance_ratio": _("Share of the balance"),
    "minutes_since_deposit": _("Minutes since the last deposit"),
    "hours_since_credentials_change": _("Hours since credentials changed"),
    "is_new_device": _("New device"),
    "is_remote_access": _("Screen shared or controlled by somebody else"),
    "is_on_call": _("On a call"),
    "destination_customers_7d": _("Customers paying there within 7 days"),
    "destination_reports_30d": _("Reports about it within 30 days"),
    "ratio_to_90d_max": _("Compared with the largest in 90 days"),
}
"""The facts that help in a conversation; age, language and country are not among them, because they are no reason."""
