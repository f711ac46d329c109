"""The element's modules, for operators who load them from the service instead of serving a copy.

Invariants: a page gets all modules of one release or none, because the address that a page names only leads on to a
folder named by the content of all of them; only files that shipped can be served, and nothing of a request becomes a
path; a page of another origin gets them only when it may show alerts at all.
"""

from __future__ import annotations

import hashlib
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

ENTRIES: Final = ("register.js", "think-twice.js")
"""What a page may name: the first registers the element, the second only holds its class."""


def _content() -> dict[str, bytes]:
    """Read the modules from the package, or from the checkout that the package is worked on in."""
    packaged = files(__package__) / "assets" / "element"
    folder = packaged if packaged.is_dir() else Path(__file__).parents[4] / "element" / "src"
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.name.endswith(".js")}


_CONTENT: Final = MappingProxyType(_content())
VERSION: Final = hashlib.sha256(b"".join(_CONTENT[name] for name in sorted(_CONTENT))).hexdigest()[:12]
"""The folder of this release's modules."""


class ElementFiles:
    """The endpoints; ``origins`` are the operator's pages."""

    def __init__(self, origins: tuple[str, ...]) -> None:
        self._origins = frozenset(origins)

    async def entry(self, request: Request) -> Response:
        """``GET /element/register.js``: where this release is; asked for again each time, and mostly unchanged."""
        name = request.path_params["name"]
        if name not in ENTRIES or name not in _CONTENT:
            raise HTTPException(404)
        tag = f'"{VERSION}"'
        headers = self._headers(request, "no-cache") | {"ETag": tag}
        if tag in request.headers.get("if-none-match", ""):
            return Response(None, 304, headers=headers)
        return _module(f'export * from "./{VERSION}/{name}";\n'.encode("ascii"), headers)

    async def module(self, request: Request) -> Response:
        """``GET /element/{version}/{name}``: one module, which never changes at this address."""
        content = _CONTENT.get(request.path_params["name"])
        if content is None or request.path_params["version"] != VERSION:
            raise HTTPException(404)
        return _module(content, self._headers(request, "public, max-age=31536000, immutable"))

    def _headers(self, request: Request, caching: str) -> dict[str, str]:
        headers = {"Cache-Control": caching, "Vary": "Origin"}
        origin = request.headers.get("origin", "")
        return headers | ({"Access-Control-Allow-Origin": origin} if origin in self._origins else {})


def _module(content: bytes, headers: dict[str, str]) -> Response:
    return Response(content, media_type="text/javascript; charset=utf-8", headers=headers)
