"""Envelopes open with the right key at the right place, unchanged, and in no other case."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thinktwice.keyring.envelope import (
    EnvelopeError,
    blind_index,
    enclose,
    key_id_of,
    open_envelope,
    rewrap,
    unwrap_key,
    wrap_key,
)
from thinktwice.keyring.keys import Key

OLD, NEW, OTHER = (Key(name, bytes([number]) * 32) for number, name in enumerate(("old", "new", "other"), 1))


@given(content=st.binary(max_size=300), place=st.text(max_size=40))
def test_what_is_enclosed_comes_out(content: bytes, place: str) -> None:
    """Opening gives back every content, whichever of the keys made the envelope; two envelopes are never equal."""
    one, two = (enclose(OLD, content, context=place, randomness=os.urandom) for _ in range(2))
    assert open_envelope((NEW, OLD), one, context=place) == content
    assert one != two
    assert len(content) < 8 or content not in one


@given(position=st.integers(min_value=0), bit=st.integers(0, 7))
def test_no_byte_can_be_changed(position: int, bit: int) -> None:
    """One flipped bit anywhere, and the envelope does not open."""
    envelope = bytearray(enclose(OLD, b"ada@example.org", context="account.email:1", randomness=os.urandom))
    envelope[position % len(envelope)] ^= 1 << bit
    with pytest.raises(EnvelopeError):
        open_envelope((OLD,), bytes(envelope), context="account.email:1")


def test_an_envelope_belongs_to_its_place() -> None:
    """Moved to another row or column it does not open, nor with another key, nor cut short, nor when it is none."""
    envelope = enclose(OLD, b"secret", context="account.email:1", randomness=os.urandom)
    for masters, text, place in (
        ((OLD,), envelope, "account.email:2"),
        ((OLD,), envelope, "account.name:1"),
        ((NEW,), envelope, "account.email:1"),
        ((Key("old", OTHER.secret),), envelope, "account.email:1"),
        ((OLD,), envelope[:-1], "account.email:1"),
        ((OLD,), envelope[:20], "account.email:1"),
        ((OLD,), b"TE1", "account.email:1"),
        ((OLD,), b"", "account.email:1"),
        ((OLD,), b"TE1\x03\xff\xff\xff" + envelope, "account.email:1"),
    ):
        with pytest.raises(EnvelopeError):
            open_envelope(masters, text, context=place)


def test_rotation_leaves_the_content_as_it_is() -> None:
    """Re-wrapped, an envelope needs the new key only; its content stays; doing it again changes nothing."""
    envelope = enclose(OLD, b"secret", context="place", randomness=os.urandom)
    anew = rewrap((NEW, OLD), envelope, context="place", randomness=os.urandom)
    assert (key_id_of(envelope), key_id_of(anew)) == ("old", "new")
    assert open_envelope((NEW,), anew, context="place") == b"secret"
    assert anew[-34:] == envelope[-34:]
    assert rewrap((NEW, OLD), anew, context="place", randomness=os.urandom) == anew
    with pytest.raises(EnvelopeError):
        rewrap((NEW, OTHER), envelope, context="place", randomness=os.urandom)


def test_a_data_key_can_be_kept_wrapped() -> None:
    """A key of a case, wrapped, comes out at its place and nowhere else."""
    wrapped = wrap_key(NEW, b"k" * 32, context="case:1", randomness=os.urandom)
    assert unwrap_key((NEW,), wrapped, context="case:1") == b"k" * 32
    with pytest.raises(EnvelopeError):
        unwrap_key((NEW,), wrapped, context="case:2")


def test_blind_indexes_tell_purposes_and_keys_apart() -> None:
    """Equal texts give equal indexes under one key and purpose only, and the index does not contain the text."""
    index = blind_index(OLD, "email", "ada@example.org")
    assert index == blind_index(OLD, "email", "ada@example.org")
    assert len({index, blind_index(NEW, "email", "ada@example.org"), blind_index(OLD, "name", "ada@example.org")}) == 3
    assert b"ada" not in index
