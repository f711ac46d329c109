"""What the areas of the console work with: one desk for each, made here and nowhere else.

Invariant: an area gets its own desk and nothing of another's. An engineer who adds an area adds its desk to
``make_desks``; what has to be closed goes onto the stack.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Final

from thinktwice.audit.ledger import Ledger
from thinktwice.audit.reading import AuditReader
from thinktwice.bootstrap.campaign_source import CampaignSource
from thinktwice.bootstrap.casework import agency_office, by_the_clock, case_office, endpoint_of
from thinktwice.bootstrap.choices import installation_of, load_campaigns
from thinktwice.bootstrap.console_campaigns import campaign_desks, campaign_ground
from thinktwice.bootstrap.demo_staff import DemoStaff
from thinktwice.bootstrap.examining import examining
from thinktwice.bootstrap.feeding import feeding
from thinktwice.bootstrap.proving import evidence_service
from thinktwice.bootstrap.witnessing import witnessed
from thinktwice.bootstrap.working import working
from thinktwice.campaigns.archive import VersionArchive
from thinktwice.cases.reports import Reports
from thinktwice.decisions.clock import utc_now
from thinktwice.errors import ThinkTwiceError
from thinktwice.interventions.desk import InterventionDesk
from thinktwice.interventions.first_answers import FirstAnswers
from thinktwice.interventions.handing import HandOffs
from thinktwice.interventions.waiting import WaitingList
from thinktwice.journal.finder import Finder
from thinktwice.journal.reader import SqliteJournalReader
from thinktwice.keyring.keys import Keyring
from thinktwice.keyring.loading import PURPOSES
from thinktwice.keyring.seal import public_key_of
from thinktwice.people.keys import ApiKeyRegister, ApiKeyStore
from thinktwice.people.sealing import Sealing
from thinktwice.people.service import People
from thinktwice.settings import Settings
from thinktwice.storage.layout import DataFolder
from thinktwice.watchlist.disputes import Disputes
from thinktwice.watchlist.feeding import Feeds
from thinktwice.web.console.agencies.desk import AgencyOffice
from thinktwice.web.console.audit.desk import AuditDesk
from thinktwice.web.console.cases.office import CaseOffice
from thinktwice.web.console.decisions.desk import DecisionSearch
from thinktwice.web.console.demo.pages import DemoDoor
from thinktwice.web.console.jobs.pages import JobDesk
from thinktwice.web.console.keys.desk import KeyDesk
from thinktwice.web.console.settings.pages import SettingsDesk
from thinktwice.web.console.today.desk import TodayDesk
from thinktwice.web.console.watchlist.desk import WatchlistDesk


@dataclass(frozen=True, slots=True)
class Ground:
    """What desks are made from."""

    settings: Settings
    keyring: Keyring
    folder: DataFolder
    ledger: Ledger
    people: People


def make_desks(ground: Ground, stack: ExitStack, *, is_demo: bool) -> dict[type, object]:
    """Return the desk of every area by its type; ``stack`` closes what was opened for them.

    Raises:
        UnavailableError: a database cannot be used.
    """
    ledger, people = ground.ledger, ground.people
    keys = ApiKeyStore(ground.folder.control)
    stack.callback(keys.close)
    feeds_file = ground.settings.feeds_file
    campaigns = campaign_ground(ground.settings, ground.keyring, is_demo=is_demo)
    jobs = stack.enter_context(working(ground.folder, ledger, feeds_file, write=campaigns.reporting.write))
    feeds = Feeds(feeds_file, ledger, jobs)
    stack.enter_context(feeding(feeds))
    stack.enter_context(witnessed(ground.folder, ground.settings, ground.keyring))
    name_of = names_of(people)
    reader = SqliteJournalReader(ground.folder.journal)
    stack.callback(reader.close)
    finder = Finder(ground.folder.journal, ground.folder.finder)
    stack.callback(finder.close)
    sealing = Sealing(ground.keyring.masters)
    source = CampaignSource(ground.settings, installation_of(ground.settings))
    reports = stack.enter_context(examining(ground.folder, ledger, sealing, finder))
    search = decision_search(ground, reader, finder)
    cases = case_office(
        ground.settings,
        ground.keyring,
        ground.folder,
        ledger,
        people,
        finder=finder,
        reports=reports,
        make_evidence=search.evidence,
        name_of=name_of,
    )
    told = endpoint_of(ground.settings, ground.keyring)
    stack.enter_context(by_the_clock(cases, HandOffs(ledger, sealing), told, finder))
    answers = FirstAnswers(reader, finder, ledger.reading, utc_now)
    desks: dict[type, object] = {
        CaseOffice: cases,
        AgencyOffice: agency_office(ground.settings, cases.agencies, people, name_of),
        InterventionDesk: intervention_desk(ground, reader, finder, answers),
        DecisionSearch: search,
        Reports: reports,
        People: people,
        AuditDesk: AuditDesk(ledger, AuditReader(ledger), name_of, _public_keys(ground.keyring)),
        JobDesk: JobDesk(jobs, name_of),
        WatchlistDesk: WatchlistDesk(ground.folder, ledger, jobs, Disputes(ledger, sealing), name_of, feeds),
        TodayDesk: TodayDesk(
            finder, reader, ledger, lambda: source.load().library, utc_now, answers.weeks, feeds=feeds.problems
        ),
        KeyDesk: KeyDesk(keys, ApiKeyRegister(ledger), utc_now),
        SettingsDesk: settings_desk(ground.settings, ground.keyring),
    }
    desks |= campaign_desks(campaigns, ledger, jobs, name_of, stack)
    if is_demo:
        desks[DemoDoor] = DemoDoor(DemoStaff(people, ledger).sign_in_as)
    return desks


def intervention_desk(
    ground: Ground, reader: SqliteJournalReader, finder: Finder, answers: FirstAnswers
) -> InterventionDesk:
    """Return what staff work on holds with."""
    return InterventionDesk(
        WaitingList(reader, finder, utc_now),
        ground.ledger,
        Sealing(ground.keyring.masters),
        utc_now,
        answers,
        name_of=names_of(ground.people),
        has_webhook=ground.settings.webhook_url is not None,
    )


def decision_search(ground: Ground, reader: SqliteJournalReader, finder: Finder) -> DecisionSearch:
    """Return what finds decisions, with proof made from what was archived."""
    installation = installation_of(ground.settings)
    archive = VersionArchive(ground.folder.control)

    def audience_of(campaign: str, version: str) -> str | None:
        try:
            content = json.loads(archive.version(campaign, version).content)
        except ThinkTwiceError:
            return None
        audience = content.get("audience")
        return audience if isinstance(audience, str) else None

    def make_evidence(decision_id: str, edition: str) -> bytes:
        return evidence_service(
            ground.folder,
            reader,
            keyring=ground.keyring,
            installation=installation,
            campaigns=load_campaigns(ground.settings, installation),
            operator=ground.settings.operator_name,
        ).make(decision_id, edition)

    return DecisionSearch(finder, reader, installation.catalogue, audience_of, make_evidence)


def names_of(people: People) -> Callable[[str], str | None]:
    """Return what finds whom an account id belongs to, as long as anybody knows."""

    def name_of(account_id: str) -> str | None:
        try:
            return people.accounts.find(account_id).name
        except ThinkTwiceError:
            return None  # a key, the command line, or somebody whose data was erased

    return name_of


def _public_keys(keyring: Keyring) -> tuple[bytes, ...]:
    return (public_key_of(keyring.seal),) if keyring.seal else ()


def settings_desk(settings: Settings, keyring: Keyring) -> SettingsDesk:
    """Return the settings as the console shows them: of addresses where they lead, of keys whether there are any."""
    shown = tuple(
        (name, _shown(name, getattr(settings, name)), about.description or "")
        for name, about in type(settings).model_fields.items()
    )
    return SettingsDesk(shown, tuple((purpose, bool(getattr(keyring, purpose))) for purpose in PURPOSES))


_MAY_HOLD_SECRETS: Final = frozenset({"webhook_url", "audit_checkpoint_url"})
"""Addresses whose path or query may carry a credential."""


def _shown(name: str, value: object) -> str:
    if value is None or value in ((), "", {}):
        return ""
    if name in _MAY_HOLD_SECRETS:
        scheme, _, rest = str(value).partition("://")
        return f"{scheme}://{rest.partition('/')[0].rpartition('@')[2]}/…"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if isinstance(value, dict):
        return ", ".join(f"{key}: {item}" for key, item in value.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
