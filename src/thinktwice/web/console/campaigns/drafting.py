"""Writing a draft: two of its files side by side, checked at once, saved as revisions.

Invariants: every button but *Check* saves what was typed first, so that nothing is lost and what is submitted is what
was seen; when somebody saved meanwhile nothing is written or done, and the page shows both changes put together;
checking writes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response

from thinktwice.campaigns.content import check_files
from thinktwice.campaigns.drafts import Draft, DraftConflictError
from thinktwice.campaigns.merging import Files
from thinktwice.campaigns.reading import Reading
from thinktwice.errors import InputError, NotFoundError
from thinktwice.targeting.audience import disabling_signals
from thinktwice.web.console.campaigns.area import AREA
from thinktwice.web.console.campaigns.desk import CampaignRoom
from thinktwice.web.edge.forms import FormLimits
from thinktwice.web.edge.signed_in.previewing import RUNG_NAMES
from thinktwice.web.edge.signed_in.refusals import PageClosedError
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
    return _saved(visit, desktop, lambda saved: visit.go(_next(visit, saved), said="draft-saved"))


@AREA.page("POST", "/campaigns/{campaign}/languages", permission="save_draft", limits=LIMITS)
def add_language(visit: Visit) -> Response:
    """Add a language, with the English words to translate; or one arm's own words in a language that is there."""
    return _saved_first(visit, lambda desktop: _with_language(visit, desktop))


def _with_language(visit: Visit, desktop: Desktop) -> Response:
    locale, arm = visit.form.text("locale", 20), visit.form.text("arm", 32)
    beside = f"messages/{locale}.md" if arm else "messages/en.md"
    path = f"messages/{locale}.{arm}.md" if arm else f"messages/{locale}.md"
    before = desktop.files.get(beside, "---\nlocale: en\nreviewed: none\n---\n")
    made = _begun_for_arm(before, locale) if arm else before.replace("locale: en", f"locale: {locale}", 1)
    try:
        if path in desktop.files:
            raise InputError.of(_("The draft has this language already."), field="locale")
        if arm and beside not in desktop.files:
            raise InputError.of(_("Add the language for everybody first."), field="locale")
        check_files({path: made})
    except InputError as error:
        visit.faults.extend(error.faults)
        return _shown(visit, desktop, status=422)
    _save(visit, desktop, {**desktop.files, path: made})
    return visit.go(address(desktop.campaign, beside, path), said="draft-saved")


def _begun_for_arm(campaigns: str, locale: str) -> str:
    """Return the beginning of an arm's file: its front matter, and the campaign's headline to word otherwise."""
    _front, mark, rest = campaigns.partition("## headline\n")
    headline = rest.split("\n## ", maxsplit=1)[0].rstrip()
    return f"---\nlocale: {locale}\nreviewed: none\n---\n" + (f"\n{mark}{headline}\n" if mark else "")


@AREA.page("POST", "/campaigns/{campaign}/removals", permission="save_draft", limits=LIMITS)
def remove(visit: Visit) -> Response:
    """Take one language out of the draft; earlier revisions keep it."""
    return _saved_first(visit, lambda desktop: _without_language(visit, desktop))


def _without_language(visit: Visit, desktop: Desktop) -> Response:
    path = visit.form.text("path", 100)
    if path not in desktop.files or not path.startswith("messages/"):
        raise NotFoundError("there is no such file")
    _save(visit, desktop, {name: text for name, text in desktop.files.items() if name != path})
    return visit.go(f"/campaigns/{desktop.campaign}/draft", said="draft-saved")


@AREA.page("POST", "/campaigns/{campaign}/submission", permission="submit_draft", limits=LIMITS)
def submit(visit: Visit) -> Response:
    """Ask for approval of a revision, or of what was typed, once it is saved as one."""
    if visit.form.text("based_on", 9):
        return _saved_first(visit, lambda desktop: _submitted(visit, desktop))
    return _submitted(visit, _opened(visit, revision_in(visit.form.text("revision", 9))))


def _submitted(visit: Visit, desktop: Desktop) -> Response:
    try:
        release = visit.desk(CampaignRoom).desk.submit(visit.actor, desktop.campaign, desktop.revision)
    except InputError as error:
        visit.faults.extend(error.faults)
        return _shown(visit, desktop, status=422)
    return visit.go(f"/campaigns/{desktop.campaign}/releases/{release.id}", said="draft-submitted")


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


def _opened(visit: Visit, revision: int | None = None) -> Desktop:
    """Return a revision with its first file open, by default the newest."""
    draft = visit.desk(CampaignRoom).draft(visit.path("campaign"), revision)
    return Desktop(campaign=draft.campaign, revision=draft.revision, files=draft.files, open=(min(draft.files),))


def _saved_first(visit: Visit, then: Callable[[Desktop], Response]) -> Response:
    """Save what was typed in the editor's form, and only then go on; a form without it goes on from what stands.

    Raises:
        PageClosedError: something was typed, and whoever asks may not save it.
    """
    if not visit.form.text("based_on", 9):
        return then(_opened(visit))
    if not visit.may("save_draft"):
        raise PageClosedError
    return _saved(visit, _typed(visit), then)


def _saved(visit: Visit, desktop: Desktop, then: Callable[[Desktop], Response]) -> Response:
    try:
        draft = _save(visit, desktop, desktop.files)
    except DraftConflictError as conflict:
        return _told(visit, desktop, conflict)
    except InputError as error:
        visit.faults.extend(error.faults)
        return _shown(visit, desktop, status=422)
    return then(replace(desktop, revision=draft.revision))


def _save(visit: Visit, desktop: Desktop, files: Files) -> Draft:
    desk = visit.desk(CampaignRoom).desk
    return desk.save_draft(visit.actor, desktop.campaign, files, based_on=desktop.revision)


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
