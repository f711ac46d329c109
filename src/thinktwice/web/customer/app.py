"""The customer surface as one ASGI application.

Invariants: every response carries the security headers; nobody frames the page or calls the JSON from a browser
except the operator's own origins; a refusal is a page for people and a problem document for programs.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route, Router

from thinktwice.errors import ThinkTwiceError
from thinktwice.web.customer.desk import CustomerParts
from thinktwice.web.customer.embedding import ElementFiles
from thinktwice.web.customer.events import AlertJson
from thinktwice.web.customer.files import LogoFiles, serve_file
from thinktwice.web.customer.helping import HelpPages
from thinktwice.web.customer.pages import AlertPages, Endpoint, guarded
from thinktwice.web.customer.verifying import VerifyPages
from thinktwice.web.customer.views import plain_page
from thinktwice.web.edge.asgi import App
from thinktwice.web.edge.errors import MethodError, PathError
from thinktwice.web.edge.headers import SecurityHeaders, policy
from thinktwice.web.edge.problems import CONTENT_TYPE, encode_problem, problem_headers, problem_of

PREFIXES: Final = ("/alerts/", "/v1/alerts/", "/verify", "/element/")
"""The paths of this surface, for whoever composes several on one port."""


def create_customer(parts: CustomerParts) -> App:
    """Return the application that serves ``PREFIXES``."""
    pages, helping, verifying, json = AlertPages(parts), HelpPages(parts), VerifyPages(parts), AlertJson(parts)
    element, origins = ElementFiles(parts.embedding_origins), list(parts.embedding_origins)
    cors = Middleware(
        CORSMiddleware,
        allow_origins=origins,
        allow_methods=["GET", "POST"],
        allow_headers=["Authorization", "Content-Type"],
    )
    inner = Starlette(
        routes=[
            Route("/alerts/assets/{name}", serve_file),
            Route("/alerts/partners/{name}", LogoFiles(parts.logo).serve),
            Route("/element/{name}", element.entry),
            Route("/element/{version}/{name}", element.module),
            Route("/alerts/{token}", guarded(parts, pages.first)),
            Route("/alerts/{token}/signs", guarded(parts, pages.signs)),
            Route("/alerts/{token}/continue", guarded(parts, pages.second_step)),
            Route("/alerts/{token}/questions", guarded(parts, pages.questions)),
            Route("/alerts/{token}/questions", guarded(parts, pages.answer), methods=["POST"]),
            Route("/alerts/{token}/help", guarded(parts, helping.help)),
            Route("/alerts/{token}/report.txt", guarded(parts, helping.report)),
            Route("/alerts/{token}/report.pdf", guarded(parts, helping.report_pdf)),
            Route("/alerts/{token}/choices", guarded(parts, pages.choose), methods=["POST"]),
            Route("/verify", guarded(parts, verifying.form)),
            Route("/verify", guarded(parts, verifying.check), methods=["POST"]),
            Mount(
                "/v1/alerts",
                Router(
                    [
                        Route("/{alert_id}", _with_problems(json.read)),
                        Route("/{alert_id}/texts", _with_problems(json.texts)),
                        Route("/{alert_id}/events", _with_problems(json.note), methods=["POST"]),
                    ],
                    redirect_slashes=False,
                ),
                middleware=[cors],
            ),
        ],
        middleware=[Middleware(GZipMiddleware, minimum_size=1024)],
        exception_handlers={HTTPException: _not_served(parts)},
    )
    # A redirect to the path without its last slash would name a whole address, token included, under whatever scheme
    # and host the request seemed to have: behind a proxy that ends TLS, in the clear.
    inner.router.redirect_slashes = False
    return SecurityHeaders(inner, page_policy(parts.embedding_origins))


def page_policy(embedding_origins: tuple[str, ...]) -> bytes:
    """Return the policy of the page: its own files, its own forms, framed only by the operator's origins.

    ``null``, the origin of a sandboxed frame, may call the JSON when it is listed; it names no page that may frame.
    """
    framing = [origin for origin in embedding_origins if origin != "null"]
    return policy(
        style_src="'self'",
        script_src="'self'",
        img_src="data:",
        connect_src="'self'",
        form_action="'self'",
        frame_ancestors=" ".join(framing) or "'none'",
    )


def _with_problems(endpoint: Endpoint) -> Endpoint:
    """Answer every refusal with a problem document."""

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except ThinkTwiceError as error:
            return _problem(error)

    return answer


def _problem(error: ThinkTwiceError) -> Response:
    problem = problem_of(error)
    response = Response(encode_problem(problem), problem.status, media_type=CONTENT_TYPE.decode("ascii"))
    response.raw_headers.extend(problem_headers(error))
    return response


def _not_served(parts: CustomerParts) -> Callable[[Request, Exception], Awaitable[Response]]:
    """Answer what no route serves: a page for people, a problem document for programs."""

    async def answer(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        if request.url.path.startswith("/v1/"):
            allowed = (error.headers or {}).get("Allow", "") if isinstance(error, HTTPException) else ""
            return _problem(MethodError(*allowed.split(", ")) if status == 405 else PathError())
        return Response(plain_page(request, parts, "gone", "gone_text"), status, media_type="text/html")

    return answer
