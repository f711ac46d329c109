"""Key files are read whole or refused with every fault, and no fault repeats a secret."""

from __future__ import annotations

import base64

import pytest

from thinktwice.errors import InputError
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.keyring.loading import PURPOSES, read_keyring, read_keyring_environment, write_keyring

SECRETS = {purpose: bytes([number]) * 32 for number, purpose in enumerate(PURPOSES, 1)}


def entry(name: str, secret: bytes) -> str:
    return f"{name}:{base64.urlsafe_b64encode(secret).decode().rstrip('=')}"


def test_what_is_written_is_read() -> None:
    """A generated key file gives the same keys back."""
    keyring = read_keyring(write_keyring(SECRETS, suffix="1"))
    assert keyring.seal is not None
    assert keyring.master is not None
    keys = (keyring.ref, keyring.assign, *keyring.token, keyring.seal, keyring.master, *keyring.webhook)
    assert [key.secret for key in keys] == list(SECRETS.values())
    assert keyring.token[0].id == "token-1"
    assert not keyring.is_test


def test_the_environment_holds_the_same() -> None:
    """Environment variables give the same keys; several token keys are separated by commas."""
    keyring = read_keyring_environment(
        {
            "THINKTWICE_KEY_REF": entry("r", SECRETS["ref"]),
            "THINKTWICE_KEY_ASSIGN": entry("a", SECRETS["assign"]),
            "THINKTWICE_KEY_TOKEN": f"{entry('new', SECRETS['token'])}, {entry('old', SECRETS['seal'])}",
            "PATH": "/bin",
        }
    )
    assert [key.id for key in keyring.token] == ["new", "old"]
    assert keyring.seal is None


def test_a_public_test_key_marks_the_whole_ring() -> None:
    """One public key anywhere makes the keyring a test keyring, whatever its id says."""
    assert read_keyring(write_keyring(SECRETS | {"assign": TEST_KEYRING.assign.secret}, suffix="live")).is_test


GOOD = write_keyring(SECRETS, suffix="1")


@pytest.mark.parametrize(
    ("text", "field", "part"),
    [
        ("ref = ", None, "not a key file"),
        ("", "ref", "required"),
        (GOOD.replace("token-1:", "token 1:"), "token", "id:secret"),
        (GOOD.replace("ref-1:", "ref-1"), "ref", "id:secret"),
        (GOOD.replace("seal-1:", "seal-1:*"), "seal", "base64"),
        (GOOD.replace("seal-1:", "seal-1:é"), "seal", "base64"),
        (GOOD + 'salt = "a:b"\n', "salt", "is not one of"),
        (GOOD.replace(entry("ref-1", SECRETS["ref"]), entry("ref-1", b"short")), "ref", "shorter than 32"),
        (write_keyring(SECRETS | {"ref": SECRETS["assign"]}, suffix="1"), None, "secret of its own"),
        (GOOD.replace('ref = "ref-1', 'ref = 7 # "'), "ref", "id:secret"),
        ("ref = []", "ref", "required"),
    ],
)
def test_an_unusable_file_is_refused_by_key(text: str, field: str | None, part: str) -> None:
    """Each fault names the key and says what would be right, without the secret."""
    with pytest.raises(InputError) as caught:
        read_keyring(text, where="keys.toml")
    assert any(fault.field == field and part in fault.message for fault in caught.value.faults), caught.value
    assert all(fault.where == "keys.toml" for fault in caught.value.faults)
    for secret in SECRETS.values():
        assert entry("", secret)[1:20] not in str(caught.value)


def test_all_faults_come_at_once() -> None:
    """An empty environment names every missing key."""
    with pytest.raises(InputError) as caught:
        read_keyring_environment({})
    assert [fault.field for fault in caught.value.faults] == ["ref", "assign", "token"]


def test_two_token_keys_need_two_ids() -> None:
    """A token names its key, so ids cannot repeat."""
    text = GOOD.replace('token = ["', f'token = ["{entry("token-1", b"x" * 32)}", "')
    with pytest.raises(InputError, match="id of its own"):
        read_keyring(text)
