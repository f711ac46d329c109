"""The stylesheet and the module of the page, named by their content so that browsers may keep them for ever.

Invariant: only files that shipped with the package, and pictures of known partners, can be served; nothing of a request
becomes a path.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

_TYPES: Final = MappingProxyType({"alert.css": "text/css; charset=utf-8", "alert.js": "text/javascript; charset=utf-8"})
_CONTENT: Final = {name: (files(__package__) / "assets" / name).read_bytes() for name in _TYPES}


def _address(name: str) -> str:
    stem, _, ending = name.partition(".")
    return f"{stem}.{hashlib.sha256(_CONTENT[name]).hexdigest()[:12]}.{ending}"


ADDRESSES: Final = MappingProxyType({name: _address(name) for name in _CONTENT})
"""The file name in a URL, by the plain name."""

_BY_ADDRESS: Final = {address: name for name, address in ADDRESSES.items()}

_CACHING: Final = MappingProxyType({"Cache-Control": "public, max-age=31536000, immutable"})


async def serve_file(request: Request) -> Response:
    """Answer with one shipped file; its address changes with its content."""
    name = _BY_ADDRESS.get(request.path_params["name"])
    if name is None:
        raise HTTPException(404)
    return Response(_CONTENT[name], media_type=_TYPES[name], headers=_CACHING)


class LogoFiles:
    """The pictures of partners, named by the digest of what is shown of a partner; ``logo`` looks one up."""

    def __init__(self, logo: Callable[[str], bytes | None]) -> None:
        self._logo = logo

    async def serve(self, request: Request) -> Response:
        """Answer with the picture of one mark."""
        mark, _, ending = request.path_params["name"].partition(".")
        content = self._logo(mark) if ending == "png" else None
        if content is None:
            raise HTTPException(404)
        # The element shows it on the operator's own page, and a picture of a police force is public.
        return Response(
            content, media_type="image/png", headers={**_CACHING, "Cross-Origin-Resource-Policy": "cross-origin"}
        )
