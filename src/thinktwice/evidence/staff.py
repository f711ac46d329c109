"""What only staff may know of a decision: the parts that the restricted edition adds.

Invariants: everything is as of the decision unless it says that it is of today; nothing here is used for the customer
edition.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from thinktwice.campaigns.stored import StoredVersion
from thinktwice.campaigns.version import hash_of
from thinktwice.decisions.live import LiveCampaigns
from thinktwice.decisions.replay import canonical_of, replay
from thinktwice.decisions.screening import ENGINE
from thinktwice.errors import UnavailableError
from thinktwice.evidence.sealing import plain
from thinktwice.records.campaign import CampaignPolicy
from thinktwice.records.decision import Decision
from thinktwice.records.installation import Installation
from thinktwice.records.vocabulary import RUNGS
from thinktwice.storage.sqlite import connect
from thinktwice.watchlist import statements as sql

_STATEMENT: Final = (
    "match_key", "memo", "address", "kind", "disposition", "confidence", "source", "label", "reference", "place",
    "listed_at", "expires_at", "known_from", "known_until", "is_agency_reported", "imported_by", "file_name",
)  # fmt: skip
_ALLOWANCE: Final = ("match_key", "memo", "address", "reason", "author", "known_from", "known_until")


def decision_part(decision: Decision) -> Any:
    """Return the staff record of a decision, whole: signals, reasons, arm and all."""
    record = plain(decision)
    return {**record, "digest": decision.digest.hex()}


def content_part(stored: StoredVersion | None) -> Any:
    """Return the content that the version is the hash of; canonical JSON of ``content`` has the SHA-256 ``version``."""
    return (
        None if stored is None else {"version": stored.version, "content": plain(msgspec.json.decode(stored.content))}
    )


def replay_part(decision: Decision, live: LiveCampaigns, installation: Installation) -> Any:
    """Return the decision derived again with the campaigns and engine of today, and whether it is the same."""
    derivation = replay(decision, live, installation)
    return {
        "engine_then": decision.explanation.engine,
        "engine_now": ENGINE,
        "is_same": derivation.is_same,
        "stored": canonical_of(decision).decode(),
        "stored_sha256": hash_of(derivation.stored),
        "derived_sha256": hash_of(derivation.derived),
        "differences": list(derivation.differences),
    }


def ladder_part(
    decision: Decision, stored: StoredVersion | None, policies: Sequence[CampaignPolicy], installation: Installation
) -> Any:
    """Return which stronger rungs existed, and what each campaign in question asked for.

    The rung of the campaign that decided is of the version that decided; the others' are of today, because a decision
    keeps only their names.
    """
    taken, explanation = decision.intervention, decision.explanation
    above = RUNGS[RUNGS.index(taken) + 1 :] if taken else RUNGS
    roles = dict.fromkeys(explanation.overshadowed, "overshadowed")
    campaigns = [_asked(policy, roles[policy.id]) for policy in policies if policy.id in roles]
    if explanation.campaign:
        rung = stored.intervention if stored else None
        decided = {"campaign": explanation.campaign, "role": "decided", "version": explanation.version}
        campaigns.insert(0, {**decided, "intervention": rung})
    return {
        "action": decision.action,
        "taken": taken,
        "stronger": list(above),
        "known_bad_intervention_today": installation.known_bad_intervention,
        "is_known_bad": explanation.is_known_bad,
        "campaigns": campaigns,
    }


def _asked(policy: CampaignPolicy, role: str) -> dict[str, Any]:
    return {"campaign": policy.id, "role": role, "version": policy.version, "intervention": policy.intervention}


def sources_part(decision: Decision, control: Path) -> Any:
    """Return every statement and allowance about the destination that was known when it was decided.

    Raises:
        UnavailableError: the database cannot be read.
    """
    try:
        with closing(connect(control, read_only=True)) as connection:
            key, at = decision.match_key, decision.decided_at
            return {
                "snapshot": decision.explanation.snapshot,
                "match_key": key,
                "statements": list(_known(connection, sql.ABOUT_KEY, key, _STATEMENT, at)),
                "allowances": list(_known(connection, sql.ALLOWANCES_OF_KEY, key, _ALLOWANCE, at)),
            }
    except sqlite3.Error as error:
        raise UnavailableError(f"the watchlist cannot be read: {error}") from error


def _known(
    connection: sqlite3.Connection, statement: str, key: str, names: Sequence[str], at: datetime
) -> Iterator[Mapping[str, Any]]:
    for row in connection.execute(statement, (key,)):
        found = dict(zip(names, row, strict=True))
        ended = found["known_until"]
        if datetime.fromisoformat(found["known_from"]) <= at and (ended is None or datetime.fromisoformat(ended) > at):
            yield plain(found)
