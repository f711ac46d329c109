"""The errors every package shares.

Invariants: an error says what was wrong, where, and what would be right. HTTP status codes do not live
here; the edge maps error types to problem documents. A text with facts in it is a ``Phrase``, so that a page can say it
in another language (a test finds every text that lacks a translation).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


class Phrase(str):
    """A text in English that remembers what it was made of.

    ``template`` has its places open, like ``has at most %(most)s characters``, and is what catalogues translate;
    ``values`` fill them. Wherever nobody translates, it is the English text. A value that is an error stands for what
    that error says.
    """

    __slots__ = ("template", "values")

    template: str
    values: Mapping[str, object]

    def __new__(cls, template: str, /, **values: object) -> Phrase:
        """Fill the places of a text; a per cent sign that is meant is written twice."""
        said = {name: words_of(one) if isinstance(one, BaseException) else one for name, one in values.items()}
        phrase = super().__new__(cls, template % said)
        phrase.template = template
        phrase.values = said
        return phrase

    @classmethod
    def of(cls, text: str) -> Phrase:
        """Return a text without places as a phrase; a phrase stays what it is."""
        return text if isinstance(text, Phrase) else cls(text.replace("%", "%%"))

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, object]]:
        """Return what makes it again, so that it can be copied."""
        return (self.template,), dict(self.values)


def packed(text: str) -> Any:
    """Return a text as JSON can hold it, with what it was made of."""
    if not isinstance(text, Phrase):
        return text
    values = {name: packed(one) if isinstance(one, str) else one for name, one in text.values.items()}
    return [
        text.template,
        {name: one if isinstance(one, str | int | list) else str(one) for name, one in values.items()},
    ]


def unpacked(value: Any) -> str:
    """Return what was packed; anything else as it reads."""
    match value:
        case [str(template), {**values}]:
            return Phrase(template, **{str(name): unpacked(one) for name, one in values.items()})
        case _:
            return str(value)


def joined(parts: Iterable[str], between: str = "; ") -> Phrase:
    """Return several texts as one, in which each can still be said in another language."""
    places: dict[str, object] = {f"part_{number}": part for number, part in enumerate(parts)}
    if not isinstance(between, Phrase):
        return Phrase(between.replace("%", "%%").join(f"%({name})s" for name in places), **places)
    return Phrase("%(between)s".join(f"%({name})s" for name in places), between=between, **places)


def words_of(error: BaseException) -> Phrase:
    """Return what an error says."""
    if isinstance(error, InputError):
        return joined(fault.words for fault in error.faults)
    said = error.args[0] if len(error.args) == 1 else None
    return Phrase.of(said if isinstance(said, Phrase) else str(error))


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with something that came from outside.

    ``where`` is a file path or the name of a request; ``line`` is 1-based; ``field`` is a dotted path
    such as ``customer.jurisdiction``.
    """

    message: str
    field: str | None = None
    where: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        """Return ``where:line: field: message`` with the unknown parts left out."""
        return str(self.words)

    @property
    def words(self) -> Phrase:
        """The whole of it, in which the message can still be said in another language."""
        place = ":".join(str(part) for part in (self.where, self.line) if part is not None)
        return joined((part for part in (place, self.field, Phrase.of(self.message)) if part), ": ")


class ThinkTwiceError(Exception):
    """Root of all errors that a caller of ThinkTwice may handle."""


class InputError(ThinkTwiceError):
    """Something from outside cannot be used; ``faults`` says what, where and what would be right."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(str(fault) for fault in faults))
        self.faults = faults

    @classmethod
    def of(
        cls, message: str, *, field: str | None = None, where: str | None = None, line: int | None = None
    ) -> InputError:
        """Build an error with one fault."""
        return cls(Fault(message, field, where, line))


class ConflictError(ThinkTwiceError):
    """The same key came before with another body."""


class NotFoundError(ThinkTwiceError):
    """Nothing is known under this name."""


class UnavailableError(ThinkTwiceError):
    """What was asked cannot be made durable right now, so it is refused."""


class StateError(ThinkTwiceError):
    """What was asked does not fit how things stand now; nothing was changed."""


class SecondPersonError(ThinkTwiceError):
    """Another named person has to do this: one alone may not."""
