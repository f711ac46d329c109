"""A deciding service and the operator's desk over one data folder, with one clock."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from tests.support.agencies import Office
from tests.support.world import SHIPPED, World
from thinktwice.decisions.asks import Resolve
from thinktwice.interventions.desk import InterventionDesk
from thinktwice.interventions.first_answers import FirstAnswers
from thinktwice.interventions.resolutions import Carrier
from thinktwice.interventions.waiting import WaitingList
from thinktwice.journal.finder import Finder
from thinktwice.journal.reader import SqliteJournalReader
from thinktwice.records.campaign import CampaignPolicy
from thinktwice.records.resolution import IndependentContact


class Room:
    """Two handlers, what they work with, and the carrier that takes their acts to the deciding process."""

    def __init__(
        self, folder: Path, policies: tuple[CampaignPolicy, ...] = SHIPPED, *, has_webhook: bool = True
    ) -> None:
        self.world = World(folder, policies)
        self.office = Office(folder)
        self.reader = SqliteJournalReader(folder / "journal.db")
        self.finder = Finder(folder / "journal.db", folder / "finder.db")
        now = self._now
        self.answers = FirstAnswers(self.reader, self.finder, self.office.ledger.reading, now)
        self.desk = InterventionDesk(
            WaitingList(self.reader, self.finder, now),
            self.office.ledger,
            self.office.sealing,
            now,
            self.answers,
            name_of={"p-1": "Ines Call", "p-2": "Noor Second"}.get,
            has_webhook=has_webhook,
        )
        self.carrier = Carrier(self.office.ledger, self.office.sealing, lambda act: self.world.ask(Resolve(act)))
        self.tell_time()

    def _now(self) -> datetime:
        return self.world.now

    def tell_time(self, **duration: float) -> None:
        """Let time pass for everybody; sessions are as fresh as ever."""
        self.world.pass_time(**duration)
        self.office.now = self.world.now
        self.first = self.office.person("p-1", "intervention_handler")
        self.second = self.office.person("p-2", "intervention_handler")

    def contact(self) -> IndependentContact:
        """Return a call that was just made."""
        return IndependentContact(how="called the number on file since 2024", at=self.world.now, note_ref="call-17")

    def close(self) -> None:
        """Give every file back."""
        self.finder.close()
        self.reader.close()
        self.office.close()
        self.world.close()
