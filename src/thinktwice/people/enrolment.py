"""Setting up an account from a link.

::

    begin(link) ─→ set-up session ─→ Credentials: set_password, add_app + confirm_app, add_passkey, link_identity
                                                                                        ─→ finish ─→ Finished

Invariants: an account becomes active only with two factors: a passkey, or a password (or a linked identity) and an app,
or an identity whose provider asked for a second factor that counts; who must have a passkey has one; the link ends when
that is done and not before, so that a mail scanner that follows it takes nothing away.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from thinktwice.audit.entry import Actor
from thinktwice.audit.ledger import Act, Ledger
from thinktwice.errors import StateError
from thinktwice.people.acting import acting
from thinktwice.people.credentials import SELECT_PASSWORD, new_recovery_codes
from thinktwice.people.errors import LinkError
from thinktwice.people.factors import FactorStore
from thinktwice.people.invitations import InvitationStore, use_invitation
from thinktwice.people.permissions import Realm
from thinktwice.people.person import Method, Pending, Place
from thinktwice.people.sessions import SessionStore, end_session, end_sessions, has_second_factor
from thinktwice.people.subjects import SubjectStore
from thinktwice.people.times import as_text

ACTIVATE: Final = """
UPDATE account SET state = 'active', activated_at = coalesce(activated_at, ?) WHERE id = ? AND state = 'invited'
"""


@dataclass(frozen=True, slots=True)
class Finished:
    """The account works: a session, and recovery codes to be shown once (none where only a passkey opens it)."""

    token: str
    account_id: str
    recovery_codes: tuple[str, ...]


class Enrolment:
    """Setting up accounts of one realm."""

    def __init__(
        self,
        realm: Realm,
        ledger: Ledger,
        *,
        invitations: InvitationStore,
        sessions: SessionStore,
        factors: FactorStore,
        subjects: SubjectStore,
    ) -> None:
        self._realm = realm
        self._ledger = ledger
        self._invitations = invitations
        self._sessions = sessions
        self._factors = factors
        self._subjects = subjects

    def begin(self, link_token: str, place: Place) -> str:
        """Begin to set up the account of a link; returns the token of a session that may do nothing else.

        Call it on POST, never on GET. Beginning again ends the attempt before.

        Raises:
            LinkError: The link does not work (any more).
        """
        invitation = self._invitations.read(link_token, self._realm)
        account_id = invitation.account.id
        with acting(self._ledger, self._actor(account_id), "enrolment.begin", "account", account_id) as act:
            end_sessions(act, account_id, "set-up begun again")
            return self._sessions.open(act, account_id, self._realm, place, stage="enrolment", method="invitation")

    def pending(self, token: str) -> Pending:
        """Return the set-up that this token continues.

        Raises:
            LinkError: None (any more): begin again from the link.
        """
        pending = self._sessions.read_pending(token, self._realm, "enrolment")
        if pending is None:
            raise LinkError
        return pending

    def finish(self, pending: Pending, place: Place) -> Finished:
        """Make the account work, if it has what it needs; the link and the set-up end.

        Args:
            pending: The set-up, as ``pending`` returned it for this request.
            place: Where the request comes from.

        Raises:
            StateError: A factor is missing; says which.
            LinkError: The link was used or withdrawn meanwhile.
        """
        account_id = pending.account_id
        with acting(self._ledger, pending.actor, "account.activate", "account", account_id) as act:
            self._has_enough(act, pending)
            use_invitation(act, account_id)
            if act.connection.execute(ACTIVATE, (as_text(act.at), account_id)).rowcount == 0:
                raise LinkError
            codes = () if pending.must_have_passkey else new_recovery_codes(act, account_id)
            end_session(act, pending.session_id, "set-up finished")
            factors = self._factors.on_connection(act.connection, account_id)
            method: Method = "passkey" if factors.passkeys else "totp" if factors.apps else "oidc"
            token = self._sessions.open(
                act, account_id, self._realm, place, stage="open", method=method, second_factor_at=act.at
            )
            return Finished(token, account_id, codes)

    def _has_enough(self, act: Act, pending: Pending) -> None:
        """Refuse to open an account with less than two factors."""
        factors = self._factors.on_connection(act.connection, pending.account_id)
        (password,) = act.connection.execute(SELECT_PASSWORD, (pending.account_id,)).fetchone()
        is_linked = self._subjects.is_linked(act, pending.account_id)
        if pending.must_have_passkey and not factors.passkeys:
            raise StateError("register a passkey first")
        if factors.passkeys or (is_linked and has_second_factor(act, pending.session_id)):
            return
        if not password and not is_linked:
            raise StateError("set a password or register a passkey first")
        if not factors.apps:
            raise StateError("register a passkey or an app first")

    def _actor(self, account_id: str) -> Actor:
        return Actor("staff" if self._realm == "console" else "officer", account_id)
