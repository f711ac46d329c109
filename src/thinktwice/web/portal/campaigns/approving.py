"""What an officer does about a version: comment on it, approve it with a passkey, withdraw that approval.

Invariants: an approval is signed by a passkey of whoever is signed in, over the version's hash and a nonce, and by no
other way; withdrawing never asks for a second factor again and needs nobody else.
"""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from thinktwice.cases.joint import JointCampaigns
from thinktwice.errors import InputError
from thinktwice.people.service import People
from thinktwice.web.edge.forms import FormLimits
from thinktwice.web.edge.signed_in.signing import own_keys, read_assertion
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _
from thinktwice.web.portal.campaigns.area import AREA
from thinktwice.web.portal.campaigns.reading import address, found, shown

LIMITS: Final = FormLimits(form_bytes=64 * 1024)
MOST_REASON: Final = 500


@AREA.page("POST", "/campaigns/{campaign}/versions/{version}/comments", permission="comment_as_partner", limits=LIMITS)
def comment(visit: Visit) -> Response:
    """Write to the operator about a version."""
    version = found(visit)
    submitted = version.line.submitted
    try:
        visit.desk(JointCampaigns).comment(visit.who, submitted.campaign, submitted.version, visit.form.raw("text"))
    except InputError as error:
        visit.faults.extend(error.faults)
        return shown(visit, version, status=422)
    return visit.go(address(version), said="comment-sent")


@AREA.page("POST", "/campaigns/{campaign}/versions/{version}/challenge", permission="approve_as_partner")
def ask(visit: Visit) -> Response:
    """Say what is about to be approved, with a challenge for the passkey of whoever asks."""
    version, people = found(visit), visit.desk(People)
    submitted = version.line.submitted
    asked = visit.desk(JointCampaigns).ask(visit.who, submitted.campaign, submitted.version, own_keys(visit))
    return visit.show(
        "approve.html",
        title=_("Approve for your agency"),
        submitted=submitted,
        version=version,
        own=address(version),
        nonce=asked.statement.nonce,
        options=people.factors.signing_options(visit.who.account_id, asked.challenge),
        expires_at=asked.expires_at,
    )


@AREA.page("POST", "/campaigns/{campaign}/versions/{version}/approval", permission="approve_as_partner")
def approve(visit: Visit) -> Response:
    """Take what the passkey signed."""
    version = found(visit)
    submitted = version.line.submitted
    try:
        assertion = read_assertion(visit.form.raw("answer"))
    except InputError as error:
        visit.faults.extend(error.faults)
        return shown(visit, version, status=422)
    visit.desk(JointCampaigns).approve(
        visit.who, submitted.campaign, submitted.version, visit.form.text("nonce", 100), assertion, own_keys(visit)
    )
    return visit.go(address(version), said="approved")


@AREA.page("POST", "/campaigns/{campaign}/versions/{version}/withdrawal", permission="withdraw_partner_approval")
def withdraw(visit: Visit) -> Response:
    """Take the agency's name away; at once, because what protects never waits."""
    version = found(visit)
    submitted = version.line.submitted
    reason = visit.form.text("reason", MOST_REASON)
    visit.desk(JointCampaigns).withdraw(visit.who, submitted.campaign, submitted.version, reason)
    return visit.go(address(version), said="approval-withdrawn")
