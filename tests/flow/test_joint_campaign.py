"""The Hong Kong pilot over real processes: written, approved by both sides, live, shown with its badge, withdrawn."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.campaign_desk import HK, POLICE
from tests.support.control import APPROVER, AUTHOR, OFFICER, SECOND
from tests.support.pilot import BADGE, Pilot, decide, open_pilot, pilot_files, seconds_until
from tests.support.serving import COMMAND, Serving
from thinktwice.campaigns.partners import OPERATOR
from thinktwice.errors import SecondPersonError
from thinktwice.journal.reader import SqliteJournalReader
from thinktwice.storage.layout import DataFolder


@pytest.fixture
def pilot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pilot]:
    with open_pilot(tmp_path, monkeypatch.setenv) as made:
        yield made


@pytest.fixture
def serving(pilot: Pilot) -> Iterator[Serving]:
    process = Serving(pilot.installation)
    yield process
    process.kill()


def page_of(serving: Serving, answer: dict[str, dict[str, str]]) -> str:
    return httpx.get(f"{serving.url}/alerts/{answer['alert']['token']}").text


def run(*words: str) -> str:
    done = subprocess.run([COMMAND, *words], check=True, capture_output=True, text=True)
    return done.stdout


def test_the_pilot_from_draft_to_the_withdrawn_badge(pilot: Pilot, serving: Serving, tmp_path: Path) -> None:
    """One story: the author cannot approve; both sides do; live without a restart; a withdrawal in Hong Kong shows it
    with the badge, which is recorded with the exposure and named on /verify; the partner withdraws and the next render
    has none, while the warning goes on; stopped, nothing is shown; all of it is in the chain, and the approvals verify
    offline with the pinned keys alone.
    """
    headers = pilot.installation.headers
    assert decide(serving.url, headers)["action"] == "proceed"

    draft = pilot.desk.save_draft(AUTHOR, HK, pilot_files(), based_on=0)
    release = pilot.desk.submit(AUTHOR, HK, draft.revision)
    with pytest.raises(SecondPersonError):
        pilot.desk.challenge(AUTHOR, release.id, OPERATOR, own_keys=(pilot.approver.pinned,))
    pilot.approve(release, OPERATOR, APPROVER, pilot.approver)
    pilot.approve(release, POLICE, OFFICER, pilot.officer)
    pilot.desk.go_live(APPROVER, release.id)

    assert seconds_until(lambda: decide(serving.url, headers)["action"] == "alert") <= 2.5
    answer = decide(serving.url, headers)
    assert BADGE in page_of(serving, answer)
    chinese = httpx.get(f"{serving.url}/alerts/{answer['alert']['token']}?locale=zh-Hant").text
    assert "與香港警務處合作撰寫" in chinese
    assert "Hong Kong Police Force" in httpx.get(f"{serving.url}/verify").text
    reader = SqliteJournalReader(DataFolder(pilot.installation.data).journal)
    delivered = [json.loads(one.body) for one in reader.records(kinds=["alert_event"])]
    reader.close()
    assert delivered[0]["detail"]["badge"] == POLICE

    pilot.desk.withdraw_partner(OFFICER, HK, release.version, POLICE, "we take our name back")
    assert BADGE not in page_of(serving, answer)  # the very next render
    assert "Hong Kong Police Force" not in httpx.get(f"{serving.url}/verify").text
    assert decide(serving.url, headers)["action"] == "alert"  # the warning goes on

    pilot.desk.stop(SECOND, HK, "the pilot is over")
    assert seconds_until(lambda: decide(serving.url, headers)["action"] == "proceed") <= 2.5

    with pilot.ledger.reading() as connection:
        acts = [row[0] for row in connection.execute("SELECT act FROM audit_entry WHERE outcome = 'done' ORDER BY seq")]
        assert connection.execute("SELECT count(*) FROM audit_entry WHERE outcome = 'refused'").fetchone() == (1,)
    assert [act for act in acts if act.startswith("campaign.")] == [
        "campaign.draft.save",
        "campaign.submit",
        "campaign.approve.ask",
        "campaign.approve",
        "campaign.approve.ask",
        "campaign.approve",
        "campaign.release",
        "campaign.withdraw_partner",
        "campaign.stop",
    ]
    exported = tmp_path / "approvals.json"
    data = str(pilot.installation.data)
    run("campaign", "approvals", HK, "--data", data, "--export", str(exported))
    said = run("campaign", "verify", str(exported), "--partners", str(pilot.partners))
    assert said.count("verified") == 2
    run("audit", "verify", "--data", data)  # exit 0: the chain is whole


def test_too_many_alerts_soften_the_campaign_and_staff_lift_it(pilot: Pilot, serving: Serving) -> None:
    """51 customers within an hour where 50 are allowed: the next is only informed; lifted, alerts are whole again."""
    headers = pilot.installation.headers
    pilot.desk.go_live(APPROVER, pilot.approved().id)
    seconds_until(lambda: decide(serving.url, headers)["action"] == "alert")
    rungs = [decide(serving.url, headers)["intervention"] for _ in range(55)]
    assert set(rungs) == {"confirm", "inform"}
    assert rungs.index("inform") <= 50
    assert set(rungs[rungs.index("inform") :]) == {"inform"}

    def is_entered() -> bool:
        with pilot.ledger.reading() as connection:
            return bool(connection.execute("SELECT count(*) FROM campaign_limit").fetchone()[0])

    seconds_until(is_entered)
    pilot.desk.lift_limit(SECOND, HK, "a festival")
    assert seconds_until(lambda: decide(serving.url, headers)["intervention"] == "confirm") <= 2.5
