"""One-time codes are right for a minute and a half at most, and once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from thinktwice.people.recovery import hash_code, new_codes
from thinktwice.people.totp import accepted_step, new_secret, provisioning_uri

NOW = datetime(2026, 11, 23, 9, 0, 10, tzinfo=UTC)
STEP = int(NOW.timestamp()) // 30


def test_the_codes_are_those_of_rfc_6238() -> None:
    """The published test vector (SHA-1, time 59 s) is accepted."""
    secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    assert accepted_step(secret, "287 082", datetime.fromtimestamp(59, UTC), last_step=None) == 1


@pytest.mark.parametrize(("seconds", "is_right"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_code_is_right_one_step_around_now(seconds: int, is_right: bool) -> None:
    """Clocks may differ by half a minute, not by more."""
    secret = new_secret()
    code = pyotp.TOTP(secret).at(NOW + timedelta(seconds=seconds))
    assert (accepted_step(secret, code, NOW, last_step=None) is not None) == is_right


def test_no_code_is_accepted_twice() -> None:
    """After a step was used, its code and every earlier one are refused; the next is fine."""
    secret = new_secret()
    codes = {offset: pyotp.TOTP(secret).generate_otp(STEP + offset) for offset in (-1, 0, 1)}
    assert accepted_step(secret, codes[0], NOW, last_step=None) == STEP
    assert accepted_step(secret, codes[0], NOW, last_step=STEP) is None
    assert accepted_step(secret, codes[-1], NOW, last_step=STEP) is None
    assert accepted_step(secret, codes[1], NOW, last_step=STEP) == STEP + 1


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "123456\n7", " " * 100])
def test_what_is_no_code_is_refused(typed: str) -> None:
    """Anything but six plain digits is a no, without an error."""
    assert accepted_step(new_secret(), typed, NOW, last_step=None) is None


def test_secrets_are_random_and_go_into_a_qr_code() -> None:
    """Two secrets differ; the address names issuer and account."""
    one, two = new_secret(), new_secret()
    assert one != two
    assert len(one) == 32
    uri = provisioning_uri(one, account="ada@example.org", issuer="Think Twice")
    assert uri.startswith("otpauth://totp/Think%20Twice:ada%40example.org?")


def test_recovery_codes_are_forgiving_to_type_and_bound_to_the_account() -> None:
    """Case, spaces, hyphens and look-alike letters are forgiven; another account's hash differs; no two are equal."""
    codes = new_codes()
    assert len(set(codes)) == 10
    assert hash_code("acc_1", "K0QM-1V3D-X9TA-4RPC") == hash_code("acc_1", "koqm lv3d x9ta 4rpc")
    assert hash_code("acc_1", codes[0]) != hash_code("acc_2", codes[0])
