"""Which scams deceive the customer, and which patterns mean that somebody else acts.

Invariants: a typology is *authorised* (the customer is deceived and acts) or *unauthorised* (somebody else acts); one
that is not in the table is an operator's own and authorised; a campaign is of one kind only, because the screen of an
unauthorised pattern may be the thief's: it waits for a person and says nothing (DESIGN section 4, *refer*).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Final, Literal

from thinktwice.records.vocabulary import NoScreen, Rung

Agency = Literal["authorised", "unauthorised"]

TYPOLOGIES: Final[Mapping[str, Agency]] = MappingProxyType(
    {
        "investment": "authorised",
        "relationship_investment": "authorised",
        "job_task": "authorised",
        "police_impersonation": "authorised",
        "government_impersonation": "authorised",
        "bank_impersonation": "authorised",
        "recovery": "authorised",
        "account_takeover": "unauthorised",
        "sim_swap": "unauthorised",
        "stolen_device": "unauthorised",
    }
)


def is_unauthorised(typologies: Sequence[str]) -> bool:
    """Tell whether these typologies mean that somebody other than the customer acts."""
    return any(TYPOLOGIES.get(name) == "unauthorised" for name in typologies)


def typology_faults(typologies: Sequence[str], intervention: Rung, no_screen: NoScreen) -> Iterator[tuple[str, str]]:
    """Yield field and message of what forbids a campaign about somebody else's acts."""
    if not is_unauthorised(typologies):
        return
    if not all(TYPOLOGIES.get(name) == "unauthorised" for name in typologies):
        yield "typologies", "deceived customers and somebody else's acts need campaigns of their own"
    if intervention != "refer":
        yield "intervention", "write refer: the screen may be the thief's, so a person speaks with the customer"
    if no_screen != "refer":
        yield "no_screen", "write refer: a person speaks with the customer"
