"""Looking an address up, and overruling what lists say about it.

Invariants: who listed it, when, why and what follows stand on one page; what overrules a list needs a reason or a page
that says what will happen, and a fresh second factor.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from starlette.responses import Response

from thinktwice.addresses.networks import NETWORKS
from thinktwice.errors import InputError
from thinktwice.watchlist.lookup import Finding
from thinktwice.web.console.watchlist import disputing, feeds, lists
from thinktwice.web.console.watchlist.area import AREA
from thinktwice.web.console.watchlist.desk import WatchlistDesk
from thinktwice.web.console.watchlist.words import CONSEQUENCE_TEXTS, DISPOSITION_NAMES, KIND_NAMES
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _

__all__ = ["AREA", "disputing", "feeds", "lists"]

_FIELDS: Final = ("address", "network", "memo")


@AREA.page("GET", "/watchlist", permission="look_up_address")
def watchlist(visit: Visit) -> Response:
    """Look an address up."""
    asked = {name: visit.asked(name, 300) for name in _FIELDS}
    title = _("Watchlist")
    finding = None
    if asked["address"]:
        try:
            finding = _found(visit, asked)
        except InputError as error:
            return visit.show_again(error, "lookup.html", title=title, **_facts(visit, asked, None))
    return visit.show("lookup.html", title=title, **_facts(visit, asked, finding))


@AREA.page("GET", "/watchlist/allow", permission="allow_destination", is_fresh=True)
def allowing(visit: Visit) -> Response:
    """Ask why a destination is safe."""
    asked = {name: visit.asked(name, 300) for name in _FIELDS}
    return visit.show("allow.html", title=_("Allow a destination"), asked=asked, query=query_of(asked), reason="")


@AREA.page("POST", "/watchlist/allow", permission="allow_destination")
def allow(visit: Visit) -> Response:
    """Vouch for a destination."""
    asked, reason = _given(visit), visit.form.text("reason", 1_000)
    try:
        visit.desk(WatchlistDesk).allow(
            visit.actor, asked["address"], asked["network"] or None, asked["memo"] or None, reason
        )
    except InputError as error:
        facts: dict[str, Any] = {"asked": asked, "query": query_of(asked), "reason": reason}
        return visit.show_again(error, "allow.html", title=_("Allow a destination"), **facts)
    return visit.go(f"/watchlist?{query_of(asked)}", said="allowed")


@AREA.page("GET", "/watchlist/disallow", permission="allow_destination", is_fresh=True)
def disallowing(visit: Visit) -> Response:
    """Say what follows when an allowance ends."""
    asked = {name: visit.asked(name, 300) for name in _FIELDS}
    return visit.show("disallow.html", title=_("End an allowance"), asked=asked, query=query_of(asked))


@AREA.page("POST", "/watchlist/disallow", permission="allow_destination")
def disallow(visit: Visit) -> Response:
    """End an allowance."""
    asked = _given(visit)
    visit.desk(WatchlistDesk).disallow(visit.actor, asked["address"], asked["network"] or None, asked["memo"] or None)
    return visit.go(f"/watchlist?{query_of(asked)}", said="disallowed")


@AREA.page("GET", "/watchlist/delist", permission="delist_address", is_fresh=True)
def delisting(visit: Visit) -> Response:
    """Say what follows when a source's statement ends."""
    asked = {name: visit.asked(name, 300) for name in _FIELDS}
    facts: dict[str, Any] = {"asked": asked, "query": query_of(asked), "source": visit.asked("source", 200)}
    return visit.show("delist.html", title=_("End a listing"), **facts)


@AREA.page("POST", "/watchlist/delist", permission="delist_address")
def delist(visit: Visit) -> Response:
    """End what a source says about an address."""
    asked, source = _given(visit), visit.form.raw("source")[:200]
    visit.desk(WatchlistDesk).delist(visit.actor, asked["address"], asked["network"] or None, source)
    return visit.go(f"/watchlist?{query_of(asked)}", said="delisted")


def query_of(asked: dict[str, str]) -> str:
    """Return what names an address in a path of ours."""
    return urlencode({name: value for name, value in asked.items() if value})


def _given(visit: Visit) -> dict[str, str]:
    return {name: visit.form.text(name, 300) for name in _FIELDS}


def _found(visit: Visit, asked: dict[str, str]) -> Finding:
    return visit.desk(WatchlistDesk).look_up(
        asked["address"], asked["network"] or None, asked["memo"] or None, visit.now
    )


def _facts(visit: Visit, asked: dict[str, str], finding: Finding | None) -> dict[str, Any]:
    names = visit.desk(WatchlistDesk).name_of
    authors = {row["author"]: names(row["author"]) for row in finding.allowances} if finding else {}
    return {
        "asked": asked,
        "finding": finding,
        "query": query_of(asked),
        "networks": [("", visit.words.say(_("Every network on which it is an address"))), *((n, n) for n in NETWORKS)],
        "kind_names": KIND_NAMES,
        "disposition_names": DISPOSITION_NAMES,
        "consequence": CONSEQUENCE_TEXTS[finding.consequence] if finding else None,
        "authors": authors,
        "urlencode": urlencode,
    }
