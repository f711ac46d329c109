"""The random sample of decided requests that somebody looks at again, whoever decided them.

Invariants: drawn by chance and not by choice: the seed is fresh at every draw and stands in the audit chain, so that
anybody can draw the same again; whoever draws reads, and decides nothing.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from thinktwice.audit.ledger import Ledger
from thinktwice.cases import statements as sql
from thinktwice.cases.request import CaseRequest, request_of
from thinktwice.errors import InputError
from thinktwice.people.acting import acting
from thinktwice.people.person import Person
from thinktwice.people.sealing import Sealing
from thinktwice.people.times import as_text

SAMPLE: Final = 10
WITHIN: Final = timedelta(days=90)
_SEED_LETTERS: Final = frozenset("0123456789abcdef")
SELECT_DECIDED: Final = "SELECT id FROM case_request WHERE decided_at >= ? ORDER BY id"


class Sampling:
    """Draws from the requests in ``control.db``."""

    def __init__(self, ledger: Ledger, sealing: Sealing, clock: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._sealing = sealing
        self._clock = clock

    def draw(self, person: Person) -> str:
        """Draw anew and return the seed, under which the sample can be read.

        Raises:
            NotAllowedError: No role allows it.
        """
        seed = secrets.token_hex(8)
        with acting(self._ledger, person.actor, "case.sample", "case_sample", seed) as act:
            person.require("sample_cases", act.at)
            act.note(at_most=SAMPLE)
        return seed

    def sample(self, person: Person, seed: str) -> tuple[CaseRequest, ...]:
        """Return the sample of a seed, of the requests decided within 90 days.

        Raises:
            InputError: No seed.
            NotAllowedError: No role allows it.
        """
        person.require("sample_cases", self._clock())
        if not (len(seed) == 16 and set(seed) <= _SEED_LETTERS):
            raise InputError.of("is the number of a sample", field="seed")
        with self._ledger.reading() as connection:
            since = as_text(self._clock() - WITHIN)
            ids = [row[0] for row in connection.execute(SELECT_DECIDED, (since,))]
            drawn = sorted(ids, key=lambda one: hashlib.sha256(f"{seed}:{one}".encode()).digest())[:SAMPLE]
            rows = [connection.execute(sql.SELECT_REQUEST, (case_id,)).fetchone() for case_id in drawn]
        return tuple(request_of(row, self._sealing) for row in rows)
