"""The language that somebody chose for their own pages, kept with the account.

Invariant: one chooses for oneself only; it is an act like any other, and says nothing that the chain may not hold.
"""

from __future__ import annotations

import re
from typing import Final

from thinktwice.audit.ledger import Ledger
from thinktwice.errors import InputError
from thinktwice.people.acting import acting
from thinktwice.people.person import Person

TAG: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,2}")
SET_LANGUAGE: Final = "UPDATE account SET language = ? WHERE id = ? AND ended_at IS NULL"


def choose_language(ledger: Ledger, person: Person, language: str) -> None:
    """Keep a language for whatever browser this person comes with.

    Raises:
        InputError: no tag of a language.
        UnavailableError: the database cannot be written.
    """
    if not TAG.fullmatch(language):
        raise InputError.of("is the tag of a language, such as en", field="language")
    if language == person.language:
        return
    with acting(ledger, person.actor, "account.choose_language", "account", person.account_id) as act:
        act.connection.execute(SET_LANGUAGE, (language, person.account_id))
        act.note(language=language)
