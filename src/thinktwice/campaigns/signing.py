"""Approvals as they are asked for, given, kept and withdrawn.

Invariants: a challenge is for one person, one side and one release, good once and for ten minutes; an approval is
stored only after it verified under a pinned key, raw, and is never changed except that it is withdrawn; a partner's
approval is of a version, so it holds for every release of exactly these words; the operator's is of one release and
ends with it, so that whatever was sent back, withdrawn or stopped is approved afresh.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from thinktwice.audit.ledger import Act, Actor
from thinktwice.campaigns.approval import Assertion, Statement, Verifier, verify_with_library, why_not
from thinktwice.campaigns.partners import OPERATOR, Partners, PinnedKey
from thinktwice.campaigns.releasing import CampaignRelease
from thinktwice.errors import NotFoundError, Phrase, SecondPersonError, StateError

CHALLENGE_LIFE: Final = timedelta(minutes=10)

_COLUMNS: Final = (
    "id, campaign, version, release_hash, side, account, credential_id, public_key, nonce, authenticator_data, "
    "client_data_json, signature, approved_at, withdrawn_at, withdrawn_by, withdrawn_because, "
    "(SELECT release_id FROM campaign_challenge WHERE campaign_challenge.nonce = campaign_approval.nonce)"
)

APPROVALS: Final = f"SELECT {_COLUMNS} FROM campaign_approval WHERE version = ? ORDER BY id"  # noqa: S608  (names of columns only)
"""All approvals of one version, withdrawn ones too."""

APPROVALS_OF: Final = f"SELECT {_COLUMNS} FROM campaign_approval WHERE campaign = ? ORDER BY id"  # noqa: S608  (names of columns only)
"""All approvals of one campaign."""

ASK: Final = """
INSERT INTO campaign_challenge (nonce, release_id, side, account, issued_at, expires_at) VALUES (?, ?, ?, ?, ?, ?)
"""
"""Keep a challenge."""

CHALLENGE: Final = """
SELECT release_id, side, account, expires_at, used_at FROM campaign_challenge WHERE nonce = ?
"""
"""Find a challenge."""

USE: Final = "UPDATE campaign_challenge SET used_at = ? WHERE nonce = ?"
"""A challenge is good once."""

KEEP: Final = """
INSERT INTO campaign_approval (campaign, version, release_hash, side, account, credential_id, public_key, nonce,
authenticator_data, client_data_json, signature, approved_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
"""Keep an approval, raw."""

WITHDRAW: Final = """
UPDATE campaign_approval SET withdrawn_at = ?, withdrawn_by = ?, withdrawn_because = ?
WHERE campaign = ? AND version = ? AND side = ? AND withdrawn_at IS NULL
"""
"""End every standing approval that one side gave of a version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One stored approval; what it proves is in ``statement`` and ``assertion``, the rest is for people.

    ``release_id`` is the release that whoever gave it was asked about.
    """

    id: int
    statement: Statement
    assertion: Assertion
    public_key: bytes
    account: str
    approved_at: datetime
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None
    withdrawn_because: str | None = None
    release_id: int | None = None

    def is_about(self, release: CampaignRelease) -> bool:
        """Whether it counts for a release, if it stands: a partner's for each of its version, ours for one only."""
        said = self.statement
        if (said.campaign, said.version) != (release.campaign, release.version):
            return False
        return said.side != OPERATOR or (said.release, self.release_id) == (release.release_hash, release.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A challenge that was given out; ``credentials`` are those whose passkeys may answer it."""

    statement: Statement
    challenge: bytes
    credentials: tuple[bytes, ...]
    expires_at: datetime


def statement_of(release: CampaignRelease, side: str, nonce: str) -> Statement:
    """Return what a side says when it approves a release."""
    is_operator = side == OPERATOR
    return Statement(
        campaign=release.campaign,
        version=release.version,
        side=side,
        nonce=nonce,
        release=release.release_hash if is_operator else None,
    )


def why_not_second(
    connection: sqlite3.Connection, actor: Actor, release: CampaignRelease, side: str
) -> SecondPersonError | None:
    """Return why this person may not approve a release for a side, because of what they did before, or None."""
    if side == OPERATOR and actor.id in release.authors:
        return SecondPersonError("another person has to approve it: you wrote some of it")
    given = approvals_of(connection, version=release.version)
    if any(one.account == actor.id and one.statement.side != side for one in given):
        return SecondPersonError("another person has to approve it: you approved it for another side")
    return None


def owned(keys: Sequence[PinnedKey], own: Sequence[PinnedKey]) -> Sequence[PinnedKey]:
    """Return those of the keys that are somebody's own."""
    credentials = {one.credential_id for one in own}
    return [one for one in keys if one.credential_id in credentials]


def ask(act: Act, actor: Actor, release: CampaignRelease, side: str, keys: Iterable[PinnedKey]) -> Asked:
    """Give out a challenge."""
    nonce, expires_at = secrets.token_urlsafe(24), act.at + CHALLENGE_LIFE
    row = (nonce, release.id, side, actor.id, act.at.isoformat(), expires_at.isoformat())
    act.connection.execute(ASK, row)
    act.note(release=release.id, side=side)
    statement = statement_of(release, side, nonce)
    return Asked(
        statement=statement,
        challenge=statement.challenge,
        credentials=tuple(key.credential_id for key in keys),
        expires_at=expires_at,
    )


def asked_release(connection: sqlite3.Connection, actor: Actor, nonce: str, at: datetime) -> tuple[int, str]:
    """Return release and side of a challenge that this person may answer now.

    Raises:
        StateError: it was given to somebody else, was used, has expired, or was never given.
    """
    row = connection.execute(CHALLENGE, (nonce,)).fetchone()
    if row is None or row[2] != actor.id:
        raise StateError("this challenge was not given to you; begin the approval again")
    release_id, side, _, expires_at, used_at = row
    if used_at is not None or at >= datetime.fromisoformat(expires_at):
        raise StateError("this challenge was used or has expired; begin the approval again")
    return int(release_id), str(side)


def keep(
    act: Act, actor: Actor, release: CampaignRelease, statement: Statement, assertion: Assertion, key: PinnedKey
) -> None:
    """Store an approval that verified."""
    at = act.at.isoformat()
    act.connection.execute(USE, (at, statement.nonce))
    act.connection.execute(
        KEEP,
        (
            release.campaign,
            release.version,
            statement.release,
            statement.side,
            actor.id,
            assertion.credential_id,
            key.public_key,
            statement.nonce,
            assertion.authenticator_data,
            assertion.client_data_json,
            assertion.signature,
            at,
        ),
    )
    act.note(release=release.id, version=release.version, side=statement.side)


def withdraw(act: Act, actor: Actor, campaign: str, version: str, side: str, reason: str) -> None:
    """End what one side approved of a version, whoever of it gave the approval.

    Raises:
        NotFoundError: that side has no standing approval of it.
    """
    ended = act.connection.execute(WITHDRAW, (act.at.isoformat(), actor.id, reason, campaign, version, side)).rowcount
    if not ended:
        raise NotFoundError(f"{side} has no standing approval of this version")
    act.note(version=version, side=side)


def approvals_of(connection: sqlite3.Connection, *, version: str) -> tuple[Approval, ...]:
    """Return all approvals of a version, withdrawn ones too, oldest first."""
    return tuple(_approval(row) for row in connection.execute(APPROVALS, (version,)))


def approvals_of_campaign(connection: sqlite3.Connection, campaign: str) -> tuple[Approval, ...]:
    """Return all approvals of a campaign, withdrawn ones too, oldest first."""
    return tuple(_approval(row) for row in connection.execute(APPROVALS_OF, (campaign,)))


def why_not_standing(approval: Approval, partners: Partners, verify: Verifier = verify_with_library) -> str | None:
    """Return why an approval does not stand, or None when it does: not withdrawn, and verified under a pinned key."""
    if approval.withdrawn_at is not None:
        return Phrase("withdrawn")
    statement = approval.statement
    partner = partners.by_id.get(statement.side)
    if partner is not None and statement.version in partner.withdrawn:
        return Phrase("withdrawn in the file of partners")
    return why_not(statement, approval.assertion, partners.keys_of(statement.side), verify)


def _approval(row: tuple[Any, ...]) -> Approval:
    number, campaign, version, release, side, account, credential, public_key, nonce, data, client, signature = row[:12]
    approved_at, withdrawn_at, withdrawn_by, because, release_id = row[12:]
    return Approval(
        id=number,
        statement=Statement(campaign=campaign, version=version, side=side, nonce=nonce, release=release),
        assertion=Assertion(
            credential_id=credential, authenticator_data=data, client_data_json=client, signature=signature
        ),
        public_key=public_key,
        account=account,
        approved_at=datetime.fromisoformat(approved_at),
        withdrawn_at=datetime.fromisoformat(withdrawn_at) if withdrawn_at else None,
        withdrawn_by=withdrawn_by,
        withdrawn_because=because,
        release_id=release_id,
    )
