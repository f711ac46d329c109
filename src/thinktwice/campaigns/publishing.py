"""Whether a release may begin: its files still mean what was approved, and every side's approval stands.

Invariants: a release begins only under the version and release hashes that were approved, computed again from its
files, today's contacts and the partners' marks as they are now; the operator's approval and one of an officer of every
partner shown stand at that moment.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from thinktwice.audit.ledger import Act
from thinktwice.campaigns.archive import KEEP_VERSION, VERSION
from thinktwice.campaigns.comparing import differences
from thinktwice.campaigns.content import read_files
from thinktwice.campaigns.library import content_of
from thinktwice.campaigns.lifecycle import State
from thinktwice.campaigns.merging import Files
from thinktwice.campaigns.pack import Pack
from thinktwice.campaigns.partners import OPERATOR
from thinktwice.campaigns.reading import Surroundings
from thinktwice.campaigns.releasing import CampaignRelease
from thinktwice.campaigns.signing import Approval, approvals_of, why_not_standing
from thinktwice.campaigns.version import hash_of, release_hash
from thinktwice.errors import Fault, InputError, Phrase

_MOST_SAID = 5
_GIVEN_UP: Final[frozenset[State]] = frozenset({"draft", "withdrawn"})
"""States of a release from which the operator's approval is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What the files of a pack mean today."""

    pack: Pack
    content: bytes
    version: str
    release_hash: str


def meant(campaign: str, files: Files, around: Surroundings) -> Meant:
    """Read files and say what they mean.

    Raises:
        InputError: with every fault; nothing can be published then.
    """
    reading = read_files(campaign, files, around)
    if reading.pack is None:
        raise InputError(*reading.faults)
    content = content_of(reading.pack, around)
    version = hash_of(content)
    return Meant(
        pack=reading.pack,
        content=content,
        version=version,
        release_hash=release_hash(reading.pack.release, version),
    )


def keep_version(act: Act, now: Meant) -> None:
    """Store the content of a version, of which the database knows then what its hash means."""
    act.connection.execute(KEEP_VERSION, (now.version, now.pack.id, now.content.decode(), act.at.isoformat()))


def submission_faults(pack: Pack, around: Surroundings) -> Iterator[Fault]:
    """Name what may lie in a folder but not be submitted for approval."""
    where = f"{pack.id}/campaign.yaml"
    for partner in pack.partners:
        known = around.partners.by_id.get(partner)
        if known is None:
            yield Fault(
                Phrase("%(partner)s is not in the file of partners, so nobody can approve for it", partner=partner),
                "partners",
                where,
            )
        elif not known.keys:
            yield Fault(
                Phrase("no officer's key is pinned for %(partner)s, so nobody can approve for it", partner=partner),
                "partners",
                where,
            )
    if pack.release.holdout and pack.release.plan is None:
        message = Phrase(
            "is missing; a holdout needs its plan before it goes live: hypothesis, owner, population, harm rule"
        )
        yield Fault(message, "plan", f"{pack.id}/release.yaml")


def sides_of(pack_partners: tuple[str, ...]) -> tuple[str, ...]:
    """Return who has to approve: the operator, then every partner shown."""
    return (OPERATOR, *pack_partners)


def standing_sides(
    connection: sqlite3.Connection, release: CampaignRelease, around: Surroundings
) -> dict[str, str | None]:
    """Return for each side that approved this release or version why its newest approval does not stand, or None."""
    found: dict[str, str | None] = {}
    for approval in approvals_of(connection, version=release.version):
        if approval.is_about(release):
            found[approval.statement.side] = _why_not(approval, release, around)
    return found


def _why_not(approval: Approval, release: CampaignRelease, around: Surroundings) -> str | None:
    if approval.statement.side == OPERATOR and release.state in _GIVEN_UP:
        return Phrase("withdrawn")
    if approval.statement.side == OPERATOR and not around.partners.operator:
        # The operator's own keys need not be pinned: no badge rests on them. It was verified when it was given.
        return Phrase("withdrawn") if approval.withdrawn_at is not None else None
    return why_not_standing(approval, around.partners)


def why_not_as_submitted(
    connection: sqlite3.Connection, release: CampaignRelease, around: Surroundings
) -> tuple[str, ...]:
    """Return what a release means otherwise now than when it was submitted; none means that nothing differs."""
    try:
        return _drifted(connection, release, meant(release.campaign, release.files, around))
    except InputError as error:
        return tuple(fault.words for fault in error.faults[:_MOST_SAID])


def why_not_publishable(
    connection: sqlite3.Connection, release: CampaignRelease, around: Surroundings
) -> tuple[str, ...]:
    """Return every reason why a release may not begin now; none means that it may."""
    try:
        now = meant(release.campaign, release.files, around)
    except InputError as error:
        return tuple(fault.words for fault in error.faults[:_MOST_SAID])
    if drifted := _drifted(connection, release, now):
        return drifted
    sides = standing_sides(connection, release, around)
    return tuple(
        Phrase("%(side)s has not approved it", side=side)
        if side not in sides
        else Phrase("the approval of %(side)s does not stand: %(why)s", side=side, why=sides[side])
        for side in sides_of(now.pack.partners)
        if side not in sides or sides[side] is not None
    )


def _drifted(connection: sqlite3.Connection, release: CampaignRelease, now: Meant) -> tuple[str, ...]:
    if now.version == release.version:
        if now.release_hash == release.release_hash:
            return ()
        return (Phrase("its terms (schedule, weights, limits or plan) are not those that were approved"),)
    versions = {"now": now.version[:12], "then": release.version[:12]}
    if release.state == "in_review":
        said = Phrase("what it means now is version %(now)s, submitted was %(then)s", **versions)
    else:
        said = Phrase("what it means now is version %(now)s, approved was %(then)s", **versions)
    row = connection.execute(VERSION, (release.version, release.campaign)).fetchone()
    if row is None or hash_of(row[0].encode()) != release.version:
        return (said, Phrase("the content that was approved is not stored here any more"))
    found = differences(row[0].encode(), now.content)
    return (said, *(str(one) for one in found[:_MOST_SAID]))
