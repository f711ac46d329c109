"""The area of campaigns, which several modules of pages share."""

from __future__ import annotations

from typing import Final

from thinktwice.campaigns.comments import Comments
from thinktwice.people.service import People
from thinktwice.web.console.campaigns.desk import CampaignRoom
from thinktwice.web.console.routes import Area
from thinktwice.web.edge.words import mark as _

AREA: Final = Area(
    "thinktwice.web.console.campaigns",
    needs=(CampaignRoom, Comments, People),
    says={
        "draft-saved": _("The draft is saved."),
        "draft-submitted": _("It is submitted; now everybody who has to approve it can."),
        "campaign-approved": _("Your approval is kept, with what your passkey signed."),
        "campaign-sent-back": _("It went back to its authors."),
        "campaign-taken-back": _("It is a draft again. Nobody can approve it until it is submitted anew."),
        "comment-written": _("The comment is there."),
        "campaign-withdrawn": _("It is withdrawn. Every page shows it without the approval from now on."),
        "campaign-released": _("It is live. Every process follows within a second."),
        "campaign-shadowed": _("It runs as a shadow: it decides and counts, and shows nothing to anybody."),
        "campaign-paused": _("It is paused. From the next withdrawal on nobody is warned by it."),
        "campaign-resumed": _("It goes on as it was before the pause."),
        "campaign-stopped": _("It is stopped. From the next withdrawal on nobody is warned by it."),
        "limit-lifted": _("The limit is lifted; the campaign counts afresh."),
    },
)
