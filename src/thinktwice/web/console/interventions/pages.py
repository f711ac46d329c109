"""The queue of holds and referrals, and one of them.

Invariants: what can be done to a hold is asked of the desk, which asks the deciding process; nothing here says whether
a suspicious-transaction report exists; the words of notes reach only who may read interventions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final, cast, get_args

from starlette.responses import Response

from thinktwice.errors import InputError, NotFoundError
from thinktwice.interventions.desk import Intervention, InterventionDesk, Turn
from thinktwice.interventions.first_answers import APPEAL_WITHIN
from thinktwice.interventions.notes import MOST_TEXT, OUTCOMES, QUESTIONS, Note
from thinktwice.interventions.recalling import recall_request
from thinktwice.interventions.waiting import HOLD_WITHIN, REFER_WITHIN
from thinktwice.records.resolution import IndependentContact, ResolutionKind
from thinktwice.web.console.interventions.words import (
    KIND_NAMES,
    OUTCOME_NAMES,
    QUESTION_TEXTS,
    RESOLUTION_NAMES,
    RUNG_NAMES,
    SIGNAL_NAMES,
    STATUS_NAMES,
    WAIT_NAMES,
)
from thinktwice.web.console.routes import Area
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _

AREA: Final = Area(
    "thinktwice.web.console.interventions",
    needs=(InterventionDesk,),
    says={
        "noted": _("It is noted."),
        "asked": _(
            "It is on its way to the deciding service. What comes of it appears below by itself, or when you load the"
            " page again."
        ),
    },
)

TARGET_HOURS: Final = {
    name: target // timedelta(hours=1)
    for name, target in (("refer", REFER_WITHIN), ("hold", HOLD_WITHIN), ("appeal", APPEAL_WITHIN))
}

_NOTED: Final = ("contact", "answers", "disposition", "appeal", "appeal_decided", "hand_off")


@AREA.page("GET", "/interventions", permission="read_interventions")
def queue(visit: Visit) -> Response:
    """List what waits, most urgent first."""
    lines = visit.desk(InterventionDesk).queue(visit.who)
    return visit.show(
        "queue.html",
        title=_("Interventions"),
        lines=lines,
        ended_appeals=visit.desk(InterventionDesk).ended_appeals(visit.who),
        behind=visit.desk(InterventionDesk).behind(),
        late=sum(one.waiting.is_late(visit.now) for one in lines),
        rung_names=RUNG_NAMES,
        weeks=visit.desk(InterventionDesk).service(visit.who),
        wait_names=WAIT_NAMES,
        targets=TARGET_HOURS,
        name_of=visit.desk(InterventionDesk).name_of,
        now=visit.now,
    )


@AREA.page("GET", "/interventions/{decision_id}", permission="read_interventions")
def one(visit: Visit) -> Response:
    """Show one withdrawal that waits, or waited, and what can be done about it."""
    return visit.show("one.html", **_facts(visit))  # type: ignore[arg-type]  # the facts hold the title


@AREA.page("POST", "/interventions/{decision_id}/take", permission="work_intervention")
def take(visit: Visit) -> Response:
    """Say that one works on it."""
    decision_id = visit.path("decision_id")
    visit.desk(InterventionDesk).note(visit.who, decision_id, "taken", "")
    return visit.go(f"/interventions/{decision_id}", said="noted")


@AREA.page("POST", "/interventions/{decision_id}/notes", permission="read_interventions")
def note(visit: Visit) -> Response:
    """Put something down; which kind of note needs which permission is the desk's to ask."""
    decision_id, kind = visit.path("decision_id"), visit.form.text("kind", 20)
    if kind not in _NOTED:
        raise NotFoundError("there is no such note")
    given = {name: visit.form.raw(name)[: MOST_TEXT + 1] for name in ("text", "outcome")}
    text = _answers(visit) if kind == "answers" else given["text"]
    try:
        visit.desk(InterventionDesk).note(visit.who, decision_id, kind, text, given["outcome"] or None)
    except InputError as error:
        again = InputError(*(replace(fault, field=_field_id(kind, fault.field)) for fault in error.faults))
        return visit.show_again(again, "one.html", **_facts(visit, given))  # type: ignore[arg-type]  # as above
    return visit.go(f"/interventions/{decision_id}", said="noted")


@AREA.page("POST", "/interventions/{decision_id}/resolution", permission="resolve_hold")
def propose(visit: Visit) -> Response:
    """Propose an early end, stop the withdrawal, or keep the hold."""
    return _resolve(visit, "first")


@AREA.page("POST", "/interventions/{decision_id}/confirmation", permission="confirm_resolution")
def confirm(visit: Visit) -> Response:
    """Be the second person of an early end."""
    return _resolve(visit, "second")


@AREA.page("GET", "/interventions/{decision_id}/recall", permission="request_recall")
def recall(visit: Visit) -> Response:
    """Show the text that asks a receiving exchange to stop what arrived, and whom it was sent to before."""
    return visit.show("recall.html", **_recall_facts(visit))  # type: ignore[arg-type]  # the facts hold the title


@AREA.page("POST", "/interventions/{decision_id}/recall", permission="request_recall")
def recalled(visit: Visit) -> Response:
    """Put down that the text was sent, and to whom."""
    decision_id = visit.path("decision_id")
    sent_to, transaction = visit.form.text("sent_to", 300), visit.form.text("transaction", 120)
    try:
        text = f"{sent_to}\n{transaction}".strip() if sent_to else ""
        visit.desk(InterventionDesk).note(visit.who, decision_id, "recall", text)
    except InputError as error:
        again = InputError(*(replace(fault, field="sent_to") for fault in error.faults))
        return visit.show_again(again, "recall.html", **_recall_facts(visit))  # type: ignore[arg-type]  # as above
    return visit.go(f"/interventions/{decision_id}/recall", said="noted")


def _recall_facts(visit: Visit) -> dict[str, object]:
    desk = visit.desk(InterventionDesk)
    decision, notes = desk.recalls(visit.who, visit.path("decision_id"))
    transaction = visit.asked("transaction", 120) or visit.form.text("transaction", 120)
    return {
        "title": _("Ask the receiving service"),
        "decision": decision,
        "text": recall_request(decision, visit.parts.operator_name, transaction or "…"),
        "transaction": transaction,
        "recalls": [(note, desk.name_of(note.person)) for note in notes],
    }


def _resolve(visit: Visit, turn: Turn) -> Response:
    decision_id = visit.path("decision_id")
    given = {name: visit.form.text(name, 1_001) for name in _RESOLUTION_FIELDS}
    try:
        resolution = given["resolution"]
        if resolution not in get_args(ResolutionKind):
            raise InputError.of("is release, cancel or keep", field="resolution")
        visit.desk(InterventionDesk).resolve(
            visit.who,
            decision_id,
            cast("ResolutionKind", resolution),
            given["reason"],
            contact=_contact(given, visit.now),
            mark_genuine=given["mark_genuine"] == "yes",
            turn=turn,
        )
    except InputError as error:
        name = "reason" if turn == "second" else "own-reason"
        again = InputError(*(replace(one, field=name) if one.field == "reason" else one for one in error.faults))
        return visit.show_again(again, "one.html", **_facts(visit, given))  # type: ignore[arg-type]  # as above
    return visit.go(f"/interventions/{decision_id}", said="asked")


def _field_id(kind: str, field: str | None) -> str | None:
    """Return which of the page's fields of one name belongs to the form of a kind of note."""
    if kind == "answers":
        return "answer-0"
    return field if kind == "contact" or field is None else f"{kind}-{field}"


_RESOLUTION_FIELDS: Final = ("resolution", "reason", "contact_how", "contact_at", "contact_note", "mark_genuine")


def _contact(given: Mapping[str, str], now: datetime) -> IndependentContact | None:
    """Return the contact described in a form, or None when nothing of it is filled in.

    Browsers give the minute; the last moment of it that has passed is meant, so that a call made in the minute in which
    the hold began was made while it stood.

    Raises:
        InputError: the time is none.
    """
    if not any(given[name] for name in ("contact_how", "contact_at", "contact_note")):
        return None
    try:
        at = datetime.fromisoformat(given["contact_at"])
    except ValueError:
        raise InputError.of(str(_("Give the time in UTC, like 2026-11-20T09:30")), field="contact_at") from None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    if at <= now and not (at.second or at.microsecond):
        at = min(at + timedelta(seconds=59), now)
    return IndependentContact(how=given["contact_how"], at=at, note_ref=given["contact_note"])


def _answers(visit: Visit) -> str:
    """Return the open questions with what the customer said, as one note."""
    said = [(text, visit.form.raw(f"answer-{place}").strip()) for place, text in enumerate(QUESTIONS)]
    return "\n".join(f"{text}\n{answer}" for text, answer in said if answer)[: MOST_TEXT + 1]


def _people(visit: Visit, found: Intervention) -> dict[str, str]:
    """Return what everybody who acted on a hold is called."""
    desk = visit.desk(InterventionDesk)
    acted = {note.person for note in found.notes} | {one.person for one in found.asked}
    if found.waiting and found.waiting.proposed_by:
        acted.add(found.waiting.proposed_by)
    return {person: desk.name_of(person) for person in acted}


def _text_of(visit: Visit, note: Note) -> str:
    """Return a note's words, with the questions that we asked in the reader's language."""
    if note.kind != "answers":
        return note.text
    return "\n".join(visit.words.say(line) if line in QUESTIONS else line for line in note.text.splitlines())


def _facts(visit: Visit, given: Mapping[str, str] | None = None) -> dict[str, object]:
    found = visit.desk(InterventionDesk).find(visit.who, visit.path("decision_id"))
    signals = found.decision.explanation.signals
    waiting = found.waiting
    return {
        "title": _("Withdrawal that waits") if waiting else _("Withdrawal that waited"),
        "found": found,
        "facts": found.decision.facts,
        "signals": [(text, signals[name]) for name, text in SIGNAL_NAMES.items() if signals.get(name) is not None],
        "questions": QUESTION_TEXTS,
        "outcomes": {
            kind: [(name, visit.words.say(OUTCOME_NAMES[name])) for name in names] for kind, names in OUTCOMES.items()
        },
        "kind_names": KIND_NAMES,
        "outcome_names": OUTCOME_NAMES,
        "rung_names": RUNG_NAMES,
        "resolution_names": RESOLUTION_NAMES,
        "names": _people(visit, found),
        "taken_by": next((note.person for note in reversed(found.notes) if note.kind == "taken"), None),
        "text_of": lambda note: _text_of(visit, note),
        "has_webhook": visit.desk(InterventionDesk).has_webhook,
        "status_names": STATUS_NAMES,
        "is_second": bool(waiting and waiting.proposed_by and waiting.proposed_by != visit.who.account_id),
        "is_first": bool(waiting and waiting.proposed_by == visit.who.account_id),
        "given": given or {},
        "now": visit.now,
    }
