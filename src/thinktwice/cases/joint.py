"""The officer's desk of joint campaigns: what was submitted for the agency's approval, said, approved and withdrawn.

Invariants: an officer reaches the versions that name the own agency's partner, and only while the agency is active;
everything else is answered like what does not exist, after the same work; who is a partner stands in the operator's
file and not in the database; an approval is signed with a passkey of whoever approves; withdrawing never waits. What
an officer reads of results was published by the operator: nothing here can compute any.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from thinktwice.audit.ledger import Ledger
from thinktwice.campaigns.approval import Assertion
from thinktwice.campaigns.archive import VERSION
from thinktwice.campaigns.comments import Comment, Comments
from thinktwice.campaigns.comparing import Difference, differences
from thinktwice.campaigns.desk import CampaignDesk
from thinktwice.campaigns.editions import PublishedEdition, published_editions, published_for
from thinktwice.campaigns.lifecycle import IN_FORCE
from thinktwice.campaigns.overview import release_view
from thinktwice.campaigns.pack import Pack
from thinktwice.campaigns.partners import Partner, PinnedKey
from thinktwice.campaigns.reading import Surroundings
from thinktwice.campaigns.signing import Approval, Asked, approvals_of, why_not_standing
from thinktwice.campaigns.submitted import Submitted, submitted_for
from thinktwice.cases.reach import own_agency
from thinktwice.errors import NotFoundError, StateError
from thinktwice.people.permissions import Permission
from thinktwice.people.person import Person

UNDER_WAY = IN_FORCE | {"paused"}
ASKED = UNDER_WAY | {"in_review", "approved"}
"""States in which a partner may approve: also what is live already, for a badge that was withdrawn or never given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One version as the list shows it; ``approval`` is the agency's newest, ``why_not`` why it does not stand."""

    submitted: Submitted
    approval: Approval | None
    why_not: str | None

    @property
    def stands(self) -> bool:
        """Whether the agency's approval stands."""
        return self.approval is not None and self.why_not is None


@dataclass(frozen=True, slots=True, kw_only=True)
class JointVersion:
    """One version with everything an officer decides by.

    ``pack`` is what would be shown, None where it would not be this version any more. ``live`` is the version under way
    that carries the agency's name, None where there is none; ``changes`` is what differs from it.
    """

    line: Line
    partner: Partner
    pack: Pack | None
    live: str | None
    changes: tuple[Difference, ...]
    comments: tuple[Comment, ...]
    history: tuple[Approval, ...]

    @property
    def may_be_approved(self) -> bool:
        """Whether an approval is asked for, and would be of what customers would see."""
        return self.pack is not None and not self.line.stands and self.line.submitted.state in ASKED

    @property
    def may_be_withdrawn(self) -> bool:
        """Whether an approval of the agency is there to be withdrawn."""
        return any(one.withdrawn_at is None for one in self.history)


@dataclass(frozen=True, slots=True, kw_only=True)
class JointCampaigns:
    """Joint campaigns as officers reach them; ``around`` gives partners and contacts as they are now."""

    ledger: Ledger
    desk: CampaignDesk
    comments: Comments
    around: Callable[[], Surroundings]
    clock: Callable[[], datetime]

    def partner(self, person: Person) -> Partner:
        """Return which partner the officer's agency is.

        Raises:
            NotFoundError: none, or the agency is not active.
        """
        with self.ledger.reading() as connection:
            agency = own_agency(connection, person)
        found = self.around().partners.of_agency(agency.id)
        if found is None:
            raise NotFoundError("there is nothing here")
        return found

    def lines(self, person: Person) -> tuple[Line, ...]:
        """Return every version that names the officer's agency, newest first; none where the agency is no partner."""
        try:
            partner = self.partner(person)
        except NotFoundError:
            return ()
        return self._lines(partner)

    def results(self, person: Person) -> frozenset[str]:
        """Return the campaigns of which the officer's agency may read results."""
        try:
            return published_for(self.ledger, self.partner(person).id)
        except NotFoundError:
            return frozenset()

    def find(self, person: Person, campaign: str, version: str) -> JointVersion:
        """Return one version.

        Raises:
            NotFoundError: there is none of it that names the officer's agency.
        """
        partner = self.partner(person)
        lines = self._lines(partner)
        line = _of(lines, campaign, version)
        view = release_view(self.ledger, line.submitted.release, self.around())
        live = next(
            (one for one in lines if one.submitted.campaign == campaign and one.submitted.state in UNDER_WAY), None
        )
        before = live.submitted.version if live is not None else None
        with self.ledger.reading() as connection:
            history = approvals_of(connection, version=version)
        return JointVersion(
            line=line,
            partner=partner,
            pack=view.now.pack if view.now is not None and view.is_as_approved else None,
            live=before,
            changes=self._changes(campaign, before, version),
            comments=self.comments.shared_with(campaign, partner.id),
            history=tuple(one for one in history if _is_of(one, campaign, partner)),
        )

    def ask(self, person: Person, campaign: str, version: str, own_keys: Sequence[PinnedKey]) -> Asked:
        """Give an officer a challenge to approve a version with.

        Raises:
            NotFoundError: as ``find``.
            NotAllowedError: no role allows it; SecondFactorNeededError: the last second factor is too old.
            SecondPersonError: the officer approved it for another side.
            StateError: it cannot be approved now, or none of the officer's passkeys is pinned.
        """
        found = self._required(person, "approve_as_partner", campaign, version)
        if not found.may_be_approved:
            raise StateError("this version is not one that your agency is asked to approve now")
        return self.desk.challenge(person.actor, found.line.submitted.release, found.partner.id, own_keys=own_keys)

    def approve(
        self,
        person: Person,
        campaign: str,
        version: str,
        nonce: str,
        assertion: Assertion,
        own_keys: Sequence[PinnedKey],
    ) -> None:
        """Take what the officer's passkey signed.

        Raises:
            NotFoundError: as ``find``.
            NotAllowedError: no role allows it; SecondFactorNeededError: the last second factor is too old.
            SecondPersonError: the officer approved it for another side.
            StateError: the challenge is not this officer's, was used or has expired, or the signature does not hold.
        """
        self._required(person, "approve_as_partner", campaign, version)
        self.desk.approve(person.actor, nonce, assertion, own_keys=own_keys)

    def withdraw(self, person: Person, campaign: str, version: str, reason: str) -> None:
        """Take the agency's name from a version, whoever of it approved; no page shows it from the next render on.

        Raises:
            NotFoundError: as ``find``, or nothing of it stands.
            NotAllowedError: no role allows it.
        """
        found = self._required(person, "withdraw_partner_approval", campaign, version)
        self.desk.withdraw_partner(person.actor, campaign, version, found.partner.id, reason)

    def comment(self, person: Person, campaign: str, version: str, text: str) -> None:
        """Write to the operator about a version.

        Raises:
            InputError: nothing was written, or too much.
            NotFoundError: as ``find``.
            NotAllowedError: no role allows it.
            StateError: there is no room for more.
        """
        found = self._required(person, "comment_as_partner", campaign, version)
        side = found.partner.id
        self.comments.write(person.actor, campaign, text, side=side, partner=side, version=version)

    def edition(self, person: Person, campaign: str) -> PublishedEdition:
        """Return the newest edition of results that was published for the officer's agency.

        Raises:
            NotFoundError: there is none.
            NotAllowedError: no role allows it.
        """
        person.require("read_partner_results", self.clock())
        partner = self.partner(person)
        if campaign not in published_for(self.ledger, partner.id):
            # Before anything of it is read: the size of another partner's results would tell by the clock.
            raise NotFoundError("there is nothing here")
        found = next((one for one in published_editions(self.ledger, campaign) if partner.id in one.partners), None)
        if found is None:
            raise NotFoundError("there is nothing here")
        return found

    def _required(self, person: Person, permission: Permission, campaign: str, version: str) -> JointVersion:
        person.require(permission, self.clock())
        return self.find(person, campaign, version)

    def _lines(self, partner: Partner) -> tuple[Line, ...]:
        partners = self.around().partners
        with self.ledger.reading() as connection:
            found = []
            for one in submitted_for(connection, partner.id):
                given = [
                    each
                    for each in approvals_of(connection, version=one.version)
                    if _is_of(each, one.campaign, partner)
                ]
                why = why_not_standing(given[-1], partners) if given else None
                found.append(Line(submitted=one, approval=given[-1] if given else None, why_not=why))
        return tuple(found)

    def _changes(self, campaign: str, before: str | None, after: str) -> tuple[Difference, ...]:
        if before is None or before == after:
            return ()
        with self.ledger.reading() as connection:
            old, new = (connection.execute(VERSION, (one, campaign)).fetchone() for one in (before, after))
        return differences(old[0].encode(), new[0].encode()) if old and new else ()


def _of(lines: Sequence[Line], campaign: str, version: str) -> Line:
    for line in lines:
        if (line.submitted.campaign, line.submitted.version) == (campaign, version):
            return line
    raise NotFoundError("there is nothing here")


def _is_of(approval: Approval, campaign: str, partner: Partner) -> bool:
    return approval.statement.campaign == campaign and approval.statement.side == partner.id
