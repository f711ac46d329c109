"""Which partners may be shown beside an alert, asked at each render.

Invariants (DESIGN rule 8): a partner is shown only on the exact content that its own officer approved with their own
passkey and has not withdrawn. Exact means: the words hash to the version that was approved, today's contacts, the
partner's mark and the renderer are those in it. The database is asked at each render, so a withdrawal takes effect at
the next one; that an assertion verifies is remembered by its bytes, because bytes do not change. When anything cannot
be read there is no badge: an alert without one is always true.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import msgspec

from thinktwice.campaigns.approval import Verifier, verify_with_library, why_not
from thinktwice.campaigns.archive import VERSION
from thinktwice.campaigns.partners import Partner, Partners
from thinktwice.campaigns.signing import Approval, approvals_of
from thinktwice.campaigns.version import RENDERER_VERSION, hash_of, seen_contacts
from thinktwice.contacts.registry import Contacts
from thinktwice.errors import ThinkTwiceError
from thinktwice.storage.sqlite import connect

_REMEMBERED: Final = 1_024


@dataclass(frozen=True, slots=True, kw_only=True)
class Showing:
    """What is about to be shown besides the words of a version: whose contacts, of which day."""

    contacts: Contacts
    jurisdiction: str
    today: date


class Badges:
    """Answers which partners may be shown; safe from several threads."""

    def __init__(self, control: Path, partners: Callable[[], Partners], verify: Verifier = verify_with_library) -> None:
        self._control = control
        self._partners = partners
        self._verify = verify
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._verified: dict[bytes, str | None] = {}

    def shown(self, campaign: str | None, version: str | None, showing: Showing) -> tuple[Partner, ...]:
        """Return the partners whose badge may stand on this version, now and with these contacts."""
        partners = self._partners()
        if campaign is None or version is None or not partners.by_id:
            return ()
        try:
            with self._lock:
                return self._shown(campaign, version, showing, partners)
        except (sqlite3.Error, ThinkTwiceError, msgspec.DecodeError, KeyError, TypeError, AttributeError):
            self.close()
            return ()

    def close(self) -> None:
        """Give up the connection; it is opened again when it is needed."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None

    def _shown(self, campaign: str, version: str, showing: Showing, partners: Partners) -> tuple[Partner, ...]:
        connection = self._connection = self._connection or connect(self._control, read_only=True)
        approvals = [one for one in approvals_of(connection, version=version) if one.withdrawn_at is None]
        if not approvals:
            return ()
        row = connection.execute(VERSION, (version, campaign)).fetchone()
        if row is None or hash_of(row[0].encode()) != version:
            return ()
        content = msgspec.json.decode(row[0])
        if content["id"] != campaign or not _is_as_approved(content, showing):
            return ()
        named = [partners.by_id[name] for name in content["partners"] if name in partners.by_id]
        return tuple(
            partner
            for partner in named
            if content["logos"].get(partner.id) == partner.mark and self._stands(approvals, campaign, partner)
        )

    def _stands(self, approvals: Iterable[Approval], campaign: str, partner: Partner) -> bool:
        return any(
            one.statement.version not in partner.withdrawn and self._why_not(one, partner) is None
            for one in approvals
            if one.statement.side == partner.id and one.statement.campaign == campaign
        )

    def _why_not(self, approval: Approval, partner: Partner) -> str | None:
        raw, said = approval.assertion, approval.statement.content
        pinned = "; ".join(one.fingerprint for one in partner.keys).encode()  # all of what is pinned, origins too
        parts = (said, raw.credential_id, raw.authenticator_data, raw.client_data_json, raw.signature, pinned)
        key = hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).digest()
        if key not in self._verified:
            if len(self._verified) >= _REMEMBERED:
                self._verified.clear()
            self._verified[key] = why_not(approval.statement, raw, partner.keys, self._verify)
        return self._verified[key]


def _is_as_approved(content: dict[str, Any], showing: Showing) -> bool:
    """Whether renderer and contacts are those of the approved content."""
    if content["renderer"] != RENDERER_VERSION:
        return False
    approved = content["contacts"].get(showing.jurisdiction, [])
    return bool(approved == seen_contacts(showing.contacts, showing.jurisdiction, showing.today))
