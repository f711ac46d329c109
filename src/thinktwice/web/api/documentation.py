"""``/openapi.json`` and ``/docs``: the description as a document and as a page; ``/`` says where they are.

Invariant: the page is rendered here from the same document, without script and without any foreign origin.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator
from importlib.resources import files
from typing import Any, Final

from fastapi import APIRouter, Request, Response

from thinktwice.web.api.description import openapi_document, problem_kinds
from thinktwice.web.edge.headers import policy
from thinktwice.web.edge.pages import page_environment

_POLICY: Final = policy(style_src="'self'").decode()
_READABLE: Final = ["GET", "HEAD"]


START: Final = {
    "documentation": "/docs",
    "openapi": "/openapi.json",
    "health": "/healthz",
    "readiness": "/readyz",
    "decisions": "/v1/decisions",
}
"""What somebody finds who opens the address alone: the ways on, and nothing about what runs here."""


class Documentation:
    """The description, rendered once."""

    def __init__(self) -> None:
        self.document = openapi_document()
        self._json = json.dumps(self.document, ensure_ascii=False, separators=(",", ":")).encode()
        self._style = files("thinktwice.web.api").joinpath("assets/docs.css").read_bytes()
        template = page_environment("thinktwice.web.api").get_template("docs.html")
        self._page = template.render(
            info=self.document["info"],
            tags=self.document["tags"],
            calls=list(_calls(self.document)),
            schemas=dict(sorted(self.document["components"]["schemas"].items())),
            kinds=problem_kinds(),
            type_of=type_of,
        ).encode()

    def router(self) -> APIRouter:
        """Return the calls that serve the description."""
        router = APIRouter(redirect_slashes=False)
        for path, handler in self._served():
            router.add_api_route(path, handler, methods=_READABLE, name="documentation", response_model=None)
        return router

    def _served(self) -> tuple[tuple[str, Callable[[Request], Awaitable[Response]]], ...]:
        return (
            ("/", self.start),
            ("/openapi.json", self.openapi),
            ("/docs", self.page),
            ("/docs.css", self.style),
        )

    async def start(self, request: Request) -> Response:  # noqa: ARG002  (every handler takes the request)
        """Return where everything else is."""
        return Response(json.dumps(START).encode(), media_type="application/json")

    async def openapi(self, request: Request) -> Response:  # noqa: ARG002  (every handler takes the request)
        """Return the OpenAPI document."""
        return Response(self._json, media_type="application/json")

    async def page(self, request: Request) -> Response:  # noqa: ARG002  (every handler takes the request)
        """Return the documentation page."""
        return Response(self._page, media_type="text/html", headers={"content-security-policy": _POLICY})

    async def style(self, request: Request) -> Response:  # noqa: ARG002  (every handler takes the request)
        """Return the page's style sheet."""
        return Response(self._style, media_type="text/css", headers={"cache-control": "max-age=3600"})


def type_of(schema: dict[str, Any]) -> str:
    """Return a schema in a few words for a table: ``text``, ``number or null``, ``list of WithdrawalRequest``."""
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(type_of(part) for part in schema["anyOf"]))
    if "enum" in schema:
        return " · ".join(str(value) for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {type_of(schema.get('items', {}))}"
    if schema.get("format") == "date-time":
        return "time (RFC 3339)"
    return _WORDS.get(schema.get("type", ""), "any")


_WORDS: Final = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "object": "object",
    "null": "null",
}


def _calls(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Return every call with what the page shows of it."""
    for path, item in document["paths"].items():
        for method in ("get", "post"):
            if method not in item:
                continue
            call = item[method]
            done = next(call["responses"][status] for status in ("200", "202") if status in call["responses"])
            answer = done["content"].get("application/json")
            body = call.get("requestBody", {}).get("content", {}).get("application/json")
            example = None
            if body:
                name = type_of(body["schema"])
                example = next(iter(document["components"]["schemas"][name].get("examples", ())), None)
            yield {
                "id": call["operationId"],
                "method": method.upper(),
                "path": path,
                "summary": call["summary"],
                "description": call["description"].replace("`", ""),
                "tag": call["tags"][0],
                "body": type_of(body["schema"]) if body else None,
                "answer": type_of(answer["schema"]) if answer else None,
                "statuses": sorted(call["responses"]),
                "example": json.dumps(example, indent=2, ensure_ascii=False) if example else None,
            }
