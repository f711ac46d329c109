"""How a release comes to be: a draft is submitted, or a pack of the folder is stopped as it lies.

Invariants: what a release is approved as is kept with it, whole, in the same act; of one revision at most one release
waits or is under way.
"""

from __future__ import annotations

from thinktwice.audit.ledger import Act, Actor
from thinktwice.campaigns.authorship import authors_of
from thinktwice.campaigns.drafts import Draft
from thinktwice.campaigns.lifecycle import UNDER_WAY, WAITING, said
from thinktwice.campaigns.merging import Files
from thinktwice.campaigns.publishing import Meant, keep_version
from thinktwice.campaigns.releasing import CampaignRelease, add_release, governed, releases_of
from thinktwice.errors import NotFoundError, Phrase, StateError


def add_submitted(act: Act, actor: Actor, draft: Draft, now: Meant) -> CampaignRelease:
    """Make a release of a revision; it is in review then.

    Raises:
        StateError: a release of that very revision waits or is under way.
    """
    for one in releases_of(act.connection, draft.campaign):
        if one.revision == draft.revision and one.state in WAITING | UNDER_WAY:
            raise StateError(
                Phrase(
                    "revision %(revision)s was submitted already: it is release %(release)s, which is %(state)s",
                    revision=draft.revision,
                    release=one.id,
                    state=said(one.state),
                )
            )
    keep_version(act, now)
    release = add_release(
        act,
        actor,
        draft.campaign,
        draft.files,
        version=now.version,
        release_hash=now.release_hash,
        authors=authors_of(act.connection, draft.campaign, draft.revision, actor),
        revision=draft.revision,
    )
    act.after({"version": release.version, "release_hash": release.release_hash})
    act.note(release=release.id, revision=draft.revision, version=release.version)
    return release


def add_stopped(
    act: Act, actor: Actor, campaign: str, files: Files, now: Meant, *, has_reason: bool
) -> CampaignRelease:
    """Keep a pack of the folder as a release that has ended, so that the folder has no say about it any more.

    Raises:
        NotFoundError: the folder has none already, so nothing of it is in force.
    """
    if campaign in governed(act.connection):
        raise NotFoundError(f"nothing of {campaign} is under way")
    keep_version(act, now)
    act.note(version=now.version, is_from_folder=True, has_reason=has_reason)
    return add_release(
        act,
        actor,
        campaign,
        files,
        version=now.version,
        release_hash=now.release_hash,
        authors=(),
        revision=None,
        first="end",
    )
