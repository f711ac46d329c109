"""What the areas of the portal work with.

Invariant: everything here lives in ``control.db`` and in the folder of cases; nothing knows the journal.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from thinktwice.audit.entry import Actor
from thinktwice.audit.ledger import Ledger
from thinktwice.bootstrap.joint import joint_desks
from thinktwice.bootstrap.scanning import scanner_of
from thinktwice.cases.agencies import Agencies
from thinktwice.cases.deconfliction import Deconfliction
from thinktwice.cases.desk import CaseDesk
from thinktwice.cases.feedback import Feedback
from thinktwice.cases.filing import CaseFiling
from thinktwice.cases.legal_basis import LegalBases, load_legal_bases, shipped_legal_bases
from thinktwice.cases.reports import Reports
from thinktwice.cases.templates import Templates
from thinktwice.cases.vault import FileVault
from thinktwice.cases.wordings import Wordings
from thinktwice.errors import UnavailableError
from thinktwice.keyring.keys import Keyring
from thinktwice.people.sealing import Sealing
from thinktwice.people.service import People
from thinktwice.settings import Settings
from thinktwice.storage.layout import DataFolder
from thinktwice.web.portal.application.pages import Applications

APPLICANT: Final = Actor("system", "application")
"""Who acts when an agency applies: nobody is signed in, and nothing that was typed proves anything."""

MOST_WAITING: Final = 500


def taking_applications(agencies: Agencies) -> Applications:
    """Return what takes applications as long as not too many wait."""

    def apply(name: str, country: str, domain: str) -> None:
        if sum(agency.state == "applied" for agency in agencies.all()) >= MOST_WAITING:
            raise UnavailableError("too many applications wait to be looked at")
        agencies.register(APPLICANT, name=name, country=country, domain=domain, is_applying=True)

    return Applications(apply)


def now_utc() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def portal_desks(
    settings: Settings,
    keyring: Keyring,
    ledger: Ledger,
    people: People,
    clock: Callable[[], datetime] = now_utc,
) -> dict[type, object]:
    """Return the desk of every area of the portal by its type.

    Raises:
        InputError: a table of legal bases cannot be used.
    """
    sealing, folder = Sealing(keyring.masters), DataFolder(settings.data)
    bases = load_legal_bases(settings.legal_bases_dir or shipped_legal_bases())
    agencies = Agencies(ledger, sealing, clock)
    return {
        People: people,
        Agencies: agencies,
        LegalBases: bases,
        CaseDesk: CaseDesk(ledger, sealing, bases, clock),
        CaseFiling: CaseFiling(ledger, sealing, FileVault(folder.cases), clock, scanner_of(settings)),
        Reports: Reports(ledger, sealing, clock),
        Deconfliction: Deconfliction(ledger, sealing, clock),
        Wordings: Wordings(ledger, sealing, clock),
        Feedback: Feedback(ledger, clock),
        Templates: Templates(ledger, sealing, clock),
        Applications: taking_applications(agencies),
        **joint_desks(settings, ledger, sealing, clock),
    }
