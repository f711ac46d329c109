"""Every decision of the demo's history is derived again from what was stored about it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from thinktwice.bootstrap.choices import installation_of, load_campaigns
from thinktwice.bootstrap.core import open_core
from thinktwice.decisions.replay import replay
from thinktwice.decisions.working_set import decision_decoder
from thinktwice.demo import prepare
from thinktwice.demo.cases import make_cases
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.settings import load_settings

ENDS = datetime(2026, 11, 22, tzinfo=UTC)


def test_a_thousand_decisions_are_derived_again_byte_for_byte(tmp_path: Path) -> None:
    """1,000 stored explanations give the same canonical bytes, whatever was decided."""
    settings = load_settings()
    installation = installation_of(settings)
    campaigns = prepare.in_force_throughout(load_campaigns(settings, installation), installation)
    story = prepare.make_story(ENDS, make_cases(ENDS, TEST_KEYRING, None), file=None, withdrawals=1_200)
    data = tmp_path / "data"
    with open_core(data, installation=installation, keyring=TEST_KEYRING, campaigns=campaigns) as core:
        prepare.import_sample_watchlist(core.folder, story, tmp_path)
        core.watchlist.refresh()
        prepare.replay_story(core, story, lambda _done, _all: None)
        stored = [decision_decoder.decode(one.body) for one in core.reader.records(kinds=["decision"], limit=1_000)]
    assert len(stored) == 1_000
    assert {one.action for one in stored} >= {"proceed", "alert", "hold"}
    different = [one.withdrawal_id for one in stored if not replay(one, campaigns.live, installation).is_same]
    assert different == []
