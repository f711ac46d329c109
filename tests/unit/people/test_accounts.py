"""Who may be what: nobody for themselves, never without an administrator, and each change put down."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial

import pytest

from tests.support.people import CLI, HOME, PASSWORD, World, tries
from thinktwice.audit.entry import Actor
from thinktwice.errors import InputError, NotFoundError, StateError
from thinktwice.keyring.envelope import EnvelopeError
from thinktwice.keyring.keys import Key
from thinktwice.people.accounts import AccountStore
from thinktwice.people.errors import SignInError
from thinktwice.people.sealing import Sealing


def staff(account_id: str) -> Actor:
    return Actor("staff", account_id)


def test_nobody_changes_their_own_rights(world: World) -> None:
    """Roles, suspension, return, end, access and reset of one's own account are refused and put down."""
    one, _ = world.member("administrator"), world.member("administrator")
    me, accounts = staff(one.account_id), world.console.accounts
    for attempt in tries(
        lambda: accounts.change_roles(me, one.account_id, ["administrator", "approver"]),
        lambda: accounts.suspend(me, one.account_id),
        lambda: accounts.restore(me, one.account_id),
        lambda: accounts.end(me, one.account_id),
        lambda: accounts.extend_access(me, one.account_id, None),
        lambda: world.console.invitations.reset(me, one.account_id),
    ):
        with pytest.raises(StateError, match="nobody"):
            attempt()
    assert len(world.entries()) == 6
    assert sorted(accounts.find(one.account_id).roles) == ["administrator"]


def test_the_last_administrator_stays(world: World) -> None:
    """The only one who can sign in cannot be suspended, demoted or ended, not even by the command line."""
    one, two = world.member("administrator"), world.member("administrator")
    accounts = world.console.accounts
    accounts.suspend(staff(one.account_id), two.account_id)
    world.console.invitations.invite(
        CLI, realm="console", email="invited@example.org", name="Invited", roles=["administrator"]
    )
    for attempt in tries(
        lambda: accounts.suspend(CLI, one.account_id),
        lambda: accounts.end(CLI, one.account_id),
        lambda: accounts.change_roles(CLI, one.account_id, ["analyst"]),
    ):
        with pytest.raises(StateError, match="last administrator"):
            attempt()
    accounts.restore(CLI, two.account_id)
    accounts.suspend(CLI, one.account_id)
    assert accounts.find(one.account_id).state == "suspended"


def test_an_administrators_access_does_not_run_out(world: World) -> None:
    """Otherwise the last one would be locked out by the calendar."""
    member = world.member("administrator")
    with pytest.raises(StateError, match="expire"):
        world.console.accounts.extend_access(CLI, member.account_id, world.clock() + timedelta(days=1))
    with pytest.raises(InputError, match="expire"):
        world.console.invitations.invite(
            CLI,
            realm="console",
            email="a@example.org",
            name="A",
            roles=["administrator"],
            access_expires_at=world.clock(),
        )
    analyst = world.member("analyst")
    world.console.accounts.extend_access(CLI, analyst.account_id, world.clock() + timedelta(days=90))
    with pytest.raises(StateError, match="expire"):
        world.console.accounts.change_roles(CLI, analyst.account_id, ["administrator"])


def test_roles_belong_to_the_surface(world: World) -> None:
    """No officer's role for staff, no staff role for officers, no unknown role, and never none."""
    member = world.member("analyst")
    for roles in (["officer"], ["root"], [], ["analyst", "agency_administrator"]):
        with pytest.raises(InputError, match="roles"):
            world.console.accounts.change_roles(CLI, member.account_id, roles)
    with pytest.raises(InputError, match="roles"):
        world.portal.invitations.invite(
            CLI, realm="portal", email="o@example.org", name="O", roles=["administrator"], agency_id="a1"
        )
    for realm, agency in (("portal", None), ("console", "a1")):
        with pytest.raises(InputError, match="agency"):
            world.console.invitations.invite(
                CLI,
                realm=realm,  # type: ignore[arg-type]  # a literal in a loop
                email="o@example.org",
                name="O",
                roles=["officer"] if realm == "portal" else ["author"],
                agency_id=agency,
            )


def test_an_officer_reaches_the_own_agency_only(world: World) -> None:
    """Accounts of another agency, and of staff, do not exist for an agency's administrator; probing is put down."""
    boss = world.member("agency_administrator", realm="portal", agency="agency_1")
    own = world.member("officer", realm="portal", agency="agency_1")
    foreign = world.member("officer", realm="portal", agency="agency_2")
    clerk = world.member("analyst")
    me, accounts = Actor("officer", boss.account_id), world.portal.accounts
    answers = set()
    for target in (foreign.account_id, clerk.account_id, "acc_unknown"):
        for attempt in tries(
            partial(accounts.suspend, me, target),
            partial(accounts.change_roles, me, target, ["officer"]),
            partial(accounts.extend_access, me, target, None),
            partial(world.portal.invitations.reset, me, target),
            partial(world.portal.invitations.withdraw, me, target),
        ):
            with pytest.raises(NotFoundError) as refused:
                attempt()
            answers.add(str(refused.value))
    assert answers == {"there is no such account"}
    assert len(world.entries()) == 15
    with pytest.raises(NotFoundError):
        world.portal.invitations.invite(
            me, realm="portal", email="x@example.org", name="X", roles=["officer"], agency_id="agency_2"
        )
    accounts.suspend(me, own.account_id)
    assert {account.id for account in accounts.all("portal", agency_id="agency_1")} == {
        boss.account_id,
        own.account_id,
    }


def test_an_address_is_found_however_it_is_spelt(world: World) -> None:
    """One account for one mailbox; a look-alike is refused; after the end the address can be invited again."""
    member = world.member("analyst")
    found = world.console.accounts.by_email("console", member.email.upper())
    assert found is not None
    assert found.id == member.account_id
    invite = world.console.invitations.invite
    with pytest.raises(StateError, match="already"):
        invite(CLI, realm="console", email=f" {member.email.title()}", name="Again", roles=["author"])
    with pytest.raises(InputError, match="alphabets"):
        invite(CLI, realm="console", email=member.email.replace("e", "\u0435", 1), name="Fake", roles=["author"])
    world.console.accounts.end(CLI, member.account_id)
    account, _ = invite(CLI, realm="console", email=member.email, name="Again", roles=["author"])
    assert account.id != member.account_id
    assert world.console.accounts.by_email("portal", member.email) is None


def test_every_change_is_an_act_without_personal_data(world: World) -> None:
    """The chain names acts and account ids; neither the person's name nor the address is in it."""
    member = world.member("analyst")
    world.console.accounts.suspend(CLI, member.account_id)
    world.console.accounts.restore(CLI, member.account_id)
    world.console.accounts.change_roles(CLI, member.account_id, ["author"])
    done = [act for act, _ in world.entries("done")]
    assert done == [
        "account.invite",
        "enrolment.begin",
        "account.set_password",
        "account.add_app",
        "account.confirm_app",
        "account.activate",
        "account.suspend",
        "account.restore",
        "account.change_roles",
    ]
    told = json.dumps(world.entries("done")) + json.dumps(world.entries())
    assert member.email not in told
    assert "Person 1" not in told


def test_a_suspended_account_returns_as_it_was(world: World) -> None:
    """Its credentials work again; its sessions stay ended; only a suspended one returns."""
    member = world.member("analyst")
    world.console.accounts.suspend(CLI, member.account_id)
    with pytest.raises(StateError):
        world.console.accounts.suspend(CLI, member.account_id)
    world.console.accounts.restore(CLI, member.account_id)
    assert world.console.sessions.read(member.token, "console") is None
    assert world.console.sign_in.with_password(member.email, PASSWORD, HOME).token
    with pytest.raises(StateError):
        world.console.accounts.restore(CLI, member.account_id)
    with pytest.raises(NotFoundError):
        world.console.accounts.find("acc_unknown")


def test_an_officers_access_is_confirmed_again_and_again(world: World) -> None:
    """It ends after 90 days unless somebody else confirms it, for 90 days at most; then signing in works no more."""
    boss = world.member("agency_administrator", realm="portal", agency="agency_1")
    officer = world.member("officer", realm="portal", agency="agency_1")
    me, accounts = Actor("officer", boss.account_id), world.portal.accounts
    for too_long in (None, world.clock() + timedelta(days=91)):
        with pytest.raises(StateError, match="90 days"):
            accounts.extend_access(me, officer.account_id, too_long)
    world.clock.move(days=60)
    accounts.extend_access(me, officer.account_id, world.clock() + timedelta(days=90))
    world.clock.move(days=89)
    assert world.sign_in(officer, realm="portal").token
    with pytest.raises(SignInError):
        world.sign_in(boss, realm="portal")
    world.clock.move(days=2)
    with pytest.raises(SignInError):
        world.sign_in(officer, realm="portal")


def test_the_operator_alone_consents_to_an_officers_codes(world: World) -> None:
    """An agency's administrator cannot; with the operator's consent an app can be added; taken back, codes end."""
    boss = world.member("agency_administrator", realm="portal", agency="agency_1")
    officer = world.member("officer", realm="portal", agency="agency_1")
    compliance = world.member("compliance")
    with pytest.raises(StateError, match="operator"):
        world.portal.accounts.require_passkey(Actor("officer", boss.account_id), officer.account_id, is_required=False)
    consent = staff(compliance.account_id)
    world.console.accounts.require_passkey(consent, officer.account_id, is_required=False)
    person = world.person(officer.token, "portal")
    world.portal.credentials.set_password(person, PASSWORD)
    app = world.portal.credentials.add_app(person)
    officer.secret = app.secret
    world.portal.credentials.confirm_app(person, app.id, world.code(officer))
    assert world.sign_in(officer, realm="portal").token
    world.console.accounts.require_passkey(consent, officer.account_id, is_required=True)
    assert world.portal.sessions.read(officer.token, "portal") is None
    with pytest.raises(SignInError):
        world.sign_in(officer, realm="portal")


def test_another_agencys_account_is_not_even_opened(world: World) -> None:
    """Asked for within an agency, an account of another one is not there, before anything of it is decrypted."""
    member = world.member("officer", realm="portal", agency="agency-1")
    stranger = AccountStore(world.ledger, Sealing([Key("other", b"x" * 32)]), world.clock)
    with pytest.raises(NotFoundError):
        stranger.find(member.account_id, agency_id="agency-2")
    with pytest.raises(EnvelopeError):
        stranger.find(member.account_id, agency_id="agency-1")


def test_an_account_without_credentials_returns_as_invited(world: World) -> None:
    """Reset, suspended and restored, it has no way in but a new link, and does not count as an administrator."""
    one, two = world.member("administrator"), world.member("administrator")
    accounts = world.console.accounts
    world.console.invitations.reset(CLI, two.account_id)
    accounts.suspend(CLI, two.account_id)
    accounts.restore(CLI, two.account_id)
    assert accounts.find(two.account_id).state == "invited"
    with pytest.raises(StateError, match="last administrator"):
        accounts.suspend(CLI, one.account_id)
    assert world.console.invitations.reset(CLI, two.account_id)
