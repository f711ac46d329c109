"""Versions stored and shown again."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from tests.support import alert_pack
from thinktwice.alerts.render import render_alert
from thinktwice.campaigns.archive import VersionArchive
from thinktwice.campaigns.library import Library, load_library, shipped_packs
from thinktwice.campaigns.stored import read_stored
from thinktwice.campaigns.version import hash_of
from thinktwice.contacts.loading import shipped_contacts
from thinktwice.errors import InputError, NotFoundError
from thinktwice.records.campaign import ANYWHERE
from thinktwice.records.catalogue import CATALOGUE
from thinktwice.records.decision import CustomerFacts
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate
from thinktwice.storage.sqlite import connect

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(shipped_packs(), shipped_contacts(), date(2026, 11, 23), CATALOGUE)


@pytest.fixture
def archive(tmp_path: Path) -> VersionArchive:
    migrate(tmp_path)
    return VersionArchive(DataFolder(tmp_path).control)


def test_a_stored_version_makes_the_alert_that_its_pack_made(library: Library) -> None:
    """Every shipped pack, language, arm and kind of message, wherever it reaches: the same alert, field by field."""
    compared = 0
    for pack in library.packs.values():
        version = library.versions[pack.id]
        stored = read_stored(library.contents[pack.id], version)
        for locale in pack.messages:
            for arm in (*pack.arms, None):
                for jurisdiction in ("HK", "SG", "ZZ") if ANYWHERE in pack.jurisdictions else pack.jurisdictions:
                    facts = facts_in(jurisdiction, is_lookalike=pack.is_lookalike)
                    for is_notice in (False, True):
                        reference = alert_pack.reference(locale=locale, arm=arm, is_notice=is_notice)
                        made = render_alert(pack, reference, facts, library.contacts, NOW)
                        assert render_alert(stored, reference, facts, stored.contacts, NOW) == made
                        compared += 1
    assert compared > 50


def facts_in(jurisdiction: str, *, is_lookalike: bool) -> CustomerFacts:
    facts = alert_pack.LOOKALIKE_FACTS if is_lookalike else alert_pack.FACTS
    return msgspec.structs.replace(facts, jurisdiction=jurisdiction)


def test_keeping_is_idempotent_and_gives_back_the_bytes(archive: VersionArchive, library: Library) -> None:
    """Kept twice, a version is there once, and its content has its hash."""
    archive.keep([library, library], NOW)
    archive.keep([library], NOW.replace(year=2030))
    for campaign, version in library.versions.items():
        found = archive.version(campaign, version)
        assert (found.id, found.version, hash_of(found.content)) == (campaign, version, version)
        assert found.content == library.contents[campaign]


def test_what_was_never_stored_or_belongs_to_another_campaign_is_not_found(
    archive: VersionArchive, library: Library
) -> None:
    """A version is found under its own campaign only."""
    archive.keep([library], NOW)
    campaign, version = next(iter(library.versions.items()))
    with pytest.raises(NotFoundError):
        archive.version(campaign, "0" * 64)
    with pytest.raises(NotFoundError):
        archive.version("another", version)


def test_a_content_changed_in_the_database_is_refused(
    archive: VersionArchive, library: Library, tmp_path: Path
) -> None:
    """One changed word and the stored content is no longer that version."""
    archive.keep([library], NOW)
    campaign, version = next(iter(library.versions.items()))
    with closing(connect(DataFolder(tmp_path).control)) as connection:
        connection.execute("UPDATE campaign_version SET content = replace(content, 'you', 'yon')")
    with pytest.raises(InputError, match="was changed"):
        archive.version(campaign, version)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"id": 1, "messages": 3}', b"\xff"])
def test_a_content_of_another_shape_is_refused_in_words(content: bytes) -> None:
    """A shape that this release does not know is a fault that says so, not a crash."""
    with pytest.raises(InputError, match="cannot show"):
        read_stored(content, hash_of(content))


def test_a_message_of_a_later_release_is_refused_in_words(library: Library) -> None:
    """A field that this release does not know may carry words that it would leave out, so nothing is shown."""
    campaign = next(iter(library.versions))
    fields = json.loads(library.contents[campaign])
    next(iter(fields["messages"].values()))["sung"] = "la la"
    content = json.dumps(fields).encode()
    with pytest.raises(InputError, match="cannot show"):
        read_stored(content, hash_of(content))
