"""What the pages about the chain of acts work with."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from thinktwice.audit.ledger import Actor, Ledger
from thinktwice.audit.lines import Line
from thinktwice.audit.reading import AuditReader, Filters, Witnessed, beginning_of, check_salts, read_entries
from thinktwice.audit.verification import Verdict, verify

_ALL = 1_000_000


@dataclass(frozen=True, slots=True)
class AuditDesk:
    """The chain of an installation.

    ``name_of`` returns whom an id belongs to, or None; ``public_keys`` are those that checkpoints are checked with.
    """

    ledger: Ledger
    reader: AuditReader
    name_of: Callable[[str], str | None]
    public_keys: Collection[bytes]

    def page(self, filters: Filters, before: int | None, limit: int) -> tuple[list[Line], bool]:
        """Return entries, newest first, and whether there are older ones."""
        found = self.reader.find(filters, before=before, limit=limit + 1)
        return found[:limit], len(found) > limit

    def last_checkpoint(self) -> Witnessed | None:
        """Return the newest checkpoint, or None."""
        newest = self.reader.checkpoints(1)
        return newest[0] if newest else None

    def check(self) -> Verdict:
        """Check the whole chain against itself and the checkpoints kept beside it.

        Raises:
            NotFoundError: the chain has not begun.
        """
        checkpoints = [kept.checkpoint for kept in reversed(self.reader.checkpoints(_ALL))]
        with self.ledger.reading() as connection:
            verdict = verify(beginning_of(connection), read_entries(connection), checkpoints, self.public_keys)
            salts = check_salts(connection)
        return dataclasses.replace(verdict, findings=(*verdict.findings, *salts))

    def export(self, actor: Actor) -> Iterator[bytes]:
        """Note that the chain is taken away, and return its lines."""
        with self.ledger.act(actor, "audit.export", "audit_chain", "chain") as act:
            act.note(entries=self.reader.count() + 1)
        return self.reader.export()
