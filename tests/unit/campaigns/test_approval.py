"""Approvals: what is signed, and what is refused."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.support.passkeys import Passkey
from thinktwice.campaigns.approval import Assertion, Statement, as_json, from_json, why_not
from thinktwice.errors import InputError

OFFICER = Passkey("officer")
SAID = Statement(campaign="hk", version="ab" * 32, side="hk-police", nonce="n1")


def test_an_approval_verifies_with_the_public_key_alone() -> None:
    """Exported and read back, it verifies against the pinned key, without a database or a network."""
    assertion = OFFICER.sign(SAID.challenge)
    exported = json.loads(json.dumps(as_json(SAID, assertion, OFFICER.public_key)))
    statement, raw = from_json(exported)
    assert (statement, raw) == (SAID, assertion)
    assert why_not(statement, raw, [OFFICER.pinned]) is None


@pytest.mark.parametrize(
    "changed", [{"version": "ac" * 32}, {"side": "other"}, {"campaign": "mo"}, {"nonce": "n2"}, {"release": "cd" * 32}]
)
def test_an_approval_of_anything_else_is_none_of_this(changed: dict[str, str]) -> None:
    """Each part of the statement is signed: another version, side, campaign, nonce or release does not verify."""
    assertion = OFFICER.sign(SAID.challenge)
    assert why_not(replace(SAID, **changed), assertion, [OFFICER.pinned]) is not None


def _flip(content: bytes) -> bytes:
    return content[:-1] + bytes([content[-1] ^ 1])


@pytest.mark.parametrize("field", ["authenticator_data", "client_data_json", "signature", "credential_id"])
def test_one_changed_bit_of_the_raw_assertion_is_enough(field: str) -> None:
    """What was stored raw cannot be edited."""
    assertion = OFFICER.sign(SAID.challenge)
    assert why_not(SAID, replace(assertion, **{field: _flip(getattr(assertion, field))}), [OFFICER.pinned]) is not None


def test_another_key_under_the_same_credential_is_refused() -> None:
    """Whoever swaps the stored public key gains nothing: the pinned one decides."""
    forger = Passkey("officer")
    assert why_not(SAID, forger.sign(SAID.challenge), [OFFICER.pinned]) is not None
    assert why_not(SAID, OFFICER.sign(SAID.challenge), []) == "no key with this credential is pinned for hk-police"


@pytest.mark.parametrize(
    ("assertion", "reason"),
    [
        (OFFICER.sign(SAID.challenge, is_verified=False), "verif"),
        (OFFICER.sign(SAID.challenge, kind="webauthn.create"), "type"),
        (replace(OFFICER, origin="https://portal.example.org.evil.test").sign(SAID.challenge), "origin"),
        (replace(OFFICER, rp_id="evil.test").sign(SAID.challenge), "RP ID"),
        (OFFICER.sign(b"x" * 32), "challenge"),
    ],
)
def test_only_the_officer_present_at_the_portal_itself_approves(assertion: Assertion, reason: str) -> None:
    """Without the person verified, on a look-alike site, for another service or another challenge it is none."""
    said = why_not(SAID, assertion, [OFFICER.pinned])
    assert said is not None
    assert reason in said


@pytest.mark.parametrize("fields", [{}, {"campaign": "hk"}, {"signature": 3}])
def test_what_is_no_export_is_refused(fields: dict[str, object]) -> None:
    """A file from elsewhere is named as unusable."""
    with pytest.raises(InputError):
        from_json(dict(fields))
