"""The area that the modules about joint campaigns declare their pages in, and what its codes are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

from thinktwice.cases.joint import JointCampaigns, JointVersion
from thinktwice.people.service import People
from thinktwice.web.edge.words import mark as _
from thinktwice.web.portal.routes import Area


class Preview(Protocol):
    """Renders one screen of a version exactly as customers would get it once the agency approved it."""

    def __call__(self, version: JointVersion, *, locale: str, rung: str, screen: str, arm: str) -> str:
        """Return the page; NotFoundError when this rung has no such screen."""
        ...


@dataclass(frozen=True, slots=True)
class Previewing:
    """The previews of the portal."""

    show: Preview


AREA: Final = Area(
    "thinktwice.web.portal.campaigns",
    needs=(JointCampaigns, Previewing, People),
    says={
        "approved": _("Your agency's approval is kept, with what your passkey signed."),
        "approval-withdrawn": _("It is withdrawn. Every page shows it without your agency's name from now on."),
        "comment-sent": _("Your comment is sent. The operator reads it beside the version."),
    },
)

STATE_NAMES: Final[Mapping[str, str]] = {
    "draft": _("Taken back by the operator"),
    "in_review": _("Waits for approvals"),
    "approved": _("Approved by everybody, not begun"),
    "live": _("Live"),
    "shadow": _("Tried out, shown to nobody"),
    "paused": _("Paused"),
    "ended": _("Stopped"),
    "withdrawn": _("Withdrawn"),
}
