"""Keys hide their secrets; customer references are stable and unlinkable without the key."""

from __future__ import annotations

import pytest

from thinktwice.errors import InputError
from thinktwice.keyring.keys import TEST_KEYRING, Key, customer_ref

PINNED = "6cbc0f7cf25abe9068c7040ec1ec5c46"


def test_a_key_never_shows_its_secret() -> None:
    """Neither repr nor str of a key or keyring holds the secret."""
    secret = b"do-not-show-this-secret-anywhere"
    assert "do-not-show" not in f"{Key('k', secret)!r} {Key('k', secret)}"
    assert repr(TEST_KEYRING.ref.secret) not in repr(TEST_KEYRING)


def test_a_reference_is_128_bits_of_hex() -> None:
    """A reference is 32 lower-case hex digits."""
    ref = customer_ref(TEST_KEYRING.ref, "c-123")
    assert len(ref) == 32
    assert int(ref, 16) >= 0
    assert ref == ref.lower()


def test_a_reference_is_pinned() -> None:
    """An upgrade finds every customer's history: this value never changes."""
    assert customer_ref(Key("k", b"k" * 32), "c-123") == PINNED


def test_references_differ_by_customer_and_key() -> None:
    """Two customers, or one customer at two operators, share no reference."""
    refs = {
        customer_ref(key, who)
        for key in (TEST_KEYRING.ref, TEST_KEYRING.assign)
        for who in ("a", "b", "\u00e9", "e\u0301")
    }
    assert len(refs) == 8


def test_a_lone_surrogate_is_refused_by_name() -> None:
    """Text that is not Unicode is a fault of customer.id, not a crash."""
    with pytest.raises(InputError) as caught:
        customer_ref(TEST_KEYRING.ref, "\ud800")
    assert caught.value.faults[0].field == "customer.id"


def test_the_test_keys_say_so() -> None:
    """The public keys are marked."""
    assert TEST_KEYRING.is_test
    assert TEST_KEYRING.ref.id.startswith("test-")
