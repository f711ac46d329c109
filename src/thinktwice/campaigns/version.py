"""The version of a pack: the hash of what a customer can see and of whom it reaches; and the hash of its release.

Invariants: how files are laid out does not matter, since the hash is over parsed content in RFC 8785 canonical JSON;
one changed word, number or contact does. Staff-only fields (title, who reviewed the words, sources of contacts) are
not part of it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

import msgspec
import rfc8785

from thinktwice.campaigns.message import Message
from thinktwice.campaigns.pack import Pack, Release
from thinktwice.contacts.registry import Contact, Contacts
from thinktwice.records.campaign import ANYWHERE

RENDERER_VERSION: Final = "2"
"""Raised whenever the same pack and contacts begin to look different to a customer: other blocks, another order, other
markup, other words around them. A test renders a pinned sample and fails until it is raised."""

_STAFF_ONLY: Final = ("title", "reviewed")
_LITERAL: Final = re.compile(r"('(?:[^']|'')*')")


def version_hash(
    pack: Pack, contacts: Contacts, today: date, *, logos: Mapping[str, str] | None = None, renderer: str | None = None
) -> str:
    """Return the content hash of a pack as lower-case hex SHA-256: of the bytes of ``version_content``."""
    return hash_of(version_content(pack, contacts, today, logos=logos, renderer=renderer))


def version_content(
    pack: Pack, contacts: Contacts, today: date, *, logos: Mapping[str, str] | None = None, renderer: str | None = None
) -> bytes:
    """Return what the version is the hash of, as canonical JSON: all that is needed to show it again.

    ``contacts`` are resolved for ``today``: an expired one is hidden, so its expiry makes a new version. ``logos``
    are digests of the partners' logos; ``renderer`` is ``RENDERER_VERSION`` unless a test says otherwise. Of an arm's
    own words stands what differs from the campaign's; where no arm has any, the field is left out.
    """
    arm_words = {name: _arm_words(arm.words, pack) for name, arm in pack.arms.items() if arm.words}
    return _canonical(
        {
            **({"arm_words": arm_words} if arm_words else {}),
            "id": pack.id,
            "priority": pack.priority,
            "jurisdictions": sorted(pack.jurisdictions),
            "currency": pack.currency,
            "partners": list(pack.partners),
            "audience": canonical_audience(pack.audience.text),
            "intervention": pack.intervention,
            "no_screen": pack.no_screen,
            "typologies": list(pack.typologies),
            "arms": [[name, arm.journey, *([arm.rung] if arm.rung else [])] for name, arm in pack.arms.items()],
            "messages": {locale: _message(message, pack) for locale, message in pack.messages.items()},
            "contacts": resolved_contacts(pack, contacts, today),
            "logos": dict(logos or {}),
            "renderer": renderer or RENDERER_VERSION,
        }
    )


def release_hash(release: Release, version: str) -> str:
    """Return the hash of a release of one version as lower-case hex SHA-256."""
    content = {"version": version, **asdict(release), **_rules(release), "weights": list(release.weights.items())}
    del content["plan"]  # a release without a plan keeps the hash that it had before there were plans
    if release.plan is not None:
        content["plan"] = msgspec.structs.asdict(release.plan)
    return hash_of(_canonical(content))


def hash_of(content: bytes) -> str:
    """Return lower-case hex SHA-256, which is the version of such a content."""
    return hashlib.sha256(content).hexdigest()


def resolved_contacts(pack: Pack, contacts: Contacts, today: date) -> dict[str, list[dict[str, Any]]]:
    """Return what customers of the pack's jurisdictions can see of contacts on ``today``."""
    codes = contacts.by_jurisdiction if ANYWHERE in pack.jurisdictions else pack.jurisdictions
    shown = {code: contacts.for_jurisdiction(code, today) for code in codes}
    return {code: [_seen(contact) for contact in found] for code, found in shown.items() if found}


def seen_contacts(contacts: Contacts, jurisdiction: str, today: date) -> list[dict[str, Any]]:
    """Return what customers of one jurisdiction see of contacts on ``today``, as it stands in a version's content."""
    seen = [_seen(contact) for contact in contacts.for_jurisdiction(jurisdiction, today)]
    found: list[dict[str, Any]] = msgspec.json.decode(_canonical({"seen": seen}))["seen"]
    return found


def canonical_audience(text: str) -> str:
    """Return an audience with runs of spaces and line ends outside quotes as one space."""
    parts = _LITERAL.split(text.strip())
    return "".join(part if number % 2 else re.sub(r"\s+", " ", part) for number, part in enumerate(parts))


def _message(message: Message, pack: Pack) -> dict[str, Any]:
    content = {name: value for name, value in asdict(message).items() if name not in _STAFF_ONLY}
    return content | {"stories": {name: asdict(message.stories[name]) for name in pack.typologies}}


def _arm_words(words: Mapping[str, Message], pack: Pack) -> dict[str, Any]:
    return {locale: changed(_message(pack.messages[locale], pack), _message(words[locale], pack)) for locale in words}


def changed(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Return the texts of a message that differ from those of another, in its own shape; ``laid_over`` undoes it."""
    return {
        name: changed(base[name], value) if name == "stories" else value
        for name, value in own.items()
        if value != base[name]
    }


def laid_over(base: Mapping[str, Any], texts: Mapping[str, Any]) -> dict[str, Any]:
    """Return a message's texts with some of them put in the place of the old ones."""
    stories = {**base["stories"], **texts.get("stories", {})}
    return {**base, **texts, "stories": stories}


def _seen(contact: Contact) -> dict[str, Any]:
    opening = contact.opening
    return {
        "opening": None if opening is None else asdict(opening),
        "name": contact.name,
        "names": dict(contact.names),
        "purpose": contact.purpose,
        "phone": contact.phone,
        "url": contact.url,
        "hours": contact.hours,
        "hours_by_locale": dict(contact.hours_by_locale),
        "languages": list(contact.languages),
    }


def _rules(release: Release) -> dict[str, Any]:
    rules = {"frequency_cap": release.frequency_cap, "blast_radius": release.blast_radius, "hold": release.hold}
    return {name: None if rule is None else msgspec.structs.asdict(rule) for name, rule in rules.items()}


def _canonical(content: Mapping[str, Any]) -> bytes:
    return rfc8785.dumps(_plain(content))


def _plain(value: Any) -> Any:
    """Return JSON's own types; times in UTC and decimals as text, so that equal values are written alike."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value
