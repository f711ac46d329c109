"""Who may appear beside an alert, and with which keys they approve: ``partners.yaml`` and the logos beside it.

Invariants: keys that prove an approval are read from this folder and never from the database, so whoever can write the
database but holds no passkey cannot make a badge (ADR 21); a key taken out of the file ends every badge that rests on
it; a version listed as withdrawn here stays without a badge whatever the database says; what is shown of a partner, its
names and its logo, has one digest, which is part of every version that names it.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import rfc8785

from thinktwice.contacts.document import Entry, parse_document, read_source
from thinktwice.contacts.fields import NAME, Fields, Form
from thinktwice.contacts.letters import passing_letter
from thinktwice.contacts.likeness import alike
from thinktwice.errors import Fault, InputError, Phrase

OPERATOR: Final = "operator"
"""The operator's own side of an approval; no partner may be called so."""

FILE: Final = "partners.yaml"
MAX_LOGO_BYTES: Final = 64 * 1024

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_FIELDS: Final = ("id", "name", "names", "logo", "agency", "keys", "withdrawn")
_KEY_FIELDS: Final = ("credential", "public_key", "rp_id", "origins", "note")
_BASE64URL: Final = Form(re.compile(r"[A-Za-z0-9_-]{16,1400}"), "write base64url without =")
_RP_ID: Final = Form(re.compile(r"[a-z0-9.-]{1,253}"), "write the host name that the passkey belongs to")
_ORIGIN: Final = Form(
    re.compile(r"https?://[^\s/?#@]{1,260}"), "write scheme, host and port, such as https://example.org"
)
_AGENCY: Final = Form(
    re.compile(r"[A-Za-z0-9_-]{1,64}"), "write the id that stands in the address of the agency's page"
)
_VERSION: Final = Form(re.compile(r"[0-9a-f]{64}"), "write the 64 digits of a version")
_LOGO: Final = Form(re.compile(r"[a-z0-9][a-z0-9_-]{0,63}\.png"), "write the name of a PNG file beside partners.yaml")
_LOCALE: Final = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedKey:
    """A passkey that the operator checked with its holder: COSE public key, and where it may have been used."""

    credential_id: bytes
    public_key: bytes = field(repr=False)
    rp_id: str
    origins: tuple[str, ...]

    @property
    def fingerprint(self) -> str:
        """128 bits of what the key is and where it counts, in groups of four: to be compared over the telephone."""
        told = {"key": to_base64url(self.public_key), "rp_id": self.rp_id, "origins": sorted(self.origins)}
        digits = hashlib.sha256(rfc8785.dumps({**told, "credential": to_base64url(self.credential_id)})).hexdigest()[
            :32
        ]
        return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))

    def as_entry(self, note: str = "") -> str:
        """Return the key as an entry of ``keys`` in ``partners.yaml``."""
        lines = (
            f"- credential: {to_base64url(self.credential_id)}",
            f"  public_key: {to_base64url(self.public_key)}",
            f"  rp_id: {self.rp_id}",
            f"  origins: [{', '.join(repr(one) for one in self.origins)}]",
        )
        return "\n".join((*lines, *([f"  note: {note}"] if note else [])))


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """One agency as customers see it; ``mark`` is the digest of what is shown of it.

    ``agency`` is its id at the portal, where it has one: its officers see there what is submitted for its approval.
    """

    id: str
    name: str
    names: Mapping[str, str] = field(default_factory=dict)
    logo: bytes | None = field(default=None, repr=False)
    agency: str | None = None
    keys: tuple[PinnedKey, ...] = ()
    withdrawn: frozenset[str] = frozenset()

    @property
    def all_names(self) -> tuple[str, ...]:
        """The name in every language."""
        return (self.name, *self.names.values())

    def name_in(self, locale: str) -> str:
        """Return the name in this language, else in English."""
        return self.names.get(locale, self.name)

    @property
    def mark(self) -> str:
        """Digest of names and logo, as lower-case hex SHA-256: one pixel or letter changed gives another."""
        logo = None if self.logo is None else hashlib.sha256(self.logo).hexdigest()
        return hashlib.sha256(rfc8785.dumps({"name": self.name, "names": dict(self.names), "logo": logo})).hexdigest()


@dataclass(frozen=True, slots=True)
class Partners:
    """All partners by id; ``operator`` are the keys of the operator's own approvers, where they are pinned too."""

    by_id: Mapping[str, Partner] = field(default_factory=dict)
    operator: tuple[PinnedKey, ...] = ()

    def marks(self, ids: Iterable[str]) -> dict[str, str]:
        """Return the digests of those that are known here, for the version of a pack that names them."""
        return {name: self.by_id[name].mark for name in ids if name in self.by_id}

    def of_agency(self, agency_id: str) -> Partner | None:
        """Return the partner that an agency of the portal is, if it is one."""
        return next((one for one in self.by_id.values() if one.agency == agency_id), None)

    def keys_of(self, side: str) -> tuple[PinnedKey, ...]:
        """Return the keys with which a side approves."""
        if side == OPERATOR:
            return self.operator
        partner = self.by_id.get(side)
        return partner.keys if partner else ()


NOBODY: Final = Partners()
"""No partner is known, so no badge is ever shown."""


def load_partners(folder: Path | None) -> Partners:
    """Read ``partners.yaml`` and the logos of a folder; without a folder nobody is known.

    Raises:
        InputError: with every fault, each with file, line and field.
    """
    if folder is None:
        return NOBODY
    faults: list[Fault] = []
    text = read_source(folder / FILE, folder, faults)
    document = None if text is None else parse_document(text, str(folder / FILE), faults)
    if document is None:
        raise InputError(*faults)
    fields = Fields(document, ("partners", "operator"), faults)
    operator = fields.group("operator", ("keys",))
    found = [_partner(item, folder, faults) for item in fields.entries("partners")]
    ids = [partner.id for partner in found]
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        fields.fault("partners", Phrase("the id %(name)s is given twice", name=name))
    agencies = [partner.agency for partner in found if partner.agency is not None]
    for name in sorted({name for name in agencies if agencies.count(name) > 1}):
        fields.fault("partners", Phrase("the agency %(name)s is given twice", name=name))
    for name, other in alike(name for partner in found for name in partner.all_names):
        fields.fault("partners", Phrase("%(name)s looks like %(other)s and is another name", name=name, other=other))
    own = tuple(_key(item, faults) for item in operator.entries("keys")) if operator else ()
    if faults:
        raise InputError(*faults)
    return Partners({partner.id: partner for partner in found}, own)


def _partner(item: Entry, folder: Path, faults: list[Fault]) -> Partner:
    fields = Fields(item, _FIELDS, faults)
    identifier = fields.text("id", form=NAME, longest=64)
    if identifier == OPERATOR:
        fields.fault("id", "operator is the operator's own side")
    names = fields.group("names", None)
    for locale in names.names if names else ():
        if names and not _LOCALE.fullmatch(locale):
            names.fault(locale, "write a language tag, such as zh-Hant")
    name = fields.text("name", longest=120)
    if passing := passing_letter(name, "en"):
        fields.fault("name", passing)
    named = {locale: names.text(locale, longest=120) for locale in names.names} if names else {}
    for locale, said in named.items():
        if names and (passing := passing_letter(said, locale)):
            names.fault(locale, passing)
    return Partner(
        id=identifier,
        name=name,
        names=named,
        logo=_logo(fields, folder),
        agency=fields.optional_text("agency", form=_AGENCY),
        keys=tuple(_key(one, faults) for one in fields.entries("keys", required=False)),
        withdrawn=frozenset(fields.texts("withdrawn", required=False, form=_VERSION)),
    )


def _logo(fields: Fields, folder: Path) -> bytes | None:
    name = fields.optional_text("logo", form=_LOGO)
    if name is None or not _LOGO.pattern.fullmatch(name):
        return None
    path = folder / name
    if path.is_symlink() or not path.is_file():
        fields.fault("logo", Phrase("there is no such file: %(path)s", path=path))
        return None
    if path.stat().st_size > MAX_LOGO_BYTES:
        fields.fault("logo", Phrase("is larger than %(most)s KB", most=MAX_LOGO_BYTES // 1024))
        return None
    content = path.read_bytes()
    if not content.startswith(_PNG):
        fields.fault("logo", "is no PNG image")
    return content


def _key(item: Entry, faults: list[Fault]) -> PinnedKey:
    fields = Fields(item, _KEY_FIELDS, faults)
    fields.optional_text("note")
    return PinnedKey(
        credential_id=_bytes(fields, "credential"),
        public_key=_bytes(fields, "public_key"),
        rp_id=fields.text("rp_id", form=_RP_ID),
        origins=fields.texts("origins", form=_ORIGIN),
    )


def _bytes(fields: Fields, name: str) -> bytes:
    found = fields.text(name, form=_BASE64URL, longest=1400)
    try:
        return from_base64url(found)
    except ValueError:
        fields.fault(name, _BASE64URL.says)
        return b""


def from_base64url(text: str) -> bytes:
    """Return the bytes of base64url without padding.

    Raises:
        ValueError: it is not base64url.
    """
    if not re.fullmatch(r"[A-Za-z0-9_-]*", text):
        raise ValueError("is not base64url without padding")
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from error


def to_base64url(content: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
