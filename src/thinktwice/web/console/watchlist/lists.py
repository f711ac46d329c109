"""The lists, and the upload of one: always as a rehearsal first.

Invariants: nothing is imported that was not rehearsed before with the same words; a file that is not text, or too
large, is refused before anything of it is kept.
"""

from __future__ import annotations

from typing import Any, Final, cast

from starlette.responses import Response

from thinktwice.addresses.networks import FAMILIES
from thinktwice.errors import Fault, InputError, StateError, unpacked
from thinktwice.jobs.job import Job
from thinktwice.records.vocabulary import IndicatorKind
from thinktwice.watchlist.formats.detect import FORMATS, Format
from thinktwice.watchlist.import_job import MOST_BYTES, ImportAsked
from thinktwice.watchlist.kinds import KINDS
from thinktwice.watchlist.lookup import harmless
from thinktwice.web.console.jobs.pages import STATE_NAMES
from thinktwice.web.console.watchlist.area import AREA
from thinktwice.web.console.watchlist.desk import WatchlistDesk
from thinktwice.web.console.watchlist.words import FORMAT_NAMES, KIND_NAMES
from thinktwice.web.edge.forms import FormLimits
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _

_FIELDS: Final = ("source", "format", "kind", "family", "confidence")
_UPLOAD: Final = _("Import a list")


@AREA.page("GET", "/watchlist/lists", permission="look_up_address")
def lists(visit: Visit) -> Response:
    """Show every list with its last import."""
    desk = visit.desk(WatchlistDesk)
    found, jobs = desk.sources(), desk.last_jobs()
    names = {actor: desk.name_of(actor) for actor in {one.actor for one in found if one.actor}}
    facts: dict[str, Any] = {"names": names, "kind_names": KIND_NAMES, "state_names": STATE_NAMES}
    return visit.show("lists.html", title=_("Lists"), lists=found, jobs=jobs, harmless=harmless, **facts)


@AREA.page("GET", "/watchlist/upload", permission="upload_list")
def upload(visit: Visit) -> Response:
    """Ask for a list."""
    given = {"source": visit.asked("source", 100)}
    return visit.show("upload.html", title=_UPLOAD, **_form(visit, given))


@AREA.page("POST", "/watchlist/upload", permission="upload_list", limits=FormLimits(file_bytes=MOST_BYTES))
def rehearse(visit: Visit) -> Response:
    """Keep an uploaded list and rehearse its import."""
    given = {name: visit.form.text(name, 100) for name in _FIELDS}
    given["is_replacing"] = "yes" if visit.form.is_ticked("is_replacing") else ""
    try:
        job = _rehearsed(visit, given)
    except InputError as error:
        return visit.show_again(error, "upload.html", title=_UPLOAD, **_form(visit, given))
    return visit.go(f"/watchlist/uploads/{job.id}")


@AREA.page("GET", "/watchlist/uploads/{job_id}", permission="upload_list")
def rehearsal(visit: Visit) -> Response:
    """Show what an import would do."""
    job = visit.desk(WatchlistDesk).rehearsal(visit.path("job_id"))
    result = job.result or {}
    faults = [unpacked(fault) for fault in result.get("faults", ())]
    facts: dict[str, Any] = {"job": job, "result": result, "found": faults, "state": STATE_NAMES[job.state]}
    return visit.show("rehearsal.html", title=_("What this import would do"), harmless=harmless, **facts)


@AREA.page("POST", "/watchlist/uploads/{job_id}", permission="upload_list")
def import_list(visit: Visit) -> Response:
    """Import what was rehearsed, exactly as it was rehearsed."""
    desk = visit.desk(WatchlistDesk)
    rehearsed = desk.rehearsal(visit.path("job_id"))
    if rehearsed.state != "done":
        raise StateError("an import follows a rehearsal that came to its end")
    arguments = dict(rehearsed.arguments) | {"actor": visit.actor.id, "is_rehearsal": False}
    job = desk.ask(visit.actor, _asked(arguments))
    return visit.go(f"/jobs/{job.id}")


def _rehearsed(visit: Visit, given: dict[str, str]) -> Job:
    desk = visit.desk(WatchlistDesk)
    settings = _settings(given)
    file = visit.form.files.get("file")
    if file is None or not file.size:
        raise InputError(Fault(_("Choose the file of the list."), "file"))
    kept = desk.keep(file.name, file.content)
    return desk.ask(visit.actor, _asked(settings | {"upload": kept, "actor": visit.actor.id, "is_rehearsal": True}))


def _settings(given: dict[str, str]) -> dict[str, Any]:
    """Return what a form says about a list.

    Raises:
        InputError: with every fault.
    """
    faults = []
    if not given["source"] or not given["source"].isprintable():
        faults.append(Fault(_("Say who publishes the list; later imports of the same name replace it."), "source"))
    text = given["confidence"]
    if text and not (text.isascii() and text.isdecimal() and int(text) <= 100):
        faults.append(Fault(_("Give a whole number from 0 to 100, or nothing."), "confidence"))
    for name, known in (("format", FORMATS), ("kind", KINDS), ("family", FAMILIES)):
        if given[name] and given[name] not in known:
            faults.append(Fault(_("Choose one of those offered."), name))
    if faults:
        raise InputError(*faults)
    return {
        "source": given["source"],
        "format": given["format"] or None,
        "kind": given["kind"] or None,
        "family": given["family"] or None,
        "confidence": int(text) if text else None,
        "is_replacing": bool(given["is_replacing"]),
    }


def _asked(arguments: dict[str, Any]) -> ImportAsked:
    return ImportAsked(
        upload=str(arguments["upload"]),
        actor=str(arguments["actor"]),
        source=str(arguments["source"]),
        format=cast("Format | None", arguments.get("format")),
        kind=cast("IndicatorKind | None", arguments.get("kind")),
        family=cast("str | None", arguments.get("family")),
        confidence=cast("int | None", arguments.get("confidence")),
        is_replacing=bool(arguments.get("is_replacing")),
        is_rehearsal=bool(arguments["is_rehearsal"]),
    )


def _form(visit: Visit, given: dict[str, str]) -> dict[str, Any]:
    say = visit.words.say
    as_listed = ("", say(_("As the list says")))
    return {
        "given": given,
        "formats": [(name, say(text)) for name, text in FORMAT_NAMES.items()],
        "kinds": [as_listed, *((name, say(text)) for name, text in KIND_NAMES.items())],
        "families": [as_listed, *((name, name) for name in FAMILIES)],
        "megabytes": MOST_BYTES >> 20,
    }
