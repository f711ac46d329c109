"""Files that ship with a surface, named by their content so that browsers may keep them for ever.

Invariant: only what shipped with the package can be served; nothing of a request becomes a path.
"""

from __future__ import annotations

import hashlib
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from starlette.responses import Response

_TYPES: Final = MappingProxyType(
    {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
)
_FOR_EVER: Final = {"Cache-Control": "public, max-age=31536000, immutable"}


class Assets:
    """The files of the ``assets`` folder of a package, served under ``/assets``."""

    def __init__(self, package: str) -> None:
        folder = files(package) / "assets"
        self._content = {entry.name: entry.read_bytes() for entry in folder.iterdir() if entry.is_file()}
        self._addresses = {name: _address(name, content) for name, content in self._content.items()}
        self._names = {address: name for name, address in self._addresses.items()}

    def path(self, name: str) -> str:
        """Return the path of a file; it changes with its content."""
        return f"/assets/{self._addresses[name]}"

    def response(self, address: str) -> Response | None:
        """Return the file at this address, or None."""
        name = self._names.get(address)
        if name is None:
            return None
        return Response(self._content[name], media_type=_TYPES[name.rpartition(".")[2]], headers=_FOR_EVER)


def _address(name: str, content: bytes) -> str:
    stem, _, ending = name.rpartition(".")
    return f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{ending}"
