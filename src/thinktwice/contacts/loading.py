"""Contacts read from a folder of ``<jurisdiction>.yaml`` files.

Invariants: a phone is one that the numbering plan of its jurisdiction knows, or carries a written reason; an address
is ``https`` on a host that the same file pins; a contact that is not from an official source cannot be marked
verified before the operator's call-back is recorded beside it; a fact ends within two years of being checked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final, cast, get_args
from urllib.parse import urlsplit

import phonenumbers

from thinktwice.contacts.document import Entry, parse_document, read_source
from thinktwice.contacts.fields import NAME, Fields, Form
from thinktwice.contacts.letters import passing_letter
from thinktwice.contacts.likeness import alike
from thinktwice.contacts.opening import read_opening
from thinktwice.contacts.registry import (
    NEEDS_CALL_BACK,
    PURPOSES,
    CallBack,
    Contact,
    Contacts,
    Purpose,
    SourceQuality,
    Status,
)
from thinktwice.errors import Fault, InputError, Phrase

_FILE_FIELDS: Final = ("jurisdiction", "hosts", "note", "contacts")
_CONTACT_FIELDS: Final = (
    "id",
    "name",
    "names",
    "purpose",
    "phone",
    "phone_exception",
    "url",
    "hours",
    "hours_by_locale",
    "opening",
    "languages",
    "source",
    "source_quality",
    "last_verified",
    "expires",
    "status",
    "note",
    "called_back",
    "calls_per_hour",
)
_CALL_BACK_FIELDS: Final = ("on", "by_role", "note")
_ISO2: Final = Form(re.compile(r"[A-Z]{2}"), "write the two letters of ISO 3166, such as HK")
_LOCALE: Final = Form(re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?"), "write a language tag, such as zh-Hant")
_PHONE: Final = Form(re.compile(r"[+#*]?[0-9][0-9 -]{1,18}"), "write the number as it is dialled in the jurisdiction")
LONGEST: Final = timedelta(days=731)
"""How long a fact may count after it was checked: two years; most are set to half of one."""

_HOST: Final = Form(
    re.compile(r"(?!xn--)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\.[a-z]{2,}"),
    "write a host name in lower-case ASCII, such as www.adcc.gov.hk",
)


def shipped_contacts() -> Path:
    """Return the folder of the contacts that come with ThinkTwice."""
    return Path(__file__).parents[1] / "packs" / "contacts"


def load_contacts(folder: Path) -> Contacts:
    """Read every ``*.yaml`` of a folder.

    Raises:
        InputError: with every fault of every file, each with file, line and field.
    """
    faults: list[Fault] = []
    found: dict[str, tuple[Contact, ...]] = {}
    if not folder.is_dir():
        raise InputError.of("there is no such folder of contacts", where=str(folder))
    for path in sorted(folder.glob("*.yaml")):
        text = read_source(path, folder, faults)
        document = None if text is None else parse_document(text, str(path), faults)
        if document is not None:
            jurisdiction, contacts = _read_file(document, path, faults)
            found[jurisdiction] = contacts
    if faults:
        raise InputError(*faults)
    return Contacts(found)


def _read_file(document: Entry, path: Path, faults: list[Fault]) -> tuple[str, tuple[Contact, ...]]:
    fields = Fields(document, _FILE_FIELDS, faults)
    jurisdiction = fields.text("jurisdiction", form=_ISO2)
    if path.stem != jurisdiction.lower():
        fields.fault(
            "jurisdiction",
            Phrase(
                "the file is named %(path)s; name it %(jurisdiction)s.yaml",
                path=path.name,
                jurisdiction=jurisdiction.lower(),
            ),
        )
    fields.optional_text("note", longest=500)
    hosts = fields.texts("hosts", required=False, form=_HOST)
    contacts = tuple(_read_contact(item, jurisdiction, hosts, faults) for item in fields.entries("contacts"))
    ids = [contact.id for contact in contacts]
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        fields.fault("contacts", Phrase("the id %(name)s is given twice", name=name))
    for name, other in alike(name for contact in contacts for name in contact.all_names):
        fields.fault("contacts", Phrase("%(name)s looks like %(other)s and is another name", name=name, other=other))
    return jurisdiction, contacts


def _read_contact(item: Entry, jurisdiction: str, hosts: tuple[str, ...], faults: list[Fault]) -> Contact:
    fields = Fields(item, _CONTACT_FIELDS, faults)
    contact = Contact(
        id=fields.text("id", form=NAME),
        jurisdiction=jurisdiction,
        name=fields.text("name"),
        names=_by_locale(fields, "names"),
        purpose=cast("Purpose", fields.choice("purpose", PURPOSES)),
        phone=fields.optional_text("phone", form=_PHONE),
        url=fields.optional_text("url", longest=500),
        hours=fields.optional_text("hours"),
        hours_by_locale=_by_locale(fields, "hours_by_locale"),
        opening=read_opening(fields),
        languages=fields.texts("languages", required=False, form=_LOCALE),
        source=fields.optional_text("source", longest=500),
        source_quality=cast("SourceQuality", fields.choice("source_quality", get_args(SourceQuality))),
        last_verified=fields.day("last_verified"),
        expires=fields.day("expires"),
        status=cast("Status", fields.choice("status", get_args(Status))),
        note=fields.optional_text("note", longest=500),
        called_back=_call_back(fields),
        calls_per_hour=fields.optional_integer("calls_per_hour", 1, 100_000),
    )
    _check_contact(contact, fields, hosts)
    return contact


def _call_back(fields: Fields) -> CallBack | None:
    group = fields.group("called_back", _CALL_BACK_FIELDS)
    if group is None:
        return None
    return CallBack(group.day("on"), group.text("by_role", form=NAME), group.text("note", longest=500))


def _by_locale(fields: Fields, name: str) -> Mapping[str, str]:
    group = fields.group(name, None)
    if group is None:
        return {}
    for locale in group.names:
        if not _LOCALE.pattern.fullmatch(locale):
            group.fault(locale, _LOCALE.says)
    return {locale: group.text(locale) for locale in group.names}


def _check_contact(contact: Contact, fields: Fields, hosts: tuple[str, ...]) -> None:
    _check_names(contact, fields)
    if contact.phone is None and contact.url is None:
        fields.fault("phone", "give a phone or a url")
    exception = fields.optional_text("phone_exception")
    if contact.phone is not None and exception is None and not _is_dialled(contact.phone, contact.jurisdiction):
        fields.fault(
            "phone",
            Phrase(
                "is no number of %(jurisdiction)s; correct it, or say why in phone_exception",
                jurisdiction=contact.jurisdiction,
            ),
        )
    if contact.url is not None and (wrong := _url_fault(contact.url, hosts)):
        fields.fault("url", wrong)
    if contact.expires <= contact.last_verified:
        fields.fault("expires", "write a day after last_verified")
    elif contact.expires > contact.last_verified + LONGEST:
        fields.fault("expires", Phrase("write a day at most %(days)s days after last_verified", days=LONGEST.days))
    if contact.status == "verified" and not contact.is_verified:
        is_called = contact.source_quality in NEEDS_CALL_BACK
        needed = Phrase("record called_back: {on, by_role, note}") if is_called else Phrase("find one")
        fields.fault(
            "status",
            Phrase("only a fact from an official source can be verified; write recheck, or %(needed)s", needed=needed),
        )
    if contact.called_back is not None and not contact.last_verified <= contact.called_back.on < contact.expires:
        fields.fault("called_back", "the call lies between last_verified and expires; set both anew after a call")
    _check_source(contact, fields)


def _check_source(contact: Contact, fields: Fields) -> None:
    if contact.source is None and contact.source_quality != "unverified":
        fields.fault("source", "is missing; say where this was read")
    elif contact.source is not None and contact.source_quality == "official" and not _is_page(contact.source):
        fields.fault("source", "is official only as a page of the line's own: write its address, from https:// on")


def _is_page(source: str) -> bool:
    """Whether a source is the address of a page; two agencies published theirs by http, and it is said as it was."""
    try:
        parts = urlsplit(source)
    except ValueError:
        return False
    host = parts.hostname or ""
    return parts.scheme in ("https", "http") and parts.username is None and bool(_HOST.pattern.fullmatch(host))


def _check_names(contact: Contact, fields: Fields) -> None:
    if passing := passing_letter(contact.name, "en"):
        fields.fault("name", passing)
    for locale, name in contact.names.items():
        if passing := passing_letter(name, locale):
            fields.fault("names", passing)


def _is_dialled(phone: str, jurisdiction: str) -> bool:
    """Whether the numbering plan of the jurisdiction knows this number or short code."""
    try:
        number = phonenumbers.parse(phone, jurisdiction)
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number_for_region(number, jurisdiction) or (
        phonenumbers.is_valid_short_number_for_region(number, jurisdiction)
    )


def _url_fault(url: str, hosts: tuple[str, ...]) -> str | None:
    """Say what is wrong with an address that customers would open, or None."""
    try:
        parts = urlsplit(url)
        has_port = parts.port is not None
    except ValueError:
        return Phrase("is not an address")
    if parts.scheme != "https" or parts.username is not None or has_port or not url.isascii():
        return Phrase("write an https address without user name or port, in ASCII")
    if parts.hostname not in hosts or parts.netloc != parts.hostname:
        return Phrase(
            "its host is not pinned; add %(hostname)s to hosts of this file once you have checked it",
            hostname=parts.hostname,
        )
    return None
