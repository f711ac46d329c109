"""Searching decisions, and one decision explained condition by condition.

Invariant: reads only, but for the entry that says that somebody took proof away.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response

from thinktwice.errors import InputError, NotFoundError
from thinktwice.records.catalogue import CATALOGUE
from thinktwice.records.signal import is_nothing
from thinktwice.web.console.decisions.desk import A_PAGE, DecisionSearch
from thinktwice.web.console.decisions.words import HAPPENED, explained
from thinktwice.web.console.routes import Area
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _

AREA: Final = Area("thinktwice.web.console.decisions", needs=(DecisionSearch,))

ACTION_NAMES: Final = {
    "proceed": _("Let proceed"),
    "alert": _("Alert"),
    "hold": _("Hold"),
    "refer": _("A person speaks with the customer"),
    "block": _("Block"),
}
_FIELDS: Final = ("withdrawal", "destination", "campaign", "action", "day")
_EDITIONS: Final = ("customer", "restricted")


@AREA.page("GET", "/decisions", permission="search_decisions")
def search(visit: Visit) -> Response:
    """Find decisions."""
    asked = {name: visit.asked(name, 300) for name in _FIELDS}
    page = int(number) if (number := visit.asked("page", 4)).isdecimal() and number.isascii() else 0
    found = None
    title = _("Decisions")
    facts: dict[str, object] = {
        "asked": asked,
        "action_names": ACTION_NAMES,
        "actions": [
            ("", visit.words.say(_("Any"))),
            *((name, visit.words.say(ACTION_NAMES[name])) for name in ACTION_NAMES),
        ],
        "older": None,
        "found": None,
    }
    if any(asked.values()):
        try:
            found = visit.desk(DecisionSearch).search(**asked, page=page)
        except InputError as error:
            return visit.show_again(error, "search.html", title=title, **facts)
        given = {name: value for name, value in asked.items() if value}
        older = f"/decisions?{urlencode(given | {'page': page + 1})}" if len(found) > A_PAGE else None
        facts |= {"found": found[:A_PAGE], "older": older, "behind": visit.desk(DecisionSearch).behind()}
    return visit.show("search.html", title=title, **facts)  # type: ignore[arg-type]  # none of them is the status


@AREA.page("GET", "/decisions/{decision_id}", permission="search_decisions")
def decision(visit: Visit) -> Response:
    """Show one decision: what was known, what was answered and why, what happened then."""
    desk = visit.desk(DecisionSearch)
    found = desk.find(visit.path("decision_id"))
    signals = found.explanation.signals
    return visit.show(
        "decision.html",
        title=_("Decision"),
        decision=found,
        action=ACTION_NAMES[found.action],
        reasons=[(reason, explained(reason, visit.words)) for reason in found.explanation.reasons],
        conditions=desk.conditions(found),
        happened=desk.happened(found),
        happened_names=HAPPENED,
        signals=[
            (
                name,
                CATALOGUE[name].meaning if name in CATALOGUE else "",
                () if is_nothing(name, signals) else signals[name],
            )
            for name in sorted(signals)
        ],
        unknown=found.explanation.unknown,
    )


@AREA.page("GET", "/decisions/{decision_id}/evidence/{edition}", permission="read_evidence", is_fresh=True)
def evidence(visit: Visit) -> Response:
    """Give the sealed proof away as a file, and put down that somebody took it."""
    decision_id, edition = visit.path("decision_id"), visit.path("edition")
    if edition not in _EDITIONS:
        raise NotFoundError("there is no such edition")
    content = visit.desk(DecisionSearch).evidence(decision_id, edition)
    with visit.parts.ledger.act(visit.actor, "evidence.make", "decision", decision_id) as act:
        act.note(edition=edition)
    headers = {"Content-Disposition": f'attachment; filename="evidence-{edition}.json"'}
    return Response(content, media_type="application/json", headers=headers)
