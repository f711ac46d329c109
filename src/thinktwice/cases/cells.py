"""Cells of tables that people open in spreadsheets.

Invariant: a cell never starts a formula, whoever wrote it.
"""

from __future__ import annotations

from typing import Final

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "|")


def safe_cell(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula (OWASP: an apostrophe before it)."""
    return f"'{text}" if text.startswith(_FORMULA) else text
