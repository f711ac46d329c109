"""What states of accounts and ways of signing in are called on pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from thinktwice.web.edge.words import mark as _

STATE_NAMES: Final[Mapping[str, str]] = {
    "invited": _("Invited"),
    "active": _("In use"),
    "suspended": _("Suspended"),
    "ended": _("Ended"),
}

METHOD_NAMES: Final[Mapping[str, str]] = {
    "invitation": _("Invitation"),
    "password": _("Password"),
    "totp": _("Code of an app"),
    "passkey": _("Passkey"),
    "recovery": _("Recovery code"),
    "oidc": _("Company account"),
}
