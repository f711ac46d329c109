"""Write docs/signals.md and docs/settings.md from the code, so that the pages cannot say anything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import groupby
from pathlib import Path

from thinktwice.records.catalogue import CATALOGUE
from thinktwice.settings import ENVIRONMENT_PREFIX, Settings

SIGNALS_HEAD = """# Signals

What an audience can ask about one withdrawal. This page is written by `scripts/reference_pages.py` from the catalogue.
*Missing* is a value: conditions follow SQL's three-valued logic, and a campaign fires only on TRUE. *Wording* signals
may choose words, never alone a rung. *Endogenous* signals depend on ThinkTwice's own earlier decisions.
"""

SETTINGS_HEAD = """# Settings

From the environment or from `thinktwice.toml` (the field's name in lower case); the environment wins. Secrets are not
settings: keys come from a key file or from `THINKTWICE_KEY_*`. This page is written by `scripts/reference_pages.py`.

| variable | default | meaning |
|---|---|---|
"""


def signals_page() -> str:
    """Return the page of signals."""
    parts = [SIGNALS_HEAD]
    for family, members in groupby(CATALOGUE.values(), key=lambda definition: definition.family):
        parts.append(f"\n## {family.capitalize()}\n\n| signal | type | unit | notes | meaning |\n|---|---|---|---|---|")
        for one in members:
            notes = [
                word
                for word, applies in (
                    ("may be missing", one.may_be_missing),
                    ("wording only", one.is_wording_only),
                    ("endogenous", one.origin == "endogenous"),
                )
                if applies
            ]
            parts.append(f"| `{one.name}` | {one.type} | {one.unit or ''} | {', '.join(notes)} | {one.meaning} |")
    return "\n".join(parts) + "\n"


def settings_page() -> str:
    """Return the page of settings."""
    rows = []
    for name, field in Settings.model_fields.items():
        default = field.get_default(call_default_factory=True)
        shown = "" if default is None or default in ({}, ()) else f"`{default}`"
        rows.append(f"| `{ENVIRONMENT_PREFIX}{name.upper()}` | {shown} | {field.description} |")
    return SETTINGS_HEAD + "\n".join(rows) + "\n"


PAGES: Mapping[Path, Callable[[], str]] = {
    Path("docs/signals.md"): signals_page,
    Path("docs/settings.md"): settings_page,
}

if __name__ == "__main__":
    for path, page in PAGES.items():
        path.write_text(page(), "utf-8")
