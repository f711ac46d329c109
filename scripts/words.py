"""Collect the texts of the signed-in surfaces, and of what services refuse, and merge them into their catalogues.

Run it after adding or changing a text, then translate what is empty. Texts no longer used are removed; nothing is ever
guessed (no fuzzy matches), so that an empty entry is the only kind of unfinished one. ``--check`` changes nothing and
fails where the catalogue would change.
"""

from __future__ import annotations

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # so that this runs as a script too

from scripts.service_texts import texts  # noqa: E402  found only now

SOURCE = ROOT / "src" / "thinktwice" / "web"
KEYWORDS = {"_": None, "mark": None, "gettext": None, "ngettext": (1, 2), "say": None}
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext:babel_extract")]
OPTIONS = {"**/templates/**.html": {"trimmed": "true", "silent": "false"}}
SHARED = "edge/signed_in"
"""Whose texts stand in the catalogue of each surface."""
SERVICES = "services"
"""What errors and faults of all packages say: one catalogue, which every surface reads."""
SURFACES = {"console": ("zh_Hant",), "portal": ("zh_Hant",), SERVICES: ("zh_Hant",)}
"""The catalogues: a folder of ``web``, or the services, and the languages it is written in beside English."""


def collect(surface: str) -> Catalog:
    """Return every text of a surface, with its places."""
    catalog = Catalog(charset="utf-8")
    if surface == SERVICES:
        for text in texts():
            if text.text is not None:
                catalog.add(text.text, locations=[(text.file, 0)])
        return catalog
    for folder in (SOURCE / SHARED, SOURCE / surface):
        found = extract_from_dir(folder, METHODS, OPTIONS, keywords=KEYWORDS, comment_tags=("Translators:",))
        for name, line, message, comments, _context in sorted(found, key=lambda one: (one[0], one[1], str(one[2]))):
            place = f"{folder.relative_to(SOURCE)}/{name}"
            catalog.add(message, locations=[(place, line)], auto_comments=comments)
    return catalog


def catalogue_path(surface: str, language: str) -> Path:
    """Return where a catalogue lies."""
    folder = SOURCE.parent / "languages" if surface == SERVICES else SOURCE / surface
    return folder / "locale" / language / "LC_MESSAGES" / f"{surface}.po"


def merged(surface: str, language: str) -> str:
    """Return the catalogue with exactly the texts in use."""
    known = read_po(BytesIO(catalogue_path(surface, language).read_bytes()), locale=language)
    fresh = Catalog(locale=language, project="ThinkTwice", charset="utf-8", fuzzy=False)
    fresh.mime_headers = [("Content-Type", "text/plain; charset=utf-8"), ("Plural-Forms", known.plural_forms)]
    for message in collect(surface):
        if message.id:
            key = message.id if isinstance(message.id, str) else message.id[0]
            old = known.get(key)
            files = sorted({name for name, _line in message.locations})
            string = old.string if old is not None else None
            fresh.add(message.id, string, locations=[(name, 0) for name in files], auto_comments=message.auto_comments)
    out = BytesIO()
    write_po(out, fresh, width=110, omit_header=True, include_lineno=False, ignore_obsolete=True, sort_output=True)
    header = f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    return f'{header}"Plural-Forms: {known.plural_forms}\\n"\n\n{out.getvalue().decode()}'


def main() -> int:
    """Merge, or check; return the exit code."""
    is_checking = "--check" in sys.argv
    code = 0
    for surface, languages in SURFACES.items():
        for language in languages:
            path = catalogue_path(surface, language)
            text = merged(surface, language)
            empty = text.count('msgstr ""\n\n') + text.count('msgstr[0] ""\n')
            print(f"{surface} {language}: {text.count('msgid ') - 1} texts, {empty} to translate")
            if is_checking and text != path.read_text("utf-8"):
                code = 1
            elif not is_checking:
                path.write_text(text, "utf-8")
    return code


if __name__ == "__main__":
    sys.exit(main())
