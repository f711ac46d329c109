"""Telling our own forms from those of other sites (cross-site request forgery).

Invariants: every request that may change something has to come from a page of this very origin, by what the browser
says of it, and has to carry the token of its session; the token is derived from the session's secret, so it ends with
the session and is useless in another one; both are asked for, because either alone has failed elsewhere.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Final
from urllib.parse import urlsplit

from thinktwice.web.edge.asgi import Scope, header
from thinktwice.web.edge.errors import ForgeryError

FIELD: Final = "form_token"
"""The hidden field of every form."""

_PURPOSE: Final = b"thinktwice form token 1"


def form_token(secret: str) -> str:
    """Return the token that forms of a session carry; ``secret`` is what its cookie holds."""
    digest = hmac.new(secret.encode("ascii", "replace"), _PURPOSE, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:24]).decode("ascii")


def require_own_origin(scope: Scope, *, is_secure: bool) -> None:
    """Refuse a request that a page of another origin made the browser send.

    Every browser in use sends ``Origin`` with a form; ``Sec-Fetch-Site`` says more where it is sent. A request without
    either comes from no browser that we support.

    Raises:
        ForgeryError: It comes from elsewhere, or does not say.
    """
    site = header(scope, b"sec-fetch-site")
    if site is not None and site != b"same-origin":
        raise ForgeryError("origin")
    origin, host = header(scope, b"origin"), header(scope, b"host")
    if origin is None:
        if site is None:
            raise ForgeryError("origin")
        return
    parts = urlsplit(origin.decode("ascii", "replace"))
    if host is None or parts.netloc.lower() != host.decode("ascii", "replace").lower():
        raise ForgeryError("origin")
    if is_secure and parts.scheme != "https":
        raise ForgeryError("origin")


def require_form_token(secret: str | None, given: str) -> None:
    """Refuse a form without the token of this session.

    Raises:
        ForgeryError: None, or another session's.
    """
    if secret is None or not hmac.compare_digest(form_token(secret).encode(), given.encode("utf-8", "replace")):
        raise ForgeryError("token")
