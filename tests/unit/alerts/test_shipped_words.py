"""Claims about the packs that come with ThinkTwice, rendered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from tests.support.alert_pack import FACTS, LOOKALIKE_FACTS
from thinktwice.alerts.plain import alert_as_text
from thinktwice.alerts.render import render_alert
from thinktwice.campaigns.library import Library, load_library, shipped_packs
from thinktwice.contacts.loading import shipped_contacts
from thinktwice.records.catalogue import CATALOGUE
from thinktwice.records.decision import AlertReference, CustomerFacts, LookalikePair
from thinktwice.records.vocabulary import AnchorOrigin

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ORIGINS: tuple[AnchorOrigin, ...] = ("paid", "saved", "received")


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(shipped_packs(), shipped_contacts(), NOW.date(), CATALOGUE)


def _situations(pack: str, jurisdiction: str) -> Iterator[CustomerFacts]:
    if pack == "lookalike":
        for origin in ORIGINS:
            known = LookalikePair("0x25f5e86e1a90b7d3c4e2f6a8091b3c5d7eb02c50", origin, NOW)
            yield msgspec.structs.replace(LOOKALIKE_FACTS, lookalike=known, jurisdiction=jurisdiction)
    else:
        for has_paid in (False, True):
            yield msgspec.structs.replace(FACTS, has_paid_before=has_paid, jurisdiction=jurisdiction)


@pytest.mark.parametrize("pack", [path.name for path in sorted(shipped_packs().iterdir()) if path.is_dir()])
def test_every_shipped_pack_says_something_in_every_situation(library: Library, pack: str) -> None:
    """In each language, country, arm and situation the first screen is whole and nothing stays unfilled."""
    found = library.packs[pack]
    countries = {path.stem.upper() for path in Path(shipped_contacts()).glob("*.yaml")} | {"HK", "XX"}
    for jurisdiction in countries if "*" in found.jurisdictions else set(found.jurisdictions):
        for locale in found.messages:
            for facts in _situations(pack, jurisdiction):
                for arm, is_notice in [(name, False) for name in found.arms] + [(None, True)]:
                    reference = AlertReference(
                        alert_id="alert-1",
                        campaign=pack,
                        version=library.versions[pack],
                        locale=locale,
                        expires_at=NOW,
                        arm=arm,
                        is_notice=is_notice,
                    )
                    alert = render_alert(found, reference, facts, library.contacts, NOW)
                    text = alert_as_text(alert)
                    kinds = {section.kind for section in alert.first_screen}
                    needed = {"notice", "help"} if is_notice else {"this_withdrawal", "self_check", "help"}
                    assert needed <= kinds
                    assert not set("{}[]*_") & set(text), text
                    assert (alert.pair is None) is (pack != "lookalike" or is_notice)
