"""Entry point that Alembic runs for both version trees; the caller passes an open transaction.

Invariants: nothing is read from an ini file, no logging is configured, and the caller owns the transaction, so that a
migration happens whole or not at all.
"""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
context.run_migrations()
