"""API-key authentication: ``Authorization: Bearer tt_…`` (RFC 6750).

Invariants: a key is believed only in that header, never in a URL or a body, where logs would keep it; absent,
malformed, unknown and revoked keys get one answer; the scope is checked on every call.
"""

from __future__ import annotations

from typing import Protocol

from thinktwice.people.keys import ApiKey, Scope
from thinktwice.web.edge.errors import AuthenticationError, ForbiddenError


class KeyFinder(Protocol):
    """Where keys are looked up; ``people.keys.ApiKeyStore`` is one."""

    def find(self, secret: str) -> ApiKey | None:
        """Return the active key of a secret, or None."""


def bearer(authorization: bytes | None) -> str | None:
    """Return the credential of an ``Authorization`` header, or None when it is not a bearer credential."""
    if authorization is None or authorization[:7].lower() != b"bearer ":
        return None
    return authorization[7:].strip().decode("ascii", "replace")


def require_key(keys: KeyFinder, authorization: bytes | None, scope: Scope) -> ApiKey:
    """Return the key of a request that may do what ``scope`` names.

    Raises:
        AuthenticationError: No valid key.
        ForbiddenError: The key lacks the scope.
        UnavailableError: The keys cannot be read.
    """
    secret = bearer(authorization)
    key = keys.find(secret) if secret else None
    if key is None:
        raise AuthenticationError
    if scope not in key.scopes:
        raise ForbiddenError(scope)
    return key
