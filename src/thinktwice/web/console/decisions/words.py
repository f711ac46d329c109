"""What the reasons of a decision mean, and what happened to its alert.

Invariant: every reason that a decision can have stands here (a test reads them from where they are given); one of an
engine that nobody knows any more shows as it is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from thinktwice.records.vocabulary import AlertEventType
from thinktwice.web.edge.words import Words
from thinktwice.web.edge.words import mark as _

REASONS: Final[Mapping[str, str]] = {
    "block:listed": _("A list says that this destination is to be blocked."),
    "known_bad:listed": _("A list warns of this destination."),
    "known_bad:lookalike": _("The destination imitates an address that the customer knew earlier."),
    "outside_holdout": _("It is always given: no holdout, cap or limit keeps it back."),
    "capped": _("The campaign's cap for one customer was reached, so it stays silent."),
    "budget": _("The cap for one customer over all campaigns was reached, so the campaign stays silent."),
    "global_holdout": _("The customer is held out of every campaign, so this one stays silent."),
    "holdout": _("The customer is in the campaign's holdout, so it stays silent."),
    "limited": _("The campaign triggered more often than was promised before release, so it does less, or nothing."),
    "standing_hold": _("A hold on this customer and destination stood already; it goes on."),
    "after_hold": _(
        "A hold to this destination has ended. After one the answer is no weaker than a confirmation, where there is "
        "a screen."
    ),
    "open_alert": _("The customer did not go past an earlier alert to this destination. The answer is no weaker."),
}
"""The meaning of a reason by its code."""

ABOUT_CAMPAIGNS: Final[Mapping[str, str]] = {
    "campaign": _("It was for the campaign %(campaign)s to speak."),
    "shadow": _("The campaign %(campaign)s would have spoken, but runs as a shadow."),
}
"""The meaning of a reason that names a campaign, by what stands before its colon."""

HAPPENED: Final[Mapping[AlertEventType, str]] = {
    "delivered": _("The alert was delivered"),
    "seen": _("The alert was seen"),
    "reviewed": _("The customer looked further"),
    "answered": _("The customer answered"),
    "cancelled": _("The customer cancelled"),
    "changed": _("The customer chose to change the payment"),
    "continued": _("The customer continued"),
    "help": _("The customer asked for help"),
    "reported": _("The customer reported a scam"),
}
"""What the browser says happened to an alert."""


def explained(reason: str, words: Words) -> str:
    """Return what a reason means, in the language of the reader; empty where nobody knows it."""
    kind, _colon, campaign = reason.partition(":")
    if reason in REASONS:
        return words.say(REASONS[reason])
    return words.say(ABOUT_CAMPAIGNS[kind], campaign=campaign) if kind in ABOUT_CAMPAIGNS else ""
