"""Getting in and out: sign-in, invitation, confirmation that it is still you, sign-out, language."""

from __future__ import annotations

from thinktwice.web.edge.signed_in.entrance import confirming, first_factor, language, second_factor, setting_up
from thinktwice.web.edge.signed_in.entrance.area import AREA

__all__ = ["AREA", "MODULES"]

MODULES = (confirming, first_factor, language, second_factor, setting_up)
"""The modules whose pages make up the entrance; importing them declares the pages."""
