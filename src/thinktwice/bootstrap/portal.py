"""The agency portal, put together from settings.

Invariants: its process opens ``control.db`` and the folder of cases and never the journal, which an operating system
user of its own cannot even read; it has its own realm of sessions and its own domain of passkeys; without a key for
names and addresses nothing is served; a demonstration, which signs anybody in, is had with the public test keys only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from thinktwice.audit.ledger import Ledger
from thinktwice.bootstrap.demo_officers import DemoOfficers
from thinktwice.bootstrap.demonstration import require_demo_keys
from thinktwice.bootstrap.origin import origin_of
from thinktwice.bootstrap.portal_desks import now_utc, portal_desks
from thinktwice.cases.agencies import Agencies
from thinktwice.keyring.keys import Keyring
from thinktwice.people.passkeys import RelyingParty
from thinktwice.people.person import Person
from thinktwice.people.sealing import Sealing
from thinktwice.people.service import open_people
from thinktwice.people.sessions import SessionStore
from thinktwice.settings import Settings
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate_control
from thinktwice.web.edge.asgi import App
from thinktwice.web.edge.headers import HostNames
from thinktwice.web.edge.signed_in.parts import SurfaceParts
from thinktwice.web.portal.app import create_portal
from thinktwice.web.portal.demo.pages import DemoDoor


@dataclass(frozen=True, slots=True)
class _Sessions:
    """The portal's gate: its own realm's sessions and no other's."""

    sessions: SessionStore

    def person(self, secret: str, *, is_active: bool) -> Person | None:
        return self.sessions.read(secret, "portal", is_active=is_active)


@contextmanager
def open_portal(
    settings: Settings, keyring: Keyring, *, is_demo: bool = False, sign_ins_per_minute: int | None = None
) -> Iterator[App]:
    """Open the portal over a data folder, whose ``control.db`` is made and brought up to date as needed.

    A demonstration signs anybody in.

    Raises:
        InputError: a demonstration with real keys, an address that cookies or passkeys cannot work under, or a table
            of legal bases with faults.
        UnavailableError: there is no master key, or the database cannot be used.
    """
    if is_demo:
        require_demo_keys(keyring)
    url = origin_of(settings.portal_url, "portal_url")
    host = settings.portal_url.host or "localhost"
    migrate_control(settings.data)
    with ExitStack() as stack:
        control = DataFolder(settings.data).control
        ledger = Ledger(control, now_utc)
        stack.callback(ledger.close)
        people = open_people(
            realm="portal",
            control=control,
            ledger=ledger,
            masters=keyring.masters,
            party=RelyingParty(host, f"{settings.operator_name} – agency portal", (url,)),
            clock=now_utc,
        )
        stack.callback(people.close)
        desks = portal_desks(settings, keyring, ledger, people)
        if is_demo:
            officers = DemoOfficers(people, ledger, Agencies(ledger, Sealing(keyring.masters), now_utc))
            desks[DemoDoor] = DemoDoor(officers.sign_in_as)
        changes: dict[str, Any] = {"sign_ins_per_minute": sign_ins_per_minute} if sign_ins_per_minute else {}
        yield create_portal(
            SurfaceParts(
                gate=_Sessions(people.sessions),
                tries=people.tries.take,
                ledger=ledger,
                hosts=HostNames((host,)),
                url=url,
                operator_name=settings.operator_name,
                is_behind_proxy=settings.is_behind_proxy,
                is_demo=is_demo,
                desks=desks,
                **changes,
            )
        )
