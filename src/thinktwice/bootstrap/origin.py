"""Where browsers reach a signed-in surface, checked: cookies and passkeys depend on it."""

from __future__ import annotations

from typing import Final

from pydantic import HttpUrl

from thinktwice.errors import InputError

_NEAR: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})


def origin_of(address: HttpUrl, field: str) -> str:
    """Return the origin of an address, without a slash at its end.

    Raises:
        InputError: neither https nor this machine.
    """
    if address.scheme != "https" and address.host not in _NEAR:
        raise InputError.of("is an https address (http only to this machine)", field=field)
    default = {"http": 80, "https": 443}[address.scheme]
    port = f":{address.port}" if address.port and address.port != default else ""
    return f"{address.scheme}://{address.host}{port}"
