"""A signed-in surface, put together.

Invariants: the order of the layers (access log, headers, host names, pages); what no area declared is not served; a
demonstration with real keys, and an area without its desk, are refused before anything is served.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import anyio.to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from thinktwice.errors import NotFoundError
from thinktwice.web.edge.access import AccessLog
from thinktwice.web.edge.asgi import App, Message, Receive, Scope, Send
from thinktwice.web.edge.errors import MethodError
from thinktwice.web.edge.headers import AllowedHosts, SecurityHeaders, policy
from thinktwice.web.edge.rates import TokenBuckets, origin_of
from thinktwice.web.edge.signed_in.dispatch import Dispatch, refusal_page
from thinktwice.web.edge.signed_in.door import Door
from thinktwice.web.edge.signed_in.parts import SurfaceParts
from thinktwice.web.edge.signed_in.routes import Area, all_pages
from thinktwice.web.edge.signed_in.shell import Shell
from thinktwice.web.edge.signed_in.surface import Surface

Endpoint = Callable[[Request], Awaitable[Response]]

POLICY: Final = policy(
    style_src="'self'",
    script_src="'self'",
    img_src="'self' data:",
    connect_src="'self'",
    form_action="'self'",
    require_trusted_types_for="'script'",
    trusted_types="'none'",
)
"""Own files, own forms, no frame, and no script that could make markup out of text."""


def create_surface(surface: Surface, parts: SurfaceParts, areas: Sequence[Area]) -> App:
    """Return the ASGI application of a surface.

    Raises:
        ValueError: two areas claim one path, or an area has no desk to work with, or is another surface's.
    """
    if strange := [area.package for area in areas if area.realm not in {None, surface.name}]:
        raise ValueError(f"{', '.join(strange)}: not of the {surface.name}")
    pages = all_pages(areas)
    missing = sorted({kind.__name__ for area in areas for kind in area.needs} - {kind.__name__ for kind in parts.desks})
    if missing:
        raise ValueError(f"the {surface.name} needs {', '.join(missing)}")
    shell = Shell(surface, parts, areas, pages)
    buckets, door = TokenBuckets(parts.sign_ins_per_minute), Door(parts.ledger)
    app = Starlette(
        routes=[
            Route("/healthz", _alive),
            Route("/assets/{name}", _assets(shell)),
            # Fixed paths first: /requests/new is not the request of the name "new", wherever it was declared.
            *(
                Route(page.path, Dispatch(page, shell, buckets, door).answer, methods=[page.method])
                for page in sorted(pages, key=lambda page: "{" in page.path)
            ),
        ],
        exception_handlers={HTTPException: _not_served(shell)},
    )
    app.router.redirect_slashes = False
    inner = AllowedHosts(_SameOriginReferrer(app), parts.hosts, exempt=("/healthz",), told=_told_of_hosts(parts, door))
    return AccessLog(SecurityHeaders(inner, POLICY), log=parts.log)


def _told_of_hosts(parts: SurfaceParts, door: Door) -> Callable[[Scope], Awaitable[None]]:
    async def tell(scope: Scope) -> None:
        source = origin_of(scope, is_behind_proxy=parts.is_behind_proxy)
        await anyio.to_thread.run_sync(door.refused, source, "page.open", "any", "foreign host name")

    return tell


async def _alive(_request: Request) -> Response:
    """Answer a probe."""
    return PlainTextResponse("ok")


def _assets(shell: Shell) -> Endpoint:
    async def serve(request: Request) -> Response:
        found = shell.assets.response(request.path_params["name"])
        if found is None:
            raise HTTPException(404)
        return found

    return serve


def _not_served(shell: Shell) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Answer what no route serves with a page, the same for everybody."""

    async def answer(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        visit = shell.visit(request, "", None, None)
        if error.status_code == 405:
            allowed = (error.headers or {}).get("Allow", "").split(", ")
            return refusal_page(shell, visit, MethodError(*allowed))
        return refusal_page(shell, visit, NotFoundError())

    return answer


class _SameOriginReferrer:
    """ASGI middleware: lets own pages say where they come from, and nobody else.

    Under ``no-referrer``, which the edge sends by default, browsers name the origin of a form ``null``, and our own
    forms could not be told from foreign ones.
    """

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""

        async def send_with_header(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", ()), (b"referrer-policy", b"same-origin")]
            await send(message)

        await self._app(scope, receive, send_with_header)
