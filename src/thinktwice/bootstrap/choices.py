"""What settings choose: the installation, its keys, its campaigns.

Invariant: without any setting the shipped packs and contacts are used; without any key nothing is served.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from thinktwice.alerts.locale import choose_locale
from thinktwice.alerts.words import WORDS
from thinktwice.campaigns.library import Library, load_library, shipped_packs
from thinktwice.campaigns.pack import Pack
from thinktwice.campaigns.partners import load_partners
from thinktwice.contacts.loading import shipped_contacts
from thinktwice.decisions.live import LiveCampaigns
from thinktwice.errors import InputError, NotFoundError
from thinktwice.keyring.keys import Keyring
from thinktwice.keyring.loading import ENVIRONMENT_PREFIX, PURPOSES, read_keyring, read_keyring_environment
from thinktwice.records.campaign import CampaignPolicy, FrequencyCap
from thinktwice.records.installation import Installation
from thinktwice.settings import Settings


def installation_of(settings: Settings) -> Installation:
    """Return what the settings decide for the whole installation."""
    return Installation(
        reporting_currency=settings.reporting_currency,
        known_bad_intervention=settings.known_bad_intervention,
        established_after_days=settings.established_after_days,
        lookalike_false_alarms_per_10_000=settings.lookalike_false_alarms_per_10_000,
        minimum_anchor_deposit=settings.minimum_anchor_deposit,
        attributes=dict(settings.attributes),
        network_aliases=dict(settings.network_aliases),
        global_holdout=settings.global_holdout,
        alert_budget=FrequencyCap(settings.alert_budget, settings.alert_budget_days) if settings.alert_budget else None,
    )


def read_key_file(path: Path) -> Keyring:
    """Read a key file.

    Raises:
        InputError: it is missing, unreadable or not a key file.
    """
    try:
        return read_keyring(path.read_text("utf-8"), where=str(path))
    except FileNotFoundError:
        raise InputError.of("there is no such key file", where=str(path)) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError.of(f"cannot be read: {error}", where=str(path)) from None


def serving_keyring(settings: Settings) -> Keyring:
    """Return the keys to serve customers with: from the key file, or from ``THINKTWICE_KEY_*``.

    Raises:
        InputError: there are none, or they are the public test keys, which anybody can forge tokens with.
    """
    has_environment = any(os.environ.get(ENVIRONMENT_PREFIX + purpose.upper()) for purpose in PURPOSES)
    if settings.key_file is None and not has_environment:
        raise InputError.of(
            "no keys; make a key file with `thinktwice key generate-keyring FILE` and set THINKTWICE_KEY_FILE",
            field="key_file",
        )
    keyring = read_key_file(settings.key_file) if settings.key_file else read_keyring_environment(os.environ)
    if keyring.is_test:
        raise InputError.of("these are the public test keys; nobody may be served with them", field="key_file")
    return keyring


@dataclass(frozen=True, slots=True)
class Campaigns:
    """The campaigns in force with their words; ``fallback`` are the shipped packs, which lend words to known-bad."""

    library: Library
    fallback: Library
    live: LiveCampaigns

    def pack(self, id: str, version: str) -> Pack:  # noqa: A002 - the word of the contract
        """Return the pack of exactly this version.

        Raises:
            NotFoundError: no pack has these words any more.
        """
        try:
            return self.library.pack(id, version)
        except NotFoundError:
            return self.fallback.pack(id, version)

    def choose_locale(
        self, requested: str | None, policy: CampaignPolicy | None, pack_of: Callable[[str, str], Pack] | None = None
    ) -> str:
        """Return the one of a campaign's languages, or of the shared words', that suits the requested one best."""
        if policy is None:
            return choose_locale(requested, tuple(WORDS))
        return choose_locale(requested, tuple((pack_of or self.pack)(policy.id, policy.version).messages))


def load_campaigns(
    settings: Settings, installation: Installation, now: Callable[[], datetime] | None = None
) -> Campaigns:
    """Read the operator's packs, or the shipped ones, as they lie; ``CampaignSource`` reads the database's too.

    Raises:
        InputError: with every fault of every pack and contact.
    """
    today = (now() if now else datetime.now(UTC)).date()
    contacts = settings.contacts_dir or shipped_contacts()
    partners = load_partners(settings.partners_dir)
    catalogue = installation.catalogue
    # The shipped packs are written in US dollars; where they only lend words their currency does not matter.
    shipped = load_library(shipped_packs(), contacts, today, catalogue, partners=partners)
    library = shipped
    if settings.campaigns_dir is not None or settings.reporting_currency != "USD":
        folder = settings.campaigns_dir or shipped_packs()
        currency = installation.reporting_currency
        library = load_library(folder, contacts, today, catalogue, currency=currency, partners=partners)
    words = [policy for policy in shipped.policies if policy.id not in library.packs]
    return Campaigns(library, shipped, LiveCampaigns(library.policies, catalogue, words))
