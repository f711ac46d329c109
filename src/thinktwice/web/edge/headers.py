"""Response headers that every surface sends, and which hosts it answers to.

Invariants: the default policy allows nothing; a page that needs more sets its own ``Content-Security-Policy``
header, built from ``policy``, and the middleware leaves it; no policy here ever allows inline script or style, a
foreign origin, or framing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import Final

from thinktwice.web.edge.asgi import App, Message, Receive, Scope, Send, header, send_problem
from thinktwice.web.edge.errors import HostError


def policy(**directives: str) -> bytes:
    """Return a content security policy: nothing but the directives given, such as ``style_src="'self'"``."""
    allowed = {
        "default-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    } | {name.replace("_", "-"): value for name, value in directives.items()}
    return "; ".join(f"{name} {value}" for name, value in allowed.items()).encode("ascii")


API_POLICY: Final = policy()
"""For JSON, which needs nothing."""

PAGE_POLICY: Final = policy(
    style_src="'self'",
    script_src="'self'",
    img_src="'self' data:",
    connect_src="'self'",
    form_action="'self'",
)
"""For server-rendered pages with their own files."""

SECURITY_HEADERS: Final[tuple[tuple[bytes, bytes], ...]] = (
    (b"content-security-policy", API_POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=()"),
    (b"x-frame-options", b"DENY"),
)
"""What is sent with every response unless the page says otherwise."""


class SecurityHeaders:
    """ASGI middleware: adds each security header that a response does not set itself."""

    def __init__(self, app: App, content_security_policy: bytes = API_POLICY) -> None:
        self._app = app
        is_framed = b"frame-ancestors 'none'" not in content_security_policy
        self._headers = (
            (b"content-security-policy", content_security_policy),
            *(pair for pair in SECURITY_HEADERS[1:] if not (is_framed and pair[0] == b"x-frame-options")),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message.get("headers", ())}
                if b"content-security-policy" in present:
                    present.add(b"x-frame-options")  # frame-ancestors says it, and can name the operator's own pages
                message["headers"] = [
                    *message.get("headers", ()),
                    *((name, value) for name, value in self._headers if name not in present),
                ]
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class HostNames:
    """The names a service answers to, so that no other site's name can be pointed at it (DNS rebinding).

    ``*.example.org`` allows every subdomain, ``*`` every name.
    """

    def __init__(self, names: Collection[str]) -> None:
        lower = {name.strip().lower() for name in names}
        self._is_any = "*" in lower
        self._exact = frozenset(name.encode("ascii", "replace") for name in lower if not name.startswith("*"))
        self._suffixes = tuple(name[1:].encode("ascii", "replace") for name in lower if name.startswith("*."))

    def allow(self, host: bytes | None) -> bool:
        """Whether the value of a ``Host`` header, port included, names this service."""
        if self._is_any:
            return True
        if not host:
            return False
        name = host.lower()
        name = name.partition(b"]")[0] + b"]" if name.startswith(b"[") else name.partition(b":")[0]
        return name in self._exact or name.endswith(self._suffixes)

    def require(self, host: bytes | None) -> None:
        """Refuse a request that was meant for another host.

        Raises:
            HostError: The name is not one of ours.
        """
        if not self.allow(host):
            raise HostError


class AllowedHosts:
    """ASGI middleware: answers 421 to any other host name.

    Probes reach a service by address, so ``exempt`` paths, which reveal nothing, are answered under any name.
    """

    def __init__(
        self,
        app: App,
        names: HostNames,
        exempt: Collection[str] = (),
        *,
        told: Callable[[Scope], Awaitable[None]] | None = None,
    ) -> None:
        """``told`` learns of each refusal before it is answered."""
        self._app = app
        self._names = names
        self._exempt = frozenset(exempt)
        self._told = told

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or scope["path"] in self._exempt or self._names.allow(header(scope, b"host")):
            await self._app(scope, receive, send)
            return
        if self._told is not None:
            await self._told(scope)
        await send_problem(scope, send, HostError())
