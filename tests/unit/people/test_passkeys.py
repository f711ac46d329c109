"""A passkey counts for our site, one challenge and its own account; what it signs can be verified by anybody."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.authenticator import Authenticator
from tests.support.people import CONSOLE, HOME, Member, World, tries
from thinktwice.people.assertions import Assertion, ProofError, decode, encode, verify
from thinktwice.people.errors import SignInError
from thinktwice.people.sign_in import Opened

CHALLENGE = b"version hash of 32 bytes........" + b"nonce of 16 byte"


@pytest.fixture
def member(world: World) -> Member:
    return world.member("approver", with_passkey=True)


def sign_in(world: World, device: Authenticator, **changed: Any) -> Opened:
    options = world.console.sign_in.passkey_options("browser")
    return world.console.sign_in.with_passkey(device.get(options, **changed), HOME, "browser")


def signed(world: World, member: Member, challenge: bytes = CHALLENGE) -> Assertion:
    """This member's signature on a challenge of the caller's own, as an approval takes it."""
    assert member.device is not None
    answer = member.device.get(world.console.factors.signing_options(member.account_id, challenge))
    with world.ledger.act(world.person(member.token).actor, "campaign.approve", "version", "v1") as act:
        return world.console.factors.check_signature(act, member.account_id, answer, challenge=challenge)


@pytest.mark.parametrize("kind", ["es256", "eddsa", "rs256"])
def test_each_kind_of_key_signs_in_and_proves_offline(world: World, member: Member, kind: str) -> None:
    """The three algorithms in use work for signing in and for the offline verifier alike."""
    device = Authenticator(kind=kind)
    person, credentials = world.person(member.token), world.console.credentials
    credentials.add_passkey(person, device.create(credentials.passkey_options(person)), "another key")
    assert sign_in(world, device).account_id == member.account_id
    member.device = device
    assertion = signed(world, member)
    proven = verify(
        Assertion.from_json(json.loads(json.dumps(assertion.as_json()))),
        challenge=CHALLENGE,
        origins=CONSOLE.origins,
        rp_id=CONSOLE.id,
        public_key=assertion.public_key,
    )
    assert (proven.origin, proven.sign_count) == (CONSOLE.origins[0], 2)


def test_an_answer_given_elsewhere_is_refused(world: World, member: Member) -> None:
    """Another origin, another site, a frame, another challenge, another type and a wrong signature open nothing."""
    device = member.device
    assert device is not None
    for origin in ("https://console.example.org.evil.example", "http://console.example.org", "null"):
        device.origin = origin
        with pytest.raises(SignInError):
            sign_in(world, device)
    device.origin = CONSOLE.origins[0]
    for changed in (
        {"rp_id": "evil.example"},
        {"type": "webauthn.create"},
        {"challenge": encode(b"x" * 56)},
        {"signature": b"\x30\x06\x02\x01\x01\x02\x01\x01"},
    ):
        with pytest.raises(SignInError):
            sign_in(world, device, **changed)
    device.cross_origin = True
    with pytest.raises(SignInError):
        sign_in(world, device)
    device.cross_origin = False
    assert sign_in(world, device).account_id == member.account_id
    reasons = [details for act, details in world.entries() if act == "session.open"]
    assert len(reasons) == 8
    assert any("console.example.org.evil.example" in reason for reason in reasons)


def test_a_challenge_is_answered_once_in_time_and_where_it_was_asked(world: World, member: Member) -> None:
    """Replayed, too old, from another browser, or asked for another purpose: refused."""
    device, service = member.device, world.console.sign_in
    assert device is not None
    answer = device.get(service.passkey_options("browser"))
    with pytest.raises(SignInError):
        service.with_passkey(answer, HOME, "another browser")
    service.with_passkey(answer, HOME, "browser")
    with pytest.raises(SignInError, match="do not open"):
        service.with_passkey(answer, HOME, "browser")
    late = device.get(service.passkey_options("browser"))
    world.clock.move(minutes=5, seconds=1)
    with pytest.raises(SignInError):
        service.with_passkey(late, HOME, "browser")
    person = world.person(world.sign_in(member).token)
    with pytest.raises(SignInError):
        service.with_passkey(device.get(service.confirm_options(person)), HOME, person.session_id)


def test_a_copied_key_is_refused(world: World, member: Member) -> None:
    """A counter that does not rise means two devices with one key, and the chain says so; a counter may stay 0."""
    device = member.device
    assert device is not None
    sign_in(world, device)
    sign_in(world, device)
    device.count = 1
    with pytest.raises(SignInError) as refused:
        sign_in(world, device)
    assert "copied" in refused.value.reason
    assert any("copied" in details for _, details in world.entries())
    without = Authenticator(counts=False)
    person, credentials = world.person(member.token), world.console.credentials
    credentials.add_passkey(person, without.create(credentials.passkey_options(person)))
    sign_in(world, without)
    assert sign_in(world, without).account_id == member.account_id


def test_a_registration_is_bound_like_a_sign_in(world: World, member: Member) -> None:
    """Another origin or site, an unverified user, a replay and a key that is known already are refused."""
    person, credentials = world.person(member.token), world.console.credentials
    fresh = Authenticator()

    def register(device: Authenticator, **changed: Any) -> str:
        return credentials.add_passkey(person, device.create(credentials.passkey_options(person), **changed))

    answer = fresh.create(credentials.passkey_options(person))
    credentials.add_passkey(person, answer)
    assert member.device is not None
    for attempt in tries(
        lambda: credentials.add_passkey(person, answer),
        lambda: register(fresh),
        lambda: register(Authenticator(origin="https://evil.example")),
        lambda: register(Authenticator(cross_origin=True)),
        lambda: register(Authenticator(verifies_user=False)),
        lambda: register(Authenticator(), rp_id="evil.example"),
        lambda: register(Authenticator(), challenge=encode(b"x" * 56)),
    ):
        with pytest.raises(SignInError):
            attempt()
    assert len(world.console.factors.of(member.account_id).passkeys) == 2


@pytest.mark.parametrize(
    "response",
    [
        "",
        "null",
        "[]",
        "{}",
        '{"id": 1}',
        "[" * 10_000,
        "x" * 30_000,
        '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"AA","authenticatorData":"","signature":""}}',
        '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"eyJjaGFsbGVuZ2UiOiJBQSJ9"}}',
        '{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"W10","authenticatorData":"AA","signature":"AA"}}',
    ],
)
def test_malformed_answers_are_refused(world: World, response: str) -> None:
    """Whatever a script sends instead of a browser's answer is a refusal and never an error of ours."""
    with pytest.raises(SignInError):
        world.console.sign_in.with_passkey(response, HOME)


def test_a_signature_is_kept_for_one_challenge_of_one_person(world: World, member: Member) -> None:
    """Signed once only; another person's passkey signs nothing for this account; a withdrawn one neither."""
    signed(world, member)
    with pytest.raises(SignInError):
        signed(world, member)
    other = world.member("approver", with_passkey=True)
    mine, member.device = member.device, other.device
    with pytest.raises(SignInError):
        signed(world, member, b"another challenge")
    member.device = mine
    assert signed(world, member, b"another challenge").credential_id == (mine.credential_id if mine else b"")
    person = world.person(member.token)
    world.console.credentials.remove_factor(person, world.console.factors.of(member.account_id).passkeys[0].id)
    with pytest.raises(SignInError):
        signed(world, member, b"a third challenge")


def test_the_offline_verifier_refuses_everything_else(world: World, member: Member) -> None:
    """Any changed part, another challenge, origin, site or key, and unreadable records are named and refused."""
    good = signed(world, member)
    other = Authenticator(kind="eddsa").key.public_key()
    assert other is not None

    def check(assertion: Assertion, **changed: Any) -> None:
        expected = {"challenge": CHALLENGE, "origins": CONSOLE.origins, "rp_id": CONSOLE.id} | changed
        verify(assertion, **expected)

    check(good)
    for changed in (
        {"challenge": CHALLENGE[:-1] + b"x"},
        {"origins": ("https://portal.example.org",)},
        {"rp_id": "portal.example.org"},
        {"public_key": b"another key"},
    ):
        with pytest.raises(ProofError):
            check(good, **changed)
    for part in ("public_key", "authenticator_data", "client_data", "signature"):
        values = good.as_json()
        spoilt = bytearray(decode(values[part]))
        spoilt[-1] ^= 1
        values[part] = encode(bytes(spoilt))
        with pytest.raises(ProofError):
            check(Assertion.from_json(values))
    for record in ({}, {**good.as_json(), "signature": "!"}, {**good.as_json(), "client_data": encode(b"[]")}):
        with pytest.raises(ProofError):
            check(Assertion.from_json(record))
