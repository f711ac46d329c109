"""Writing a draft: two of its files side by side, checked at once, saved as revisions.

Invariants: opening another file saves this one, so that nothing typed is lost; when somebody saved meanwhile nothing is
written, and the page shows both changes put together; checking writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response

from thinktwice.campaigns.content import check_files
from thinktwice.campaigns.drafts import DraftConflictError
from thinktwice.campaigns.merging import Files
from thinktwice.campaigns.reading import Reading
from thinktwice.errors import InputError, NotFoundError
from thinktwice.targeting.audience import disabling_signals
from thinktwice.web.console.campaigns.area import AREA
from thinktwice.web.console.campaigns.desk import CampaignRoom
from thinktwice.web.edge.forms import FormLimits
from thinktwice.web.edge.signed_in.previewing import RUNG_NAMES
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _

LIMITS: Final = FormLimits(form_bytes=2 * 1024 * 1024)
"""Two files of the largest size, written as a form writes them."""

MOST_SHOWN: Final = 100
_PLACES: Final = ("0", "1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desktop:
    """What lies before an author: the texts of a revision with what was typed since, one or two files open."""

    campaign: str
    revision: int
    files: Files
    open: tuple[str, ...]


@AREA.page("GET", "/campaigns/{campaign}/draft", permission="save_draft")
def edit(visit: Visit) -> Response:
    """Open a draft."""
    draft = visit.desk(CampaignRoom).draft(visit.path("campaign"))
    wanted = [visit.asked(name) for name in ("file", "beside")]
    chosen = tuple(dict.fromkeys(path for path in wanted if path in draft.files)) or (min(draft.files),)
    return _shown(visit, Desktop(campaign=draft.campaign, revision=draft.revision, files=draft.files, open=chosen))


@AREA.page("POST", "/campaigns/{campaign}/draft", permission="save_draft", limits=LIMITS)
def work(visit: Visit) -> Response:
    """Check, save, or save and go on elsewhere."""
    desktop = _typed(visit)
    if visit.form.text("act", 10) == "check":
        return _shown(visit, desktop)
    return _saved(visit, desktop, _next(visit, desktop))


@AREA.page("POST", "/campaigns/{campaign}/languages", permission="save_draft")
def add_language(visit: Visit) -> Response:
    """Add a language, with the English words to translate; or one arm's own words in a language that is there."""
    campaign, room = visit.path("campaign"), visit.desk(CampaignRoom)
    draft, locale, arm = room.draft(campaign), visit.form.text("locale", 20), visit.form.text("arm", 32)
    beside = f"messages/{locale}.md" if arm else "messages/en.md"
    path = f"messages/{locale}.{arm}.md" if arm else f"messages/{locale}.md"
    before = draft.files.get(beside, "---\nlocale: en\nreviewed: none\n---\n")
    made = _begun_for_arm(before, locale) if arm else before.replace("locale: en", f"locale: {locale}", 1)
    desktop = Desktop(campaign=campaign, revision=draft.revision, files=draft.files, open=(min(draft.files),))
    try:
        if path in draft.files:
            raise InputError.of(_("The draft has this language already."), field="locale")
        if arm and beside not in draft.files:
            raise InputError.of(_("Add the language for everybody first."), field="locale")
        check_files({path: made})
    except InputError as error:
        visit.faults.extend(error.faults)
        return _shown(visit, desktop, status=422)
    room.desk.save_draft(visit.actor, campaign, {**draft.files, path: made}, based_on=draft.revision)
    return visit.go(address(campaign, beside, path), said="draft-saved")


def _begun_for_arm(campaigns: str, locale: str) -> str:
    """Return the beginning of an arm's file: its front matter, and the campaign's headline to word otherwise."""
    _front, mark, rest = campaigns.partition("## headline\n")
    headline = rest.split("\n## ", maxsplit=1)[0].rstrip()
    return f"---\nlocale: {locale}\nreviewed: none\n---\n" + (f"\n{mark}{headline}\n" if mark else "")


@AREA.page("POST", "/campaigns/{campaign}/removals", permission="save_draft")
def remove(visit: Visit) -> Response:
    """Take one language out of the draft; earlier revisions keep it."""
    campaign, room = visit.path("campaign"), visit.desk(CampaignRoom)
    draft, path = room.draft(campaign), visit.form.text("path", 100)
    if path not in draft.files or not path.startswith("messages/"):
        raise NotFoundError("there is no such file")
    left = {name: text for name, text in draft.files.items() if name != path}
    room.desk.save_draft(visit.actor, campaign, left, based_on=draft.revision)
    return visit.go(f"/campaigns/{campaign}/draft", said="draft-saved")


@AREA.page("POST", "/campaigns/{campaign}/submission", permission="submit_draft")
def submit(visit: Visit) -> Response:
    """Ask for approval of a revision."""
    campaign, room = visit.path("campaign"), visit.desk(CampaignRoom)
    draft = room.draft(campaign, revision_in(visit.form.text("revision", 9)))
    try:
        release = room.desk.submit(visit.actor, campaign, draft.revision)
    except InputError as error:
        visit.faults.extend(error.faults)
        desktop = Desktop(campaign=campaign, revision=draft.revision, files=draft.files, open=(min(draft.files),))
        return _shown(visit, desktop, status=422)
    return visit.go(f"/campaigns/{campaign}/releases/{release.id}", said="draft-submitted")


def address(campaign: str, file: str, beside: str = "") -> str:
    """Return where a file of a draft is edited."""
    asked = {"file": file} | ({"beside": beside} if beside else {})
    return f"/campaigns/{campaign}/draft?{urlencode(asked)}"


def revision_in(text: str) -> int:
    """Return the number of a revision as a form sends it.

    Raises:
        NotFoundError: it is no number.
    """
    if not (text.isascii() and text.isdecimal()):
        raise NotFoundError("there is no such revision")
    return int(text)


def _typed(visit: Visit) -> Desktop:
    """Return what was typed over the revision that it was based on."""
    campaign, form = visit.path("campaign"), visit.form
    base = visit.desk(CampaignRoom).draft(campaign, revision_in(form.text("based_on", 9)))
    texts = {form.text(f"path-{place}", 100): form.raw(f"text-{place}") for place in _PLACES}
    typed = {path: _ended(text) for path, text in texts.items() if path}
    return Desktop(
        campaign=campaign,
        revision=base.revision,
        files={**base.files, **typed},
        open=tuple(typed) or (min(base.files),),
    )


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"


def _next(visit: Visit, desktop: Desktop) -> str:
    """Return where an author wants to go after saving."""
    wanted, beside = visit.form.text("open", 100), visit.form.text("beside", 100)
    if wanted == "preview":
        return f"/campaigns/{desktop.campaign}/preview?of=draft"
    if wanted == "terms":
        return f"/campaigns/{desktop.campaign}/terms"
    file = wanted if wanted in desktop.files else desktop.open[0]
    return address(desktop.campaign, file, beside if beside in desktop.files and beside != file else "")


def _saved(visit: Visit, desktop: Desktop, onward: str) -> Response:
    room = visit.desk(CampaignRoom)
    try:
        room.desk.save_draft(visit.actor, desktop.campaign, desktop.files, based_on=desktop.revision)
    except DraftConflictError as conflict:
        return _told(visit, desktop, conflict)
    except InputError as error:
        visit.faults.extend(error.faults)
        return _shown(visit, desktop, status=422)
    return visit.go(onward, said="draft-saved")


def _told(visit: Visit, desktop: Desktop, conflict: DraftConflictError) -> Response:
    """Show both changes put together, and what each of the two did."""
    merged = conflict.merged
    author = conflict.theirs.author.id
    return visit.show(
        "conflict.html",
        title=_("Somebody else saved meanwhile"),
        status=409,
        campaign=desktop.campaign,
        who=visit.desk(CampaignRoom).name_of(author) or author,
        theirs=conflict.theirs,
        conflicts=merged.conflicts,
        texts=[(path, merged.files[path]) for path in desktop.open if path in merged.files],
        their_changes=lines_of(conflict.their_changes),
        your_changes=lines_of(conflict.your_changes),
    )


def lines_of(diff: str) -> list[tuple[str, str]]:
    """Return the lines of a unified diff with what each is: file, place, added, removed, same."""
    kinds = (("---", "file"), ("+++", "file"), ("@@", "place"), ("+", "added"), ("-", "removed"))
    return [(next((kind for sign, kind in kinds if line.startswith(sign)), "same"), line) for line in diff.splitlines()]


def _shown(visit: Visit, desktop: Desktop, *, status: int = 200) -> Response:
    room = visit.desk(CampaignRoom)
    reading = room.check(desktop.campaign, desktop.files)
    paths = sorted(desktop.files, key=lambda path: (path.count("/"), path))
    return visit.show(
        "edit.html",
        title=_("Edit a draft"),
        status=status,
        desktop=desktop,
        paths=paths,
        texts=[(path, desktop.files[path]) for path in desktop.open[:2]],
        reading=reading,
        findings=_findings(reading),
        reach=_reach(reading),
        signals=sorted(room.around().catalogue.values(), key=lambda one: one.name),
        rungs=RUNG_NAMES,
        is_saved=visit.request.method == "GET",
    )


def _findings(reading: Reading) -> Mapping[str, object]:
    return {
        "faults": reading.faults[:MOST_SHOWN],
        "warnings": reading.warnings[:MOST_SHOWN],
        "left_out": max(0, len(reading.faults) - MOST_SHOWN) + max(0, len(reading.warnings) - MOST_SHOWN),
    }


def _reach(reading: Reading) -> Mapping[str, object] | None:
    """Return whom the draft would reach, or None while it cannot be read."""
    pack = reading.pack
    if pack is None:
        return None
    return {
        "jurisdictions": pack.jurisdictions,
        "audience": pack.audience.text,
        "disabling": disabling_signals(pack.audience),
        "intervention": pack.intervention,
        "locales": sorted(pack.messages),
        "release": pack.release,
    }
