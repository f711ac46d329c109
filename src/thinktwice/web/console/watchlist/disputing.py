"""Disputes: somebody says that a listing is wrong; compliance decides.

Invariant: anybody who may look an address up may record that it is disputed; what was said is read, and decided about,
only by those who decide disputes.
"""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from thinktwice.errors import InputError
from thinktwice.watchlist.disputes import MOST_TEXT
from thinktwice.watchlist.lookup import harmless, keys_of
from thinktwice.web.console.watchlist.area import AREA
from thinktwice.web.console.watchlist.desk import WatchlistDesk
from thinktwice.web.console.watchlist.words import OUTCOME_NAMES, RAISED_BY_NAMES
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _

_NEW: Final = _("Record a dispute")


@AREA.page("GET", "/watchlist/disputes", permission="look_up_address")
def disputes(visit: Visit) -> Response:
    """List disputes, open ones first."""
    found = visit.desk(WatchlistDesk).disputes.all()
    facts: dict[str, Any] = {"disputes": found, "raised_by_names": RAISED_BY_NAMES, "outcome_names": OUTCOME_NAMES}
    return visit.show("disputes.html", title=_("Disputes"), harmless=harmless, **facts)


@AREA.page("GET", "/watchlist/disputes/new", permission="look_up_address")
def new(visit: Visit) -> Response:
    """Ask what is disputed, and what is said."""
    given = {name: visit.asked(name, 300) for name in ("address", "source")}
    return visit.show("dispute_new.html", title=_NEW, **_form(visit, given))


@AREA.page("POST", "/watchlist/disputes", permission="look_up_address")
def record(visit: Visit) -> Response:
    """Put a dispute down."""
    given = {name: visit.form.text(name, 300) for name in ("address", "source", "raised_by")}
    given["words"] = visit.form.raw("words")[: MOST_TEXT + 1]
    try:
        keys = keys_of(given["address"], None)
        visit.desk(WatchlistDesk).disputes.record(
            visit.actor, given["address"], keys, given["source"] or None, given["raised_by"], given["words"]
        )
    except InputError as error:
        return visit.show_again(error, "dispute_new.html", title=_NEW, **_form(visit, given))
    return visit.go("/watchlist/disputes", said="dispute-recorded")


@AREA.page("GET", "/watchlist/disputes/{dispute_id}", permission="decide_dispute", is_fresh=True)
def dispute(visit: Visit) -> Response:
    """Show one dispute and what the lists say now."""
    return visit.show("dispute.html", title=_("Dispute"), **_facts(visit, {}))


@AREA.page("POST", "/watchlist/disputes/{dispute_id}", permission="decide_dispute", is_fresh=True)
def decide(visit: Visit) -> Response:
    """Decide it."""
    given = {"outcome": visit.form.text("outcome", 20), "reason": visit.form.raw("reason")[: MOST_TEXT + 1]}
    dispute_id = visit.path("dispute_id")
    try:
        visit.desk(WatchlistDesk).disputes.decide(visit.actor, dispute_id, given["outcome"], given["reason"])
    except InputError as error:
        return visit.show_again(error, "dispute.html", title=_("Dispute"), **_facts(visit, given))
    return visit.go(f"/watchlist/disputes/{dispute_id}", said="dispute-decided")


def _form(visit: Visit, given: dict[str, str]) -> dict[str, Any]:
    options = [(name, visit.words.say(text)) for name, text in RAISED_BY_NAMES.items()]
    return {"given": given, "raised_by": options}


def _facts(visit: Visit, given: dict[str, str]) -> dict[str, Any]:
    desk = visit.desk(WatchlistDesk)
    found = desk.disputes.find(visit.path("dispute_id"))
    return {
        "dispute": found,
        "address": harmless(found.address),
        "source": harmless(found.source or ""),
        "finding": desk.look_up(found.address, None, None, visit.now),
        "recorded_by": desk.name_of(found.recorded_by) or found.recorded_by,
        "decided_by": found.decided_by and (desk.name_of(found.decided_by) or found.decided_by),
        "raised_by_names": RAISED_BY_NAMES,
        "outcome_names": OUTCOME_NAMES,
        "given": given,
    }
