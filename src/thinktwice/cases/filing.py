"""Messages and files of a request, and who may take them away.

Invariants: officers see nothing that is among staff; a file in which the scan found malware is never handed out (where
the operator runs no scanner, that is said); a leave to download works once, for two minutes, for the person and the
session it was made for; names of files are the sender's words: bounded, without path, never rendered.
"""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
import unicodedata
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, Protocol

from thinktwice.audit.ledger import Ledger
from thinktwice.cases import statements as sql
from thinktwice.cases.course import ENDED
from thinktwice.cases.identifiers import table_of
from thinktwice.cases.reach import reached, side_of
from thinktwice.cases.request import CaseRequest
from thinktwice.cases.sealing import identity_of
from thinktwice.cases.vault import FileVault, Kept, Readable
from thinktwice.errors import InputError, NotFoundError, Phrase, StateError
from thinktwice.languages.writing import require_seen
from thinktwice.people.acting import acting
from thinktwice.people.errors import NotAllowedError
from thinktwice.people.permissions import Permission
from thinktwice.people.person import Person
from thinktwice.people.sealing import Sealing
from thinktwice.people.times import as_text

Purpose = Literal["attachment", "instrument", "portion", "production"]
Verdict = Literal["clean", "infected", "not_scanned"]

DOWNLOAD_LIFE: Final = timedelta(minutes=2)
MOST_FILES: Final = 200
MOST_PORTIONS: Final = 1_000
MOST_MESSAGE: Final = 10_000
_MOST_NAME: Final = 120
_COUNT: Final = "SELECT count(*) FROM case_file WHERE case_id = ? AND removed_at IS NULL AND purpose"
_COUNT_PORTIONS: Final = f"{_COUNT} = 'portion'"
_COUNT_OTHERS: Final = f"{_COUNT} <> 'portion'"
_REMOVE_FILE: Final = "UPDATE case_file SET removed_at = ? WHERE id = ? AND removed_at IS NULL"
_SELECT_FILE: Final = f"""
SELECT {sql.FILE_COLUMNS} FROM case_file WHERE id = ? AND case_id = ? AND is_private <= ? AND removed_at IS NULL
"""  # noqa: S608  (columns are a constant)


class Scanner(Protocol):
    """Looks for malware; the operator's own."""

    def scan(self, pieces: Iterator[bytes]) -> Verdict:
        """Say what the pieces of a file together are."""
        ...


class NoScanner:
    """Scans nothing, and says so with every file."""

    def scan(self, pieces: Iterator[bytes]) -> Verdict:
        """Return that nobody looked."""
        del pieces
        return "not_scanned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file that is being handed out; its content comes in pieces."""

    name: str
    size: int
    sha256: str
    pieces: Iterator[bytes]


class CaseFiling:
    """Messages and files beside a ``CaseDesk``."""

    def __init__(
        self,
        ledger: Ledger,
        sealing: Sealing,
        vault: FileVault,
        clock: Callable[[], datetime],
        scanner: Scanner | None = None,
    ) -> None:
        self._ledger = ledger
        self._sealing = sealing
        self._vault = vault
        self._clock = clock
        self._scanner = scanner or NoScanner()

    def write(self, person: Person, case_id: str, text: str, *, is_private: bool = False) -> None:
        """Write to the other side, or among staff.

        Raises:
            InputError: Nothing written, too much, or what nobody sees.
            NotAllowedError: No role allows it, or an officer writes among staff.
            NotFoundError: No such request within reach.
            StateError: The request has ended.
        """
        if not 1 <= len(text.strip()) <= MOST_MESSAGE:
            raise InputError.of(Phrase("write 1 to %(most)s characters", most=f"{MOST_MESSAGE:,}"), field="text")
        require_seen(text, "text", has_lines=True)
        with acting(self._ledger, person.actor, "case.message", "case", case_id) as act:
            person.require(_needed(person, "write_case_message"), act.at)
            _check_layer(person, is_private=is_private)
            found = reached(act.connection, person, case_id, self._sealing)
            _check_open(found, is_private=is_private)
            message_id = uuid.uuid4().hex
            body = self._sealing.seal(text.strip(), f"case_message.body:{message_id}")
            values = (message_id, case_id, side_of(person), person.account_id, int(is_private), as_text(act.at), body)
            act.connection.execute(sql.INSERT_MESSAGE, values)
            act.note(is_private=is_private)

    def attach(
        self,
        person: Person,
        case_id: str,
        name: str,
        source: Readable,
        *,
        purpose: Purpose = "attachment",
        is_private: bool = False,
    ) -> str:
        """Keep a file with a request and return its id.

        The content is encrypted before anything is entered; what is refused afterwards is taken away again.

        Raises:
            InputError: A name or content that cannot be kept, or too many files.
            NotAllowedError: No role allows it, or an officer files among staff.
            NotFoundError: No such request within reach.
            StateError: The request has ended.
            UnavailableError: It cannot be kept right now.
        """
        _check_layer(person, is_private=is_private)
        clean = _clean_name(name)
        person.require(_needed(person, "upload_case_file"), self._clock())
        with self._ledger.reading() as connection:
            found = reached(connection, person, case_id, self._sealing)
            _check_open(found, is_private=is_private)
        file_id = uuid.uuid4().hex
        kept = self._vault.keep(case_id, file_id, source, found.recipient)
        try:
            verdict = self._scanner.scan(self._pieces(found, file_id))
            with acting(self._ledger, person.actor, "case.attach", "case", case_id) as act:
                found = reached(act.connection, person, case_id, self._sealing)
                _check_open(found, is_private=is_private)
                self._enter(act.connection, person, found, (file_id, clean, purpose, is_private), kept, verdict)
                act.after({"sha256": kept.sha256, "size": kept.size, "type": kept.type, "purpose": purpose})
                act.note(file=file_id, verdict=verdict)
        except BaseException:
            self._vault.remove(case_id, file_id)
            raise
        return file_id

    def leave(self, person: Person, case_id: str, file_id: str) -> str:
        """Return a token with which this person may download one file once, in this session, within two minutes.

        Raises:
            NotAllowedError: No role allows it.
            NotFoundError: No such file within reach.
            SecondFactorNeededError: A production needs a fresh second factor.
            StateError: The file is infected, or a production not delivered yet.
        """
        with acting(self._ledger, person.actor, "case.download", "case", case_id) as act:
            found = reached(act.connection, person, case_id, self._sealing)
            row = act.connection.execute(_SELECT_FILE, (file_id, case_id, int(person.realm == "console"))).fetchone()
            if row is None:
                raise NotFoundError("there is no such file")
            is_production = row[1] == "production"
            person.require(_needed(person, "download_production" if is_production else "read_own_cases"), act.at)
            if row[10] == "infected":
                raise StateError("the scanner found malware in this file; nobody can take it away")
            if is_production and person.realm == "portal" and found.state not in {"delivered", "closed"}:
                raise StateError("it is not delivered yet")
            token = secrets.token_urlsafe(32)
            now = act.at
            values = (
                uuid.uuid4().hex, file_id, person.account_id, person.session_id, _hash(token), as_text(now),
                as_text(now + DOWNLOAD_LIFE),
            )  # fmt: skip
            act.connection.execute(sql.INSERT_DOWNLOAD, values)
            act.note(file=file_id)
        return token

    def download(self, person: Person, case_id: str, token: str) -> Download:
        """Use a leave.

        Raises:
            NotFoundError: It is used, too old, of another person or session, or the file is not there any more.
        """
        with acting(self._ledger, person.actor, "case.download.use", "case", case_id) as act:
            found = reached(act.connection, person, case_id, self._sealing)
            now = as_text(act.at)
            named = (_hash(token), person.account_id, person.session_id, now)
            row = act.connection.execute(sql.SELECT_DOWNLOAD, named).fetchone()
            if row is None or row[1] != case_id:
                raise NotFoundError("there is nothing to download")
            act.connection.execute(sql.USE_DOWNLOAD, (now, row[0]))
            file = act.connection.execute(_SELECT_FILE, (row[2], case_id, int(person.realm == "console"))).fetchone()
            if file is None:
                raise NotFoundError("there is nothing to download")
            act.note(file=row[2])
        name = self._sealing.open(file[6], f"case_file.name:{file[0]}")
        return Download(name=name, size=file[8], sha256=file[9], pieces=self._pieces(found, file[0]))

    def identifiers(self, person: Person, case_id: str) -> bytes:
        """Return everything that a request names, as a table for staff; that somebody took it away is an entry.

        Raises:
            NotAllowedError: No role allows reading requests, or not staff.
            NotFoundError: No such request.
        """
        with acting(self._ledger, person.actor, "case.identifiers", "case", case_id) as act:
            person.require("read_cases", act.at)
            found = reached(act.connection, person, case_id, self._sealing)
            act.note(count=len(found.form.identifiers))
        return table_of(found.form.identifiers)

    def remove(self, person: Person, case_id: str, file_id: str) -> None:
        """Take back a portion, or a production that was not delivered; anything else stays.

        Raises:
            NotAllowedError: No role allows it.
            NotFoundError: No such file that could be taken back.
            StateError: It is delivered.
        """
        with acting(self._ledger, person.actor, "case.remove_file", "case", case_id) as act:
            person.require("assemble_production", act.at)
            found = reached(act.connection, person, case_id, self._sealing)
            row = act.connection.execute(_SELECT_FILE, (file_id, case_id, 1)).fetchone()
            if row is None or row[1] not in {"portion", "production"}:
                raise NotFoundError("there is no such file")
            if row[1] == "production" and found.state in {"fulfilled", "delivered", "closed"}:
                raise StateError("it is put forward to be delivered, or is delivered already")
            act.connection.execute(_REMOVE_FILE, (as_text(act.at), file_id))
            act.note(file=file_id)
        self._vault.remove(case_id, file_id)

    def pieces(self, found: CaseRequest, file_id: str) -> Iterator[bytes]:
        """Yield the content of a file for work within the program; people take files away by ``leave``.

        Raises:
            NotFoundError: There is no such file.
            UnavailableError: It was changed on disk.
        """
        return self._pieces(found, file_id)

    def _pieces(self, found: CaseRequest, file_id: str) -> Iterator[bytes]:
        return self._vault.read(found.id, file_id, identity_of(self._sealing, found.id, found.identity_sealed))

    def _enter(
        self,
        connection: sqlite3.Connection,
        person: Person,
        found: CaseRequest,
        what: tuple[str, str, Purpose, bool],
        kept: Kept,
        verdict: Verdict,
    ) -> None:
        file_id, name, purpose, is_private = what
        (others,) = connection.execute(_COUNT_OTHERS, (found.id,)).fetchone()
        (portions,) = connection.execute(_COUNT_PORTIONS, (found.id,)).fetchone()
        if purpose == "portion" and portions >= MOST_PORTIONS:
            raise StateError(Phrase("a production has at most %(most)s portions", most=f"{MOST_PORTIONS:,}"))
        if purpose != "portion" and others >= MOST_FILES:
            raise StateError(Phrase("a request holds at most %(most)s files", most=MOST_FILES))
        sealed = self._sealing.seal(name, f"case_file.name:{file_id}")
        connection.execute(
            sql.INSERT_FILE,
            (
                file_id, found.id, purpose, side_of(person), person.account_id, int(is_private),
                as_text(self._clock()), sealed, kept.type, kept.size, kept.sha256, verdict,
            ),
        )  # fmt: skip


def _needed(person: Person, officers: Permission) -> Permission:
    """Return what an act on files or messages needs on this person's side."""
    if person.realm == "portal":
        return officers
    return "read_cases" if officers == "read_own_cases" else "work_case"


def _check_layer(person: Person, *, is_private: bool) -> None:
    if is_private and person.realm != "console":
        raise NotAllowedError("work_case")


def _check_open(found: CaseRequest, *, is_private: bool) -> None:
    if found.state in ENDED and not is_private:
        raise StateError("this request has ended; start a new one")


def _clean_name(name: str) -> str:
    """Return the last part of a file's name, without anything that a person would not see."""
    last = unicodedata.normalize("NFC", name.replace("\\", "/")).rsplit("/", 1)[-1].strip(" .")
    if not 1 <= len(last) <= _MOST_NAME:
        raise InputError.of(Phrase("a file has a name of 1 to %(most)s characters", most=_MOST_NAME), field="file")
    if any(unicodedata.category(letter) in {"Cc", "Cf", "Cs", "Zl", "Zp"} for letter in last):
        raise InputError.of("the file's name holds a character that nobody sees; rename it", field="file")
    return last


def _hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
