"""Everything about the people of one surface, put together: what the console and the portal are given.

Invariant: one surface, one realm, one relying party: nothing here opens anything of the other.

::

    people = open_people(realm="console", control=…, ledger=…, masters=keyring.masters, party=RelyingParty(…), clock=…)
    person = people.sessions.read(cookie, people.realm)       # at each request
    person.require("stop_campaign", now)                      # before each act
    waiting = people.sign_in.with_password(email, password, place)
    opened = people.sign_in.with_totp(waiting.token, code, place)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from thinktwice.audit.ledger import Ledger
from thinktwice.keyring.keys import Key
from thinktwice.people.accounts import AccountStore
from thinktwice.people.challenges import Challenges
from thinktwice.people.counters import Counters
from thinktwice.people.credentials import Credentials
from thinktwice.people.enrolment import Enrolment
from thinktwice.people.factors import FactorStore
from thinktwice.people.guessing import Guessing
from thinktwice.people.invitations import InvitationStore
from thinktwice.people.oidc import OidcClient, Provider
from thinktwice.people.passkeys import RelyingParty
from thinktwice.people.permissions import Realm
from thinktwice.people.sealing import Sealing
from thinktwice.people.sessions import SessionStore
from thinktwice.people.sign_in import SignIn
from thinktwice.people.subjects import SubjectStore
from thinktwice.people.tries import AddressTries


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The people of one surface; every part is safe to use from several threads."""

    realm: Realm
    party: RelyingParty
    accounts: AccountStore
    invitations: InvitationStore
    sessions: SessionStore
    sign_in: SignIn
    enrolment: Enrolment
    credentials: Credentials
    factors: FactorStore
    subjects: SubjectStore
    oidc: OidcClient | None
    counters: Counters
    tries: AddressTries

    def close(self) -> None:
        """Close what was opened here; the ledger belongs to the caller."""
        self.counters.close()
        if self.oidc is not None:
            self.oidc.close()


def open_people(
    *,
    realm: Realm,
    control: Path,
    ledger: Ledger,
    masters: Sequence[Key],
    party: RelyingParty,
    clock: Callable[[], datetime],
    provider: Provider | None = None,
) -> People:
    """Open the people of one surface.

    Args:
        realm: Which surface.
        control: The migrated ``control.db``.
        ledger: The process's ledger on the same file.
        masters: The keys ``master``, the newest first.
        party: Domain, name and origins of the surface, as passkeys see it.
        clock: The time.
        provider: The identity provider, where the operator has one.

    Raises:
        UnavailableError: There is no master key, or the database cannot be opened.
        InputError: The provider's addresses are not safe.
    """
    sealing = Sealing(masters)
    counters = Counters(control)
    accounts = AccountStore(ledger, sealing, clock)
    invitations = InvitationStore(ledger, accounts, sealing, clock)
    sessions = SessionStore(ledger, counters, sealing, clock)
    challenges = Challenges(sealing, clock)
    factors = FactorStore(ledger, sealing, challenges, party)
    subjects = SubjectStore(ledger, sealing)
    guessing = Guessing(counters, sealing, clock)
    shared: dict[str, Any] = {"factors": factors, "subjects": subjects}
    guarded = shared | {"accounts": accounts, "guessing": guessing, "clock": clock}
    return People(
        realm=realm,
        party=party,
        accounts=accounts,
        invitations=invitations,
        sessions=sessions,
        sign_in=SignIn(realm, ledger, sessions=sessions, **guarded),
        enrolment=Enrolment(realm, ledger, invitations=invitations, sessions=sessions, **shared),
        credentials=Credentials(ledger, party, challenges=challenges, sealing=sealing, **guarded),
        factors=factors,
        subjects=subjects,
        oidc=OidcClient(provider, sealing, clock) if provider else None,
        counters=counters,
        tries=AddressTries(realm, counters, sealing, clock),
    )
