"""The feeds: how each stands, and running, pausing or resuming one.

Invariant: what a page asks for here is a job; nothing is imported while somebody waits.
"""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from thinktwice.errors import InputError
from thinktwice.watchlist.feeding import Feeds
from thinktwice.watchlist.lookup import harmless
from thinktwice.web.console.jobs.pages import STATE_NAMES
from thinktwice.web.console.watchlist.area import AREA
from thinktwice.web.console.watchlist.desk import WatchlistDesk
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _


@AREA.page("GET", "/watchlist/feeds", permission="look_up_address")
def feeds(visit: Visit) -> Response:
    """Show every feed with its schedule, its last run and what is wrong with it."""
    facts: dict[str, Any] = {"standings": (), "wrong": (), "state_names": STATE_NAMES, "harmless": harmless}
    try:
        facts["standings"] = _feeds(visit).standings()
    except InputError as error:
        facts["wrong"] = error.faults
    return visit.show("feeds.html", title=_("Feeds"), now=visit.now, **facts)


@AREA.page("POST", "/watchlist/feeds/{feed_id}/run", permission="run_feed")
def run(visit: Visit) -> Response:
    """Ask for a run, for a rehearsal, or for one that takes the file however many entries it ends."""
    how = visit.form.text("how", 10)
    job = _feeds(visit).run(
        visit.actor, visit.path("feed_id"), is_rehearsal=how == "rehearse", is_forced=how == "force"
    )
    return visit.go(f"/jobs/{job.id}" if visit.may("read_jobs") else "/watchlist/feeds", said="feed-asked")


@AREA.page("POST", "/watchlist/feeds/{feed_id}/pause", permission="run_feed")
def pause(visit: Visit) -> Response:
    """Keep a feed from running by itself."""
    _feeds(visit).pause(visit.actor, visit.path("feed_id"))
    return visit.go("/watchlist/feeds", said="feed-paused")


@AREA.page("POST", "/watchlist/feeds/{feed_id}/resume", permission="run_feed")
def resume(visit: Visit) -> Response:
    """Let a feed run by itself again."""
    _feeds(visit).resume(visit.actor, visit.path("feed_id"))
    return visit.go("/watchlist/feeds", said="feed-resumed")


def _feeds(visit: Visit) -> Feeds:
    return visit.desk(WatchlistDesk).feeds
