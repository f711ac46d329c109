"""Whose agency somebody is of, and what its people are called."""

from __future__ import annotations

from thinktwice.cases.agencies import Agencies, Agency
from thinktwice.errors import NotFoundError
from thinktwice.people.service import People
from thinktwice.web.edge.signed_in.visit import Visit


def agency_of(visit: Visit) -> Agency:
    """Return the agency of whoever asks.

    Raises:
        NotFoundError: whoever asks is of no agency.
    """
    if visit.who.agency_id is None:
        raise NotFoundError("there is nothing here")
    return visit.desk(Agencies).find(visit.who.agency_id)


def names_of(visit: Visit) -> dict[str, str]:
    """Return the names of the agency's own people by account; nobody else's are known here."""
    accounts = visit.desk(People).accounts.all("portal", agency_id=agency_of(visit).id)
    return {account.id: account.name for account in accounts}
