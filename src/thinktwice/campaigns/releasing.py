"""Releases as they are stored: read, added, moved along their life.

Invariants: a release changes nothing but its state, and only along the table of ``lifecycle``; each step is kept with
who took it and why; at most one release of a campaign is live, in shadow or paused at a time; what once began to be
governed here is never again taken from the folder, so that what was stopped does not come back by itself.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from thinktwice.audit.ledger import Act, Actor
from thinktwice.campaigns.content import dump_files, load_files
from thinktwice.campaigns.lifecycle import IN_FORCE, UNDER_WAY, State, Step, after, read_state
from thinktwice.campaigns.merging import Files
from thinktwice.errors import NotFoundError

_COLUMNS: Final = "id, campaign, revision, version, release_hash, files, authors, state, submitted_at"

RELEASE: Final = f"SELECT {_COLUMNS} FROM campaign_release WHERE id = ?"  # noqa: S608  (names of columns only)
"""One release."""

RELEASES: Final = f"SELECT {_COLUMNS} FROM campaign_release WHERE campaign = ? ORDER BY id DESC"  # noqa: S608  (names of columns only)
"""All releases of one campaign, newest first."""

STANDING: Final = f"SELECT {_COLUMNS} FROM campaign_release WHERE state IN ('live', 'shadow') ORDER BY id"  # noqa: S608  (names of columns only)
"""What decides now."""

WAITING: Final = f"""
SELECT {_COLUMNS} FROM campaign_release WHERE state IN ('in_review', 'approved', 'paused') ORDER BY id DESC LIMIT 20
"""  # noqa: S608  (names of columns only)
"""What may begin next."""

RELEASED: Final = "SELECT DISTINCT campaign FROM campaign_release ORDER BY campaign"
"""Which campaigns have a release."""

GOVERNED: Final = """
SELECT DISTINCT campaign FROM campaign_release JOIN campaign_step ON release_id = campaign_release.id
WHERE campaign_step.state IN ('live', 'shadow', 'paused', 'ended') ORDER BY campaign
"""
"""Campaigns that once were live, in shadow or stopped from here: the folder has no say about them any more."""

OTHERS_UNDER_WAY: Final = """
SELECT id FROM campaign_release WHERE campaign = ? AND id <> ? AND state IN ('live', 'shadow', 'paused')
"""
"""What has to end when a release begins."""

ADD: Final = """
INSERT INTO campaign_release (campaign, revision, version, release_hash, files, authors, state, submitted_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
"""Keep a submitted revision."""

MOVE: Final = "UPDATE campaign_release SET state = ? WHERE id = ?"
"""Enter the state after a step."""

ADD_STEP: Final = """
INSERT INTO campaign_step (release_id, step, state, at, actor_kind, actor, reason) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
"""Keep a step."""

STEPS: Final = """
SELECT step, state, at, actor_kind, actor, reason FROM campaign_step WHERE release_id = ? ORDER BY id
"""
"""What happened to a release, in order."""

BEGUN: Final = """
SELECT id, state FROM campaign_release WHERE state IN ('live', 'shadow', 'paused', 'ended') ORDER BY id
"""
"""Changes whenever something begins, pauses or ends, so that a watcher sees when to look again."""

WAITING_IDS: Final = "SELECT id FROM campaign_release WHERE state IN ('in_review', 'approved', 'paused') ORDER BY id"
"""Changes whenever something may begin next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignRelease:
    """One submitted revision and where it stands; ``authors`` wrote any of it and may not approve it."""

    id: int
    campaign: str
    revision: int | None
    version: str
    release_hash: str
    files: Files
    authors: tuple[str, ...]
    state: State
    submitted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseStep:
    """One thing that happened to a release."""

    step: str
    state: State
    at: datetime
    actor: Actor
    reason: str | None


def find_release(connection: sqlite3.Connection, release_id: int) -> CampaignRelease:
    """Return one release.

    Raises:
        NotFoundError: there is none of this number.
    """
    row = connection.execute(RELEASE, (release_id,)).fetchone()
    if row is None:
        raise NotFoundError(f"there is no release {release_id}")
    return _release(row)


def releases_of(connection: sqlite3.Connection, campaign: str) -> tuple[CampaignRelease, ...]:
    """Return all releases of one campaign, newest first."""
    return tuple(_release(row) for row in connection.execute(RELEASES, (campaign,)))


def release_under_way(connection: sqlite3.Connection, campaign: str) -> CampaignRelease:
    """Return the release of a campaign that is live, in shadow or paused.

    Raises:
        NotFoundError: none is.
    """
    for release in releases_of(connection, campaign):
        if release.state in UNDER_WAY:
            return release
    raise NotFoundError(f"nothing of {campaign} is under way")


def standing_releases(connection: sqlite3.Connection) -> tuple[CampaignRelease, ...]:
    """Return the releases that are live or in shadow."""
    return tuple(_release(row) for row in connection.execute(STANDING))


def waiting_releases(connection: sqlite3.Connection) -> tuple[CampaignRelease, ...]:
    """Return the newest releases that may begin next."""
    return tuple(_release(row) for row in connection.execute(WAITING))


def governed(connection: sqlite3.Connection) -> frozenset[str]:
    """Return the campaigns about which the folder of packs has no say any more."""
    return frozenset(str(row[0]) for row in connection.execute(GOVERNED))


def steps_of(connection: sqlite3.Connection, release_id: int) -> tuple[ReleaseStep, ...]:
    """Return what happened to a release, in order."""
    return tuple(
        ReleaseStep(
            step=step,
            state=read_state(state),
            at=datetime.fromisoformat(at),
            actor=Actor(kind, actor),
            reason=reason,
        )
        for step, state, at, kind, actor, reason in connection.execute(STEPS, (release_id,))
    )


def last_in_force(connection: sqlite3.Connection, release_id: int) -> State | None:
    """Return the state in which a release was last in force: of a paused one, what the pause interrupted."""
    states = [step.state for step in steps_of(connection, release_id)]
    return next((state for state in reversed(states) if state in IN_FORCE), None)


def add_release(
    act: Act,
    actor: Actor,
    campaign: str,
    files: Files,
    *,
    version: str,
    release_hash: str,
    authors: Sequence[str],
    revision: int | None,
    first: Step = "submit",
) -> CampaignRelease:
    """Keep a revision that was submitted; it is in review then. ``first`` other than that keeps a pack of the folder.

    The state is the one after the step, from a draft or, for a pack of the folder, from live.
    """
    state = after("draft" if first == "submit" else "live", first)
    at = act.at.isoformat()
    row = (campaign, revision, version, release_hash, dump_files(files), " ".join(authors), state, at)
    number = act.connection.execute(ADD, row).lastrowid
    assert number is not None
    act.connection.execute(ADD_STEP, (number, first, state, at, actor.kind, actor.id, None))
    return _release((number, *row))


def move(act: Act, actor: Actor, release: CampaignRelease, step: Step, reason: str | None = None) -> CampaignRelease:
    """Take one step; beginning ends every other release of the campaign that is under way.

    Raises:
        StateError: the release cannot take this step now.
    """
    state = after(release.state, step)
    if step in {"go_live", "go_shadow"}:
        for (other,) in act.connection.execute(OTHERS_UNDER_WAY, (release.campaign, release.id)).fetchall():
            _enter(act, actor, int(other), "end", "ended", f"release {release.id} takes its place")
    act.before({"release": release.id, "state": release.state})
    act.after({"release": release.id, "state": state})
    act.note(release=release.id, version=release.version, state=state)
    _enter(act, actor, release.id, step, state, reason)
    return replace(release, state=state)


def _enter(act: Act, actor: Actor, release_id: int, step: Step, state: State, reason: str | None) -> None:
    at = act.at.isoformat()
    act.connection.execute(MOVE, (state, release_id))
    act.connection.execute(ADD_STEP, (release_id, step, state, at, actor.kind, actor.id, reason))


def _release(row: tuple[Any, ...]) -> CampaignRelease:
    number, campaign, revision, version, release_hash, files, authors, state, submitted_at = row
    return CampaignRelease(
        id=number,
        campaign=campaign,
        revision=revision,
        version=version,
        release_hash=release_hash,
        files=load_files(files),
        authors=tuple(authors.split()),
        state=read_state(state),
        submitted_at=datetime.fromisoformat(submitted_at),
    )
