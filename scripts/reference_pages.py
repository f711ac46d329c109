"""Write docs/signals.md, settings.md and typologies.md from the code, so that the pages cannot say anything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import groupby
from pathlib import Path

from thinktwice.campaigns.typologies import Typology, taxonomy
from thinktwice.campaigns.typology_texts import shared_texts, shipped_text_locales
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

TYPOLOGIES_HEAD = """# Kinds of scam

What a campaign can tell (`typologies` in `campaign.yaml`). *Authorised*: the customer is deceived and acts.
*Unauthorised*: somebody else acts; such a campaign refers to a person and names no scam, since the screen may be the
thief's. A mapping says that a published entry is near, not that it is the same; MITRE F3 has codes, INTERPOL's taxonomy
of the darkweb and virtual assets has names. This page is written by `scripts/reference_pages.py` from
`packs/typologies/taxonomy.yaml`; what customers read stands beside it, in: {locales}.
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


def typologies_page() -> str:
    """Return the page of kinds of scam, with the English story that customers read."""
    head = TYPOLOGIES_HEAD.format(locales=", ".join(shipped_text_locales()))
    rows = [f"| [`{one.id}`](#{one.id}) | {one.name} | {one.agency} |" for one in taxonomy().values()]
    table = "\n| id | kind | |\n|---|---|---|\n" + "\n".join(rows) + "\n"
    return head + table + "".join(_typology(one) for one in taxonomy().values())


def _typology(one: Typology) -> str:
    shared = shared_texts("en")
    story = shared.sections[f"typology.{one.texts}.story"].text if shared else ""
    flags = "\n".join(f"- {flag}" for flag in one.red_flags)
    signals = ", ".join(f"`{name}`" for name in one.signals)
    return (
        f"\n## {one.id}\n\n**{one.name}** ({one.agency}). {one.definition}\n\nWhat shows when the money leaves:\n\n"
        f"{flags}\n\nWhat they say against a message like ours: *{one.preempts}*\n\nWhat customers read: {story}\n\n"
        f"Signals: {signals}. MITRE F3: {', '.join(one.mitre_f3)}. INTERPOL: {', '.join(one.interpol)}.\n"
    )


PAGES: Mapping[Path, Callable[[], str]] = {
    Path("docs/signals.md"): signals_page,
    Path("docs/settings.md"): settings_page,
    Path("docs/typologies.md"): typologies_page,
}

if __name__ == "__main__":
    for path, page in PAGES.items():
        path.write_text(page(), "utf-8")
