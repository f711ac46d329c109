"""The newest shape of ``control.db``: watchlist provenance, campaign contents and API keys.

Invariants: times are ISO 8601 text in UTC (dates where the source gives only a date); a row is never deleted, it gets
an end (``known_until``, ``revoked_at``); API secrets are stored only as hashes. Migrations build this shape; a test
holds both equal.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from thinktwice.storage import audit_schema as _audit_schema  # noqa: F401  (declares its tables)
from thinktwice.storage import campaign_schema as _campaign_schema  # noqa: F401  (declares its tables)
from thinktwice.storage import case_schema as _case_schema  # noqa: F401  (declares its tables)
from thinktwice.storage import intervention_schema as _intervention_schema  # noqa: F401  (declares its tables)
from thinktwice.storage import people_schema as _people_schema  # noqa: F401  (declares its tables)
from thinktwice.storage import watchlist_schema as _watchlist_schema  # noqa: F401  (declares its tables)
from thinktwice.storage.control_metadata import CONTROL

__all__ = ["CONTROL"]

INDICATOR_IMPORT = Table(
    "indicator_import",
    CONTROL,
    Column("id", Integer, primary_key=True),
    Column("source", Text, nullable=False),
    Column("format", Text, nullable=False),
    Column("file_name", Text),
    Column("file_sha256", Text),
    Column("kind", Text),
    Column("imported_at", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("entries", Integer, nullable=False),
    Column("faults", Integer, nullable=False),
    sqlite_strict=True,
)
"""One reading of one list: which file, by whom, how many entries and how many faults."""

INDICATOR = Table(
    "indicator",
    CONTROL,
    Column("id", Integer, primary_key=True),
    Column("match_key", Text, nullable=False),
    Column("memo", Text),
    Column("address", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("disposition", Text, nullable=False),
    Column("confidence", Integer),
    Column("source", Text, nullable=False),
    Column("label", Text),
    Column("reference", Text),
    Column("place", Text),
    Column("listed_at", Text),
    Column("expires_at", Text),
    Column("known_from", Text, nullable=False),
    Column("known_until", Text),
    Column("is_agency_reported", Integer, nullable=False, server_default="0"),
    Column("import_id", Integer, ForeignKey("indicator_import.id")),
    Index("indicator_by_match_key", "match_key"),
    Index("indicator_by_source", "source"),
    sqlite_strict=True,
)
"""One statement of one source about one address.

``address`` as the source wrote it; ``place`` is file:line; ``listed_at`` and ``expires_at`` are the source's times,
``known_from`` and ``known_until`` ours.
"""

ALLOWED_DESTINATION = Table(
    "allowed_destination",
    CONTROL,
    Column("id", Integer, primary_key=True),
    Column("match_key", Text, nullable=False),
    Column("memo", Text),
    Column("address", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("known_from", Text, nullable=False),
    Column("known_until", Text),
    Index("allowed_destination_by_match_key", "match_key"),
    sqlite_strict=True,
)
"""An address that the operator vouches for, so that no list can make it known-bad."""

WATCHLIST_CHANGE = Table(
    "watchlist_change",
    CONTROL,
    Column("seq", Integer, primary_key=True),
    Column("match_key", Text, nullable=False),
    Column("changed_at", Text, nullable=False),
    sqlite_autoincrement=True,
    sqlite_strict=True,
)
"""What changed after a base was built; polled by the overlay. ``seq`` is never used twice."""

CAMPAIGN_VERSION = Table(
    "campaign_version",
    CONTROL,
    Column("version", Text, primary_key=True, nullable=False),
    Column("campaign", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("first_seen_at", Text, nullable=False),
    sqlite_strict=True,
)
"""The exact content behind a version hash, as canonical JSON, so that any past decision can be shown again."""

API_KEY = Table(
    "api_key",
    CONTROL,
    Column("id", Text, primary_key=True, nullable=False),
    Column("name", Text, nullable=False),
    Column("mode", Text, nullable=False),
    Column("scopes", Text, nullable=False),
    Column("secret_hash", LargeBinary, nullable=False, unique=True),
    Column("created_at", Text, nullable=False),
    Column("revoked_at", Text),
    Column("actor", Text, nullable=False),
    sqlite_strict=True,
)
"""A key of one client; ``scopes`` are separated by spaces, ``secret_hash`` is the SHA-256 of the whole secret."""
