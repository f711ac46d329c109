"""The cookies of signed-in surfaces: named so that no other host or path can set them.

Invariants: over https every cookie is ``__Host-`` (this host alone, every path, never without TLS); none is readable
by script; none is sent with another site's form. ``SameSite=Lax`` and not ``Strict``, because a sign-in that comes
back from an identity provider, and a link in a message, must find the session; every change of state asks for a
form token and the own origin besides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

_SAFE: Final = re.compile(r"[A-Za-z0-9._~=-]{1,2000}")


@dataclass(frozen=True, slots=True)
class Cookies:
    """The cookies of one surface; ``surface`` keeps two surfaces on one host apart."""

    surface: str
    is_secure: bool

    def name(self, plain: str) -> str:
        """Return the name a browser sees."""
        return f"{'__Host-' if self.is_secure else ''}tt-{self.surface}-{plain}"

    def read(self, request: Request, plain: str) -> str | None:
        """Return the value of a cookie, or None when it is absent, odd or given twice.

        Two cookies of one name are how a neighbouring host plants a session, so neither is believed.
        """
        name = self.name(plain)
        # Python writes a value that ends in "=" between quotation marks, and browsers give it back as it was.
        sent = ";".join(request.headers.getlist("cookie")).split(";")
        values = [
            value.strip().strip('"') for key, _, value in (part.partition("=") for part in sent) if key.strip() == name
        ]
        return values[0] if len(values) == 1 and _SAFE.fullmatch(values[0]) else None

    def set(self, response: Response, plain: str, value: str, *, max_age: int | None = None) -> None:
        """Set a cookie; without ``max_age`` (seconds) it ends with the browser."""
        response.set_cookie(
            self.name(plain), value, max_age=max_age, path="/", secure=self.is_secure, httponly=True, samesite="lax"
        )

    def end(self, response: Response, plain: str) -> None:
        """Make the browser forget a cookie."""
        response.delete_cookie(self.name(plain), path="/", secure=self.is_secure, httponly=True, samesite="lax")
