"""The invented staff of a demonstration: one person a role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from thinktwice.audit.ledger import Ledger
from thinktwice.bootstrap.demo_people import DemoPeople, Invented
from thinktwice.people.permissions import STAFF_ROLES, StaffRole
from thinktwice.people.person import Place
from thinktwice.people.service import People

NAMES: Final[Mapping[StaffRole, str]] = {
    "author": "Demo author",
    "approver": "Demo approver",
    "analyst": "Demo analyst",
    "intervention_handler": "Demo handler",
    "case_handler": "Demo case handler",
    "compliance": "Demo compliance",
    "administrator": "Demo administrator",
}
STAFF: Final[Mapping[StaffRole, Invented]] = {
    role: Invented(realm="console", email=f"{role.replace('_', '-')}@demo.invalid", name=name, roles=(role,))
    for role, name in NAMES.items()
}


class DemoStaff:
    """Opens sessions of the invented staff."""

    def __init__(self, people: People, ledger: Ledger) -> None:
        self._people = DemoPeople(people, ledger)
        for role in STAFF_ROLES:
            self._people.ready(STAFF[role])

    def sign_in_as(self, role: StaffRole, place: Place) -> str:
        """Open a session of the person with a role."""
        return self._people.sign_in_as(STAFF[role], place)
