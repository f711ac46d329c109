"""A new jurisdiction's pack, begun from the words that are used everywhere.

Invariants: nothing that exists is overwritten; what is written is a draft: nobody approved it, no holdout, no partner,
and a language that nobody shared yet holds the English words, which ``check`` tells apart until they are translated.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from babel import Locale

from thinktwice.campaigns.jurisdictions import CODES, FALLBACK
from thinktwice.campaigns.library import shipped_packs
from thinktwice.campaigns.pack import GENERIC_PACK
from thinktwice.campaigns.typologies import taxonomy
from thinktwice.campaigns.typology_texts import PARTS, shared_texts
from thinktwice.contacts.fields import NAME, nearest
from thinktwice.contacts.loading import shipped_contacts
from thinktwice.errors import InputError

_LOCALE: Final = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")

_CAMPAIGN: Final = """\
# Draft for {place}: not approved by any authority. A partner is named below `currency` once one has agreed.
id: {id}
title: Anti-scam campaign, {place} (not approved by any authority)
priority: 50                       # higher wins; the words used everywhere have 10, look-alikes 100
jurisdictions: [{code}]
currency: {currency}
audience: NOT is_established_destination AND fiat_amount >= 200
intervention: confirm              # inform | confirm | ask | hold | refer
no_screen: notice                  # what API and batch withdrawals get: hold | refer | notice
typologies: [{typologies}]   # first is the default story
arms:
  a: {{journey: story_first}}
  b: {{journey: self_check_first}}
"""
_RELEASE: Final = """\
# Before a pilot: agree the dates with the police, and set a holdout with a plan (`thinktwice plan`).
experiment: {id}
starts_at: {starts_at}
holdout: 0
weights: {{a: 1, b: 1}}
frequency_cap: {{triggers: 1, per_days: 7}}
"""
_CONTACTS: Final = """\
# {place}: whom a customer can ask. Nothing is known yet; customers see plain words and no number.
jurisdiction: {code}
contacts: []
"""


def new_pack(
    folder: Path,
    code: str,
    locales: Sequence[str],
    typologies: Sequence[str],
    *,
    contacts: Path | None,
    currency: str,
    now: datetime,
) -> list[Path]:
    """Write the files of a new pack, and of its contacts where a folder for them is given; return their paths.

    Raises:
        InputError: the folder exists, or a name, code, language or kind of scam is none.
    """
    _refuse(folder, code, locales, typologies)
    place = Locale.parse("en").territories[code]
    wanted = dict.fromkeys((FALLBACK, *locales))
    (folder / "messages").mkdir(parents=True)
    fields = {"id": folder.name, "place": place, "code": code, "currency": currency}
    campaign = _CAMPAIGN.format(**fields, typologies=", ".join(typologies))
    release = _RELEASE.format(id=folder.name, starts_at=now.strftime("%Y-%m-%dT00:00:00Z"))
    texts = {folder / "campaign.yaml": campaign, folder / "release.yaml": release}
    for locale in wanted:
        texts[folder / "messages" / f"{locale}.md"] = _message(locale, str(place), typologies)
    for path, text in texts.items():
        path.write_text(text, "utf-8")
    return [*texts, *_contacts_file(contacts, code, str(place))]


def _refuse(folder: Path, code: str, locales: Sequence[str], typologies: Sequence[str]) -> None:
    if folder.exists():
        raise InputError.of("exists already; name a new folder", where=str(folder))
    if not NAME.pattern.fullmatch(folder.name):
        raise InputError.of(f"the folder's name is the pack's id: {NAME.says}", where=str(folder))
    if code not in CODES:
        raise InputError.of(f"{code} is no ISO 3166 alpha-2 code, such as MY", field="jurisdiction")
    for locale in locales:
        if not _LOCALE.fullmatch(locale):
            raise InputError.of(f"{locale} is no language tag, such as ms or zh-Hans", field="locale")
    for name in typologies:
        if name not in taxonomy():
            raise InputError.of(f"{name} is no kind of scam here{nearest(name, tuple(taxonomy()))}", field="typology")


def _message(locale: str, place: str, typologies: Sequence[str]) -> str:
    """Return the words used everywhere in this language; in one that nobody wrote yet, English ones to translate."""
    shipped = shipped_packs() / GENERIC_PACK / "messages"
    path = shipped / f"{locale}.md"
    is_known = path.is_file()
    text = (path if is_known else shipped / f"{FALLBACK}.md").read_text("utf-8")
    front = f"---\nlocale: {locale}\ntitle: {place}\nreviewed: none\n---\n"
    body = text.split("---\n", 2)[2]
    return front + body + ("" if is_known else "".join(_stories(typologies)))


def _stories(typologies: Sequence[str]) -> list[str]:
    shared = shared_texts(FALLBACK)
    assert shared is not None
    return [
        f"\n## typology.{name}.{part}\n\n{shared.sections[f'typology.{taxonomy()[name].texts}.{part}'].text}\n"
        for name in typologies
        for part in PARTS
    ]


def _contacts_file(folder: Path | None, code: str, place: str) -> list[Path]:
    """Copy what is known of the jurisdiction's contacts, or begin an empty file; an existing one is left alone."""
    if folder is None:
        return []
    path = folder / f"{code.lower()}.yaml"
    if path.exists():
        return []
    folder.mkdir(parents=True, exist_ok=True)
    known = shipped_contacts() / path.name
    if known.is_file():
        shutil.copyfile(known, path)
    else:
        path.write_text(_CONTACTS.format(place=place, code=code), "utf-8")
    return [path]
