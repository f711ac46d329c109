"""An identity provider says who somebody is, to the browser that asked, once; a link made before opens the account."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from tests.support.identity_provider import Line, approve, joined, parts_of, running_provider, say_about
from tests.support.people import CLI, HOME, World
from thinktwice.errors import InputError, StateError, UnavailableError
from thinktwice.people.errors import SignInError
from thinktwice.people.oidc import Identity, OidcClient, Provider
from thinktwice.people.sealing import Sealing
from thinktwice.people.sign_in import Opened, Waiting


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with running_provider() as issuer:
        yield issuer


def provider(issuer: str, **changed: Any) -> Provider:
    values: dict[str, Any] = {
        "issuer": issuer,
        "client_id": "thinktwice",
        "client_secret": "a secret: with ünusual / characters",
        "redirect_uri": "https://console.example.org/oidc",
        "second_factor_amr": frozenset({"mfa", "hwk"}),
        "second_factor_acr": frozenset({"phr"}),
    }
    return Provider(**values | changed)


@pytest.fixture
def line() -> Line:
    return Line()


@pytest.fixture
def world(tmp_path: Path, issuer: str) -> Iterator[World]:
    world = World(tmp_path, provider=provider(issuer))
    world.clock.now = datetime.now(UTC)  # the provider's clock is the machine's
    yield world
    world.close()


@pytest.fixture
def client(world: World, issuer: str, line: Line) -> Iterator[OidcClient]:
    client = OidcClient(provider(issuer), Sealing(world.masters), world.clock, http=httpx.Client(transport=line))
    yield client
    client.close()


def identify(client: OidcClient, subject: str, *, fresh: bool = False) -> Identity:
    started = client.begin("sign_in", fresh=fresh)
    return client.finish(started.attempt, approve(started.url, subject), "sign_in")


def refusal_of(attempt: Callable[[], object]) -> str:
    with pytest.raises(SignInError) as refused:
        attempt()
    return refused.value.reason


def test_the_flow_uses_state_nonce_and_pkce(client: OidcClient, line: Line) -> None:
    """Each attempt has its own; the verifier sent later belongs to the challenge sent first."""
    one, two = client.begin("sign_in"), client.begin("sign_in")
    asked, other = (dict(parse_qsl(urlsplit(started.url).query)) for started in (one, two))
    assert asked["code_challenge_method"] == "S256"
    assert asked["scope"] == "openid"
    assert all(asked[name] != other[name] for name in ("state", "nonce", "code_challenge"))
    identity = client.finish(one.attempt, approve(one.url, "ada"), "sign_in")
    assert identity.subject == "ada"
    (exchange,) = (request for request in line.sent if request.url.path == "/oauth2/token")
    sent = dict(parse_qsl(exchange.content.decode()))
    digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
    assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked["code_challenge"]
    assert exchange.headers["authorization"].startswith("Basic ")
    assert asked["state"] not in one.attempt


def test_an_answer_counts_in_the_browser_that_asked(client: OidcClient, world: World) -> None:
    """Another state, another browser's attempt, another purpose, a late return, a declined request: refused."""
    one, two = client.begin("sign_in"), client.begin("sign_in")
    back = approve(one.url, "ada")
    assert "state" in refusal_of(lambda: client.finish(two.attempt, back, "sign_in"))
    assert "state" in refusal_of(lambda: client.finish(one.attempt, {"code": back["code"]}, "sign_in"))
    assert "something else" in refusal_of(lambda: client.finish(one.attempt, back, "confirm"))
    for forged in ("", "!", base64.urlsafe_b64encode(b"TE1" * 50).decode()):
        assert "no attempt" in refusal_of(partial(client.finish, forged, back, "sign_in"))
    foreign = {**back, "iss": "https://evil.example"}
    assert "issuer" in refusal_of(lambda: client.finish(one.attempt, foreign, "sign_in"))
    declined = {"state": back["state"], "error": "access_denied"}
    assert "declined" in refusal_of(lambda: client.finish(one.attempt, declined, "sign_in"))
    assert "code refused" in refusal_of(lambda: client.finish(one.attempt, {**back, "code": "x"}, "sign_in"))
    world.clock.move(minutes=10, seconds=1)
    assert "too old" in refusal_of(lambda: client.finish(one.attempt, back, "sign_in"))


@pytest.mark.parametrize(
    ("claims", "word"),
    [
        ({"iss": "https://evil.example"}, "iss"),
        ({"aud": "another client"}, "aud"),
        ({"aud": ["thinktwice", "another"], "azp": "another"}, "azp"),
        ({"nonce": "another"}, "nonce"),
        ({"exp": int(time.time()) - 120}, "expired"),
        ({"iat": int(time.time()) + 3600}, "future"),
        ({"at_hash": "another"}, "at_hash"),
        ({"amr": "mfa"}, "amr"),
    ],
)
def test_an_id_token_for_somebody_else_is_refused(
    client: OidcClient, issuer: str, claims: dict[str, Any], word: str
) -> None:
    """Wrong issuer, audience, party, nonce, times and token hash, signed by the provider itself, open nothing."""
    say_about(issuer, "mallory", **claims)
    reason = refusal_of(lambda: identify(client, "mallory"))
    assert "ID token refused" in reason
    assert word in reason


def test_a_token_that_expired_on_the_way_is_refused(tmp_path: Path) -> None:
    """A token of one second's life is refused when it arrives minutes later by our clock."""
    with running_provider(token_seconds=1) as issuer:
        world = World(tmp_path)
        world.clock.now = datetime.now(UTC) + timedelta(minutes=5)
        client = OidcClient(provider(issuer), Sealing(world.masters), world.clock)
        assert "expired" in refusal_of(lambda: identify(client, "ada"))
        client.close()
        world.close()


def test_a_forged_token_is_refused(client: OidcClient, line: Line) -> None:
    """Another subject under the same signature, no signature, and a shared-secret signature open nothing."""

    def other_subject(token: str) -> str:
        header, claims, signature = parts_of(token)
        return joined(header, claims | {"sub": "root"}, signature)

    def unsigned(token: str) -> str:
        _, claims, _ = parts_of(token)
        return joined({"alg": "none"}, claims | {"sub": "root"}, "")

    def shared_secret(token: str) -> str:
        _, claims, _ = parts_of(token)
        text = joined({"alg": "HS256"}, claims | {"sub": "root"}, "")[:-1]
        mac = hmac.digest(b"a secret: with \xc3\xbcnusual / characters", text.encode(), "sha256")
        return f"{text}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"

    for change in (other_subject, unsigned, shared_secret, lambda token: "not a token"):
        line.change = change
        assert "signature refused" in refusal_of(lambda: identify(client, "ada"))
    line.change = None
    assert identify(client, "ada").subject == "ada"


def test_what_counts_as_a_second_factor_is_configured(client: OidcClient, issuer: str) -> None:
    """Only the named words count; without them the provider's sign-in is one factor."""
    said: list[tuple[dict[str, Any], bool]] = [
        ({}, False),
        ({"amr": ["pwd"]}, False),
        ({"amr": ["pwd", "mfa"]}, True),
        ({"acr": "phr"}, True),
        ({"acr": "1"}, False),
    ]
    for number, (claims, counts) in enumerate(said):
        say_about(issuer, f"person{number}", **claims)
        assert identify(client, f"person{number}").has_second_factor == counts


def test_a_subject_makes_no_account(world: World, client: OidcClient) -> None:
    """Whoever the provider vouches for opens nothing until the owner of an account linked the subject."""
    before = len(world.console.accounts.all("console"))
    with pytest.raises(SignInError):
        world.console.sign_in.with_identity(identify(client, "ada"), HOME)
    assert len(world.console.accounts.all("console")) == before
    assert any("linked to no account" in details for _, details in world.entries())


def test_a_linked_subject_signs_in(world: World, client: OidcClient, issuer: str) -> None:
    """With the provider's second factor at once, without it after ours; each answer once; not on the other surface."""
    member = world.member("analyst")
    say_about(issuer, "linked", amr=["mfa"])
    world.console.credentials.link_identity(world.person(member.token), identify(client, "linked"))
    identity = identify(client, "linked")
    opened = world.console.sign_in.with_identity(identity, HOME)
    assert isinstance(opened, Opened)
    assert world.person(opened.token).account_id == member.account_id
    assert "answered before" in refusal_of(lambda: world.console.sign_in.with_identity(identity, HOME))
    say_about(issuer, "linked", amr=["pwd"])
    waiting = world.console.sign_in.with_identity(identify(client, "linked"), HOME)
    assert isinstance(waiting, Waiting)
    assert world.console.sessions.read(waiting.token, "console") is None
    assert world.console.sign_in.with_totp(waiting.token, world.code(member), HOME).account_id == member.account_id
    with pytest.raises(SignInError):
        world.portal.sign_in.with_identity(identify(client, "linked"), HOME)
    world.console.accounts.suspend(CLI, member.account_id)
    with pytest.raises(SignInError):
        world.console.sign_in.with_identity(identify(client, "linked"), HOME)


def test_a_subject_belongs_to_one_account(world: World, client: OidcClient) -> None:
    """It cannot be linked twice; unlinked it opens nothing."""
    one, two = world.member("analyst"), world.member("analyst")
    person = world.person(one.token)
    world.console.credentials.link_identity(person, identify(client, "shared"))
    with pytest.raises(StateError, match="already"):
        world.console.credentials.link_identity(world.person(two.token), identify(client, "shared"))
    (link,) = world.console.subjects.of(one.account_id)
    world.console.subjects.unlink(person.actor, one.account_id, link.id)
    with pytest.raises(SignInError):
        world.console.sign_in.with_identity(identify(client, "shared"), HOME)


def test_an_account_can_be_set_up_with_the_provider_alone(world: World, client: OidcClient, issuer: str) -> None:
    """Where its second factor counts, a linked subject is enough; where not, an app is needed too."""
    for subject, claims, is_enough in (("strong", {"amr": ["hwk"]}, True), ("weak", {"amr": ["pwd"]}, False)):
        say_about(issuer, subject, **claims)
        _, link = world.console.invitations.invite(
            CLI, realm="console", email=f"{subject}@example.org", name=subject, roles=["author"]
        )
        pending = world.console.enrolment.pending(world.console.enrolment.begin(link, HOME))
        world.console.credentials.link_identity(pending, identify(client, subject))
        if is_enough:
            assert world.console.enrolment.finish(pending, HOME).token
        else:
            with pytest.raises(StateError, match="passkey or an app"):
                world.console.enrolment.finish(pending, HOME)


def test_a_dangerous_act_asks_the_provider_anew(world: World, client: OidcClient, issuer: str) -> None:
    """Only a second factor given there just now confirms, and only one's own."""
    member, other = world.member("administrator"), world.member("administrator")
    person = world.person(member.token)
    for owner, subject in ((person, "mine"), (world.person(other.token), "theirs")):
        say_about(issuer, subject, amr=["mfa"])
        world.console.credentials.link_identity(owner, identify(client, subject))
    assert "prompt=login" in client.begin("confirm", fresh=True).url
    with pytest.raises(SignInError):
        world.console.sign_in.confirm_with_identity(person, identify(client, "theirs", fresh=True))
    say_about(issuer, "mine", amr=["mfa"], auth_time=int(time.time()) - 3600)
    with pytest.raises(SignInError):
        world.console.sign_in.confirm_with_identity(person, identify(client, "mine", fresh=True))
    say_about(issuer, "mine", amr=["mfa"])
    token = world.console.sign_in.confirm_with_identity(person, identify(client, "mine", fresh=True))
    assert world.person(token).is_confirmed(world.clock())


def test_only_safe_addresses_are_asked(world: World, issuer: str) -> None:
    """Plain http to another machine is refused; a provider that calls itself otherwise, or is away, opens nothing."""
    sealing = Sealing(world.masters)
    for unsafe in (
        provider("http://idp.example.org"),
        provider(issuer, redirect_uri="http://console.example.org/oidc"),
    ):
        with pytest.raises(InputError, match="https"):
            OidcClient(unsafe, sealing, world.clock)
    away = OidcClient(provider("http://127.0.0.1:9"), sealing, world.clock)
    with pytest.raises(UnavailableError):
        away.begin("sign_in")
    otherwise = OidcClient(provider(f"{issuer}/"), sealing, world.clock)
    assert "calls itself otherwise" in refusal_of(lambda: otherwise.begin("sign_in"))
    away.close()
    otherwise.close()
    assert world.console.oidc is not None
    assert world.console.oidc.begin("sign_in").url.startswith(f"{issuer}/oauth2/authorize?")
