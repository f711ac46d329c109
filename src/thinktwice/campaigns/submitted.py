"""What was ever submitted with one partner's name on it, so that its officers can look at it. Reads only.

Invariant: whom a version names is read from its stored content, which is what is approved, and not from the files of a
draft; a partner is told of versions that name it and of nothing else.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from thinktwice.campaigns.lifecycle import State, read_state
from thinktwice.campaigns.merging import Files
from thinktwice.contacts.document import parse_document
from thinktwice.errors import Fault

SUBMITTED: Final = """
SELECT one.id, one.campaign, one.version, one.state, one.submitted_at, json_extract(one.files, '$."campaign.yaml"'),
       json_extract(kept.content, '$.partners')
FROM campaign_release AS one
JOIN campaign_version AS kept ON kept.version = one.version AND kept.campaign = one.campaign
WHERE one.revision IS NOT NULL ORDER BY one.id DESC
"""
"""Everything that was ever submitted, newest first, with the partners that it names."""

_FIRST: Final[tuple[State, ...]] = ("live", "shadow", "paused", "in_review", "approved")
"""As which of its releases a version stands: what customers meet first, then what may begin; else the newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """One version that names a partner, as it stands: live where any of its releases is, whatever came after.

    ``release`` is the one that an approval is for: the newest under review, because approving completes it, or else
    the one whose state this is. An approval is bound to the version and counts for every release of it.
    """

    campaign: str
    title: str
    version: str
    release: int
    state: State
    submitted_at: datetime


def submitted_for(connection: sqlite3.Connection, partner: str) -> tuple[Submitted, ...]:
    """Return every version submitted with this partner's name on it, newest first, each once."""
    found: dict[tuple[str, str], list[Submitted]] = {}
    for release, campaign, version, state, at, text, partners in connection.execute(SUBMITTED):
        if partner in json.loads(partners or "[]"):
            one = Submitted(
                campaign=campaign,
                title=title_of({"campaign.yaml": text or ""}) or campaign,
                version=version,
                release=release,
                state=read_state(state),
                submitted_at=datetime.fromisoformat(at),
            )
            found.setdefault((campaign, version), []).append(one)
    return tuple(map(_standing, found.values()))


def _standing(releases: Sequence[Submitted]) -> Submitted:
    """Return a version as it stands, of all its releases, newest first."""
    ranks = {state: rank for rank, state in enumerate(_FIRST)}
    stands = min(releases, key=lambda one: ranks.get(one.state, len(ranks)))
    asked = next((one for one in releases if one.state == "in_review"), stands)
    return replace(stands, release=asked.release)


def partners_asked(connection: sqlite3.Connection, campaign: str) -> dict[str, str]:
    """Return the partners that any submitted version of a campaign names, each with the newest that names it."""
    found: dict[str, str] = {}
    for _release, name, version, _state, _at, _text, partners in connection.execute(SUBMITTED):
        if name == campaign:
            for partner in json.loads(partners or "[]"):
                found.setdefault(partner, version)
    return found


def title_of(files: Files) -> str:
    """Return what a pack calls itself, as far as its file can be read."""
    faults: list[Fault] = []
    document = parse_document(files.get("campaign.yaml", ""), "campaign.yaml", faults)
    fields = document.value if document is not None else None
    entry = fields.get("title") if isinstance(fields, Mapping) else None
    return entry.value if entry is not None and isinstance(entry.value, str) else ""
