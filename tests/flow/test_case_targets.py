"""Service targets by kind and country, and what is told when one is missed."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.support.agencies import Office, form
from tests.support.portal import open_bureau
from thinktwice.bootstrap.casework import _lapse
from thinktwice.cases.desk import CaseDesk, Taking
from thinktwice.cases.feedback import Feedback
from thinktwice.cases.kinds import RULES
from thinktwice.cases.legal_basis import load_legal_bases
from thinktwice.cases.notices import Notices
from thinktwice.cases.targets import Targets


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Give a case office."""
    made = Office(tmp_path)
    yield made
    made.close()


def targets(office: Office) -> Targets:
    """Return what tells of missed targets."""
    return Targets(office.ledger, office.sealing, lambda: office.now)


def missed(office: Office) -> list[dict[str, object]]:
    """Return the webhooks about missed targets."""
    events = [json.loads(notice.body) for notice in Notices(office.ledger, office.sealing).untold()]
    return [event["data"] for event in events if event["type"] == "case.target_missed"]


def decide_by(office: Office, case_id: str) -> datetime | None:
    """Return until when the first decision of a request is due."""
    return office.desk.find(office.first, case_id)[0].decide_by


def test_the_country_of_the_agency_sets_the_target(tmp_path: Path, office: Office) -> None:
    """What the table names counts; every other kind, and every other country, keeps our own figure."""
    folder = tmp_path / "bases"
    folder.mkdir()
    text = "country: HK\nstatus: for_counsel\nreply_hours: {message_coauthoring: 6}\n"
    (folder / "hk.yaml").write_text(text, "utf-8")
    agency = office.agency()
    elsewhere = office.agencies.register(office.first.actor, name="Other", country="MO", domain="police.example.org")
    office.desk = CaseDesk(office.ledger, office.sealing, load_legal_bases(folder), lambda: office.now)
    for agency_id, kind, hours in (
        (agency, "message_coauthoring", 6),
        (agency, "information", RULES["information"].reply_hours),
        (elsewhere, "information", RULES["information"].reply_hours),
    ):
        asked = {"legal_basis": ""} if kind == "information" else {}
        case_id = office.submitted(office.officer(agency_id), kind, form(**asked))  # type: ignore[arg-type]  # a kind
        assert decide_by(office, case_id) == office.now + timedelta(hours=hours)


def test_a_missed_target_is_told_once(office: Office) -> None:
    """When the time has passed undecided, in the words of the other notices and with the time; then never again."""
    case_id = office.submitted(office.officer(office.agency()), "urgent_preservation")
    due = decide_by(office, case_id)
    assert due is not None
    office.now = due
    assert (targets(office).tell_missed(), missed(office)) == (0, [])
    office.now = due + timedelta(seconds=1)
    assert [targets(office).tell_missed() for _ in range(3)] == [1, 0, 0]
    (told,) = missed(office)
    assert (told["recipient"], told["agency"], told["number"]) == ("supervisor@example.org", "Example Police", 1)
    assert datetime.fromisoformat(str(told["decide_by"])) == due
    assert "a-1" not in json.dumps(told)
    notices = Notices(office.ledger, office.sealing)
    assert notices.tell(lambda _notice: None) == []
    office.now += timedelta(days=1)
    assert (targets(office).tell_missed(), missed(office)) == (0, [])
    with office.ledger.reading() as connection:
        acts = connection.execute(
            "SELECT object_id, outcome FROM audit_entry WHERE act = 'case.miss_target'"
        ).fetchall()
    assert acts == [(case_id, "done")]


def test_what_was_decided_or_has_ended_misses_nothing(office: Office) -> None:
    """A draft has no target; an approval, a refusal and a withdrawal in time are none too late."""
    officer = office.officer(office.agency())
    office.desk.draft(officer, "information")
    approved, refused, withdrawn = (office.submitted(officer, "information") for _ in range(3))
    office.desk.step(office.first, approved, "take")
    office.desk.step(office.first, approved, "confirm_requester")
    office.desk.step(office.first, approved, "approve")
    office.desk.step(office.first, refused, "take")
    office.desk.step(office.first, refused, "refuse", Taking(note="not about us", refusal="not_ours"))
    office.desk.step(officer, withdrawn, "withdraw", Taking(note="filed by mistake"))
    office.now += timedelta(days=5)
    assert (targets(office).tell_missed(), missed(office)) == (0, [])


def test_the_clock_tells_of_missed_targets(office: Office) -> None:
    """The loop in which requests lapse tells of them too."""
    office.submitted(office.officer(office.agency()), "information")
    office.now += timedelta(days=4)
    stopped = threading.Event()
    finder = SimpleNamespace(follow=stopped.set, warned_refs=lambda *_: ())
    feedback = Feedback(office.ledger, lambda: office.now)
    _lapse(office.desk, targets(office), finder, feedback, stopped)  # type: ignore[arg-type]  # one round is enough
    assert len(missed(office)) == 1


def test_officers_see_the_target_of_their_country(tmp_path: Path) -> None:
    """Before they begin: what their table names, and ours for the rest; hours that make no whole days stay hours."""
    folder = tmp_path / "bases"
    folder.mkdir()
    text = "country: HK\nstatus: for_counsel\nreply_hours: {information: 60, production: 480}\n"
    (folder / "hk.yaml").write_text(text, "utf-8")
    with open_bureau(tmp_path, settings={"legal_bases_dir": folder}) as bureau:
        page = bureau.browser(bureau.officer(bureau.agency())).get("/requests/new").text
    for target in ("within 60 hours", "within 20 days", "within 1 hour."):
        assert target in page
