"""The picture that an authenticator app reads."""

from __future__ import annotations

import io

import segno
from markupsafe import Markup


def picture_of(text: str) -> Markup:
    """Return a QR code as SVG without size, style or script of its own; dark on light in every colour scheme."""
    out = io.BytesIO()
    code = segno.make(text, error="m", micro=False)
    code.save(out, kind="svg", xmldecl=False, svgns=True, nl=False, omitsize=True, border=2, dark="#000", light="#fff")
    return Markup(out.getvalue().decode("utf-8"))  # noqa: S704  (made by the library of modules alone, no text in it)


def spaced(secret: str) -> str:
    """Return a secret in groups of four, as people type it."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
