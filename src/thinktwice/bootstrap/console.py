"""The staff console, put together from settings.

Invariants: it reads the journal and never writes it; whoever may sign anybody in (a demonstration) holds the public
test keys only, and where real keys are configured no demonstration starts; nothing serves staff without a key for their
names and addresses.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from thinktwice.audit.ledger import Ledger
from thinktwice.bootstrap.console_desks import Ground, make_desks
from thinktwice.bootstrap.demonstration import require_demo_keys
from thinktwice.bootstrap.origin import origin_of
from thinktwice.decisions.clock import utc_now
from thinktwice.errors import InputError
from thinktwice.keyring.keys import Keyring
from thinktwice.people.oidc import Provider
from thinktwice.people.passkeys import RelyingParty
from thinktwice.people.person import Person
from thinktwice.people.service import open_people
from thinktwice.people.sessions import SessionStore
from thinktwice.settings import Settings
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.migrate import migrate
from thinktwice.web.console.app import create_console
from thinktwice.web.edge.asgi import App
from thinktwice.web.edge.headers import HostNames
from thinktwice.web.edge.signed_in.parts import SurfaceParts


@dataclass(frozen=True, slots=True)
class _Sessions:
    """The console's gate: its own realm's sessions and no other's."""

    sessions: SessionStore

    def person(self, secret: str, *, is_active: bool) -> Person | None:
        return self.sessions.read(secret, "console", is_active=is_active)


@contextmanager
def open_console(
    settings: Settings,
    keyring: Keyring,
    *,
    desks: Mapping[type, object] | None = None,
    is_demo: bool = False,
    sign_ins_per_minute: int | None = None,
) -> Iterator[App]:
    """Open the console over a data folder, made and brought up to date as needed.

    ``desks`` are added to the ones made here, by type; a demonstration signs anybody in.

    Raises:
        InputError: a demonstration with real keys, or an address that cookies or passkeys cannot work under.
        UnavailableError: there is no master key, or a database cannot be used.
    """
    if is_demo:
        require_demo_keys(keyring)
    url = origin_of(settings.console_url, "console_url")
    folder = DataFolder(settings.data)
    migrate(settings.data)
    with ExitStack() as stack:
        ledger = Ledger(folder.control, utc_now)
        stack.callback(ledger.close)
        people = open_people(
            realm="console",
            control=folder.control,
            ledger=ledger,
            masters=keyring.masters,
            party=RelyingParty(settings.console_url.host or "localhost", settings.operator_name, (url,)),
            clock=utc_now,
            provider=_provider(settings, url),
        )
        stack.callback(people.close)
        ground = Ground(settings, keyring, folder, ledger, people)
        own = make_desks(ground, stack, is_demo=is_demo)
        changes: dict[str, Any] = {"sign_ins_per_minute": sign_ins_per_minute} if sign_ins_per_minute else {}
        yield create_console(
            SurfaceParts(
                gate=_Sessions(people.sessions),
                tries=people.tries.take,
                ledger=ledger,
                hosts=HostNames((*settings.allowed_hosts, settings.console_url.host or "")),
                url=url,
                operator_name=settings.operator_name,
                is_demo=is_demo,
                is_behind_proxy=settings.is_behind_proxy,
                desks=own | dict(desks or {}),
                **changes,
            )
        )


def _provider(settings: Settings, url: str) -> Provider | None:
    """Return the identity provider that is configured, or None.

    Raises:
        InputError: its secret cannot be read.
    """
    if settings.oidc_issuer is None:
        return None
    file = settings.oidc_client_secret_file
    try:
        secret = file.read_text("utf-8").strip() if file else None
    except (OSError, UnicodeDecodeError):
        raise InputError.of("cannot be read", field="oidc_client_secret_file", where=str(file)) from None
    return Provider(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=secret,
        redirect_uri=f"{url}/sign-in/company/return",
        second_factor_amr=frozenset(settings.oidc_second_factor_amr),
    )
