"""A link sets one account up, once, in its time; and an account needs two factors to begin with."""

from __future__ import annotations

import pytest

from tests.support.authenticator import Authenticator
from tests.support.people import CLI, ELSEWHERE, HOME, PASSWORD, World, tries
from thinktwice.audit.entry import Actor
from thinktwice.errors import NotFoundError, StateError
from thinktwice.people.errors import LinkError, SecondFactorNeededError, SignInError
from thinktwice.people.person import Pending


def invited(world: World) -> tuple[str, str]:
    account, link = world.console.invitations.invite(
        CLI, realm="console", email="new@example.org", name="New Person", roles=["author"]
    )
    return account.id, link


def begun(world: World, link: str) -> Pending:
    return world.console.enrolment.pending(world.console.enrolment.begin(link, HOME))


def test_a_link_works_once(world: World) -> None:
    """After the account was set up the link is worth nothing, nor is a set-up begun before."""
    account_id, link = invited(world)
    assert world.console.invitations.read(link, "console").account.id == account_id
    first = begun(world, link)
    pending = begun(world, link)
    device = Authenticator()
    world.console.credentials.add_passkey(pending, device.create(world.console.credentials.passkey_options(pending)))
    finished = world.console.enrolment.finish(pending, HOME)
    assert len(finished.recovery_codes) == 10
    assert world.person(finished.token).is_confirmed(world.clock())
    for again in tries(
        lambda: world.console.invitations.read(link, "console"),
        lambda: world.console.enrolment.begin(link, ELSEWHERE),
        lambda: world.console.enrolment.finish(pending, HOME),
        lambda: world.console.enrolment.finish(first, HOME),
    ):
        with pytest.raises(LinkError):
            again()


def test_a_link_ends_by_itself_and_when_replaced(world: World) -> None:
    """After seven days, after withdrawal, after a new one, and on the other surface it does not work."""
    account_id, link = invited(world)
    with pytest.raises(LinkError):
        world.portal.invitations.read(link, "portal")
    newer = world.console.invitations.reset(CLI, account_id)
    with pytest.raises(LinkError):
        world.console.invitations.read(link, "console")
    assert [one.account.id for one in world.console.invitations.open("console")] == [account_id]
    world.clock.move(days=7, seconds=1)
    assert world.console.invitations.open("console") == ()
    for dead in (newer, link, "A" * 43, "", "../../etc/passwd"):
        with pytest.raises(LinkError):
            world.console.invitations.read(dead, "console")
    newest = world.console.invitations.reset(CLI, account_id)
    world.console.invitations.withdraw(CLI, account_id)
    with pytest.raises(LinkError):
        world.console.enrolment.begin(newest, HOME)


def test_beginning_again_ends_the_set_up_before(world: World) -> None:
    """Whoever begins last with the link sets the account up; the session of the first is over."""
    _, link = invited(world)
    first = world.console.enrolment.begin(link, ELSEWHERE)
    begun(world, link)
    with pytest.raises(LinkError):
        world.console.enrolment.pending(first)


def test_a_set_up_session_opens_nothing_else(world: World) -> None:
    """It is neither a session nor a sign-in that waits, and ends after half an hour."""
    _, link = invited(world)
    token = world.console.enrolment.begin(link, HOME)
    assert world.console.sessions.read(token, "console") is None
    with pytest.raises(SignInError):
        world.console.sign_in.with_totp(token, "123456", HOME)
    world.clock.move(minutes=30)
    with pytest.raises(LinkError):
        world.console.enrolment.pending(token)


def test_an_account_needs_two_factors_to_begin(world: World) -> None:
    """Nothing, a password alone, an app alone and an unconfirmed app are not enough; password and app are."""
    _, link = invited(world)
    pending, credentials = begun(world, link), world.console.credentials
    with pytest.raises(StateError, match="password or register a passkey"):
        world.console.enrolment.finish(pending, HOME)
    app = credentials.add_app(pending)
    with pytest.raises(SignInError):
        credentials.confirm_app(pending, app.id, "000000")
    member = world.member("analyst")
    with pytest.raises(SignInError):
        credentials.confirm_app(begun(world, link), "app_of_nobody", "000000")
    pending = begun(world, link)
    credentials.set_password(pending, PASSWORD)
    with pytest.raises(StateError, match="passkey or an app"):
        world.console.enrolment.finish(pending, HOME)
    member.secret = app.secret
    credentials.confirm_app(pending, app.id, world.code(member))
    assert world.console.enrolment.finish(pending, HOME).recovery_codes


def test_a_reset_takes_everything_away_first(world: World) -> None:
    """Password, app, passkey, recovery codes and sessions are gone before the link is given; the link lives a day."""
    member = world.member("analyst", with_passkey=True)
    other = world.member("administrator")
    assert member.device is not None
    link = world.console.invitations.reset(Actor("staff", other.account_id), member.account_id)
    assert world.console.sessions.read(member.token, "console") is None
    with pytest.raises(SignInError):
        world.console.sign_in.with_password(member.email, PASSWORD, HOME)
    with pytest.raises(SignInError):
        world.console.sign_in.with_passkey(member.device.get(world.console.sign_in.passkey_options()), HOME)
    factors = world.console.factors.of(member.account_id)
    assert (factors.count, factors.recovery_codes_left) == (0, 0)
    assert world.console.invitations.read(link, "console").kind == "reset"
    world.clock.move(days=1)
    with pytest.raises(LinkError):
        world.console.invitations.read(link, "console")


def test_the_first_administrator_is_made_once(world: World) -> None:
    """While there is one, invited or in use, another first one is refused and put down."""
    account, link = world.console.invitations.invite_first_administrator(CLI, email="a@example.org", name="A")
    assert sorted(account.roles) == ["administrator"]
    assert world.console.invitations.read(link, "console").kind == "invitation"
    with pytest.raises(StateError, match="already"):
        world.console.invitations.invite_first_administrator(CLI, email="b@example.org", name="B")
    assert len(world.entries()) == 1


def test_changing_credentials_needs_a_fresh_second_factor(world: World) -> None:
    """In a session left open nothing can be added or taken away until the second factor is given again."""
    member = world.member("analyst", with_passkey=True)
    world.clock.move(minutes=11)
    person, credentials = world.person(world.sign_in(member).token), world.console.credentials
    world.clock.move(minutes=11)
    for attempt in tries(
        lambda: credentials.set_password(person, "another violet hammer", current=PASSWORD),
        lambda: credentials.add_app(person),
        lambda: credentials.passkey_options(person),
        lambda: credentials.renew_recovery_codes(person),
        lambda: credentials.remove_factor(person, "app_1"),
    ):
        with pytest.raises(SecondFactorNeededError):
            attempt()


def test_one_second_factor_stays(world: World) -> None:
    """The last one cannot be removed; removing another ends every other session; nobody removes another's."""
    member, other = world.member("analyst", with_passkey=True), world.member("analyst")
    person, elsewhere = world.person(member.token), world.sign_in(member, ELSEWHERE).token
    factors = world.console.factors.of(member.account_id)
    foreign = world.console.factors.of(other.account_id).apps[0].id
    with pytest.raises(NotFoundError):
        world.console.credentials.remove_factor(person, foreign)
    world.console.credentials.remove_factor(person, factors.apps[0].id)
    assert world.console.sessions.read(elsewhere, "console") is None
    assert world.console.sessions.read(member.token, "console") is not None
    with pytest.raises(StateError, match="last one"):
        world.console.credentials.remove_factor(person, factors.passkeys[0].id)


def test_a_password_is_changed_by_who_knows_it(world: World) -> None:
    """The current one must be given; the new one works from then on, the old one no longer."""
    member = world.member("analyst")
    person = world.person(member.token)
    with pytest.raises(SignInError):
        world.console.credentials.set_password(person, "another violet hammer", current="wrong")
    world.console.credentials.set_password(person, "another violet hammer", current=PASSWORD)
    with pytest.raises(SignInError):
        world.console.sign_in.with_password(member.email, PASSWORD, HOME)
    assert world.console.sign_in.with_password(member.email, "another violet hammer", HOME).token


def test_new_recovery_codes_end_the_old_ones(world: World) -> None:
    """Ten new ones, and none of the old set works."""
    member = world.member("analyst")
    codes = world.console.credentials.renew_recovery_codes(world.person(member.token))
    assert len(set(codes) | set(member.codes)) == 20
    token = world.console.sign_in.with_password(member.email, PASSWORD, HOME).token
    with pytest.raises(SignInError):
        world.console.sign_in.with_recovery_code(token, member.codes[0], HOME)
    assert world.console.sign_in.with_recovery_code(token, codes[0], HOME).has_lost_factor
