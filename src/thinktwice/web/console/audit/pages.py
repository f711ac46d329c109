"""The pages about the chain of acts.

Invariant: reads only, but for the entry that says that somebody took a copy away.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response, StreamingResponse

from thinktwice.audit.lines import Line
from thinktwice.audit.reading import Filters
from thinktwice.audit.verification import Kind
from thinktwice.errors import NotFoundError
from thinktwice.web.console.audit.desk import AuditDesk
from thinktwice.web.console.routes import Area
from thinktwice.web.edge.signed_in.handing_out import while_access_lasts
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _

AREA: Final = Area("thinktwice.web.console.audit", needs=(AuditDesk,))

A_PAGE: Final = 50
FINDINGS_SHOWN: Final = 100

ACTOR_KINDS: Final[Mapping[str, str]] = {
    "staff": _("Staff"),
    "officer": _("Officer"),
    "key": _("API key"),
    "cli": _("Command line"),
    "system": _("ThinkTwice itself"),
}
OUTCOMES: Final[Mapping[str, str]] = {"done": _("Done"), "refused": _("Refused")}

FINDING_KINDS: Final[Mapping[Kind, str]] = {
    "edited": _("Edited"),
    "missing": _("Missing"),
    "repeated": _("There twice"),
    "reordered": _("Out of order"),
    "forked": _("Written anew"),
    "truncated": _("Cut off"),
    "foreign": _("Of another chain"),
    "unreadable": _("Unreadable"),
    "checkpoint": _("Checkpoint that does not hold"),
    "salt": _("Exchanged salt"),
}


@AREA.page("GET", "/audit", permission="read_audit")
def audit(visit: Visit) -> Response:
    """List who did what, newest first."""
    desk = visit.desk(AuditDesk)
    asked = {name: visit.asked(name) for name in ("act", "actor", "about", "outcome")}
    filters = Filters(
        act=asked["act"] or None,
        actor_id=asked["actor"] or None,
        object_id=asked["about"] or None,
        outcome=asked["outcome"] if asked["outcome"] in OUTCOMES else None,
    )
    before = visit.asked("before", 15)
    entries, has_older = desk.page(filters, int(before) if before.isdecimal() and before.isascii() else None, A_PAGE)
    chosen = {name: value for name, value in asked.items() if value}
    return visit.show(
        "audit.html",
        title=_("Audit"),
        entries=entries,
        names=_names(desk, entries),
        moments={entry.seq: datetime.fromisoformat(entry.at) for entry in entries},
        older=f"/audit?{urlencode(chosen | {'before': entries[-1].seq})}" if has_older else None,
        asked=asked,
        is_filtered=bool(chosen),
        acts=[("", visit.words.say(_("Every act"))), *((act, act) for act in desk.reader.acts())],
        outcomes=[
            ("", visit.words.say(_("Done or refused"))),
            *((name, visit.words.say(text)) for name, text in OUTCOMES.items()),
        ],
        count=desk.reader.count(),
        kept=desk.last_checkpoint(),
    )


@AREA.page("GET", "/audit/entries/{seq}", permission="read_audit")
def entry(visit: Visit) -> Response:
    """Show one entry whole."""
    desk, seq = visit.desk(AuditDesk), visit.path("seq")
    if not (seq.isascii() and seq.isdecimal() and len(seq) <= 15):
        raise NotFoundError("there is no such entry")
    found = desk.reader.entry(int(seq))
    return visit.show(
        "entry.html",
        title=_("Entry of the audit chain"),
        entry=found,
        at=datetime.fromisoformat(found.at),
        name=desk.name_of(found.actor_id),
        kind=ACTOR_KINDS.get(found.actor_kind, found.actor_kind),
        outcome=OUTCOMES[found.outcome],
    )


@AREA.page("GET", "/audit/check", permission="read_audit")
def check(visit: Visit) -> Response:
    """Check the chain and say what was found."""
    try:
        verdict = visit.desk(AuditDesk).check()
    except NotFoundError:
        verdict = None
    return visit.show(
        "check.html",
        title=_("Is the chain whole?"),
        verdict=verdict,
        kinds=FINDING_KINDS,
        shown=verdict.findings[:FINDINGS_SHOWN] if verdict else (),
    )


@AREA.page("GET", "/audit/export", permission="export_audit", is_fresh=True)
def export_form(visit: Visit) -> Response:
    """Say what a copy holds before it is taken."""
    return visit.show("export.html", title=_("Take the chain away"), count=visit.desk(AuditDesk).reader.count())


@AREA.page("POST", "/audit/export", permission="export_audit")
def export(visit: Visit) -> Response:
    """Hand the chain over as a file; that is an entry too."""
    exported = visit.desk(AuditDesk).export(visit.actor)
    lines = while_access_lasts(visit, exported, ("audit.export", "audit_chain", "chain"))
    name = f"thinktwice-audit-{visit.now:%Y%m%d-%H%M%S}.jsonl"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(lines, media_type="application/jsonl", headers=headers)


def _names(desk: AuditDesk, entries: list[Line]) -> dict[str, str]:
    """Return whom the ids on a page belong to; each is looked up once."""
    found = {seen: desk.name_of(seen) for seen in {entry.actor_id for entry in entries}}
    return {seen: name for seen, name in found.items() if name}
