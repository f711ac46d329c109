"""The desk at which campaigns are written, approved, released and stopped: every act through the audit chain.

Invariants: who may call is checked by the caller (permissions); *which* person may is checked here, because it depends
on who did what before: nobody approves or releases what they wrote themselves, and two sides are two people. A refused
approval is an entry of the chain too. Stopping and withdrawing are never refused for want of a second person.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final

from thinktwice.audit.ledger import Act, Actor, Ledger
from thinktwice.campaigns import limiting, signing
from thinktwice.campaigns.adding import add_stopped, add_submitted
from thinktwice.campaigns.approval import Assertion, Verifier, verify_with_library, why_not
from thinktwice.campaigns.authorship import is_author
from thinktwice.campaigns.drafts import Draft, DraftStore
from thinktwice.campaigns.lifecycle import OVER, State, Step, said
from thinktwice.campaigns.merging import Files
from thinktwice.campaigns.partners import OPERATOR, PinnedKey
from thinktwice.campaigns.publishing import (
    meant,
    sides_of,
    standing_sides,
    submission_faults,
    why_not_as_submitted,
    why_not_publishable,
)
from thinktwice.campaigns.reading import Surroundings
from thinktwice.campaigns.releasing import (
    CampaignRelease,
    find_release,
    last_in_force,
    move,
    release_under_way,
    releases_of,
)
from thinktwice.errors import InputError, NotFoundError, Phrase, SecondPersonError, StateError, ThinkTwiceError, joined

FolderPack = Callable[[str], Files]
"""Returns the files of a pack that lies in the folder; NotFoundError when there is none."""

_APPROVABLE: Final[frozenset[State]] = frozenset({"in_review", "approved", "live", "shadow", "paused"})


class CampaignDesk:
    """All acts on campaigns; ``around`` gives what packs are checked against today."""

    def __init__(
        self,
        ledger: Ledger,
        around: Callable[[], Surroundings],
        folder_pack: FolderPack,
        *,
        verify: Verifier = verify_with_library,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        self._around = around
        self._folder_pack = folder_pack
        self._verify = verify
        self.drafts = DraftStore(ledger)

    def save_draft(self, actor: Actor, campaign: str, files: Files, *, based_on: int) -> Draft:
        """Save a revision; see ``DraftStore.save``."""
        return self.drafts.save(actor, campaign, files, based_on=based_on)

    def submit(self, actor: Actor, campaign: str, revision: int | None = None) -> CampaignRelease:
        """Ask for approval of a revision, by default the newest.

        Raises:
            NotFoundError: there is no such draft.
            InputError: with every fault that stands against publishing it.
            StateError: a release of that very revision waits or is under way.
        """
        draft = self.drafts.latest(campaign) if revision is None else self.drafts.revision(campaign, revision)
        around = self._around()
        now = meant(campaign, draft.files, around)
        faults = tuple(submission_faults(now.pack, around))
        if faults:
            raise InputError(*faults)
        with self._ledger.act(actor, "campaign.submit", "campaign", campaign) as act:
            return add_submitted(act, actor, draft, now)

    def challenge(
        self, actor: Actor, release_id: int, side: str = OPERATOR, *, own_keys: Sequence[PinnedKey]
    ) -> signing.Asked:
        """Give one person a challenge to approve a release for a side.

        ``own_keys`` are the person's registered passkeys: nobody is asked for another's. Those count that are pinned
        for the side; for the operator's side all of them do while none is pinned for it.

        Raises:
            NotFoundError: there is no such release.
            StateError: it cannot be approved now or is no longer what was submitted, that side is not asked, or none of
                the person's keys counts for it.
            SecondPersonError: the person wrote some of it.
        """
        release = self._approvable(actor, release_id, side)
        keys = self._keys(side, own_keys)
        if not keys:
            raise StateError(Phrase("no key is known with which %(side)s could approve", side=side))
        keys = signing.owned(keys, own_keys)
        if not keys:
            raise StateError(
                Phrase("none of your passkeys is pinned for %(side)s, so you cannot approve for it", side=side)
            )
        with self._ledger.act(actor, "campaign.approve.ask", "campaign", release.campaign) as act:
            return signing.ask(act, actor, release, side, keys)

    def approve(
        self, actor: Actor, nonce: str, assertion: Assertion, *, own_keys: Sequence[PinnedKey]
    ) -> CampaignRelease:
        """Take the answer to a challenge; with the last approval that is needed the release is approved.

        ``own_keys`` are the registered passkeys of whoever signs: a pinned key of a colleague is none of theirs, so
        that what the chain says about who approved is what the authenticator says too.

        Raises:
            StateError: the challenge is not this person's, was used, or has expired; the passkey is not theirs; the
                assertion does not hold; or the release is no longer what was submitted.
            SecondPersonError: the person wrote some of it, or approved for another side.
        """
        with self._ledger.reading() as connection:
            release_id, side = signing.asked_release(connection, actor, nonce, self._clock())
        release = self._approvable(actor, release_id, side)
        keys = self._keys(side, own_keys)
        statement = signing.statement_of(release, side, nonce)
        refusal = why_not(statement, assertion, signing.owned(keys, own_keys), self._verify)
        if refusal is not None:
            raise self._refused(
                actor,
                "campaign.approve",
                release,
                StateError(Phrase("this is no approval: %(refusal)s", refusal=refusal)),
            )
        key = next(one for one in keys if one.credential_id == assertion.credential_id)
        around = self._around()
        with self._ledger.act(actor, "campaign.approve", "campaign", release.campaign) as act:
            signing.asked_release(act.connection, actor, nonce, act.at)  # once, whatever runs beside us
            signing.keep(act, actor, release, statement, assertion, key)
            return self._completed(act, actor, release, around)

    def _completed(self, act: Act, actor: Actor, release: CampaignRelease, around: Surroundings) -> CampaignRelease:
        current = find_release(act.connection, release.id)
        if current.state != "in_review":
            return current
        pack = meant(current.campaign, current.files, around).pack
        stands = standing_sides(act.connection, current, around)
        is_complete = all(side in stands and stands[side] is None for side in sides_of(pack.partners))
        return move(act, actor, current, "complete") if is_complete else current

    def send_back(self, actor: Actor, release_id: int, reason: str) -> CampaignRelease:
        """Return a release under review to its authors."""
        return self._step(actor, "campaign.send_back", release_id, "send_back", reason)

    def take_back(self, actor: Actor, release_id: int) -> CampaignRelease:
        """Make a release that has not begun a draft again, for its authors: nobody can approve it or let it begin.

        The operator's approval ends with it; a partner's is of the version, and stands if that is submitted once more.

        Raises:
            StateError: it has begun or is over.
        """
        return self._step(actor, "campaign.take_back", release_id, "take_back", None)

    def go_live(self, actor: Actor, release_id: int, *, is_shadow: bool = False) -> CampaignRelease:
        """Let an approved release begin, or put a shadow or a paused one live; what else is under way ends.

        Raises:
            StateError: it is not approved, or is no longer what was approved; the message says what differs.
            SecondPersonError: the person wrote some of it.
        """
        release = self._release(release_id)
        if is_author(actor, release):
            error = SecondPersonError("another person has to release it: you wrote some of it")
            raise self._refused(actor, "campaign.release", release, error)
        reasons = self.why_not(release)
        if reasons:
            raise self._refused(actor, "campaign.release", release, StateError(joined(reasons)))
        act = "campaign.shadow" if is_shadow else "campaign.release"
        return self._step(actor, act, release_id, "go_shadow" if is_shadow else "go_live", None)

    def why_not(self, release: CampaignRelease) -> tuple[str, ...]:
        """Return every reason why a release may not be put live or into shadow now.

        There is none for what was live when it was paused: a badge may have been withdrawn meanwhile, and the warning
        goes on without it. A shadow showed nothing to anybody, so it is looked at like what never began.
        """
        around = self._around()
        with self._ledger.reading() as connection:
            if release.state == "paused" and last_in_force(connection, release.id) == "live":
                return ()
            return why_not_publishable(connection, release, around)

    def pause(self, actor: Actor, campaign: str, reason: str) -> CampaignRelease:
        """Pause what is in force of a campaign; ``resume`` lets it go on."""
        return self._step(actor, "campaign.pause", self._under_way(campaign).id, "pause", reason)

    def resume(self, actor: Actor, campaign: str) -> CampaignRelease:
        """Let what is paused go on as what it was: live, or a shadow, and never more than that.

        Raises:
            StateError: nothing of it is paused.
            SecondPersonError: the person wrote some of it.
        """
        with self._ledger.reading() as connection:
            release = next((one for one in releases_of(connection, campaign) if one.state == "paused"), None)
        if release is None:
            raise StateError("this campaign is not paused")
        if is_author(actor, release):
            error = SecondPersonError("another person has to let it go on: you wrote some of it")
            raise self._refused(actor, "campaign.resume", release, error)
        with self._ledger.act(actor, "campaign.resume", "campaign", campaign) as act:
            step: Step = "resume" if last_in_force(act.connection, release.id) == "live" else "resume_shadow"
            return move(act, actor, find_release(act.connection, release.id), step)

    def stop(self, actor: Actor, campaign: str, reason: str) -> CampaignRelease:
        """Stop a campaign at once, also one that was released as it lies in the folder.

        Raises:
            NotFoundError: nothing of it is under way.
        """
        try:
            release = self._under_way(campaign)
        except NotFoundError:
            return self._stop_folder(actor, campaign, reason)
        return self._step(actor, "campaign.stop", release.id, "end", reason)

    def stop_for_harm(self, actor: Actor, campaign: str, guardrail: str) -> CampaignRelease:
        """Stop a campaign because a guardrail of its plan was crossed; ``guardrail`` is its name."""
        release = self._under_way(campaign)
        return self._step(actor, "campaign.stop_for_harm", release.id, "end", f"harm: {guardrail}")

    def withdraw(self, actor: Actor, release_id: int, reason: str) -> CampaignRelease:
        """Withdraw a release for the operator, whatever its state."""
        return self._step(actor, "campaign.withdraw", release_id, "withdraw", reason)

    def withdraw_partner(self, actor: Actor, campaign: str, version: str, partner: str, reason: str) -> None:
        """Withdraw a partner's approval of a version: its badge is gone at the next render.

        Raises:
            NotFoundError: the partner has no standing approval of it.
        """
        with self._ledger.act(actor, "campaign.withdraw_partner", "campaign", campaign) as act:
            signing.withdraw(act, actor, campaign, version, partner, reason)
            for release in releases_of(act.connection, campaign):
                if release.version == version and release.state not in OVER and release.state != "draft":
                    move(act, actor, release, "partner_withdraw", reason)

    def lift_limit(self, actor: Actor, campaign: str, reason: str) -> None:
        """Lift a blast-radius limit; the campaign counts afresh.

        Raises:
            NotFoundError: none stands.
        """
        limiting.lift(self._ledger, actor, campaign, reason)

    def _step(self, actor: Actor, name: str, release_id: int, step: Step, reason: str | None) -> CampaignRelease:
        with self._ledger.act(actor, name, "campaign", self._release(release_id).campaign) as act:
            return move(act, actor, find_release(act.connection, release_id), step, reason)

    def _stop_folder(self, actor: Actor, campaign: str, reason: str) -> CampaignRelease:
        files = self._folder_pack(campaign)
        now = meant(campaign, files, self._around())
        with self._ledger.act(actor, "campaign.stop", "campaign", campaign) as act:
            return add_stopped(act, actor, campaign, files, now, has_reason=bool(reason))

    def _release(self, release_id: int) -> CampaignRelease:
        with self._ledger.reading() as connection:
            return find_release(connection, release_id)

    def _under_way(self, campaign: str) -> CampaignRelease:
        with self._ledger.reading() as connection:
            return release_under_way(connection, campaign)

    def _approvable(self, actor: Actor, release_id: int, side: str) -> CampaignRelease:
        release, around = self._release(release_id), self._around()
        if release.state not in _APPROVABLE or (side == OPERATOR and release.state != "in_review"):
            raise StateError(
                Phrase(
                    "a release that is %(state)s cannot be approved by %(side)s", state=said(release.state), side=side
                )
            )
        with self._ledger.reading() as connection:
            second = signing.why_not_second(connection, actor, release, side)
            drifted = why_not_as_submitted(connection, release, around)
        if second is not None:
            raise self._refused(actor, "campaign.approve", release, second)
        if drifted:
            why = Phrase(
                "it is no longer what was submitted, so nobody can approve it; its authors take it back and submit it "
                "again: %(why)s",
                why=joined(drifted),
            )
            raise self._refused(actor, "campaign.approve", release, StateError(why))
        return release

    def _keys(self, side: str, own_keys: Sequence[PinnedKey]) -> Sequence[PinnedKey]:
        pinned = self._around().partners.keys_of(side)
        return pinned or (own_keys if side == OPERATOR else ())

    def _refused(self, actor: Actor, act: str, release: CampaignRelease, error: ThinkTwiceError) -> ThinkTwiceError:
        self._ledger.refused(actor, act, "campaign", release.campaign, str(error)[:200])
        return error
