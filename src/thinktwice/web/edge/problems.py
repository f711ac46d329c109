"""Problem documents: how every refusal looks (RFC 9457, ``application/problem+json``).

Invariants: the table ``KINDS`` is the only place that maps an error to a status; a document repeats at most
``QUOTE`` characters of what was sent and never a credential; it is always valid UTF-8, whatever came in; an
unexpected error says nothing about itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import msgspec

from thinktwice.errors import (
    ConflictError,
    Fault,
    InputError,
    NotFoundError,
    SecondPersonError,
    StateError,
    ThinkTwiceError,
    UnavailableError,
)
from thinktwice.keyring.tokens import TokenError
from thinktwice.web.edge import errors as edge

QUOTE: Final = 100
"""No word of a message, and no field name, is longer: a message may quote what was sent."""

MESSAGE: Final = 300
MAX_FAULTS: Final = 50
RETRY_AFTER_SECONDS: Final = 2
"""When to come back after 503; a commit that failed is worth one quick repetition."""

CONTENT_TYPE: Final = b"application/problem+json"


class ProblemFault(msgspec.Struct, frozen=True):
    """One thing wrong with what was sent; ``field`` is a dotted path, null when it is the whole body."""

    field: str | None
    message: str


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """A problem document; ``type`` refers to its explanation on the documentation page."""

    type: str
    title: str
    status: int
    detail: str
    faults: tuple[ProblemFault, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: the last part of its ``type``, status, title, and what the caller should do."""

    name: str
    status: int
    title: str
    advice: str


MALFORMED: Final = Kind("malformed-json", 400, "The body is not JSON", "Send one JSON object in UTF-8.")
UNEXPECTED: Final = Kind("unexpected", 500, "Something unexpected happened", "Repeat the call; the same key is safe.")

KINDS: Final[tuple[tuple[type[ThinkTwiceError], Kind], ...]] = (
    (InputError, Kind("invalid-input", 422, "The request cannot be used", "Correct the fields that `faults` names.")),
    (ConflictError, Kind("conflict", 409, "This key came before with another body", "Use the next attempt number.")),
    (
        StateError,
        Kind("state", 409, "This does not fit how things stand", "Ask for the clearance; it says how things stand."),
    ),
    (
        SecondPersonError,
        Kind("second-person", 403, "Another person has to do this", "Have a second named person use a key of theirs."),
    ),
    (NotFoundError, Kind("not-found", 404, "Nothing is known under this name", "Check the identifier.")),
    (
        UnavailableError,
        Kind("unavailable", 503, "Cannot be made durable right now", "Nothing was recorded; repeat after Retry-After."),
    ),
    (TokenError, Kind("token", 401, "The alert token is not valid or no longer valid", "Ask for a new alert.")),
    (edge.AuthenticationError, Kind("unauthenticated", 401, "An API key is needed", "Send a valid API key.")),
    (edge.ForbiddenError, Kind("forbidden", 403, "The API key may not do this", "Use a key with the scope named.")),
    (edge.PathError, Kind("no-such-path", 404, "Nothing is served here", "See the documentation for all paths.")),
    (edge.MethodError, Kind("method", 405, "The method is not allowed here", "Use a method of the Allow header.")),
    (edge.SlowBodyError, Kind("slow-body", 408, "The body did not arrive in time", "Repeat the call.")),
    (edge.TooLargeError, Kind("too-large", 413, "The body is too large", "Send less at once.")),
    (edge.MediaTypeError, Kind("media-type", 415, "The body must be JSON", "Send Content-Type: application/json.")),
    (edge.FormTypeError, Kind("form-type", 415, "This takes a form", "Send the form of the page.")),
    (edge.ForgeryError, Kind("foreign-form", 403, "This form is not of your session", "Open the page again.")),
    (edge.HostError, Kind("wrong-host", 421, "Another host was meant", "Add the host to allowed_hosts.")),
    (edge.RateError, Kind("too-many-requests", 429, "Too many requests", "Repeat after Retry-After.")),
)
"""Every refusal, most general last; subclasses find the first entry they are an instance of."""


def problem_of(error: BaseException, *, is_malformed: bool = False) -> Problem:
    """Return the document for an error; ``is_malformed`` says that the body was no JSON at all."""
    kind = next((kind for refused, kind in KINDS if isinstance(error, refused)), UNEXPECTED)
    if kind is UNEXPECTED:
        return _document(kind, kind.advice)
    if isinstance(error, InputError):
        faults = tuple(map(_said, error.faults[:MAX_FAULTS]))
        return _document(MALFORMED if is_malformed else kind, _count(len(error.faults)), faults)
    return _document(kind, safe_text(str(error)) or kind.title)


def encode_problem(problem: Problem) -> bytes:
    """Return the document as JSON."""
    return msgspec.json.encode(problem)


def problem_headers(error: BaseException) -> list[tuple[bytes, bytes]]:
    """Return what HTTP wants said beside some refusals: ``Retry-After``, ``Allow``, ``WWW-Authenticate``."""
    match error:
        case UnavailableError():
            return [(b"retry-after", b"%d" % RETRY_AFTER_SECONDS)]
        case edge.RateError(retry_after=seconds):
            return [(b"retry-after", b"%d" % seconds)]
        case edge.MethodError(allowed=allowed):
            return [(b"allow", ", ".join(allowed).encode("ascii"))]
        case edge.AuthenticationError() | TokenError():
            return [(b"www-authenticate", b"Bearer")]
        case edge.TooLargeError() | edge.SlowBodyError():
            return [(b"connection", b"close")]  # the rest of the body is not worth reading
        case _:
            return []


def is_json(body: bytes) -> bool:
    """Whether a body is JSON at all; asked only after it was refused, to tell 400 from 422."""
    try:
        msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True


def safe_text(text: str) -> str:
    """Return text that may be sent back: one line, valid Unicode, words and whole bounded in length."""
    # Bounded first, so that a megabyte of input costs nothing; a replaced surrogate shows as "?".
    line = text[: 2 * MESSAGE].encode("utf-8", "replace").decode()
    line = "".join(char if char.isprintable() else " " for char in line)
    line = re.sub(rf"(\S{{{QUOTE}}})\S+", r"\1…", line)
    return line if len(line) <= MESSAGE else line[: MESSAGE - 1] + "…"


def _document(kind: Kind, detail: str, faults: tuple[ProblemFault, ...] = ()) -> Problem:
    return Problem(
        type=f"/docs#problem-{kind.name}", title=kind.title, status=kind.status, detail=detail, faults=faults
    )


def _said(fault: Fault) -> ProblemFault:
    """Return what may be said of a fault; file names stay inside."""
    return ProblemFault(safe_text(fault.field[:QUOTE]) if fault.field else None, safe_text(fault.message))


def _count(number: int) -> str:
    """Return how many faults there are."""
    return "1 fault" if number == 1 else f"{number} faults"
