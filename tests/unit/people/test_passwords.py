"""Passwords: long enough, not the first that guessers try, and kept as argon2id."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher, Type, extract_parameters

from thinktwice.errors import InputError
from thinktwice.people import passwords
from thinktwice.people.passwords import accept_password, check_password, decoy_hash, hash_password


@pytest.mark.parametrize(
    "password",
    [
        "violet hammer seven oceans",
        "x7K!pq9mW2zL",
        "purple monkey dishwasher",
        "牛奶天空火車頭轉向北方山月",
        "            a wide margin",
        "nothing special about it",
    ],
)
def test_long_and_uncommon_is_enough(password: str) -> None:
    """No kinds of characters are asked for, and any alphabet will do."""
    assert accept_password(password, about=["Ada Lovelace", "ada@example.org", "ThinkTwice"]) == password


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "elevenchars",
        "Password1234!",
        "P@ssw0rd2026!",
        "qwertyuiop12",
        "qwertzuiop123",
        "1q2w3e4r5t6y",
        "123456789012",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "correct horse battery staple",
        "adalovelace1",
        "Ada.Lovelace.2026",
        "bitcoinwallet1",
        "Summer2026!!",
        "thinktwice123",
        "HongKongPolice1",
        "a" * 257,
    ],
)
def test_what_guessers_try_first_is_refused(password: str) -> None:
    """Too short, common words with digits, rows of keys, repetitions and one's own name are refused, saying why."""
    with pytest.raises(InputError, match="password: "):
        accept_password(password, about=["Ada Lovelace", "ada@example.org", "ThinkTwice"])


def test_hashes_are_argon2id_with_the_stated_parameters() -> None:
    """The parameters of the documentation are those of a new hash and of the decoy; salts differ."""
    one, two = hash_password("violet hammer"), hash_password("violet hammer")
    assert one != two
    for stored in (one, decoy_hash()):
        found = extract_parameters(stored)
        assert found.type is Type.ID
        assert (found.memory_cost, found.time_cost, found.parallelism) == (19 * 1024, 2, 1)
        assert (found.salt_len, found.hash_len) == (16, 32)


def test_a_password_is_compared_in_one_unicode_form() -> None:
    """The same letters typed on another keyboard, composed otherwise, are the same password; the tail counts."""
    stored = hash_password(accept_password("caf\u00e9 violet hammer"))
    assert check_password(stored, "cafe\u0301 violet hammer").is_right
    assert not check_password(stored, "cafe violet hammer").is_right
    assert not check_password(hash_password("a" * 256), "a" * 257).is_right


def test_an_old_hash_is_made_anew() -> None:
    """A hash with other parameters is right and says that it should be replaced; today's is not."""
    old = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash("violet hammer")
    assert check_password(old, "violet hammer").needs_new_hash
    assert not check_password(hash_password("violet hammer"), "violet hammer").needs_new_hash
    assert not check_password(old, "wrong").is_right


def test_an_unknown_account_costs_the_same_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a stored hash one verification runs too, over a decoy with today's parameters, and the answer is no."""
    seen: list[str] = []

    class Spy:
        def verify(self, stored: str, password: str) -> bool:
            seen.append(stored)
            return True

        def check_needs_rehash(self, stored: str) -> bool:
            return False

    decoy = decoy_hash()
    monkeypatch.setattr(passwords, "_HASHER", Spy())
    assert not check_password(None, "a password that no account has").is_right
    assert check_password("stored", "anything").is_right
    assert seen == [decoy, "stored"]


def test_a_damaged_hash_is_a_no() -> None:
    """A hash that is none opens nothing and raises nothing."""
    assert not check_password("not a hash", "violet hammer").is_right
