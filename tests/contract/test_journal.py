"""One suite for every journal: SQLite now; another database joins by an entry in ``BACKENDS``."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.support.journal import at, decision, event, migrated
from thinktwice.errors import ConflictError, UnavailableError
from thinktwice.journal.seam import Journal, JournalReader, NewRecord, RecordKind, StoredRecord
from thinktwice.journal.sqlite import SqliteJournal, SqliteJournalReader
from thinktwice.outbox.message import OutboxMessage
from thinktwice.outbox.store import OutboxStore


@dataclass
class Backend:
    """How a test opens one journal, and the outbox in it, as often as it likes."""

    write: Callable[[], Journal]
    read: Callable[[], JournalReader]
    outbox: Callable[[], OutboxStore]


def sqlite(folder: Path) -> Backend:
    path = migrated(folder).journal
    return Backend(lambda: SqliteJournal(path), lambda: SqliteJournalReader(path), lambda: OutboxStore(path))


BACKENDS = {"sqlite": sqlite}


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Backend:
    return BACKENDS[request.param](tmp_path)


@pytest.fixture
def journal(backend: Backend) -> Iterator[Journal]:
    journal = backend.write()
    yield journal
    journal.close()


@pytest.fixture
def reader(journal: Journal, backend: Backend) -> Iterator[JournalReader]:
    reader = backend.read()
    yield reader
    reader.close()


def record(journal: Journal, *records: NewRecord) -> None:
    with journal.batch() as batch:
        batch.append(records)


def everything(reader: JournalReader) -> list[StoredRecord]:
    return list(reader.records(kinds=get_args(RecordKind)))


def act(act_id: str) -> NewRecord:
    """A resolution by staff."""
    return NewRecord(kind="resolution", record_id=act_id, recorded_at=at(0), body=b"kept", digest=b"of act")


def message(message_id: str, *, due: int = 0) -> OutboxMessage:
    """A message for the outbox."""
    return OutboxMessage(message_id=message_id, topic="clearance.changed", body=b"{}", created_at=0, due_at=due)


class LostError(Exception):
    """Something goes wrong while a batch is open."""


def lose(journal: Journal, *records: NewRecord) -> None:
    with journal.batch() as batch:
        batch.append(records)
        batch.put_customer_states({"c1": b"x"})
        batch.put_destination_states({"k1": b"x"})
        raise LostError


def swallow_conflict(journal: Journal, *records: NewRecord) -> None:
    with journal.batch() as batch, suppress(ConflictError):
        batch.append(records)


def test_a_record_comes_back_whole(journal: Journal, reader: JournalReader) -> None:
    """Every column of a record comes back as it was given, with its seq."""
    new = decision("1", alert_id="a1")
    record(journal, new)
    (stored,) = everything(reader)
    assert stored == StoredRecord(seq=1, **{name: getattr(new, name) for name in new.__struct_fields__})


def test_seq_counts_from_one_without_gaps_across_lost_batches_and_restarts(backend: Backend) -> None:
    """A batch that is rolled back uses up no seq, nor does closing and opening."""
    for number in range(3):
        journal = backend.write()
        record(journal, decision(f"{number}"))
        with pytest.raises(LostError):
            lose(journal, decision("lost"))
        journal.close()
    reader = backend.read()
    assert [stored.seq for stored in everything(reader)] == [1, 2, 3]
    reader.close()


def test_nothing_of_a_failed_batch_remains(journal: Journal, reader: JournalReader) -> None:
    """An exception in the block undoes records and states alike."""
    with pytest.raises(LostError):
        lose(journal, decision("1"))
    with journal.batch() as batch:
        assert batch.customer_states(["c1"]) == {}
        assert batch.destination_states(["k1"]) == {}
        assert batch.last_recorded_at() is None
    assert everything(reader) == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(decision("1"), decision("1"), id="same decision"),
        pytest.param(decision("1", alert_id="a1"), decision("2", alert_id="a1"), id="two decisions of one alert"),
        pytest.param(event("e1"), event("e1"), id="same event"),
        pytest.param(act("r1"), act("r1"), id="same act of staff"),
        pytest.param(event("e1"), event("e1", kind="alert_event", alert_id="a1"), id="same id, other kind of event"),
    ],
)
@pytest.mark.parametrize("is_one_batch", [True, False])
def test_a_duplicate_is_a_conflict(
    journal: Journal, reader: JournalReader, first: NewRecord, second: NewRecord, is_one_batch: bool
) -> None:
    """A unique key appended twice raises ConflictError and loses that batch whole."""
    if is_one_batch:
        with pytest.raises(ConflictError):
            record(journal, decision("other"), first, second)
        assert everything(reader) == []
    else:
        record(journal, first)
        with pytest.raises(ConflictError):
            record(journal, decision("other"), second)
        assert len(everything(reader)) == 1


def test_a_swallowed_conflict_still_loses_the_batch(journal: Journal, reader: JournalReader) -> None:
    """A caller who catches the conflict inside the block cannot commit half a batch."""
    record(journal, decision("1"))
    with pytest.raises(ConflictError):
        swallow_conflict(journal, decision("2"), decision("1"))
    assert len(everything(reader)) == 1


def test_acts_may_repeat_and_decisions_may_lack_an_alert(journal: Journal, reader: JournalReader) -> None:
    """Clearances are not unique by id; two decisions without alert do not collide."""
    clearance = NewRecord(kind="clearance", record_id="d-1-1", recorded_at=at(0), body=b"")
    record(journal, decision("1"), decision("2"), clearance, clearance)
    assert [reader.count("decision"), reader.count("clearance"), reader.count("resolution")] == [2, 2, 0]


def test_recorded_at_never_goes_back(backend: Backend) -> None:
    """An earlier time is refused, in a batch and after a restart; the same time is not."""
    journal = backend.write()
    record(journal, decision("1", seconds=5), decision("2", seconds=5))
    with pytest.raises(ValueError, match="goes back"):
        record(journal, decision("3", seconds=4.999999))
    journal.close()
    journal = backend.write()
    with journal.batch() as batch:
        assert batch.last_recorded_at() == at(5)
    with pytest.raises(ValueError, match="goes back"):
        record(journal, decision("3", seconds=4))
    record(journal, decision("3", seconds=5))
    journal.close()


def test_a_batch_reads_what_was_recorded_before_and_in_itself(journal: Journal) -> None:
    """Reads within a batch see earlier batches and their own appends."""
    record(journal, decision("1"), decision("1", attempt=3), event("e1"))
    with journal.batch() as batch:
        batch.append([decision("2"), *(event(f"b{n}", kind="alert_event", alert_id="a1") for n in (2, 1)), event("e2")])
        assert batch.decisions([("w-1", 1), ("w-1", 2), ("w-1", 3), ("w-2", 1), ("w-3", 1), ("w-1", 1)]) == {
            ("w-1", 1): b"decision 1 1",
            ("w-1", 3): b"decision 1 3",
            ("w-2", 1): b"decision 2 1",
        }
        assert batch.latest_attempts(["w-1", "w-2", "w-9"]) == {"w-1": 3, "w-2": 1}
        assert batch.decisions_by_id(["d-1-3", "e1", "none"]) == {"d-1-3": b"decision 1 3"}
        assert batch.event_digests(["e1", "e2", "b1", "d-1-1"]) == {"e1": b"e1", "e2": b"e2", "b1": b"b1"}
        assert batch.alert_events(["a1", "a2"]) == {"a1": [b"event b2", b"event b1"]}


def test_nothing_asked_is_nothing_found(journal: Journal) -> None:
    """Every read of a batch takes an empty collection."""
    with journal.batch() as batch:
        for read in (
            batch.latest_attempts,
            batch.decisions_by_id,
            batch.event_digests,
            batch.resolutions,
            batch.alert_events,
            batch.customer_states,
            batch.destination_states,
        ):
            assert read([]) == {}
        assert batch.decisions([]) == {}
        batch.append([])
        batch.enqueue([])
        batch.put_customer_states({})


def waiting(backend: Backend, now: int = 10) -> list[tuple[str, int]]:
    """The messages that are due, and how often each has failed."""
    store = backend.outbox()
    found = [(one.message.message_id, one.attempts) for one in store.due(now, 100)]
    store.close()
    return found


def test_messages_are_there_exactly_when_their_records_are(journal: Journal, backend: Backend) -> None:
    """Committed with the batch, gone with a lost one, and never seen before the commit."""
    with journal.batch() as batch:
        batch.append([decision("1")])
        batch.enqueue([message("m2", due=2), message("m1", due=1), message("later", due=11)])
        assert waiting(backend) == []
    assert waiting(backend) == [("m1", 0), ("m2", 0)]
    with suppress(LostError), journal.batch() as batch:
        batch.enqueue([message("m3")])
        raise LostError
    assert waiting(backend) == [("m1", 0), ("m2", 0)]


def test_a_message_id_is_used_once(journal: Journal, backend: Backend) -> None:
    """The same id again loses the whole batch."""
    with journal.batch() as batch:
        batch.enqueue([message("m1")])
    with suppress(ConflictError), journal.batch() as batch:
        batch.append([decision("1")])
        batch.enqueue([message("m1")])
    with journal.batch() as batch:
        assert batch.decisions_by_id(["d-1-1"]) == {}
    assert waiting(backend) == [("m1", 0)]


def test_a_message_stays_until_it_is_done(journal: Journal, backend: Backend) -> None:
    """A postponed message comes back later with its attempts counted; a done one never."""
    with journal.batch() as batch:
        batch.enqueue([message("m1"), message("m2")])
    store = backend.outbox()
    first, second = store.due(10, 100)
    store.postpone(first.seq, 50)
    store.done(second.seq)
    assert store.count() == 1
    store.close()
    assert waiting(backend) == []
    assert waiting(backend, now=50) == [("m1", 1)]


def test_an_act_of_staff_is_found_again(journal: Journal) -> None:
    """By its id, with digest and body; ids of other kinds are no acts."""
    record(journal, act("r1"), event("e1"))
    with journal.batch() as batch:
        assert batch.resolutions(["r1", "e1", "none"]) == {"r1": (b"of act", b"kept")}


@pytest.mark.parametrize("number", [1, 2, 3, 255, 256, 257, 1000])
def test_many_keys_are_read_as_well_as_few(journal: Journal, number: int) -> None:
    """The number of keys in one read has no limit, and absent keys are left out."""
    states = {f"c{n}": f"state {n}".encode() for n in range(number)}
    with journal.batch() as batch:
        batch.put_customer_states(states)
        batch.append([decision(f"{n}") for n in range(number)])
    with journal.batch() as batch:
        assert batch.customer_states([*states, "absent"]) == states
        assert len(batch.decisions([(f"w-{n}", 1) for n in range(number + 1)])) == number


def test_states_are_replaced(backend: Backend) -> None:
    """The state put last is the one found, also after a restart."""
    journal = backend.write()
    for state in (b"one", b"\x00two"):
        with journal.batch() as batch:
            batch.put_customer_states({"c1": state, "c2": b""})
            batch.put_destination_states({"k1": state})
    journal.close()
    journal = backend.write()
    with journal.batch() as batch:
        assert batch.customer_states(["c1", "c2"]) == {"c1": b"\x00two", "c2": b""}
        assert batch.destination_states(["k1"]) == {"k1": b"\x00two"}
    journal.close()


@pytest.fixture(scope="module")
def long_lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journal]:
    journal = sqlite(tmp_path_factory.mktemp("journal")).write()
    yield journal
    journal.close()


hostile = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@settings(deadline=None, max_examples=60)
@given(states=st.dictionaries(hostile, st.binary(max_size=50), max_size=9))
def test_any_text_is_a_key_and_any_bytes_a_state(long_lived: Journal, states: dict[str, bytes]) -> None:
    """Quotes, NULs, percent signs and the like in keys are data, never SQL."""
    with long_lived.batch() as batch:
        batch.put_customer_states(states)
        assert batch.customer_states(states.keys()) == states


def test_a_reader_finds_one_decision_by_each_of_its_names(journal: Journal, reader: JournalReader) -> None:
    """Id, alert and key find the same body; unknown names find None."""
    record(journal, decision("1", alert_id="a1"), decision("2"))
    assert reader.decision("d-1-1") == reader.decision_by_alert("a1") == reader.decision_by_key("w-1", 1)
    assert reader.decision("d-1-1") == b"decision 1 1"
    assert reader.decision("a1") is reader.decision_by_alert("d-1-1") is reader.decision_by_key("w-1", 2) is None


def test_a_reader_goes_back_over_the_newest_decisions_of_some_campaigns(
    journal: Journal, reader: JournalReader
) -> None:
    """The newest first, live ones of these campaigns only, no further back than asked, over more than one page."""
    live = [replace(decision(f"n{number}", seconds=number), is_test=False) for number in range(1_500)]
    others = [decision("test", seconds=1_600), replace(decision("o", seconds=1_600), is_test=False, campaign="other")]
    record(journal, *live, *others, event("e", seconds=1_600))
    found = list(reader.newest_decisions(("hk", "sg"), timedelta(seconds=1_500)))
    assert found == [one.body for one in reversed(live[101:])]
    assert list(reader.newest_decisions(("sg",), timedelta(days=1))) == []


def test_a_reader_finds_what_is_remembered_of_one_customer(journal: Journal, reader: JournalReader) -> None:
    """The newest state that was committed, and None for somebody unknown."""
    for state in (b"first", b"second"):
        with journal.batch() as batch:
            batch.put_customer_states({"c-1": state})
        assert reader.customer_state("c-1") == state
    assert reader.customer_state("c-2") is None


def test_a_reader_pages_through_records_of_some_kinds(journal: Journal, reader: JournalReader) -> None:
    """``records`` yields in order, after a seq, up to a limit, and only the kinds asked for."""
    record(journal, *(decision(f"{n}") if n % 2 else event(f"e{n}") for n in range(1, 2501)))
    odd = [stored.seq for stored in reader.records(kinds=["decision"])]
    assert odd == list(range(1, 2501, 2))
    assert [stored.seq for stored in reader.records(kinds=["event"], after_seq=2, limit=3)] == [4, 6, 8]
    assert [stored.seq for stored in reader.records(kinds=["event", "decision"], limit=1005)] == list(range(1, 1006))
    assert list(reader.records(kinds=["decision"], limit=0)) == []
    assert list(reader.records(kinds=[])) == []


def test_a_reader_lists_what_browsers_claimed(journal: Journal, reader: JournalReader) -> None:
    """Alert events of one alert come whole and in order."""
    record(journal, *(event(f"b{n}", kind="alert_event", alert_id=f"a{n % 2}") for n in range(4)))
    assert [(stored.record_id, stored.event_type) for stored in reader.alert_events("a1")] == [
        ("b1", "seen"),
        ("b3", "seen"),
    ]
    assert reader.alert_events("none") == []


def test_readers_see_committed_batches_only_and_work_from_any_thread(journal: Journal, reader: JournalReader) -> None:
    """A read during a batch sees nothing of it; eight threads read at once."""
    record(journal, decision("1"))
    with journal.batch() as batch:
        batch.append([decision("2")])
        assert reader.count("decision") == 1
    found: list[bytes | None] = []
    threads = [
        threading.Thread(target=lambda: found.extend(reader.decision("d-2-1") for _ in range(50))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [b"decision 2 1"] * 400


def test_a_closed_journal_and_reader_refuse(journal: Journal, reader: JournalReader) -> None:
    """After close everything is refused as unavailable; closing again does nothing."""
    for one in (journal, reader):
        one.close()
        one.close()
    with pytest.raises(UnavailableError), journal.batch():
        pass
    with pytest.raises(UnavailableError):
        reader.decision("d-1-1")


def test_there_is_one_writer(journal: Journal, backend: Backend) -> None:
    """A second writer is refused while the first works, and welcome afterwards."""
    with pytest.raises(UnavailableError, match="being written by process"):
        backend.write()
    journal.close()
    backend.write().close()
