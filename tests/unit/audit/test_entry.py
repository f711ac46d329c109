"""The hash of an entry is what RFC 8785 makes it."""

from __future__ import annotations

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from tests.support.chains import chain, entry
from thinktwice.audit.commitments import belongs, commit, opens
from thinktwice.audit.entry import canonical, check_act, check_details, digest_of
from thinktwice.audit.lines import entry_of
from thinktwice.errors import InputError

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
VALUES = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT
NAMES = st.from_regex(r"[A-Za-z0-9_]{1,20}", fullmatch=True)


@given(details=st.dictionaries(NAMES, VALUES, max_size=6), label=NAMES, value=TEXT)
def test_the_fast_way_is_the_canonical_one(details: dict[str, str | int | bool | None], label: str, value: str) -> None:
    """What is hashed is byte for byte what a general implementation of RFC 8785 gives."""
    of = msgspec.structs.replace(entry(1, "0" * 64), details=details, commitments={label: commit(b"s", label, value)})
    check_details(details)
    assert canonical(of) == rfc8785.dumps(msgspec.to_builtins(of))


@given(salt=st.binary(min_size=32, max_size=32), value=TEXT, other=TEXT)
def test_a_commitment_opens_with_its_salt_and_value_only(salt: bytes, value: str, other: str) -> None:
    """Another value, label or salt does not open it."""
    sealed = commit(salt, "email", value)
    assert opens(sealed, salt, "email", value)
    assert belongs(sealed, salt)
    assert opens(sealed, salt, "email", other) == (other == value)
    assert not opens(sealed, salt, "name", value)
    assert not belongs(sealed, bytes(33))


def test_every_entry_has_a_hash_of_its_own() -> None:
    """No two entries of a chain share a hash, and a line gives its entry back."""
    lines = chain(50)
    assert len({one.hash for one in lines}) == 50
    assert entry_of(lines[3]) == entry(4, lines[2].hash)


def test_a_digest_does_not_depend_on_order() -> None:
    """Sets and mappings have one spelling."""
    assert digest_of({"b": {3, 1, 2}, "a": 1}) == digest_of({"a": 1, "b": {2, 3, 1}})


@pytest.mark.parametrize(
    ("act", "kind", "id_"),
    [
        ("", "key", "1"),
        ("Key.Create", "key", "1"),
        ("key..create", "key", "1"),
        ("key.create", "a key", "1"),
        ("key.create", "key", ""),
        ("key.create", "key", "ana@example.org"),
        ("key.create", "key", "x\n"),
        ("key.create", "key", "\ud800"),
    ],
)
def test_names_that_no_filter_finds_are_refused(act: str, kind: str, id_: str) -> None:
    """An act has dotted words, an object an id that is no e-mail address."""
    with pytest.raises(InputError):
        check_act(act, kind, id_)
