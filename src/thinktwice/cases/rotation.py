"""What the tables of cases hold under the master key, so that it can be replaced.

Invariants: files are not touched, because what opens them is sealed beside their case; identifiers are found by the
newest key as soon as the form that names them is under it, whoever put it there.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Final

import msgspec

from thinktwice.cases.form import RequestForm
from thinktwice.cases.identifiers import Identifier
from thinktwice.cases.sealing import blind, blinds
from thinktwice.people.rotation import Sealed
from thinktwice.people.sealing import Sealing

MOVE_IDENTIFIER: Final = "UPDATE OR IGNORE case_identifier SET blind = ? WHERE case_id = ? AND blind = ?"
_FORM: Final = msgspec.json.Decoder(RequestForm)


def move_identifiers(
    connection: sqlite3.Connection, sealing: Sealing, case_id: str, identifiers: Iterable[Identifier]
) -> None:
    """Have a request found by the newest key for what it names."""
    moves = [
        (blind(sealing, identifier), case_id, former)
        for identifier in identifiers
        for former in blinds(sealing, identifier)[1:]
    ]
    connection.executemany(MOVE_IDENTIFIER, moves)


def _index_identifiers(connection: sqlite3.Connection, sealing: Sealing, case_id: str, form: str) -> None:
    move_identifiers(connection, sealing, case_id, _FORM.decode(form).identifiers)


COLUMNS: Final = (
    Sealed("agency_check", "note_sealed", "agency_check.note"),
    Sealed("case_request", "form_sealed", "case_request.form", index=_index_identifiers),
    Sealed("case_request", "identity_sealed", "case_request.identity"),
    Sealed("case_step", "note_sealed", "case_step.note", row="case_id || ':' || step || ':' || at"),
    Sealed("case_message", "body_sealed", "case_message.body"),
    Sealed("case_file", "name_sealed", "case_file.name"),
    Sealed("case_notice", "recipient_sealed", "case_notice.recipient"),
    Sealed("case_wording", "words_sealed", "case_wording.words"),
    Sealed("case_template", "name_sealed", "case_template.name"),
    Sealed("case_template", "form_sealed", "case_template.form"),
    Sealed("agency_report", "reason_sealed", "agency_report.reason"),
)
"""Every envelope that the tables of agencies and their requests hold."""
