"""Forms that an agency's officers start from, so that what is the same in every request is typed once.

Invariants: a template belongs to one agency and is reached by nobody else; it holds nothing of a single case and
nobody's name: identifiers, case number, officer, supervisor, reasons, files and keys never enter it, by a list of what
may; whoever makes a request from it still writes the rest and is its author.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

import msgspec

from thinktwice.audit.ledger import Ledger
from thinktwice.cases.form import RequestForm, unusable
from thinktwice.cases.kinds import Kind
from thinktwice.cases.reach import own_agency, reached
from thinktwice.errors import InputError, NotFoundError, Phrase, StateError
from thinktwice.people.acting import acting
from thinktwice.people.person import Person
from thinktwice.people.sealing import Sealing
from thinktwice.people.times import as_text

CARRIED: Final = (
    "unit",
    "offence",
    "legal_basis",
    "legal_entity",
    "zone",
    "data_categories",
    "measure_days",
)
"""The fields a template carries; whatever is added to the form stays out of templates until it stands here."""

MOST_TEMPLATES: Final = 100
_COLUMNS: Final = "id, kind, person, at, name_sealed, form_sealed"
SELECT_TEMPLATES: Final = f"""
SELECT {_COLUMNS} FROM case_template WHERE agency_id = ? AND ended_at IS NULL ORDER BY at DESC, rowid DESC
"""  # noqa: S608  (columns are a constant)
INSERT_TEMPLATE: Final = """
INSERT INTO case_template (id, agency_id, kind, person, at, name_sealed, form_sealed) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
END_TEMPLATE: Final = "UPDATE case_template SET ended_at = ? WHERE id = ? AND agency_id = ? AND ended_at IS NULL"
_FORM: Final = msgspec.json.Decoder(RequestForm)


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A form to start from; ``person`` is who made it."""

    id: str
    name: str
    kind: Kind
    form: RequestForm
    person: str
    at: datetime


class Templates:
    """The templates in ``control.db``."""

    def __init__(self, ledger: Ledger, sealing: Sealing, clock: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._sealing = sealing
        self._clock = clock

    def all(self, person: Person) -> tuple[Template, ...]:
        """Return the templates of the officer's agency, newest first.

        Raises:
            NotAllowedError: No role allows filing requests.
            NotFoundError: Not an officer of an active agency.
        """
        person.require("file_request", self._clock())
        with self._ledger.reading() as connection:
            agency = own_agency(connection, person)
            rows = connection.execute(SELECT_TEMPLATES, (agency.id,)).fetchall()
        return tuple(self._template_of(row) for row in rows)

    def find(self, person: Person, template_id: str) -> Template:
        """Return one template of the officer's agency.

        Raises:
            NotAllowedError: No role allows filing requests.
            NotFoundError: There is none.
        """
        found = next((one for one in self.all(person) if one.id == template_id), None)
        if found is None:
            raise NotFoundError("there is no such template")
        return found

    def keep(self, person: Person, case_id: str, name: str) -> str:
        """Make a template of a request's form, without anything of its case; returns its id.

        Raises:
            InputError: No name, or one that cannot be used.
            NotAllowedError: No role allows it.
            NotFoundError: No such request of the officer's agency.
            StateError: The agency has as many templates as it may.
        """
        clean = " ".join(name.split())
        if not 3 <= len(clean) <= 80 or unusable(RequestForm(unit=clean)):
            raise InputError.of(Phrase("is 3 to %(most)s characters that people see", most=80), field="name")
        template_id = uuid.uuid4().hex
        with acting(self._ledger, person.actor, "template.keep", "case_template", template_id) as act:
            person.require("file_request", act.at)
            found = reached(act.connection, person, case_id, self._sealing)
            agency = own_agency(act.connection, person)
            if len(act.connection.execute(SELECT_TEMPLATES, (agency.id,)).fetchall()) >= MOST_TEMPLATES:
                raise StateError("your agency has as many templates as it may; remove one first")
            form = msgspec.json.encode(carried(found.form)).decode()
            values = (
                template_id, agency.id, found.kind, person.account_id, as_text(act.at),
                self._sealing.seal(clean, f"case_template.name:{template_id}"),
                self._sealing.seal(form, f"case_template.form:{template_id}"),
            )  # fmt: skip
            act.connection.execute(INSERT_TEMPLATE, values)
            act.after({"kind": found.kind})
        return template_id

    def remove(self, person: Person, template_id: str) -> None:
        """Take a template away; requests that were made from it stay as they are.

        Raises:
            NotAllowedError: No role allows it.
            NotFoundError: No such template of the officer's agency.
        """
        with acting(self._ledger, person.actor, "template.remove", "case_template", template_id) as act:
            person.require("file_request", act.at)
            agency = own_agency(act.connection, person)
            values = (as_text(act.at), template_id, agency.id)
            if act.connection.execute(END_TEMPLATE, values).rowcount != 1:
                raise NotFoundError("there is no such template")

    def _template_of(self, row: tuple[Any, ...]) -> Template:
        return Template(
            id=row[0],
            kind=cast("Kind", row[1]),
            person=row[2],
            at=datetime.fromisoformat(row[3]),
            name=self._sealing.open(row[4], f"case_template.name:{row[0]}"),
            form=_FORM.decode(self._sealing.open(row[5], f"case_template.form:{row[0]}")),
        )


def carried(form: RequestForm) -> RequestForm:
    """Return what a template may hold of a form."""
    return RequestForm(**{name: getattr(form, name) for name in CARRIED})
