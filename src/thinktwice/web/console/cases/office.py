"""What the pages about cases work with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from thinktwice.audit.ledger import Ledger
from thinktwice.cases.agencies import Agencies, Agency
from thinktwice.cases.deconfliction import Deconfliction
from thinktwice.cases.desk import CaseDesk
from thinktwice.cases.filing import CaseFiling
from thinktwice.cases.legal_basis import LegalBases, LegalBasis
from thinktwice.cases.notices import Notices
from thinktwice.cases.reports import Reports
from thinktwice.cases.request import CaseRequest
from thinktwice.cases.sampling import Sampling
from thinktwice.cases.statements import COUNT_BY_KIND
from thinktwice.cases.targets import Targets
from thinktwice.cases.transparency import Transparency, counted_of, report_of
from thinktwice.cases.victims import VictimMatching
from thinktwice.cases.weighing import Weighing
from thinktwice.cases.wordings import Wordings
from thinktwice.evidence.producing import ProductionDesk
from thinktwice.people.person import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseOffice:
    """Everything on the tables of the case office; ``has_webhook`` says whether notices are told to anybody."""

    desk: CaseDesk
    filing: CaseFiling
    agencies: Agencies
    bases: LegalBases
    weighing: Weighing
    deconfliction: Deconfliction
    sampling: Sampling
    victims: VictimMatching
    wordings: Wordings
    production: ProductionDesk
    reports: Reports
    notices: Notices
    targets: Targets
    ledger: Ledger
    name_of: Callable[[str], str | None]
    clock: Callable[[], datetime]
    has_webhook: bool

    def agency_names(self) -> dict[str, str]:
        """Return every agency's name by its id."""
        return {agency.id: agency.name for agency in self.agencies.all()}

    def basis_of(self, request: CaseRequest, agency: Agency) -> tuple[LegalBasis | None, bool]:
        """Return the legal basis that a request names, and whether its table still waits for counsel."""
        return self.bases.find(agency.country, request.form.legal_basis), agency.country in self.bases.for_counsel

    def transparency(self, person: Person) -> Transparency:
        """Count all requests.

        Raises:
            NotAllowedError: No role allows it.
        """
        person.require("read_transparency", self.clock())
        with self.ledger.reading() as connection:
            rows = connection.execute(COUNT_BY_KIND).fetchall()
        return report_of(map(counted_of, rows), self.agency_names())
