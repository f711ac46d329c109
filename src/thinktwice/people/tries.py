"""How often one address may try a password, code or link in a minute, counted for every process together.

Invariants: a try is counted before it is answered, in ``control.db`` beside the back-off on guessing, so that a second
process, or a restart, gives nobody fresh tries; refused tries are not counted, so that a flood writes nothing; what
cannot be counted is not tried. A minute is a fixed one: around its end at most twice as many tries pass.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from thinktwice.people.counters import Counters
from thinktwice.people.guessing import COUNT_GUESS, SELECT_GUESS
from thinktwice.people.sealing import Sealing
from thinktwice.people.times import as_text

MINUTE: Final = timedelta(minutes=1)


class AddressTries:
    """The counters of one surface."""

    def __init__(self, realm: str, counters: Counters, sealing: Sealing, clock: Callable[[], datetime]) -> None:
        self._realm = realm
        self._counters = counters
        self._sealing = sealing
        self._clock = clock

    def take(self, origin: str, per_minute: int) -> int:
        """Count one try and return 0, or, when this minute has no more, the whole seconds until the next.

        Raises:
            UnavailableError: the counters cannot be written.
        """
        index = self._sealing.index("guess.address", f"{self._realm} {origin}")
        now = self._clock().astimezone(UTC)
        with self._counters.transaction() as connection:
            row = connection.execute(SELECT_GUESS, (index,)).fetchone()
            tries, since = (row[0], datetime.fromisoformat(row[1])) if row else (0, now)
            if now - since >= MINUTE:
                tries, since = 0, now
            if tries >= per_minute:
                return max(1, math.ceil((since + MINUTE - now).total_seconds()))
            connection.execute(COUNT_GUESS, (index, tries + 1, as_text(since), as_text(since)))
        return 0
