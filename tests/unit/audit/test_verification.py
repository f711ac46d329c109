"""Every kind of tampering with the chain is named, with the entry it is about."""

from __future__ import annotations

import random
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.chains import (
    PUBLIC,
    SEAL,
    beginning,
    chain,
    changed,
    checkpoints,
    entry,
    forge,
    line,
    restamped,
)
from thinktwice.audit.checkpoint import Checkpoint
from thinktwice.audit.lines import Line, read_beginning, read_lines, write_line
from thinktwice.audit.verification import Verdict, verify
from thinktwice.keyring.keys import Key

LENGTH = 20
WHOLE = chain(LENGTH)
SIGNED = checkpoints(WHOLE, 5, 10, 15)


def check(lines: list[Line], signed: list[Checkpoint] | None = None) -> Verdict:
    return verify(beginning(), lines, SIGNED if signed is None else signed, [PUBLIC])


def found(lines: list[Line], signed: list[Checkpoint] | None = None) -> list[tuple[str, int | None]]:
    return [(one.kind, one.entry) for one in check(lines, signed).findings]


def test_a_whole_chain_is_whole() -> None:
    """Nothing is found, and the verdict says up to which entry somebody outside vouches for it."""
    verdict = check(WHOLE)
    assert verdict.is_whole
    assert (verdict.entries, verdict.checkpoints, verdict.covered, verdict.head) == (20, 3, 15, WHOLE[-1].hash)


FIELDS = {
    "at": "2020-01-01T00:00:00.000000Z",
    "actor_kind": "officer",
    "actor_id": "acc_9",
    "act": "campaign.stop",
    "object_kind": "hold",
    "object_id": "other",
    "outcome": "refused",
    "before": "0" * 64,
    "after": None,
    "details": {"number": 8, "text": "other"},
    "commitments": {},
    "previous": "f" * 64,
    "hash": "f" * 64,
}


@pytest.mark.parametrize("field", FIELDS)
def test_an_edit_is_named(field: str) -> None:
    """Whatever is changed about an entry, the entry is named as edited, and only this one."""
    lines = list(WHOLE)
    lines[7] = changed(lines[7], **{field: FIELDS[field]})
    assert found(lines) == [("edited", 8)]


def test_a_swapped_commitment_is_an_edit() -> None:
    """Commitments that changed places are named at both entries."""
    lines = list(WHOLE)
    four, eight = lines[3].commitments, lines[7].commitments
    lines[3], lines[7] = changed(lines[3], commitments=eight), changed(lines[7], commitments=four)
    assert found(lines) == [("edited", 4), ("edited", 8)]


def test_an_edit_with_a_fitting_hash_is_a_fork() -> None:
    """Whoever gives the edited entry a new hash leaves a follower that follows another one."""
    lines = list(WHOLE)
    lines[7] = restamped(lines[7], actor_id="acc_9")
    assert found(lines) == [("forked", 9)]


def test_a_gap_is_named() -> None:
    """Entries taken out are named, first and last, also at the beginning."""
    assert found(WHOLE[:6] + WHOLE[9:]) == [("missing", 7)]
    assert "up to entry 9" in check(WHOLE[:6] + WHOLE[9:]).findings[0].message
    assert found(WHOLE[2:]) == [("missing", 1)]


def test_a_gap_that_was_closed_is_named() -> None:
    """Renumbering what follows a gap edits every entry behind it."""
    closed = [changed(one, seq=one.seq - 1) for one in WHOLE[7:]]
    kinds = found(WHOLE[:6] + closed, [])
    assert kinds == [("edited", seq) for seq in range(7, 20)]


def test_reordering_is_named() -> None:
    """An entry behind a later one is named; nothing else is, because everything is there."""
    lines = list(WHOLE)
    lines[7], lines[8] = lines[8], lines[7]
    assert found(lines) == [("reordered", 8)]


def test_a_repeated_entry_is_named() -> None:
    """An entry that is there twice is named as such; two different ones under one number are a fork."""
    assert found([*WHOLE[:8], WHOLE[7], *WHOLE[8:]]) == [("repeated", 8)]
    other = restamped(WHOLE[7], actor_id="acc_9")
    assert found([*WHOLE[:8], other, *WHOLE[8:]]) == [("forked", 8)]


def test_a_chain_written_anew_is_a_fork() -> None:
    """A consistent other history from entry 8 on contradicts the next checkpoint, and the last good one is named."""
    lines = forge(WHOLE[:7], LENGTH, change=lambda one: msgspec.structs.replace(one, actor_id="acc_9"))
    verdict = check(lines)
    assert [(one.kind, one.entry) for one in verdict.findings] == [("forked", 10), ("forked", 15)]
    assert verdict.covered == 5
    assert "after entry 5" in verdict.findings[0].message


def test_a_branch_put_behind_the_chain_is_a_fork() -> None:
    """Entries that follow another entry than the one before them are named where they begin."""
    branch = forge(WHOLE[:7], LENGTH, change=lambda one: msgspec.structs.replace(one, actor_id="acc_9"))
    assert found(WHOLE[:12] + branch[12:], SIGNED[:2]) == [("forked", 13)]


def test_truncation_is_named_up_to_the_last_checkpoint() -> None:
    """What was cut off before the last checkpoint is missed."""
    assert found(WHOLE[:14]) == [("truncated", 15)]
    assert found(WHOLE[:4]) == [("truncated", 5)] * 3
    assert found([]) == [("truncated", 1)] * 3


def test_truncation_after_the_last_checkpoint_cannot_be_seen_and_is_said() -> None:
    """The chain is whole up to what is signed, and the verdict says how much is not covered."""
    verdict = check(WHOLE[:17])
    assert verdict.is_whole
    assert verdict.entries - verdict.covered == 2


def test_a_foreign_chain_is_named() -> None:
    """A chain of another installation fits neither its beginning nor the checkpoints."""
    other = beginning("chain_b")
    foreign = chain(LENGTH, other)
    assert [(one.kind, one.entry) for one in verify(beginning(), foreign, [], [PUBLIC]).findings] == [("foreign", 1)]
    assert [one.kind for one in verify(other, foreign, SIGNED, [PUBLIC]).findings] == ["foreign"] * 3


def test_a_checkpoint_of_another_key_does_not_count() -> None:
    """It is named, and covers nothing."""
    thief = Key("seal-tests", bytes(32))
    verdict = check(WHOLE, checkpoints(WHOLE, 20, key=thief))
    assert [one.kind for one in verdict.findings] == ["checkpoint"]
    assert (verdict.checkpoints, verdict.covered) == (0, 0)


def test_a_changed_checkpoint_does_not_count() -> None:
    """Changing what was signed breaks the signature."""
    bent = msgspec.structs.replace(SIGNED[2], statement=msgspec.structs.replace(SIGNED[2].statement, entries=14))
    assert found(WHOLE[:14], [*SIGNED[:2], bent]) == [("checkpoint", None)]


def test_a_checkpoint_taken_away_is_missed() -> None:
    """Checkpoints are numbered and chained, so one between two others is missed."""
    assert found(WHOLE, [SIGNED[0], SIGNED[2]]) == [("checkpoint", None)]


def test_two_histories_under_one_name_are_a_fork() -> None:
    """Two signed checkpoints with one number contradict each other, as after a restored backup."""
    other = forge(WHOLE[:12], LENGTH, change=lambda one: msgspec.structs.replace(one, actor_id="acc_9"))
    assert ("forked", 15) in found(WHOLE, SIGNED + checkpoints(other, 5, 10, 15))


def test_checkpoints_may_come_in_any_order_and_twice() -> None:
    """How the file was put together does not matter."""
    assert check(WHOLE, [SIGNED[2], SIGNED[0], SIGNED[1], SIGNED[0]]).is_whole


def test_an_unreadable_line_is_named() -> None:
    """A line that is no entry is named by its place in the file, and the entry it was by its number."""
    lines: list[Line | str] = [*WHOLE[:7], "garbage", *WHOLE[8:]]
    findings = verify(beginning(), lines, SIGNED, [PUBLIC]).findings
    assert [(one.kind, one.entry) for one in findings] == [("missing", 8), ("unreadable", None)]
    assert "line 9" in findings[1].message


@pytest.mark.parametrize("hidden", [b'"note":"x",', b'"seq":1.0,', b'"details":{"x":1.5},'])
def test_nothing_can_ride_along(hidden: bytes) -> None:
    """A member that the hash does not cover, or a fraction, makes the line unreadable."""
    lines = list(read_lines(iter([b"{" + hidden + write_line(WHOLE[0])[1:]])))
    assert [isinstance(one, str) for one in lines] == [True]


def test_a_file_gives_back_what_was_written() -> None:
    """Beginning and entries survive the way through a file."""
    assert read_beginning(write_line(beginning())) == beginning()
    assert list(read_lines(iter(map(write_line, WHOLE)))) == WHOLE


Tamper = Callable[[random.Random, list[Line]], list[Line]]


def _drop(rng: random.Random, lines: list[Line]) -> list[Line]:
    place = rng.randrange(15)
    return lines[:place] + lines[place + 1 :]


def _swap(rng: random.Random, lines: list[Line]) -> list[Line]:
    one, two = rng.sample(range(len(lines)), 2)
    lines[one], lines[two] = lines[two], lines[one]
    return lines


def _edit(rng: random.Random, lines: list[Line]) -> list[Line]:
    place = rng.randrange(len(lines))
    field = rng.choice(sorted(FIELDS))
    lines[place] = changed(lines[place], **{field: "x" * 8 if field != "details" else {"x": rng.random() < 0.5}})
    return lines


def _cut(rng: random.Random, lines: list[Line]) -> list[Line]:
    return lines[: rng.randrange(15)]


def _rewrite(rng: random.Random, lines: list[Line]) -> list[Line]:
    kept = lines[: rng.randrange(15)]
    return forge(kept, LENGTH, WHOLE[0].previous, lambda one: msgspec.structs.replace(one, actor_id="acc_9"))


def _insert(rng: random.Random, lines: list[Line]) -> list[Line]:
    place = rng.randrange(1, 15)
    put_in = line(entry(place + 1, lines[place - 1].hash))
    put_in = restamped(put_in, actor_id="acc_9")
    return [*lines[:place], put_in, *(changed(one, seq=one.seq + 1) for one in lines[place:])]


@given(seed=st.integers(0, 2**32), tamper=st.sampled_from([_drop, _swap, _edit, _cut, _rewrite, _insert]))
@settings(max_examples=300, deadline=None)
def test_no_tampering_up_to_the_last_checkpoint_passes(seed: int, tamper: Tamper) -> None:
    """Whatever is dropped, swapped, edited, cut, written anew or put in at or before it, something is found."""
    lines = tamper(random.Random(seed), list(WHOLE))
    if lines != WHOLE:
        assert check(lines).findings


def test_seals_of_other_documents_are_no_checkpoints() -> None:
    """A signature of the same key over the same bytes for another purpose does not make a checkpoint."""
    import base64

    from thinktwice.keyring.seal import seal

    statement = SIGNED[0].statement
    other = base64.b64encode(
        seal(SEAL, "thinktwice-evidence-1", msgspec.json.encode(statement, order="sorted"))
    ).decode()
    bent = msgspec.structs.replace(SIGNED[0], seal=msgspec.structs.replace(SIGNED[0].seal, signature=other))
    assert found(WHOLE, [bent]) == [("checkpoint", None)]


@pytest.mark.parametrize(
    ("before", "after"),
    [(b'{"act":', b'{"act":"evil.act","act":'), (b'{"act":', b'{ "act":'), (b'"seq":', b'"seq":0,"seq":')],
)
def test_a_line_that_no_export_writes_is_none(before: bytes, after: bytes) -> None:
    """A member that stands there twice is read once, so what the first said would ride along unhashed."""
    written = write_line(WHOLE[3])
    assert list(read_lines(iter([written]))) == [WHOLE[3]]
    assert list(read_lines(iter([written.replace(b"\n", b"\r\n")]))) == [WHOLE[3]]
    changed_line = written.replace(before, after, 1)
    assert changed_line != written
    assert list(read_lines(iter([changed_line]))) == ["is not written as an export writes it"]
