"""A surface with people on it, for tests: real database, real ledger, a clock that moves when told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pyotp

from tests.support.authenticator import Authenticator
from thinktwice.audit.entry import Actor
from thinktwice.audit.ledger import Ledger
from thinktwice.keyring.keys import TEST_KEYRING, Key
from thinktwice.people.oidc import Provider
from thinktwice.people.passkeys import RelyingParty
from thinktwice.people.permissions import Realm
from thinktwice.people.person import Person, Place
from thinktwice.people.service import People, open_people
from thinktwice.people.sign_in import Opened
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate

START = datetime(2026, 11, 23, 9, 0, 0, tzinfo=UTC)
CLI = Actor("cli", "cli:root")
HOME = Place("203.0.113.7", "Firefox")
ELSEWHERE = Place("198.51.100.23", "curl")
CONSOLE = RelyingParty("console.example.org", "ThinkTwice", ("https://console.example.org",))
PORTAL = RelyingParty("portal.example.org", "ThinkTwice portal", ("https://portal.example.org",))
PASSWORD = "violet hammer seven oceans"


@cache
def _migrated() -> bytes:
    """A fresh ``control.db``, made once, because making it takes longer than most tests."""
    with TemporaryDirectory() as folder:
        migrate(Path(folder))
        return DataFolder(Path(folder)).control.read_bytes()


class Clock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass
class Member:
    """Somebody whose account works, with what they sign in with."""

    account_id: str
    email: str
    codes: tuple[str, ...] = ()
    secret: str = ""
    device: Authenticator | None = None
    token: str = ""


@dataclass
class World:
    """One installation's people: console and portal on one ``control.db``."""

    folder: Path
    clock: Clock = field(default_factory=Clock)
    masters: tuple[Key, ...] = TEST_KEYRING.masters
    provider: Provider | None = None

    def __post_init__(self) -> None:
        self.control = DataFolder(self.folder).control
        self.control.write_bytes(_migrated())
        self.ledger = Ledger(self.control, self.clock)
        self.console = self.open("console")
        self.portal = self.open("portal")
        self._members = 0

    def open(self, realm: Realm, ledger: Ledger | None = None) -> People:
        """Another instance of a surface's people, as another process would have."""
        return open_people(
            realm=realm,
            control=self.control,
            ledger=ledger or self.ledger,
            masters=self.masters,
            party=CONSOLE if realm == "console" else PORTAL,
            clock=self.clock,
            provider=self.provider,
        )

    def close(self) -> None:
        self.console.close()
        self.portal.close()
        self.ledger.close()

    def people(self, realm: Realm) -> People:
        return self.console if realm == "console" else self.portal

    def code(self, member: Member) -> str:
        """A code that was not shown before: time moves on by one step."""
        self.clock.move(seconds=30)
        return pyotp.TOTP(member.secret).at(self.clock.now)

    def member(
        self,
        *roles: str,
        realm: Realm = "console",
        with_passkey: bool = False,
        agency: str | None = None,
        invited_by: Actor = CLI,
    ) -> Member:
        """Invite somebody and set the account up."""
        self._members += 1
        if agency:
            self.agency(agency)
        people, email = self.people(realm), f"person{self._members}@example.org"
        account, link = people.invitations.invite(
            invited_by, realm=realm, email=email, name=f"Person {self._members}", roles=roles, agency_id=agency
        )
        member = Member(account.id, email)
        pending = people.enrolment.pending(people.enrolment.begin(link, HOME))
        if with_passkey or realm == "portal":
            member.device = Authenticator(origin=people.party.origins[0])
            people.credentials.add_passkey(pending, member.device.create(people.credentials.passkey_options(pending)))
        if realm == "console":
            people.credentials.set_password(pending, PASSWORD)
            app = people.credentials.add_app(pending)
            member.secret = app.secret
            people.credentials.confirm_app(pending, app.id, self.code(member))
        finished = people.enrolment.finish(pending, HOME)
        member.codes, member.token = finished.recovery_codes, finished.token
        return member

    def agency(self, agency_id: str, state: str = "active") -> None:
        """Enter an agency, or turn it to another state, with nothing but its row."""
        with self.ledger.act(CLI, "test.agency", "agency", agency_id) as act:
            act.connection.execute(
                "INSERT INTO agency (id, name, country, domain, state, trust, created_at) "
                "VALUES (?, 'Agency', 'HK', 'agency.example', ?, 'none', '2026-11-23T09:00:00.000000Z') "
                "ON CONFLICT (id) DO UPDATE SET state = excluded.state",
                (agency_id, state),
            )

    def sign_in(self, member: Member, place: Place = HOME, realm: Realm = "console") -> Opened:
        """Sign in as this member does."""
        people = self.people(realm)
        if member.device and not member.secret:
            return people.sign_in.with_passkey(member.device.get(people.sign_in.passkey_options()), place)
        waiting = people.sign_in.with_password(member.email, PASSWORD, place)
        return people.sign_in.with_totp(waiting.token, self.code(member), place)

    def person(self, token: str, realm: Realm = "console") -> Person:
        """Who this token belongs to; fails when nobody."""
        person = self.people(realm).sessions.read(token, realm)
        assert person is not None
        return person

    def entries(self, outcome: str = "refused") -> list[tuple[str, str]]:
        """The acts of the chain with one outcome and their details, oldest first."""
        with self.ledger.reading() as connection:
            rows = connection.execute("SELECT act, details FROM audit_entry WHERE outcome = ? ORDER BY seq", (outcome,))
            return [(str(row[0]), str(row[1])) for row in rows]


def tries(*attempts: Callable[[], object]) -> tuple[Callable[[], object], ...]:
    """Several attempts, each made by calling it."""
    return attempts
