"""Nobody gets in without two factors, and everybody who has them does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from tests.support.authenticator import Authenticator
from tests.support.people import CLI, ELSEWHERE, HOME, PASSWORD, World, tries
from thinktwice.people.errors import NotAllowedError, SecondFactorNeededError, SignInError


def test_password_and_code_open_a_session(world: World) -> None:
    """The password alone opens nothing; with the code it opens a session of this person in this realm."""
    member = world.member("analyst")
    waiting = world.console.sign_in.with_password(member.email.upper(), PASSWORD, HOME)
    assert waiting.methods == {"totp", "recovery"}
    assert world.console.sessions.read(waiting.token, "console") is None
    opened = world.console.sign_in.with_totp(waiting.token, world.code(member), HOME)
    person = world.person(opened.token)
    assert (person.account_id, person.name) == (member.account_id, "Person 1")
    assert sorted(person.roles) == ["analyst"]
    assert world.console.sessions.read(opened.token, "portal") is None
    assert opened.token != waiting.token
    assert world.console.sessions.read_pending(waiting.token, "console", "second_factor") is None


def test_a_passkey_alone_opens_a_session(world: World) -> None:
    """A passkey whose device verified its user is two factors; as second factor after a password it works too."""
    member = world.member("approver", with_passkey=True)
    assert member.device is not None
    sign_in = world.console.sign_in
    opened = sign_in.with_passkey(member.device.get(sign_in.passkey_options("browser")), HOME, "browser")
    assert world.person(opened.token).method == "passkey"
    waiting = sign_in.with_password(member.email, PASSWORD, HOME)
    assert waiting.methods == {"passkey", "totp", "recovery"}
    answer = member.device.get(sign_in.second_factor_options(waiting.token))
    assert world.person(sign_in.with_second_passkey(waiting.token, answer, HOME).token).is_confirmed(world.clock())


def test_a_recovery_code_opens_once_and_nothing_dangerous(world: World) -> None:
    """It replaces a lost factor once: the session may set up a new factor, and do nothing dangerous before."""
    member = world.member("administrator")
    sign_in = world.console.sign_in
    token = sign_in.with_password(member.email, PASSWORD, HOME).token
    opened = sign_in.with_recovery_code(token, member.codes[0].upper().replace("-", " "), HOME)
    assert opened.has_lost_factor
    person = world.person(opened.token)
    with pytest.raises(SecondFactorNeededError):
        person.require("invite_account", world.clock())
    app = world.console.credentials.add_app(person, "new phone")
    member.secret = app.secret
    world.console.credentials.confirm_app(person, app.id, world.code(member))
    token = sign_in.confirm_with_totp(person, world.code(member), HOME)
    world.person(token).require("invite_account", world.clock())
    token = sign_in.with_password(member.email, PASSWORD, HOME).token
    with pytest.raises(SignInError):
        sign_in.with_recovery_code(token, member.codes[0], HOME)
    assert ("session.open", '{"reason":"wrong or used recovery code"}') in world.entries()
    assert world.console.factors.of(member.account_id).recovery_codes_left == 9


def test_every_refusal_gives_one_answer(world: World) -> None:
    """Unknown address, wrong password, suspended, expired and invited accounts look the same; each is audited."""
    member, suspended, expired = world.member("analyst"), world.member("analyst"), world.member("analyst")
    world.console.accounts.suspend(CLI, suspended.account_id)
    world.console.accounts.extend_access(CLI, expired.account_id, world.clock() + timedelta(days=1))
    world.clock.move(days=2)
    world.console.invitations.invite(CLI, realm="console", email="invited@example.org", name="New", roles=["author"])
    answers = set()
    tries = [(member.email, "wrong"), ("nobody@example.org", PASSWORD), ("not an address", PASSWORD)]
    tries += [(suspended.email, PASSWORD), (expired.email, PASSWORD), ("invited@example.org", PASSWORD)]
    for email, password in tries:
        with pytest.raises(SignInError) as refused:
            world.console.sign_in.with_password(email, password, HOME)
        answers.add((str(refused.value), refused.value.retry_after))
    assert len(answers) == 1
    reasons = [details for act, details in world.entries() if act == "session.begin"]
    assert len(reasons) == len(tries)
    assert '{"reason":"wrong password"}' in reasons


def test_an_account_of_the_other_surface_opens_nothing(world: World) -> None:
    """An officer's passkey does not open the console, nor a member of staff's password the portal."""
    officer = world.member("officer", realm="portal", agency="agency_1")
    assert officer.device is not None
    options = world.console.sign_in.passkey_options()
    with pytest.raises(SignInError):
        world.console.sign_in.with_passkey(officer.device.get(options), HOME)
    staff = world.member("analyst")
    with pytest.raises(SignInError):
        world.portal.sign_in.with_password(staff.email, PASSWORD, HOME)


def test_an_officer_needs_the_passkey(world: World) -> None:
    """Where a passkey is needed, neither an app nor recovery codes can be had, and set-up does not end without it."""
    officer = world.member("officer", realm="portal", agency="agency_1")
    assert officer.codes == ()
    person = world.person(officer.token, "portal")
    for refused in tries(
        lambda: world.portal.credentials.add_app(person),
        lambda: world.portal.credentials.renew_recovery_codes(person),
    ):
        with pytest.raises(Exception, match="passkey only"):
            refused()
    account, link = world.portal.invitations.invite(
        CLI, realm="portal", email="late@example.org", name="Late", roles=["officer"], agency_id="agency_1"
    )
    pending = world.portal.enrolment.pending(world.portal.enrolment.begin(link, HOME))
    world.portal.credentials.set_password(pending, PASSWORD)
    with pytest.raises(Exception, match="register a passkey first"):
        world.portal.enrolment.finish(pending, HOME)
    assert world.portal.accounts.find(account.id).state == "invited"


def test_a_dangerous_act_needs_a_fresh_second_factor(world: World) -> None:
    """Ten minutes after the second factor it is asked for again; giving it replaces the token."""
    member = world.member("administrator", with_passkey=True)
    assert member.device is not None
    opened = world.sign_in(member)
    world.person(opened.token).require("invite_account", world.clock())
    world.clock.move(minutes=11)
    person = world.person(opened.token)
    person.require("read_people", world.clock())
    with pytest.raises(SecondFactorNeededError):
        person.require("invite_account", world.clock())
    with pytest.raises(NotAllowedError):
        person.require("search_decisions", world.clock())
    sign_in = world.console.sign_in
    token = sign_in.confirm_with_passkey(person, member.device.get(sign_in.confirm_options(person)))
    assert world.console.sessions.read(opened.token, "console") is None
    world.person(token).require("invite_account", world.clock())


def test_a_confirmation_of_somebody_else_does_not_count(world: World) -> None:
    """Another person's passkey or code confirms nothing in my session."""
    mine, other = world.member("administrator"), world.member("administrator", with_passkey=True)
    assert other.device is not None
    person = world.person(world.sign_in(mine).token)
    sign_in = world.console.sign_in
    with pytest.raises(SignInError):
        sign_in.confirm_with_passkey(person, other.device.get(sign_in.confirm_options(person)))
    with pytest.raises(SignInError):
        sign_in.confirm_with_totp(person, world.code(other), HOME)
    token = sign_in.with_password(mine.email, PASSWORD, HOME).token
    with pytest.raises(SignInError):
        sign_in.with_second_passkey(token, other.device.get(sign_in.second_factor_options(token)), HOME)


def test_an_old_hash_is_replaced_at_sign_in(world: World) -> None:
    """A password kept with weaker parameters is hashed anew when it is given, in the same act."""
    member = world.member("analyst")
    old = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    with world.ledger.act(CLI, "test.weaken", "account", member.account_id) as act:
        act.connection.execute("UPDATE account SET password_hash = ? WHERE id = ?", (old, member.account_id))
    world.sign_in(member)
    with world.ledger.reading() as connection:
        (kept,) = connection.execute("SELECT password_hash FROM account WHERE id = ?", (member.account_id,)).fetchone()
    assert "m=19456,t=2,p=1" in kept


def test_a_sign_in_that_waits_ends_by_itself(world: World) -> None:
    """Ten minutes after the password the code comes too late; a token nobody was given opens nothing."""
    member = world.member("analyst")
    token = world.console.sign_in.with_password(member.email, PASSWORD, HOME).token
    world.clock.move(minutes=10)
    for stale in (token, "A" * 43, "", "x" * 10_000):
        with pytest.raises(SignInError):
            world.console.sign_in.with_totp(stale, world.code(member), HOME)


def test_a_device_that_does_not_verify_its_user_opens_nothing(world: World) -> None:
    """Touching a key without PIN or finger is one factor only, and refused."""
    member = world.member("approver", with_passkey=True)
    assert member.device is not None
    member.device.verifies_user = False
    with pytest.raises(SignInError, match="do not open"):
        world.console.sign_in.with_passkey(member.device.get(world.console.sign_in.passkey_options()), HOME)


def test_signing_out_ends_the_session(world: World) -> None:
    """After signing out the token opens nothing; doing it twice is said to be too late."""
    member = world.member("analyst")
    person = world.person(world.sign_in(member, ELSEWHERE).token)
    world.console.sign_in.sign_out(person)
    assert not any(info.id == person.session_id for info in world.console.sessions.list(member.account_id))
    with pytest.raises(Exception, match="ended already"):
        world.console.sign_in.sign_out(person)


def test_a_stranger_without_passkey_learns_nothing(world: World) -> None:
    """The options of the sign-in page name no credential; an unknown device is refused."""
    world.member("approver", with_passkey=True)
    options = world.console.sign_in.passkey_options()
    assert '"allowCredentials": []' in options
    with pytest.raises(SignInError):
        world.console.sign_in.with_passkey(Authenticator().get(options), HOME)
