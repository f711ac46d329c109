"""The stylesheet and the module of the page, named by their content so that browsers may keep them for ever.

Invariant: only files that shipped with the package can be served; nothing of a request becomes a path.
"""

from __future__ import annotations

import hashlib
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


async def serve_file(request: Request) -> Response:
    """Answer with one shipped file; its address changes with its content."""
    name = _BY_ADDRESS.get(request.path_params["name"])
    if name is None:
        raise HTTPException(404)
    caching = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(_CONTENT[name], media_type=_TYPES[name], headers=caching)
