"""Who acts when somebody types a command.

Invariant: the audit chain holds the name of the system account, never what the person says about themselves.
"""

from __future__ import annotations

import getpass
import re

from thinktwice.audit.ledger import Actor


def cli_actor() -> Actor:
    """Return the actor of this command: the account of the operating system that runs it."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number that has no name
        user = "unknown"
    return Actor("cli", f"cli:{re.sub(r'[^A-Za-z0-9._-]', '_', user)[:64]}")
