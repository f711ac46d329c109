"""Drafts, releases and approvals of campaigns.

Invariants: a revision of a draft, a step of a release and an approval are only ever added; a release changes nothing
but its state; an approval is kept raw, as the officer's authenticator gave it, so that anybody can verify it without
us.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text, text

from thinktwice.storage.control_metadata import CONTROL

CAMPAIGN_DRAFT = Table(
    "campaign_draft",
    CONTROL,
    Column("campaign", Text, primary_key=True, nullable=False),
    Column("revision", Integer, primary_key=True, nullable=False),
    Column("based_on", Integer, nullable=False),
    Column("files", Text, nullable=False),
    Column("author_kind", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("saved_at", Text, nullable=False),
    sqlite_strict=True,
)
"""One saved revision: all files of the pack as JSON {path: text}, exactly as written; ``based_on`` 0 is the first."""

CAMPAIGN_RELEASE = Table(
    "campaign_release",
    CONTROL,
    Column("id", Integer, primary_key=True),
    Column("campaign", Text, nullable=False),
    Column("revision", Integer),
    Column("version", Text, nullable=False),
    Column("release_hash", Text, nullable=False),
    Column("files", Text, nullable=False),
    Column("authors", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("submitted_at", Text, nullable=False),
    Index("campaign_release_by_campaign", "campaign"),
    Index("campaign_release_in_force", "state", sqlite_where=text("state IN ('live', 'shadow')")),
    sqlite_strict=True,
)
"""One submitted revision and where it stands in its life.

``version`` and ``release_hash`` are what is approved; ``authors`` are the accounts, separated by spaces, that wrote any
of it and so cannot approve it; ``revision`` is missing where a pack of the folder was stopped.
"""

CAMPAIGN_STEP = Table(
    "campaign_step",
    CONTROL,
    Column("id", Integer, primary_key=True),
    Column("release_id", Integer, ForeignKey("campaign_release.id"), nullable=False),
    Column("step", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("actor_kind", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("reason", Text),
    Index("campaign_step_by_release", "release_id"),
    sqlite_strict=True,
)
"""What happened to a release, in order; ``state`` is the state after it."""

CAMPAIGN_CHALLENGE = Table(
    "campaign_challenge",
    CONTROL,
    Column("nonce", Text, primary_key=True, nullable=False),
    Column("release_id", Integer, ForeignKey("campaign_release.id"), nullable=False),
    Column("side", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("issued_at", Text, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("used_at", Text),
    sqlite_strict=True,
)
"""A nonce given to one person for one approval; good once and for ten minutes."""

CAMPAIGN_APPROVAL = Table(
    "campaign_approval",
    CONTROL,
    Column("id", Integer, primary_key=True),
    Column("campaign", Text, nullable=False),
    Column("version", Text, nullable=False),
    Column("release_hash", Text),
    Column("side", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("credential_id", LargeBinary, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("nonce", Text, nullable=False),
    Column("authenticator_data", LargeBinary, nullable=False),
    Column("client_data_json", LargeBinary, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    Column("approved_at", Text, nullable=False),
    Column("withdrawn_at", Text),
    Column("withdrawn_by", Text),
    Column("withdrawn_because", Text),
    Index("campaign_approval_by_version", "version"),
    sqlite_strict=True,
)
"""One passkey assertion over a version (and, on the operator's side, its release), raw.

``side`` is ``operator`` or the id of a partner. Times and names here are for people: what proves an approval is the
signature under a key that is pinned outside this database.
"""

CAMPAIGN_LIMIT = Table(
    "campaign_limit",
    CONTROL,
    Column("id", Integer, primary_key=True),
    Column("campaign", Text, nullable=False),
    Column("release_hash", Text, nullable=False),
    Column("tripped_at", Text, nullable=False),
    Column("triggers", Integer, nullable=False),
    Column("allowed", Integer, nullable=False),
    Column("within_minutes", Integer, nullable=False),
    Column("drops_to", Text, nullable=False),
    Column("lifted_at", Text),
    Column("lifted_by", Text),
    Column("lifted_because", Text),
    Index("campaign_limit_standing", "campaign", sqlite_where=text("lifted_at IS NULL")),
    sqlite_strict=True,
)
"""One time at which a campaign interrupted more than was promised, until staff lifted the limit."""

CAMPAIGN_COMMENT = Table(
    "campaign_comment",
    CONTROL,
    Column("id", Text, primary_key=True, nullable=False),
    Column("campaign", Text, nullable=False),
    Column("partner", Text),
    Column("version", Text),
    Column("revision", Integer),
    Column("side", Text, nullable=False),
    Column("account", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("text_sealed", LargeBinary, nullable=False),
    Index("campaign_comment_by_campaign", "campaign", "at"),
    sqlite_strict=True,
)
"""What somebody wrote about a draft (``revision``) or a submitted version, under the master key.

``partner`` is the partner with whom it is shared; without one it stays among staff. ``side`` is ``operator`` or that
partner.
"""

PARTNER_EDITION = Table(
    "partner_edition",
    CONTROL,
    Column("id", Integer, primary_key=True),
    Column("campaign", Text, nullable=False),
    Column("partners", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("published_at", Text, nullable=False),
    Column("published_by", Text, nullable=False),
    Index("partner_edition_by_campaign", "campaign", "id"),
    sqlite_strict=True,
)
"""The partner's edition of results as JSON, as somebody published it for the ``partners`` (separated by spaces)."""
