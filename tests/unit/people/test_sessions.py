"""A session lasts as long as it may and not a moment longer, in every process."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest

from tests.support.people import CLI, ELSEWHERE, HOME, PASSWORD, World
from thinktwice.audit.ledger import Ledger
from thinktwice.errors import NotFoundError
from thinktwice.people.errors import SignInError
from thinktwice.people.person import Place

ASK_ELSEWHERE = """
import sys
from pathlib import Path
from datetime import datetime
from tests.support.people import CONSOLE
from thinktwice.audit.ledger import Ledger
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.people.service import open_people

control, now = Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2])
people = open_people(realm="console", control=control, ledger=Ledger(control), masters=TEST_KEYRING.masters,
                     party=CONSOLE, clock=lambda: now)
for line in sys.stdin:
    print("open" if people.sessions.read(line.strip(), "console") else "ended", flush=True)
"""


def test_a_session_ends_when_nobody_uses_it(world: World) -> None:
    """Thirty minutes without a request end it; requests keep it for twelve hours at most."""
    member = world.member("analyst")
    token = world.sign_in(member).token
    world.clock.move(minutes=31)
    assert world.console.sessions.read(token, "console") is None
    token = world.sign_in(member).token
    for _ in range(12 * 4 - 1):
        world.clock.move(minutes=15)
        assert world.console.sessions.read(token, "console") is not None
    world.clock.move(minutes=16)
    assert world.console.sessions.read(token, "console") is None


def test_a_page_that_asks_by_itself_keeps_no_session_alive(world: World) -> None:
    """Requests marked as not the person's own do not count as use."""
    token = world.sign_in(world.member("analyst")).token
    for _ in range(2):
        world.clock.move(minutes=14)
        assert world.console.sessions.read(token, "console", is_active=False) is not None
    world.clock.move(minutes=3)
    assert world.console.sessions.read(token, "console") is None


@pytest.mark.parametrize("end", ["suspend", "roles", "end", "reset", "password", "session"])
def test_what_takes_rights_away_ends_sessions_everywhere(world: World, end: str) -> None:
    """The very next request is refused, also by another instance with connections of its own."""
    world.member("administrator")
    member = world.member("analyst")
    here, there = world.sign_in(member).token, world.sign_in(member, ELSEWHERE).token
    ledger = Ledger(world.control, world.clock)
    other = world.open("console", ledger)
    assert other.sessions.read(there, "console") is not None
    person = world.person(here)
    if end == "suspend":
        world.console.accounts.suspend(CLI, member.account_id)
    elif end == "roles":
        world.console.accounts.change_roles(CLI, member.account_id, ["author"])
    elif end == "end":
        world.console.accounts.end(CLI, member.account_id)
    elif end == "reset":
        world.console.invitations.reset(CLI, member.account_id)
    elif end == "password":
        world.console.credentials.set_password(person, "another violet hammer", current=PASSWORD)
    else:
        listed = {info.place.address: info.id for info in world.console.sessions.list(member.account_id)}
        world.console.sessions.end(CLI, listed[ELSEWHERE.address])
    assert other.sessions.read(there, "console") is None
    stays = end in ("password", "session")
    assert (other.sessions.read(here, "console") is not None) == stays
    other.close()
    ledger.close()


def test_a_suspension_ends_sessions_in_another_process(world: World) -> None:
    """A process that had accepted the token refuses it at its next request, without being told."""
    member = world.member("analyst")
    token = world.sign_in(member).token
    now = world.clock().isoformat()
    with subprocess.Popen(
        [sys.executable, "-c", ASK_ELSEWHERE, str(world.control), now],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None

        def ask() -> str:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(f"{token}\n")
            process.stdin.flush()
            return process.stdout.readline().strip()

        assert ask() == "open"
        world.console.accounts.suspend(CLI, member.account_id)
        assert ask() == "ended"
        process.stdin.close()


def test_a_suspended_agency_opens_nothing(world: World) -> None:
    """Its officers' sessions end with it, and none can be opened until it returns."""
    officer = world.member("officer", realm="portal", agency="agency_1")
    token = world.sign_in(officer, realm="portal").token
    world.agency("agency_1", "suspended")
    assert world.portal.sessions.read(token, "portal") is None
    with pytest.raises(SignInError):
        world.sign_in(officer, realm="portal")
    world.agency("agency_1")
    assert world.sign_in(officer, realm="portal").token


def test_an_officer_ends_sessions_of_the_own_agency_only(world: World) -> None:
    """Another agency's session does not exist for an agency's administrator."""
    boss = world.member("agency_administrator", realm="portal", agency="agency_1")
    own = world.member("officer", realm="portal", agency="agency_1")
    foreign = world.member("officer", realm="portal", agency="agency_2")
    me = world.person(boss.token, "portal").actor
    for token, is_reached in ((own.token, True), (foreign.token, False)):
        session = world.person(token, "portal").session_id
        if is_reached:
            world.portal.sessions.end(me, session)
        else:
            with pytest.raises(NotFoundError):
                world.portal.sessions.end(me, session)
        assert (world.portal.sessions.read(token, "portal") is None) == is_reached


def test_access_that_expires_ends_sessions(world: World) -> None:
    """When the day comes, the session opens nothing, though nobody did anything."""
    member = world.member("case_handler")
    token = world.sign_in(member).token
    world.console.accounts.extend_access(CLI, member.account_id, world.clock() + timedelta(minutes=10))
    assert world.console.sessions.read(token, "console") is not None
    world.clock.move(minutes=11)
    assert world.console.sessions.read(token, "console") is None


def test_a_person_sees_where_they_are_signed_in(world: World) -> None:
    """The list tells address and browser of each living session; ended ones are not in it."""
    member = world.member("analyst")
    world.console.sessions.end(CLI, world.person(member.token).session_id)
    world.sign_in(member)
    world.sign_in(member, ELSEWHERE)
    listed = [info for info in world.console.sessions.list(member.account_id) if info.stage == "open"]
    assert [info.place for info in listed] == [ELSEWHERE, HOME]
    assert {info.method for info in listed} == {"totp"}
    with pytest.raises(NotFoundError):
        world.console.sessions.end(CLI, "ses_unknown")


def test_neither_token_nor_place_is_stored_in_clear(world: World) -> None:
    """The database holds no token, no address of a client, no e-mail address, no name and no app's secret."""
    member = world.member("analyst")
    world.sign_in(member, Place("203.0.113.99", "A peculiar browser"))
    world.ledger.close()
    world.console.close()
    content = b"".join(path.read_bytes() for path in world.folder.rglob("*") if path.is_file())
    for secret in (member.token, "203.0.113.99", "A peculiar browser", member.email, "Person 1", member.secret):
        assert secret.encode() not in content
