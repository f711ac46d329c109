"""What people write to each other about a draft or a version: staff among themselves, and with one partner.

Invariants: a comment shared with a partner is read by that partner and by the operator, and by no other partner; what
stays among staff never leaves them; the words are sealed under the master key and nobody changes or deletes them; each
comment is an act of the chain, which holds no more of its words than that they were written.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from thinktwice.audit.ledger import Act, Actor, Ledger
from thinktwice.campaigns.partners import OPERATOR
from thinktwice.errors import InputError, Phrase, StateError
from thinktwice.languages.writing import require_seen
from thinktwice.people.sealing import Sealing

MOST_CHARACTERS: Final = 4_000
MOST_COMMENTS: Final = 1_000
"""Of one thread: whoever writes more has something else to do than to agree on words."""

_COLUMNS: Final = "id, partner, version, revision, side, account, at, text_sealed"

ADD: Final = (
    "INSERT INTO campaign_comment (campaign, id, partner, version, revision, side, account, at, text_sealed) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
"""Keep a comment."""

ALL: Final = f"SELECT {_COLUMNS} FROM campaign_comment WHERE campaign = ? ORDER BY rowid"  # noqa: S608  (names of columns only)
"""Every comment on a campaign, oldest first: for staff."""

SHARED: Final = f"SELECT {_COLUMNS} FROM campaign_comment WHERE campaign = ? AND partner = ? ORDER BY rowid"  # noqa: S608  (names of columns only)
"""The comments shared with one partner, oldest first."""

COUNT: Final = "SELECT count(*) FROM campaign_comment WHERE campaign = ? AND partner IS ?"
"""How long a thread is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One comment; ``partner`` is whom it is shared with (None: nobody outside), ``side`` who wrote it."""

    id: str
    at: datetime
    side: str
    account: str
    text: str
    partner: str | None = None
    version: str | None = None
    revision: int | None = None


class Comments:
    """The comments of one installation."""

    def __init__(self, ledger: Ledger, sealing: Sealing) -> None:
        self._ledger = ledger
        self._sealing = sealing

    def write(
        self,
        actor: Actor,
        campaign: str,
        text: str,
        *,
        side: str = OPERATOR,
        partner: str | None = None,
        version: str | None = None,
        revision: int | None = None,
    ) -> None:
        """Write about a version, or about a revision of a draft; who may was asked before.

        Raises:
            InputError: nothing was written, too much, or what nobody sees.
            StateError: the thread is full.
        """
        words = text.strip()
        if not 1 <= len(words) <= MOST_CHARACTERS:
            raise InputError.of(Phrase("write 1 to %(most)s characters", most=f"{MOST_CHARACTERS:,}"), field="text")
        require_seen(words, "text", has_lines=True)
        with self._ledger.act(actor, "campaign.comment", "campaign", campaign) as act:
            self._check_room(act, campaign, partner)
            comment = uuid.uuid4().hex
            sealed = self._sealing.seal(words, _place(comment))
            at = act.at.isoformat()
            act.connection.execute(ADD, (campaign, comment, partner, version, revision, side, actor.id, at, sealed))
            act.note(side=side, partner=partner, version=version, revision=revision)

    def all(self, campaign: str) -> tuple[Comment, ...]:
        """Return every comment on a campaign, oldest first: for staff."""
        with self._ledger.reading() as connection:
            return tuple(map(self._comment, connection.execute(ALL, (campaign,)).fetchall()))

    def shared_with(self, campaign: str, partner: str) -> tuple[Comment, ...]:
        """Return what is shared with one partner, oldest first."""
        with self._ledger.reading() as connection:
            return tuple(map(self._comment, connection.execute(SHARED, (campaign, partner)).fetchall()))

    def _check_room(self, act: Act, campaign: str, partner: str | None) -> None:
        if act.connection.execute(COUNT, (campaign, partner)).fetchone()[0] >= MOST_COMMENTS:
            raise StateError("there is no room for more comments here")

    def _comment(self, row: tuple[Any, ...]) -> Comment:
        comment, partner, version, revision, side, account, at, sealed = row
        return Comment(
            id=comment,
            at=datetime.fromisoformat(at),
            side=side,
            account=account,
            text=self._sealing.open(sealed, _place(comment)),
            partner=partner,
            version=version,
            revision=revision,
        )


def _place(comment: str) -> str:
    """Return where the words of a comment are sealed for."""
    return f"campaign_comment.text:{comment}"
