"""The comments on a campaign as staff read and write them.

Invariants: whoever writes chooses who reads it, among staff and the partners that were asked to approve a version of
this campaign; with whom each comment is shared stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from thinktwice.campaigns.comments import Comments
from thinktwice.campaigns.submitted import partners_asked
from thinktwice.errors import InputError
from thinktwice.web.console.campaigns.desk import CampaignRoom
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _

STAFF: Final = "staff"


def thread_of(visit: Visit, campaign: str) -> dict[str, object]:
    """Return what the page shows: every comment, who wrote them, and who can be written to."""
    room, comments = visit.desk(CampaignRoom), visit.desk(Comments).all(campaign)
    known = room.around().partners.by_id
    asked = _asked(room, campaign)
    called = {one: known[one].name if one in known else one for one in {*asked, *(c.partner for c in comments)} if one}
    options = [(one, visit.words.say(_("%(partner)s and us"), partner=called[one])) for one in asked]
    return {
        "comments": comments,
        "writers": {one.account: room.name_of(one.account) or one.account for one in comments},
        "partner_names": called,
        "readers": [*options, (STAFF, visit.words.say(_("Staff only")))],
    }


def write(visit: Visit, campaign: str) -> None:
    """Keep what was typed, for whom it was meant.

    Raises:
        InputError: nothing was written, too much, or for somebody who was never asked about this campaign.
        StateError: there is no room for more.
    """
    room, reader, text = visit.desk(CampaignRoom), visit.form.text("reader", 65), visit.form.raw("text")
    line, asked = room.line(campaign), _asked(room, campaign)
    if reader != STAFF and reader not in asked:
        raise InputError.of(_("Choose who is to read it."), field="reader")
    newest = line.waiting or line.release
    visit.desk(Comments).write(
        visit.actor,
        campaign,
        text,
        partner=None if reader == STAFF else reader,
        version=asked.get(reader) or (newest.version if newest and not line.draft else None),
        revision=line.draft if reader == STAFF else None,
    )


def _asked(room: CampaignRoom, campaign: str) -> Mapping[str, str]:
    with room.ledger.reading() as connection:
        return partners_asked(connection, campaign)
