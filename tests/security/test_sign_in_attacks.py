"""What attackers try against the doors of console and portal is refused, and put down."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from threading import Barrier, Thread

import pyotp
import pytest

from tests.support.authenticator import Authenticator
from tests.support.people import CLI, ELSEWHERE, HOME, PASSWORD, World, tries
from thinktwice.audit.entry import Actor
from thinktwice.audit.ledger import Ledger
from thinktwice.errors import NotFoundError, StateError
from thinktwice.people import sign_in as sign_in_module
from thinktwice.people.errors import LinkError, SignInError
from thinktwice.people.guessing import LONGEST_WAIT
from thinktwice.people.passwords import Checked
from thinktwice.people.person import Place


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(tmp_path)
    yield world
    world.close()


def wrong(world: World, email: str, place: Place = ELSEWHERE, password: str = "wrong") -> int | None:
    """Try a wrong password; returns the seconds to wait."""
    with pytest.raises(SignInError) as refused:
        world.console.sign_in.with_password(email, password, place)
    return refused.value.retry_after


def test_password_spraying_is_counted_by_source(world: World) -> None:
    """One try at each of many accounts from one source: after twenty it waits, for every account, known or not."""
    member = world.member("analyst")
    for number in range(19):
        assert wrong(world, f"nobody{number}@example.org") is None
    assert wrong(world, "nobody20@example.org") == 1
    before = len(world.entries())
    with pytest.raises(SignInError) as refused:
        world.console.sign_in.with_password(member.email, PASSWORD, ELSEWHERE)
    assert refused.value.retry_after is not None
    assert len(world.entries()) == before  # a flood that waits fills no chain; what made it wait is in it
    assert before >= 20
    assert world.console.sign_in.with_password(member.email, PASSWORD, HOME).token


def test_the_owner_is_not_locked_out_by_strangers(world: World) -> None:
    """However long others guess from many places, the owner signs in from the own place at once."""
    member = world.member("analyst")
    for number in range(40):
        wait = wrong(world, member.email, Place(f"198.51.100.{number}"))
        world.clock.move(seconds=wait or 0)
        assert (wait or 0) <= LONGEST_WAIT.total_seconds()
    assert wrong(world, member.email, Place("198.51.100.250")) is not None
    assert world.console.sign_in.with_password(member.email, PASSWORD, HOME).token


def test_guessing_an_unknown_account_looks_the_same(world: World) -> None:
    """Waits grow alike for an account that exists and one that does not."""
    member = world.member("analyst")
    known = [wrong(world, member.email, Place("192.0.2.1")) for _ in range(7)]
    unknown = [wrong(world, "nobody@example.org", Place("192.0.2.2")) for _ in range(7)]
    assert known == unknown
    assert known[-1] is not None


def test_each_try_does_the_same_work(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exactly one password check runs for a right, wrong, suspended and unknown account and for no address at all."""
    calls: list[str | None] = []

    def counted(stored: str | None, typed: str) -> Checked:
        calls.append(stored)
        return Checked(False)

    member, suspended = world.member("analyst"), world.member("analyst")
    world.console.accounts.suspend(CLI, suspended.account_id)
    monkeypatch.setattr(sign_in_module, "check_password", counted)
    for email in (member.email, suspended.email, "nobody@example.org", "no address"):
        wrong(world, email)
    assert len(calls) == 4
    assert [stored is not None for stored in calls] == [True, False, False, False]


def test_a_code_is_accepted_once(world: World) -> None:
    """A code seen over the shoulder opens nothing, in this process or another, in this sign-in or the next."""
    member = world.member("analyst")
    one, two = (world.console.sign_in.with_password(member.email, PASSWORD, HOME).token for _ in range(2))
    code = world.code(member)
    world.console.sign_in.with_totp(one, code, HOME)
    other = world.open("console")
    for service in (world.console.sign_in, other.sign_in):
        with pytest.raises(SignInError):
            service.with_totp(two, code, ELSEWHERE)
    other.close()
    assert ("session.open", '{"reason":"wrong or used code"}') in world.entries()


@pytest.mark.parametrize("what", ["totp", "recovery", "link"])
def test_asked_at_the_same_moment_one_wins(world: World, what: str) -> None:
    """Three instances get one code or link at once, each over a database connection of its own: one accepts."""
    member = world.member("analyst")
    _, link = world.console.invitations.invite(
        CLI, realm="console", email="new@example.org", name="New", roles=["author"]
    )
    pending = world.console.enrolment.pending(world.console.enrolment.begin(link, HOME))
    device = Authenticator()
    world.console.credentials.add_passkey(pending, device.create(world.console.credentials.passkey_options(pending)))
    places = [Place(f"192.0.2.{number}") for number in range(3)]
    tokens = [world.console.sign_in.with_password(member.email, PASSWORD, place).token for place in places]
    code, barrier = world.code(member), Barrier(len(places))
    accepted: list[str] = []

    def attempt(number: int) -> None:
        ledger = Ledger(world.control, world.clock)
        people = world.open("console", ledger)
        barrier.wait()
        with contextlib.suppress(SignInError, LinkError):
            if what == "totp":
                accepted.append(people.sign_in.with_totp(tokens[number], code, places[number]).token)
            elif what == "recovery":
                accepted.append(
                    people.sign_in.with_recovery_code(tokens[number], member.codes[0], places[number]).token
                )
            else:
                accepted.append(people.enrolment.finish(pending, places[number]).token)
        people.close()
        ledger.close()

    threads = [Thread(target=attempt, args=(number,)) for number in range(len(places))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(accepted) == 1


def test_codes_cannot_be_guessed(world: World) -> None:
    """Somebody who knows the password gets five tries at the code, then one each quarter of an hour at best."""
    member = world.member("analyst")
    token = world.console.sign_in.with_password(member.email, PASSWORD, ELSEWHERE).token
    right = pyotp.TOTP(member.secret)
    waits = []
    for _ in range(6):
        with pytest.raises(SignInError) as refused:
            world.console.sign_in.with_totp(
                token, "000000" if right.at(world.clock.now) != "000000" else "1", ELSEWHERE
            )
        waits.append(refused.value.retry_after)
    assert waits[:4] == [None] * 4
    assert waits[5] is not None
    with pytest.raises(SignInError):
        world.console.sign_in.with_totp(token, right.at(world.clock.now), ELSEWHERE)


def test_a_session_cannot_be_fixed(world: World) -> None:
    """Tokens come from the server alone: each step gives a new one and the one before is void."""
    member = world.member("administrator")
    planted = "A" * 43
    assert world.console.sessions.read(planted, "console") is None
    waiting = world.console.sign_in.with_password(member.email, PASSWORD, HOME).token
    opened = world.console.sign_in.with_totp(waiting, world.code(member), HOME).token
    person = world.person(opened)
    confirmed = world.console.sign_in.confirm_with_totp(person, world.code(member), HOME)
    assert len({planted, waiting, opened, confirmed}) == 4
    for void in (planted, waiting, opened):
        assert world.console.sessions.read(void, "console") is None
        assert world.console.sessions.read_pending(void, "console", "second_factor") is None
    assert world.person(confirmed).session_id == person.session_id


def test_a_stolen_database_opens_nothing(world: World) -> None:
    """What stands in the tables is no token, no link and no code: given as one, none of it works."""
    member = world.member("analyst")
    _, link = world.console.invitations.invite(
        CLI, realm="console", email="new@example.org", name="New", roles=["author"]
    )
    with sqlite3.connect(world.control) as connection:
        tokens = [row[0] for row in connection.execute("SELECT token_hash FROM session")]
        links = [row[0] for row in connection.execute("SELECT token_hash FROM invitation")]
        codes = [row[0] for row in connection.execute("SELECT code_hash FROM recovery_code")]
    connection.close()
    assert member.token.encode() not in tokens
    assert link.encode() not in links
    for stolen in [value.hex()[:43] for value in tokens + links]:
        assert world.console.sessions.read(stolen, "console") is None
        with pytest.raises(LinkError):
            world.console.invitations.read(stolen, "console")
    token = world.console.sign_in.with_password(member.email, PASSWORD, HOME).token
    with pytest.raises(SignInError):
        world.console.sign_in.with_recovery_code(token, codes[0].hex(), HOME)


def test_a_stolen_mailbox_gains_nothing(world: World) -> None:
    """An officer's mailbox alone resets nothing and opens nothing, nor does a passkey used on a phisher's page."""
    boss = world.member("agency_administrator", realm="portal", agency="agency_1")
    officer = world.member("officer", realm="portal", agency="agency_1")
    me = Actor("officer", officer.account_id)
    with pytest.raises(StateError, match="nobody resets"):
        world.portal.invitations.reset(me, officer.account_id)
    phished = Authenticator(origin="https://portal.example.org.evil.example")
    assert officer.device is not None
    phished.key, phished.credential_id = officer.device.key, officer.device.credential_id
    for attempt in tries(
        lambda: world.portal.sign_in.with_password(officer.email, PASSWORD, ELSEWHERE),
        lambda: world.portal.sign_in.with_passkey(
            Authenticator(origin="https://portal.example.org").get(world.portal.sign_in.passkey_options()), ELSEWHERE
        ),
        lambda: world.portal.sign_in.with_passkey(phished.get(world.portal.sign_in.passkey_options()), ELSEWHERE),
    ):
        with pytest.raises(SignInError):
            attempt()
    token = world.sign_in(officer, realm="portal").token
    world.portal.accounts.suspend(Actor("officer", boss.account_id), officer.account_id)
    assert world.portal.sessions.read(token, "portal") is None
    with pytest.raises(SignInError):
        world.sign_in(officer, realm="portal")
    assert len(world.entries()) >= 5


def test_a_flood_of_false_passkeys_does_not_fill_the_chain(world: World) -> None:
    """After twenty refusals from one source nothing more is written; others, and passwords from there, go on."""
    member = world.member("approver", with_passkey=True)
    assert member.device is not None
    stranger, sign_in = Authenticator(), world.console.sign_in
    for _ in range(60):
        with pytest.raises(SignInError):
            sign_in.with_passkey(stranger.get(sign_in.passkey_options()), ELSEWHERE)
    assert len(world.entries()) == 20
    assert sign_in.with_passkey(member.device.get(sign_in.passkey_options()), HOME).token
    assert sign_in.with_password(member.email, PASSWORD, ELSEWHERE).token


def test_escalation_is_refused_and_put_down(world: World) -> None:
    """Upwards (one's own roles) and sideways (another agency's officers): refused, each an entry of the chain."""
    clerk = world.member("analyst")
    officer = world.member("agency_administrator", realm="portal", agency="agency_1")
    foreign = world.member("officer", realm="portal", agency="agency_2")
    with pytest.raises(StateError):
        world.console.accounts.change_roles(
            Actor("staff", clerk.account_id), clerk.account_id, ["analyst", "administrator"]
        )
    with pytest.raises(NotFoundError):
        world.portal.accounts.change_roles(
            Actor("officer", officer.account_id), foreign.account_id, ["agency_administrator"]
        )
    with pytest.raises(NotFoundError):
        world.portal.invitations.invite(
            Actor("officer", officer.account_id),
            realm="console",
            email="spy@example.org",
            name="Spy",
            roles=["administrator"],
        )
    assert [act for act, _ in world.entries()] == [
        "account.change_roles",
        "account.change_roles",
        "account.invite",
    ]
