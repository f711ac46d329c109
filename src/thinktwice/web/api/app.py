"""The API, put together: hot path in front, edge around, FastAPI for the rest.

Invariant: the order of the layers. Outermost the access log, which also answers what nobody else did; then host
names, rates and headers; then the body, bounded; only then a framework.
"""

from __future__ import annotations

import time

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from thinktwice import __version__
from thinktwice.errors import InputError, ThinkTwiceError
from thinktwice.web.api.documentation import Documentation
from thinktwice.web.api.hotpath import HotPath
from thinktwice.web.api.metrics import ApiMetrics
from thinktwice.web.api.parts import ApiParts
from thinktwice.web.api.routes import Routes
from thinktwice.web.edge.access import AccessLog
from thinktwice.web.edge.asgi import App, Message, Receive, Scope, Send
from thinktwice.web.edge.bodies import BATCH_LIMIT, BodyLimit
from thinktwice.web.edge.errors import MethodError, PathError
from thinktwice.web.edge.headers import AllowedHosts, SecurityHeaders
from thinktwice.web.edge.problems import CONTENT_TYPE, encode_problem, is_json, problem_headers, problem_of
from thinktwice.web.edge.rates import RateLimit, TokenBuckets


def create_api(parts: ApiParts) -> App:
    """Return the ASGI application of the API and of whatever else ``parts.others`` serves on the same port."""
    metrics = ApiMetrics(parts.registry)
    prefixes = tuple(parts.others)
    app: App = _Prefixes(BodyLimit(_Counting(create_slow_api(parts, metrics), metrics), BATCH_LIMIT), parts)
    app = SecurityHeaders(app)
    app = RateLimit(
        app,
        TokenBuckets(parts.browser_requests_per_minute),
        lambda path: path.startswith(prefixes),
        is_behind_proxy=parts.is_behind_proxy,
    )
    app = AllowedHosts(app, parts.hosts, exempt=("/healthz", "/readyz"))
    return HotPath(AccessLog(SecurityHeaders(app), log=parts.log), parts, metrics)


def create_slow_api(parts: ApiParts, metrics: ApiMetrics) -> FastAPI:
    """Return the FastAPI application: every call, without the edge around it."""
    app = FastAPI(title="ThinkTwice", version=__version__, openapi_url=None, docs_url=None, redoc_url=None)
    app.router.redirect_slashes = False
    app.include_router(Routes(parts, metrics).router())
    documentation = Documentation()
    app.include_router(documentation.router())
    app.openapi = lambda: documentation.document  # type: ignore[method-assign]  # FastAPI's documented way
    app.add_exception_handler(ThinkTwiceError, _refused)
    app.add_exception_handler(HTTPException, _unrouted)
    return app


class _Prefixes:
    """Hands paths of other applications on, and wraps each of them in the same bounds."""

    def __init__(self, app: App, parts: ApiParts) -> None:
        self._app = app
        self._others = tuple((prefix, BodyLimit(other, BATCH_LIMIT)) for prefix, other in parts.others.items())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http":
            for prefix, other in self._others:
                if scope["path"].startswith(prefix):
                    await other(scope, receive, send)
                    return
        await self._app(scope, receive, send)


class _Counting:
    """Counts each call by its name in the API description; unknown paths share one name."""

    def __init__(self, app: App, metrics: ApiMetrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve and count one request."""
        started = time.perf_counter()
        status = 500

        async def send_and_note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_and_note)
        finally:
            if scope["type"] == "http":
                name = getattr(scope.get("route"), "name", None) or "unknown"
                self._metrics.answered(name, status, time.perf_counter() - started)


async def _refused(request: Request, error: Exception) -> Response:
    """Answer a refusal with its problem document."""
    is_malformed = isinstance(error, InputError) and not is_json(await request.body())
    return _problem(error, is_malformed=is_malformed)


async def _unrouted(request: Request, error: Exception) -> Response:  # noqa: ARG001  (the signature is Starlette's)
    """Answer an unknown path or method with a problem document."""
    assert isinstance(error, HTTPException)
    if error.status_code == 405:
        return _problem(MethodError(*(error.headers or {}).get("Allow", "").split(", ")))
    return _problem(PathError())


def _problem(error: Exception, *, is_malformed: bool = False) -> Response:
    problem = problem_of(error, is_malformed=is_malformed)
    return Response(
        encode_problem(problem),
        problem.status,
        {name.decode(): value.decode() for name, value in problem_headers(error)},
        media_type=CONTENT_TYPE.decode(),
    )
