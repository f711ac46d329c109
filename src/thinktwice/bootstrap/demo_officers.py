"""The invented agency of a demonstration and its people."""

from __future__ import annotations

from typing import Final

from thinktwice.audit.ledger import Actor, Ledger
from thinktwice.bootstrap.demo_people import DemoPeople, Invented
from thinktwice.cases.agencies import Agencies
from thinktwice.cases.kinds import Trust
from thinktwice.people.person import Place
from thinktwice.people.service import People
from thinktwice.web.portal.demo.pages import DemoWho

ACTOR: Final = Actor("system", "demo")
AGENCY: Final = "Demo Police"
DOMAIN: Final = "police.demo.invalid"


OFFICERS: Final[dict[DemoWho, tuple[str, str, str]]] = {
    "officer": ("Demo officer", f"officer@{DOMAIN}", "officer"),
    "colleague": ("Demo colleague", f"colleague@{DOMAIN}", "officer"),
    "agency_administrator": ("Demo agency administrator", f"administrator@{DOMAIN}", "agency_administrator"),
}
"""What each is called, where mail would go, and the role."""


class DemoOfficers:
    """Makes the agency and its people, and opens sessions of theirs."""

    def __init__(self, people: People, ledger: Ledger, agencies: Agencies) -> None:
        self._people = people
        self._demo = DemoPeople(people, ledger)
        self._agencies = agencies
        agency_id = self.agency(AGENCY, DOMAIN, "trusted")
        self._officers = {who: invented(*known, agency_id) for who, known in OFFICERS.items()}
        for officer in self._officers.values():
            self._demo.ready(officer)

    def sign_in_as(self, who: DemoWho, place: Place) -> str:
        """Open a session of somebody of the agency."""
        return self._demo.sign_in_as(self._officers[who], place)

    def agency(self, name: str, domain: str, trust: Trust) -> str:
        """Return the agency of this name, registered and verified by two of the operator's invented people."""
        for known in self._agencies.all():
            if known.name == name:
                return known.id
        one, two = self._staff("case-handler"), self._staff("compliance")
        made = self._agencies.register(one, name=name, country="HK", domain=domain)
        self._agencies.record_check(one, made, "domain", "Invented: the official directory names this domain.")
        found = {"number": "+852 2860 5012", "source": "Invented: a directory of the government"}
        self._agencies.record_check(one, made, "call_back", "Invented: the duty officer knew of it.", **found)
        self._agencies.record_check(two, made, "document", "Invented: saw a warrant card.")
        self._agencies.set_trust(two, made, trust)
        return made

    def _staff(self, name: str) -> Actor:
        """Return one of the invented staff, or a stand-in where no console made any."""
        account = self._people.accounts.by_email("console", f"{name}@demo.invalid")
        return Actor("staff", account.id) if account else Actor("system", f"demo-{name}")


def invented(name: str, email: str, role: str, agency_id: str) -> Invented:
    """Return somebody of an agency, who with the operator's consent has an app instead of a passkey."""
    return Invented(realm="portal", email=email, name=name, roles=(role,), agency_id=agency_id)
