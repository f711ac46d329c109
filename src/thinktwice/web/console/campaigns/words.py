"""What the codes of campaigns are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from thinktwice.campaigns.lifecycle import State, Step
from thinktwice.web.edge.words import mark as _

STATE_NAMES: Final[Mapping[State | str, str]] = {
    "draft": _("Draft"),
    "in_review": _("In review"),
    "approved": _("Approved"),
    "live": _("Live"),
    "shadow": _("Shadow"),
    "paused": _("Paused"),
    "ended": _("Stopped"),
    "withdrawn": _("Withdrawn"),
    "folder": _("Live from the folder"),
    "lies": _("Not in use"),
}
STEP_NAMES: Final[Mapping[Step | str, str]] = {
    "submit": _("Submitted"),
    "send_back": _("Sent back"),
    "take_back": _("Taken back"),
    "complete": _("Approved by everybody who has to"),
    "go_live": _("Made live"),
    "go_shadow": _("Run as a shadow"),
    "resume": _("Resumed"),
    "resume_shadow": _("Resumed as a shadow"),
    "pause": _("Paused"),
    "end": _("Stopped"),
    "withdraw": _("Withdrawn"),
    "partner_withdraw": _("Withdrawn by a partner"),
    "save": _("Draft saved"),
}
