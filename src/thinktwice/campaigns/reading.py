"""One pack read from its folder and checked: all faults and warnings together, each with file, line and field.

Invariant: reading looks at exactly the files of the format and refuses a folder that holds others, so that nothing
unread can be believed to be live.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final, cast, get_args

from thinktwice.campaigns.checking import arm_warnings, audience_faults, known_to, policy_warnings
from thinktwice.campaigns.jurisdictions import CODES, locale_faults, locale_warnings
from thinktwice.campaigns.message import Message
from thinktwice.campaigns.message_files import MessageFiles, read_message_files
from thinktwice.campaigns.pack import LOOKALIKE_PACK, Arm, Journey, Pack
from thinktwice.campaigns.partners import NOBODY, Partners
from thinktwice.campaigns.release import read_release, release_warnings
from thinktwice.campaigns.typologies import typology_faults
from thinktwice.campaigns.words import Words
from thinktwice.contacts.document import Entry, parse_document, read_source
from thinktwice.contacts.fields import NAME, Fields, Form
from thinktwice.contacts.letters import passing_letter
from thinktwice.contacts.registry import Contacts
from thinktwice.errors import Fault, InputError, Phrase
from thinktwice.records.campaign import ANYWHERE
from thinktwice.records.signal import Catalogue
from thinktwice.records.vocabulary import RUNGS, NoScreen, Rung
from thinktwice.targeting.audience import Audience, read_audience

_FIELDS: Final = (
    "id",
    "title",
    "priority",
    "jurisdictions",
    "currency",
    "partners",
    "audience",
    "disabled_without",
    "intervention",
    "no_screen",
    "typologies",
    "arms",
)
_CURRENCY: Final = Form(re.compile(r"[A-Z]{3}"), "write the three letters of ISO 4217, such as USD")
_MAX_AUDIENCE: Final = 10_000
_TRIED: Final = ("inform", "confirm")
"""Rungs between which arms may differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a pack is checked against: signals, who can be called, the day, the reporting currency, known partners."""

    catalogue: Catalogue
    contacts: Contacts
    today: date
    currency: str | None = None
    partners: Partners = NOBODY


@dataclass(frozen=True, slots=True)
class Reading:
    """A pack, or None with the faults that forbid it; warnings forbid nothing."""

    pack: Pack | None
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]


def read_pack(folder: Path, around: Surroundings) -> Reading:
    """Read and check one folder; never raises for what is in the folder."""
    faults: list[Fault] = []
    warnings: list[Fault] = []
    if not folder.is_dir() or folder.is_symlink():
        return Reading(None, (Fault("there is no such folder of a pack", where=str(folder)),), ())
    _check_files(folder, faults)
    campaign = _document(folder / "campaign.yaml", folder, faults)
    release = _document(folder / "release.yaml", folder, faults)
    if campaign is None or release is None:
        return Reading(None, tuple(faults), ())
    pack = _read(folder, campaign, release, around, faults, warnings)
    return Reading(None if faults else pack, tuple(faults), tuple(warnings))


def _read(
    folder: Path, campaign: Entry, release: Entry, around: Surroundings, faults: list[Fault], warnings: list[Fault]
) -> Pack | None:
    fields = Fields(campaign, _FIELDS, faults)
    jurisdictions = _jurisdictions(fields)
    identifier = _identifier(fields, folder)
    is_lookalike = identifier == LOOKALIKE_PACK
    typologies = fields.texts("typologies", required=not is_lookalike, form=NAME)
    intervention = cast("Rung", fields.choice("intervention", RUNGS))
    no_screen = cast("NoScreen", fields.choice("no_screen", get_args(NoScreen)))
    partners = fields.texts("partners", required=False, form=NAME)
    for field, message in typology_faults(typologies, intervention, no_screen):
        fields.fault(field, message)
    arms = _arms(fields, intervention)
    words = read_message_files(folder / "messages", typologies, arms, is_lookalike=is_lookalike, faults=faults)
    _check_words(folder / "messages", words, jurisdictions, around, faults, warnings)
    arms = {name: replace(arm, words=_messages_of(words.arms.get(name, {}))) for name, arm in arms.items()}
    read = read_release(release, arms=tuple(arms), intervention=intervention, no_screen=no_screen, faults=faults)
    warnings += release_warnings(read, intervention, partners, around.today, str(folder / "release.yaml"))
    title, priority = fields.text("title"), fields.integer("priority", 0, 1000)
    if passing := passing_letter(title):
        fields.fault("title", passing)
    currency = _currency(fields, around.currency)
    audience = _audience(fields, around.catalogue, jurisdictions, faults, warnings)
    warnings += arm_warnings(arms, read.weights, fields.place("arms", ""))
    if audience is None:
        return None
    return Pack(
        id=identifier,
        title=title,
        priority=priority,
        jurisdictions=jurisdictions,
        currency=currency,
        partners=partners,
        audience=audience,
        intervention=intervention,
        no_screen=no_screen,
        typologies=typologies,
        arms=arms,
        messages=_messages_of(words.campaign),
        release=read,
    )


def _identifier(fields: Fields, folder: Path) -> str:
    found, named = fields.text("id", form=NAME, longest=64), folder.resolve().name
    if found and named != found:
        fields.fault("id", Phrase("the folder is named %(named)s; folder and id are the same", named=named))
    return found


def _check_words(
    folder: Path,
    words: MessageFiles,
    jurisdictions: Sequence[str],
    around: Surroundings,
    faults: list[Fault],
    warnings: list[Fault],
) -> None:
    faults += locale_faults(jurisdictions, tuple(words.campaign), str(folder))
    warnings += locale_warnings(jurisdictions, tuple(words.campaign), str(folder))
    found = words.findings(known_to(jurisdictions, around.contacts, around.partners, around.today))
    faults += found[0]
    warnings += found[1]


def _messages_of(words: Mapping[str, Words | None]) -> dict[str, Message]:
    return {locale: said.message for locale, said in words.items() if said is not None}


def _document(path: Path, folder: Path, faults: list[Fault]) -> Entry | None:
    text = read_source(path, folder, faults)
    return None if text is None else parse_document(text, str(path), faults)


def _check_files(folder: Path, faults: list[Fault]) -> None:
    """Refuse what is not part of the format; hidden files of file managers and a README are left alone."""
    for path in sorted(folder.iterdir()):
        is_known = path.name in ("campaign.yaml", "release.yaml", "messages", "README.md")
        if not is_known and not path.name.startswith("."):
            faults.append(
                Fault("is not part of a pack; known: campaign.yaml, release.yaml, messages/", where=str(path))
            )
    messages = folder / "messages"
    if not messages.is_dir() or messages.is_symlink():
        faults.append(Fault("is missing; make the folder with one file a language, such as en.md", where=str(messages)))


def _jurisdictions(fields: Fields) -> tuple[str, ...]:
    found = fields.texts("jurisdictions")
    for code in found:
        if code != ANYWHERE and code not in CODES:
            fields.fault(
                "jurisdictions",
                Phrase("%(code)s is no ISO 3166 alpha-2 code, such as HK (or '*' for everywhere)", code=code),
            )
    if ANYWHERE in found and len(found) > 1:
        fields.fault("jurisdictions", "'*' means everywhere; write it alone")
    if fields.entry("jurisdictions") is not None and not found:
        fields.fault("jurisdictions", "name at least one")
    return found


def _arm_rung(arm: Fields, intervention: Rung) -> Rung | None:
    """Return the rung that an arm tries; what must always be shown cannot be tried against less (rule 6)."""
    if arm.entry("rung") is None:
        return None
    rung = cast("Rung", arm.choice("rung", _TRIED))
    if intervention not in _TRIED:
        arm.fault(
            "rung",
            Phrase(
                "%(intervention)s is outside every arm; only inform and confirm can be tried", intervention=intervention
            ),
        )
    return None if rung == intervention else rung


def _arms(fields: Fields, intervention: Rung) -> dict[str, Arm]:
    group = fields.group("arms", None, required=True)
    arms: dict[str, Arm] = {}
    for name in group.names if group is not None else ():
        if not NAME.pattern.fullmatch(name) or name == "holdout":
            fields.fault(
                "arms", Phrase("%(name)s is no name of an arm; %(says)s, and not holdout", name=name, says=NAME.says)
            )
        arm = group.group(name, ("journey", "rung"), required=True) if group is not None else None
        if arm is not None:
            arms[name] = Arm(cast("Journey", arm.choice("journey", get_args(Journey))), _arm_rung(arm, intervention))
    if group is not None and not arms:
        fields.fault("arms", "declare at least one, such as a: {journey: story_first}")
    return arms


def _audience(
    fields: Fields, catalogue: Catalogue, jurisdictions: Sequence[str], faults: list[Fault], warnings: list[Fault]
) -> Audience | None:
    text = fields.text("audience", longest=_MAX_AUDIENCE)
    place = fields.place("audience", "")
    if not text:
        return None
    try:
        audience = read_audience(text, catalogue, where=place.where, line=place.line)
    except InputError as error:
        faults.extend(error.faults)
        return None
    faults += audience_faults(audience, catalogue, jurisdictions, place)
    reasons = fields.group("disabled_without", catalogue)
    accepted = {name: reasons.text(name, longest=500) for name in reasons.names} if reasons is not None else {}
    warnings += policy_warnings(audience, accepted, place)
    return audience


def _currency(fields: Fields, reporting: str | None) -> str:
    found = fields.text("currency", form=_CURRENCY)
    if reporting is not None and found and found != reporting:
        fields.fault(
            "currency", Phrase("amounts here are in the reporting currency, %(reporting)s", reporting=reporting)
        )
    return found
