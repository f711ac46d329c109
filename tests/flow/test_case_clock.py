"""What the console's process does for cases by the clock: notices over real webhooks, lapses, our own decisions."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.agencies import Office, form
from tests.support.receiver import Receiver
from thinktwice.bootstrap.casework import deliver, endpoint_of, legal_bases_of
from thinktwice.cases.notices import Notices
from thinktwice.decisions.clock import utc_now
from thinktwice.errors import InputError
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.outbox.endpoint import Endpoint
from thinktwice.settings import load_settings


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """Give a case office."""
    made = Office(tmp_path)
    yield made
    made.close()


def test_a_supervisor_is_told_by_a_signed_webhook_once_however_often_it_fails(office: Office) -> None:
    """A receiver that is down gets the same id again; the signature holds; after a 2xx nothing is sent any more."""
    office.submitted(office.officer(office.agency()), "urgent_preservation", form())
    key = TEST_KEYRING.webhook[0]
    receiver = Receiver(key.secret, answer=503)
    notices, endpoint = Notices(office.ledger, office.sealing), Endpoint(receiver.url, (key,))
    try:
        assert notices.tell(lambda notice: deliver(notice, endpoint, utc_now())) != []
        assert notices.backlog().waiting == 1
        receiver.answer = 204
        assert notices.tell(lambda notice: deliver(notice, endpoint, utc_now())) == []
        assert notices.tell(lambda notice: deliver(notice, endpoint, utc_now())) == []
        assert len(receiver.received) == 2
        ((webhook_id, event),) = receiver.effects.items()
    finally:
        receiver.close()
    assert webhook_id.startswith("notice_")
    assert event["type"] == "case.request_submitted"
    assert event["data"]["recipient"] == "supervisor@example.org"
    assert "a-1" not in json.dumps(event)


def test_a_draft_and_a_measure_lapse_by_themselves(office: Office) -> None:
    """Each at its own time, once, as an act of the clock; the end of a measure is told, that of a draft is not."""
    officer = office.officer(office.agency())
    office.desk.draft(officer, "information")
    case_id = office.submitted(officer, "preservation")
    office.approved(case_id)
    office.desk.step(office.first, case_id, "fulfil")
    office.now += timedelta(days=31)
    assert office.desk.lapse() == 1
    office.now += timedelta(days=60)
    assert (office.desk.lapse(), office.desk.lapse()) == (1, 0)
    found, timeline = office.desk.find(office.person("p-1", "case_handler"), case_id)
    assert found.state == "expired"
    assert (timeline[-1].kind, timeline[-1].side) == ("lapse", "clock")
    told = [json.loads(notice.body) for notice in Notices(office.ledger, office.sealing).untold()]
    assert [notice["type"] for notice in told] == ["case.request_submitted", "case.measure_lapsed"]
    assert told[1]["data"] == told[0]["data"]
    assert told[1]["data"]["recipient"] == "supervisor@example.org"


def test_the_operators_own_legal_bases_take_the_place_of_the_example(tmp_path: Path) -> None:
    """The shipped example is for counsel; a folder of one's own is used whole or refused whole."""
    assert "HK" in legal_bases_of(load_settings(data=tmp_path)).for_counsel
    folder = tmp_path / "bases"
    folder.mkdir()
    assert legal_bases_of(load_settings(data=tmp_path, legal_bases_dir=folder)).by_country == {}
    (folder / "hk.yaml").write_text("country: HK\nstatus: reviewed\n", "utf-8")
    with pytest.raises(InputError):
        legal_bases_of(load_settings(data=tmp_path, legal_bases_dir=folder))


def test_without_a_webhook_nothing_is_told_and_that_is_known(tmp_path: Path) -> None:
    """The queue's page says so; notices wait."""
    assert endpoint_of(load_settings(data=tmp_path), TEST_KEYRING) is None
