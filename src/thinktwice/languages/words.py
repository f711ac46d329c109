"""The words of one language: gettext catalogues, read at start.

Invariants: English is the source and needs no catalogue; a catalogue is the ``.po`` file that translators edit, nothing
is compiled; what is marked fuzzy counts as untranslated; a text without translation shows in English rather than not
at all (tests refuse to let that happen).
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Final

from babel import Locale
from babel.messages.pofile import read_po

from thinktwice.errors import Phrase

SOURCE: Final = "en"

Messages = Mapping[str, tuple[str, ...]]
"""The forms of every translated text by its source."""


def mark(text: str) -> str:
    """Mark a text for translation where it is written; it is translated where it is shown."""
    return text


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language; ``tag`` is its BCP 47 name."""

    tag: str
    locale: Locale
    messages: Messages = field(default_factory=dict)

    def say(self, text: str, **values: object) -> str:
        """Return a text in this language, its ``%(name)s`` places filled; a phrase brings what fills its own."""
        if isinstance(text, Phrase):
            return self._template(text.template) % {name: self._value(value) for name, value in text.values.items()}
        found = self.lookup(text)
        return found % values if values else found.replace("%%", "%")

    def lookup(self, text: str) -> str:
        """Return a text in this language with its places still open, as templates want it."""
        return self.messages.get(text, (text,))[0]

    def lookup_plural(self, singular: str, plural: str, count: int) -> str:
        """Return the form of a text that suits a number, its places still open."""
        forms = self.messages.get(singular)
        if forms is None:
            return singular if count == 1 else plural
        return forms[0] if len(forms) == 1 or count == 1 else forms[1]

    def _template(self, template: str) -> str:
        """Return the template of a phrase in this language; a text without places stands as it reads."""
        plain = template.replace("%%", "%")
        if template in self.messages or plain not in self.messages:
            return self.lookup(template)
        return self.lookup(plain).replace("%", "%%")

    def _value(self, value: object) -> object:
        """Return what fills a place: a phrase in this language, anything else as it is."""
        return self.say(value) if isinstance(value, Phrase) else value


def read_messages(package: str, folder: str, domain: str) -> dict[str, tuple[str, ...]]:
    """Return the finished translations of a catalogue; ``folder`` is its place under ``locale`` of the package."""
    content = (files(package) / "locale" / folder / "LC_MESSAGES" / f"{domain}.po").read_bytes()
    messages: dict[str, tuple[str, ...]] = {}
    for message in read_po(io.BytesIO(content), locale=Locale.parse(folder)):
        key = message.id if isinstance(message.id, str) else message.id[0]
        forms = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
        if key and forms and all(forms) and not message.fuzzy:
            messages[key] = forms
    return messages


@lru_cache
def service_messages(folder: str) -> Messages:
    """Return what errors and faults of every package say, in one language."""
    return read_messages("thinktwice.languages", folder, "services")
