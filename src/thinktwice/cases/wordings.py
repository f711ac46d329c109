"""The words that customers on an agency's list will read: proposed by either side, approved by an officer, then sent.

Invariants: what is sent is exactly what an officer of that agency approved with a passkey, named by its hash; any
change is a new proposal that nobody approved; an approval can be withdrawn until the customers are told; words hold no
link and no address to write to, because that is what an impostor's message holds.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
import unicodedata
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

import msgspec
import rfc8785

from thinktwice.audit.ledger import Ledger
from thinktwice.cases.course import ENDED, Side
from thinktwice.cases.reach import reached, side_of
from thinktwice.cases.request import CaseRequest
from thinktwice.errors import ConflictError, Fault, InputError, NotFoundError, Phrase, StateError
from thinktwice.people.acting import acting
from thinktwice.people.person import Person
from thinktwice.people.sealing import Sealing
from thinktwice.people.times import as_text, from_text

LANGUAGES: Final[Mapping[str, str]] = {
    "en": "English",
    "zh-Hant": "繁體中文",
    "zh-Hans": "简体中文",
    "pt": "Português",
    "ms": "Bahasa Melayu",
    "ar": "العربية",
}
"""What each language is called by who reads it."""

LOCALES: Final = tuple(LANGUAGES)

LEAST_WORDS: Final = 10
MOST_WORDS: Final = 1_000
_LINK: Final = re.compile(
    r"://|@|xn--|(?<![\w.-])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?![\w-])", re.IGNORECASE | re.ASCII
)
"""What a telephone makes a link of, whatever its ending: new ones come every month."""

_LETTER: Final = (
    r"[^\s!-,./:-@\[-`{-~\u00a1-\u00a9\u00ab-\u00b4\u00b6-\u00bf\u2000-\u206f\u3000-\u3004\u3008-\u303f،؛؟۔।]"
)
_HOST: Final = re.compile(rf"(?<!{_LETTER})({_LETTER}+)\.(?:(?![\d-]){_LETTER}){{2,}}")
"""The same in any script: what no punctuation parts. A number before the point begins a line of a list."""

_COLUMNS: Final = (
    "id, words_sealed, digest, side, person, at, approved_by, approved_at, withdrawn_at, told_at, told_about"
)
SELECT_NEWEST: Final = f"""
SELECT {_COLUMNS} FROM case_wording WHERE case_id = ? ORDER BY at DESC, rowid DESC LIMIT 1
"""  # noqa: S608  (columns are a constant)
INSERT_WORDING: Final = """
INSERT INTO case_wording (id, case_id, words_sealed, digest, side, person, at) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
SET_APPROVED: Final = "UPDATE case_wording SET approved_by = ?, approved_at = ?, withdrawn_at = NULL WHERE id = ?"
SET_WITHDRAWN: Final = "UPDATE case_wording SET withdrawn_at = ? WHERE id = ?"
SET_TOLD: Final = "UPDATE case_wording SET told_at = ?, told_about = ? WHERE id = ?"
_WORDS: Final = msgspec.json.Decoder(dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Some words, by locale; ``code`` is what the operator's app knows them by.

    ``told_about`` is the rounded number of customers who were told, 0 where it is too small to say.
    """

    id: str
    words: Mapping[str, str]
    digest: str
    side: Side
    person: str
    at: datetime
    approved_by: str | None
    approved_at: datetime | None
    is_approved: bool
    told_at: datetime | None
    told_about: int | None

    @property
    def code(self) -> str:
        """The code of the message: words that differ have another one."""
        return f"victim-notice-{self.digest[:12]}"


class Wordings:
    """The words in ``control.db``."""

    def __init__(self, ledger: Ledger, sealing: Sealing, clock: Callable[[], datetime]) -> None:
        self._ledger = ledger
        self._sealing = sealing
        self._clock = clock

    def current(self, person: Person, case_id: str) -> Wording | None:
        """Return the words proposed last.

        Raises:
            NotAllowedError: No role allows reading requests.
            NotFoundError: No such request within reach.
        """
        person.require("read_cases" if person.realm == "console" else "read_own_cases", self._clock())
        with self._ledger.reading() as connection:
            reached(connection, person, case_id, self._sealing)
            return newest(connection, case_id, self._sealing)

    def propose(self, person: Person, case_id: str, words: Mapping[str, str]) -> str:
        """Propose words; returns their id. The same words again change nothing, and keep their approval.

        Raises:
            InputError: Words that cannot be used, by language.
            NotAllowedError: No role allows it.
            NotFoundError: No such request within reach.
            StateError: Not a victim notification that is open, or the customers are told already.
        """
        clean = usable(words)
        with acting(self._ledger, person.actor, "case.propose_words", "case", case_id) as act:
            person.require("work_case" if person.realm == "console" else "file_request", act.at)
            found = reached(act.connection, person, case_id, self._sealing)
            before = newest(act.connection, case_id, self._sealing)
            _check_open(found, before)
            digest = digest_of(clean)
            if before is not None and before.digest == digest:
                return before.id
            wording_id = uuid.uuid4().hex
            sealed = self._sealing.seal(msgspec.json.encode(clean).decode(), _place(wording_id))
            values = (wording_id, case_id, sealed, digest, side_of(person), person.account_id, as_text(act.at))
            act.connection.execute(INSERT_WORDING, values)
            act.after({"digest": digest})
        return wording_id

    def approve(self, person: Person, case_id: str, digest: str) -> None:
        """Approve exactly these words for the officer's agency, with a passkey.

        Raises:
            ConflictError: Other words were proposed since; nothing was approved.
            NotAllowedError: No role allows it.
            NotFoundError: No such request of the officer's agency, or no words yet.
            SecondFactorNeededError: Confirm first.
            StateError: The session was not strengthened with a passkey, or the customers are told already.
        """
        with acting(self._ledger, person.actor, "case.approve_words", "case", case_id) as act:
            person.require("approve_as_partner", act.at)
            found = reached(act.connection, person, case_id, self._sealing)
            wording = self._newest(act.connection, case_id)
            _check_open(found, wording)
            if person.method != "passkey":
                raise StateError("words are approved with a passkey")
            if wording.digest != digest:
                raise ConflictError("other words were proposed since; read them first")
            act.connection.execute(SET_APPROVED, (person.account_id, as_text(act.at), wording.id))
            act.after({"digest": digest})

    def withdraw(self, person: Person, case_id: str) -> None:
        """Take an approval back, whoever of the agency gave it.

        Raises:
            NotAllowedError: No role allows it.
            NotFoundError: No such request of the officer's agency, or no words yet.
            StateError: The customers are told already, or nothing is approved.
        """
        with acting(self._ledger, person.actor, "case.withdraw_words", "case", case_id) as act:
            person.require("withdraw_partner_approval", act.at)
            found = reached(act.connection, person, case_id, self._sealing)
            wording = self._newest(act.connection, case_id)
            _check_open(found, wording)
            if not wording.is_approved:
                raise StateError("these words are not approved")
            act.connection.execute(SET_WITHDRAWN, (as_text(act.at), wording.id))
            act.after({"digest": wording.digest})

    def _newest(self, connection: sqlite3.Connection, case_id: str) -> Wording:
        found = newest(connection, case_id, self._sealing)
        if found is None:
            raise NotFoundError("there are no words yet")
        return found


def newest(connection: sqlite3.Connection, case_id: str, sealing: Sealing) -> Wording | None:
    """Return the words that were proposed last for a request, None where there are none."""
    row = connection.execute(SELECT_NEWEST, (case_id,)).fetchone()
    return _wording_of(row, sealing) if row is not None else None


def usable(words: Mapping[str, str]) -> dict[str, str]:
    """Return words with what surrounds them trimmed, languages that were left empty left out.

    Raises:
        InputError: English is missing, or words cannot be used; each fault names its language.
    """
    clean = {locale: unicodedata.normalize("NFC", words.get(locale, "").strip()) for locale in LOCALES}
    clean = {locale: "\n".join(text.splitlines()) for locale, text in clean.items() if text or locale == "en"}
    faults = [fault for locale, text in clean.items() for fault in _faults(locale, text)]
    if faults:
        raise InputError(*faults)
    return clean


def digest_of(words: Mapping[str, str]) -> str:
    """Return the hash that names words: SHA-256 of their canonical JSON (RFC 8785)."""
    return hashlib.sha256(rfc8785.dumps({"purpose": "thinktwice-victim-words/1", "words": dict(words)})).hexdigest()


def _faults(locale: str, text: str) -> Iterator[Fault]:
    field = f"words_{locale}"
    if not LEAST_WORDS <= len(text) <= MOST_WORDS:
        yield Fault(Phrase("write %(least)s to %(most)s characters", least=LEAST_WORDS, most=MOST_WORDS), field)
        return  # a search for links in what somebody made long to keep us busy would
    if _holds_link(unicodedata.normalize("NFKC", text)):  # wide letters and dots lead somewhere too
        yield Fault("leave links and addresses out: they are what an impostor's message holds", field)
    if any(unicodedata.category(letter) in {"Cc", "Cf", "Cs"} and letter != "\n" for letter in text):
        yield Fault("holds a character that nobody sees", field)


def _holds_link(text: str) -> bool:
    return _LINK.search(text) is not None or any(not host[1].isdigit() for host in _HOST.finditer(text))


def _check_open(found: CaseRequest, wording: Wording | None) -> None:
    if found.kind != "victim_notification" or found.state in ENDED:
        raise StateError("this fits a victim notification that is open")
    if wording is not None and wording.told_at is not None:
        raise StateError("these customers are being told already")


def _wording_of(row: tuple[Any, ...], sealing: Sealing) -> Wording:
    return Wording(
        id=row[0],
        words=_WORDS.decode(sealing.open(row[1], _place(row[0]))),
        digest=row[2],
        side=cast("Side", row[3]),
        person=row[4],
        at=datetime.fromisoformat(row[5]),
        approved_by=row[6],
        approved_at=from_text(row[7]),
        is_approved=row[6] is not None and row[8] is None,
        told_at=from_text(row[9]),
        told_about=row[10],
    )


def _place(wording_id: str) -> str:
    return f"case_wording.words:{wording_id}"
