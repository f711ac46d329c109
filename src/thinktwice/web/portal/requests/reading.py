"""Reading the form of a request, and showing one again as it was typed.

Invariants: what cannot be read is named by its field (an identifier by its line) and nothing is saved; reading touches
nothing but what was typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, cast

from thinktwice.cases.form import DATA_CATEGORIES, DataCategory, RequestForm
from thinktwice.cases.identifiers import MOST_BYTES, Identifier, read_identifiers
from thinktwice.cases.kinds import RULES, Kind
from thinktwice.errors import Fault, InputError
from thinktwice.web.edge.forms import FormLimits
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _

LIMITS: Final = FormLimits(form_bytes=2 << 20, file_bytes=2 * MOST_BYTES, is_text=False)
"""Lists say themselves what is wrong with them, so that the form comes back as it was typed: with one that is too long,
up to twice its length, too."""

LINES: Final = (
    "unit", "officer_name", "rank", "officer_number", "supervisor_name", "supervisor_contact", "case_number", "offence",
    "legal_basis", "signatory", "legal_entity", "zone", "delivery_key",
)  # fmt: skip
TEXTS: Final = ("necessity", "question", "deferral_reason")
DATES: Final = ("period_from", "period_until", "deadline", "deferral_until")
PASTED: Final = _("Line %(line)s: %(fault)s")
UPLOADED: Final = _("Line %(line)s of the file: %(fault)s")
_LONGEST_LINE: Final = 1_000


def typed_of(form: RequestForm) -> dict[str, object]:
    """Return a saved form as its fields show it."""
    shown: dict[str, object] = {name: getattr(form, name) for name in (*LINES, *TEXTS)}
    shown |= {name: day.isoformat() if (day := getattr(form, name)) else "" for name in DATES}
    days = form.measure_days
    return shown | {
        "identifiers": "\n".join(map(_line_of, form.identifiers)),
        "data_categories": form.data_categories,
        "is_customer_told": "told" if form.is_customer_told else "deferred",
        "measure_days": "" if days is None else str(days),
    }


def typed_in(visit: Visit) -> dict[str, object]:
    """Return what was typed, field by field."""
    sent = visit.form
    typed: dict[str, object] = {name: sent.text(name, _LONGEST_LINE) for name in (*LINES, *DATES, "measure_days")}
    typed |= {name: sent.raw(name).strip() for name in TEXTS}
    return typed | {
        "identifiers": sent.raw("identifiers"),
        "data_categories": tuple(one for one in sent.all("data_categories") if one in DATA_CATEGORIES),
        "is_customer_told": "deferred" if sent.text("is_customer_told") == "deferred" else "told",
    }


def read_form(visit: Visit, kind: Kind, typed: Mapping[str, object], before: RequestForm) -> RequestForm:
    """Return the form that was typed; what has no field on the page stays as it was.

    Raises:
        InputError: a day, a number or an identifier that cannot be read; every one is named.
    """
    faults: list[Fault] = []
    days = {name: _day(str(typed[name]), name, faults) for name in DATES}
    identifiers = _identifiers(visit, kind, str(typed["identifiers"]), faults)
    measure = _number(str(typed["measure_days"]), "measure_days", faults)
    if faults:
        raise InputError(*faults)
    written: dict[str, Any] = {name: str(typed[name]) for name in (*LINES, *TEXTS)} | days
    return RequestForm(
        **written,
        instrument_file=before.instrument_file,
        identifiers=identifiers,
        data_categories=cast("tuple[DataCategory, ...]", typed["data_categories"]),
        is_customer_told=typed["is_customer_told"] == "told",
        measure_days=measure,
    )


def _identifiers(visit: Visit, kind: Kind, text: str, faults: list[Fault]) -> tuple[Identifier, ...]:
    """Read what was pasted and what was uploaded, as one list."""
    most = RULES[kind].identifiers_at_most
    found: dict[Identifier, None] = {}
    pasted, uploaded = text.encode("utf-8", "replace"), uploaded_in(visit, "identifiers_file")
    for content, line, field in ((pasted, PASTED, "identifiers"), (uploaded, UPLOADED, "identifiers_file")):
        try:
            found |= dict.fromkeys(read_identifiers(content, at_most=most))
        except InputError as error:
            faults.extend(named(visit, error, line, field))
    if len(found) > most:
        faults.append(Fault(visit.words.say(_("At most %(count)s can be named here."), count=most), "identifiers"))
    return tuple(found)


def named(visit: Visit, error: InputError, line: str, field: str) -> list[Fault]:
    """Return the faults of rows under a field of the page, each with its line; ``line`` is a marked text."""
    say = visit.words.say
    return [
        Fault(say(line, line=fault.line, fault=say(fault.message)) if fault.line else fault.message, field)
        for fault in error.faults
    ]


def uploaded_in(visit: Visit, field: str) -> bytes:
    """Return a list that was uploaded, as far as one may be long and a byte more; empty when there is none."""
    upload = visit.form.files.get(field)
    if upload is None:
        return b""
    upload.content.seek(0)
    return upload.content.read(MOST_BYTES + 1)


def _line_of(identifier: Identifier) -> str:
    parts = (identifier.kind, identifier.value, identifier.network)
    return ",".join(part for part in parts if part is not None)


def _day(text: str, name: str, faults: list[Fault]) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        faults.append(Fault(_("write the day as year-month-day, for example 2026-03-31"), name))
        return None


def _number(text: str, name: str, faults: list[Fault]) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        faults.append(Fault(_("write a whole number"), name))
        return None
    return int(text)
