"""The words that customers on an agency's list will read: written, approved with a passkey, withdrawn; then the count.

Invariants: what is approved is what the page shows, held by its hash; nothing here tells who or how many until the
operator's people told the customers, and then a rounded number only.
"""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from thinktwice.cases.course import ENDED
from thinktwice.cases.desk import CaseDesk
from thinktwice.cases.request import CaseRequest
from thinktwice.cases.victims import LEAST_TOLD
from thinktwice.cases.wordings import LANGUAGES, LOCALES, MOST_WORDS, Wordings
from thinktwice.errors import ConflictError, InputError, NotFoundError, StateError, words_of
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _
from thinktwice.web.portal.own_agency import names_of
from thinktwice.web.portal.requests.area import AREA
from thinktwice.web.portal.requests.reading import LIMITS

_CHANGED: Final = _("Other words were proposed since you opened this page. Read them before you approve.")


@AREA.page("GET", "/requests/{case_id}/words", permission="read_own_cases")
def words(visit: Visit) -> Response:
    """Show the words, whether they are approved, and the count when customers were told."""
    return _page(visit, {})


@AREA.page("POST", "/requests/{case_id}/words", permission="file_request", limits=LIMITS)
def propose(visit: Visit) -> Response:
    """Propose words; whatever was approved before is not any more."""
    case_id = visit.path("case_id")
    typed = {locale: visit.form.raw(f"words_{locale}") for locale in LOCALES}
    try:
        visit.desk(Wordings).propose(visit.who, case_id, typed)
    except InputError as error:
        visit.faults.extend(error.faults)
        return _page(visit, typed)
    return visit.go(f"/requests/{case_id}/words", said="words-proposed")


@AREA.page("POST", "/requests/{case_id}/words/approve", permission="approve_as_partner")
def approve(visit: Visit) -> Response:
    """Approve exactly the words that were shown."""
    case_id = visit.path("case_id")
    try:
        visit.desk(Wordings).approve(visit.who, case_id, visit.form.text("digest", 64))
    except ConflictError:
        visit.faults.extend(InputError.of(_CHANGED).faults)
        return _page(visit, {})
    except StateError as error:
        visit.faults.extend(InputError.of(words_of(error)).faults)
        return _page(visit, {})
    return visit.go(f"/requests/{case_id}/words", said="words-approved")


@AREA.page("POST", "/requests/{case_id}/words/withdraw", permission="withdraw_partner_approval")
def withdraw(visit: Visit) -> Response:
    """Take the approval back."""
    case_id = visit.path("case_id")
    visit.desk(Wordings).withdraw(visit.who, case_id)
    return visit.go(f"/requests/{case_id}/words", said="words-withdrawn")


def _page(visit: Visit, typed: dict[str, str]) -> Response:
    found = _victims(visit)
    wording = visit.desk(Wordings).current(visit.who, found.id)
    is_open = found.state not in ENDED and (wording is None or wording.told_at is None)
    return visit.show(
        "words.html",
        title=_("Words for the customers"),
        status=422 if visit.faults else 200,
        found=found,
        wording=wording,
        names=names_of(visit),
        typed=typed or (dict(wording.words) if wording is not None else {}),
        language_names=LANGUAGES,
        is_open=is_open,
        most_words=MOST_WORDS,
        least_told=LEAST_TOLD,
    )


def _victims(visit: Visit) -> CaseRequest:
    """Return a notification of victims of the agency's own.

    Raises:
        NotFoundError: there is none.
    """
    found, _timeline = visit.desk(CaseDesk).find(visit.who, visit.path("case_id"))
    if found.kind != "victim_notification":
        raise NotFoundError("there is nothing here")
    return found
