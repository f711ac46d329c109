"""All packs of an installation, read together, with the policies that decisions need.

Invariants: the library is whole or refused; policies come by priority, highest first, then by id; a pack is given
out only under the version whose words it holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from thinktwice.campaigns.pack import Pack
from thinktwice.campaigns.partners import NOBODY, Partners
from thinktwice.campaigns.reading import Surroundings, read_pack
from thinktwice.campaigns.typologies import is_unauthorised
from thinktwice.campaigns.version import hash_of, release_hash, version_content
from thinktwice.contacts.loading import load_contacts
from thinktwice.contacts.registry import Contacts
from thinktwice.errors import Fault, InputError, NotFoundError
from thinktwice.records.campaign import CampaignPolicy
from thinktwice.records.signal import Catalogue


@dataclass(frozen=True, slots=True)
class Library:
    """Packs by id, the version of each, their policies, the contacts they were resolved with, and warnings.

    ``contents`` holds for each campaign the bytes that its version is the hash of.
    """

    packs: Mapping[str, Pack]
    versions: Mapping[str, str]
    policies: tuple[CampaignPolicy, ...]
    contacts: Contacts
    warnings: tuple[Fault, ...] = ()
    contents: Mapping[str, bytes] = field(default_factory=dict)

    def pack(self, id: str, version: str) -> Pack:  # noqa: A002 - the word of the contract
        """Return the pack with exactly this version.

        Raises:
            NotFoundError: no such pack, or its words are another version by now.
        """
        if self.versions.get(id) != version:
            raise NotFoundError(f"no campaign {id} in version {version[:12]}")
        return self.packs[id]


def shipped_packs() -> Path:
    """Return the folder of the packs that come with ThinkTwice."""
    return Path(__file__).parents[1] / "packs" / "campaigns"


def load_library(
    campaigns_dir: Path,
    contacts_dir: Path,
    today: date,
    catalogue: Catalogue,
    *,
    currency: str | None = None,
    partners: Partners = NOBODY,
) -> Library:
    """Read every pack folder below ``campaigns_dir``; ``currency`` is the reporting currency, when it is to be checked.

    Raises:
        InputError: with every fault of every pack and contact, each with file, line and field.
    """
    if not campaigns_dir.is_dir():
        raise InputError.of("there is no such folder of campaigns", where=str(campaigns_dir))
    contacts = load_contacts(contacts_dir)
    around = Surroundings(catalogue=catalogue, contacts=contacts, today=today, currency=currency, partners=partners)
    folders = sorted(path for path in campaigns_dir.iterdir() if path.is_dir() and not path.name.startswith("."))
    readings = [read_pack(folder, around) for folder in folders]
    faults = [fault for reading in readings for fault in reading.faults]
    if faults:
        raise InputError(*faults)
    packs = {reading.pack.id: reading.pack for reading in readings if reading.pack is not None}
    return library_of(packs, around, tuple(warning for reading in readings for warning in reading.warnings))


def library_of(packs: Mapping[str, Pack], around: Surroundings, warnings: tuple[Fault, ...] = ()) -> Library:
    """Return packs that were read against these surroundings with their versions and policies."""
    contents = {name: content_of(pack, around) for name, pack in packs.items()}
    versions = {name: hash_of(content) for name, content in contents.items()}
    policies = [policy_of(pack, versions[pack.id]) for pack in packs.values()]
    policies.sort(key=lambda policy: (-policy.priority, policy.id))
    return Library(packs, versions, tuple(policies), around.contacts, warnings, contents)


def content_of(pack: Pack, around: Surroundings) -> bytes:
    """Return what the version of a pack is the hash of, in these surroundings."""
    return version_content(pack, around.contacts, around.today, logos=around.partners.marks(pack.partners))


def policy_of(pack: Pack, version: str) -> CampaignPolicy:
    """Return what the decision needs to know of a pack in this version."""
    release = pack.release
    return CampaignPolicy(
        id=pack.id,
        version=version,
        release=release_hash(release, version),
        priority=pack.priority,
        jurisdictions=pack.jurisdictions,
        audience=pack.audience.text,
        intervention=pack.intervention,
        no_screen=pack.no_screen,
        arms={name: release.weights[name] for name in pack.arms},
        experiment=release.experiment,
        holdout=release.holdout,
        partners=pack.partners,
        is_shadow=release.is_shadow,
        starts_at=_utc(release.starts_at),
        ends_at=_utc(release.ends_at),
        frequency_cap=release.frequency_cap,
        expected_daily_triggers=release.expected_daily_triggers,
        blast_radius=release.blast_radius,
        hold=release.hold,
        is_unauthorised=is_unauthorised(pack.typologies),
        arm_rungs={name: arm.rung for name, arm in pack.arms.items() if arm.rung},
    )


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC)
