"""A version read back from its stored content: words, arms and contacts, as they were when it was in force.

Invariants: nothing is read back unless its bytes still hash to the version asked for; what is read back makes the same
alert as the pack did, because an alert is made of nothing but ``Wording``, contacts and facts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from thinktwice.campaigns.message import Message, Question, TypologyText
from thinktwice.campaigns.pack import Arm
from thinktwice.campaigns.version import hash_of, laid_over
from thinktwice.contacts.opening import Opening
from thinktwice.contacts.registry import Contact, Contacts
from thinktwice.errors import InputError, Phrase
from thinktwice.records.vocabulary import Rung


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredVersion:
    """One version of a campaign; ``renderer`` is the renderer it was released for, ``content`` what it hashes.

    ``contacts`` are those it was resolved with: all of them were verified then, and none is hidden here for its age.
    """

    id: str
    version: str
    renderer: str
    intervention: Rung
    typologies: tuple[str, ...]
    arms: Mapping[str, Arm]
    messages: Mapping[str, Message]
    contacts: Contacts
    content: bytes


def read_stored(content: bytes, version: str) -> StoredVersion:
    """Read the stored content of a version.

    Raises:
        InputError: the bytes are not those of the version, or of a shape that this release cannot show.
    """
    if hash_of(content) != version:
        raise InputError.of(
            Phrase("the stored content of version %(version)s was changed: its hash is another", version=version[:12])
        )
    try:
        fields = msgspec.json.decode(content)
        return StoredVersion(
            id=fields["id"],
            version=version,
            renderer=fields["renderer"],
            intervention=fields["intervention"],
            typologies=tuple(fields["typologies"]),
            arms={name: _arm(name, shown, fields) for name, *shown in fields["arms"]},
            messages={locale: _message(message) for locale, message in fields["messages"].items()},
            contacts=_contacts(fields["contacts"]),
            content=content,
        )
    except (msgspec.DecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError.of(
            Phrase(
                "version %(version)s has a shape that this release cannot show: %(error)s",
                version=version[:12],
                error=error,
            )
        ) from error


def _arm(name: str, shown: list[Any], fields: dict[str, Any]) -> Arm:
    """Return an arm with its words, whole; versions from before arms had words have no such field."""
    own: dict[str, dict[str, Any]] = fields.get("arm_words", {}).get(name, {})
    words = {locale: _message(laid_over(fields["messages"][locale], texts)) for locale, texts in own.items()}
    journey, rung = (*shown, None)[:2]
    return Arm(journey, rung, words)


def _message(fields: dict[str, Any]) -> Message:
    told: dict[str, dict[str, Any]] = fields["stories"]
    stories = {name: TypologyText(**story | {"signs": tuple(story["signs"])}) for name, story in told.items()}
    questions = tuple(
        Question(one["id"], one["text"], tuple((id_, text) for id_, text in one["options"]))
        for one in fields.get("questions", ())
    )
    return Message(**fields | {"stories": stories, "questions": questions, "tips": tuple(fields["tips"])})


def _contacts(found: dict[str, list[dict[str, Any]]]) -> Contacts:
    return Contacts({code: tuple(_contact(code, fields) for fields in some) for code, some in found.items()})


def _contact(jurisdiction: str, fields: dict[str, Any]) -> Contact:
    given = fields.get("opening")  # which versions released before opening hours had a structure do not have
    opening = Opening(**given | {"texts": tuple(given["texts"])}) if given else None
    return Contact(
        id=f"{jurisdiction}:{fields['name']}",
        jurisdiction=jurisdiction,
        source=None,
        source_quality="official",
        status="verified",
        last_verified=date.min,
        expires=date.max,
        **fields | {"languages": tuple(fields["languages"]), "opening": opening},
    )
