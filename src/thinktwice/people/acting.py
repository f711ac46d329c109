"""An act on an account, put down whether it was done or refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from thinktwice.audit.entry import Actor
from thinktwice.audit.ledger import Act, Ledger
from thinktwice.errors import NotFoundError, SecondPersonError, StateError
from thinktwice.people.errors import LinkError, NotAllowedError, SignInError


@contextmanager
def acting(ledger: Ledger, actor: Actor, act: str, object_kind: str, object_id: str) -> Iterator[Act]:
    """Do one act; when its body refuses it, nothing is changed and the refusal becomes an entry of its own.

    Raises:
        StateError: As the body; likewise the other errors.
        UnavailableError: The database cannot be written.
    """
    try:
        with ledger.act(actor, act, object_kind, object_id) as under_way:
            yield under_way
    except SignInError as error:
        ledger.refused(actor, act, object_kind, object_id, error.reason)
        raise
    except (StateError, SecondPersonError, NotAllowedError, NotFoundError, LinkError) as error:
        ledger.refused(actor, act, object_kind, object_id, str(error))
        raise
