"""Problem documents name the field, repeat little of what was sent, and are always valid text."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thinktwice.errors import ConflictError, Fault, InputError, NotFoundError, ThinkTwiceError, UnavailableError
from thinktwice.keyring.tokens import TokenError
from thinktwice.web.edge import errors as edge
from thinktwice.web.edge.problems import KINDS, encode_problem, is_json, problem_headers, problem_of, safe_text

STATUSES = [
    (InputError.of("wrong", field="amount"), 422),
    (ConflictError("again"), 409),
    (NotFoundError("nothing"), 404),
    (UnavailableError("later"), 503),
    (TokenError(), 401),
    (edge.AuthenticationError(), 401),
    (edge.ForbiddenError("staff"), 403),
    (edge.PathError(), 404),
    (edge.MethodError("POST"), 405),
    (edge.SlowBodyError(), 408),
    (edge.TooLargeError(65_536), 413),
    (edge.MediaTypeError(), 415),
    (edge.HostError(), 421),
    (edge.RateError(3), 429),
    (RuntimeError("secret details"), 500),
    (ThinkTwiceError("secret details"), 500),
]


@pytest.mark.parametrize(("error", "status"), STATUSES, ids=lambda value: type(value).__name__)
def test_each_error_has_its_status(error: Exception, status: int) -> None:
    """The table maps every error to one status, and the document repeats it."""
    document = json.loads(encode_problem(problem_of(error)))
    assert document["status"] == status
    assert set(document) == {"type", "title", "status", "detail", "faults"}
    assert document["type"].startswith("/docs#problem-")
    assert "secret" not in json.dumps(document)


def test_the_table_is_complete() -> None:
    """Every error of the edge stands in the table, under a name of its own."""
    assert {kind for kind, _ in KINDS} >= set(edge.EdgeError.__subclasses__())
    names = [kind.name for _, kind in KINDS]
    assert len(set(names)) == len(names)


def test_malformed_json_is_400() -> None:
    """A body that is no JSON is another problem than a field that is wrong."""
    assert problem_of(InputError.of("no"), is_malformed=True).status == 400


@pytest.mark.parametrize(
    ("error", "name", "value"),
    [
        (UnavailableError("later"), b"retry-after", b"2"),
        (edge.RateError(7), b"retry-after", b"7"),
        (edge.MethodError("GET", "HEAD"), b"allow", b"GET, HEAD"),
        (edge.AuthenticationError(), b"www-authenticate", b"Bearer"),
        (edge.TooLargeError(1), b"connection", b"close"),
    ],
)
def test_some_refusals_say_more_in_headers(error: Exception, name: bytes, value: bytes) -> None:
    """What HTTP has a header for is said there too."""
    assert (name, value) in problem_headers(error)


def test_faults_name_field_and_message() -> None:
    """Each fault has both; the file it came from stays inside."""
    document = problem_of(InputError(Fault("must be positive", "amount", "/srv/secret.yaml", 3), Fault("whole body")))
    assert [(fault.field, fault.message) for fault in document.faults] == [
        ("amount", "must be positive"),
        (None, "whole body"),
    ]
    assert "secret" not in encode_problem(document).decode()


def test_a_thousand_faults_are_cut() -> None:
    """The answer to a hostile body stays small."""
    document = encode_problem(problem_of(InputError(*(Fault("x" * 5000, "y" * 5000) for _ in range(1000)))))
    assert len(document) < 40_000


@given(st.text(st.characters(codec=None)))
def test_whatever_was_sent_the_answer_is_text(text: str) -> None:
    """Control characters, lone surrogates and length never reach the answer unbounded."""
    said = safe_text(text)
    assert len(said) <= 300
    assert said.isprintable()
    assert all(len(word) <= 101 for word in said.split())
    json.loads(encode_problem(problem_of(InputError.of(text, field=text))).decode("utf-8"))


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"{}", True),
        (b'"\\ud800"', True),
        (b"", False),
        (b"{", False),
        (b"[" * 100_000, False),
        (b'"\xff"', False),
        (b"NaN", False),
        (b"\xef\xbb\xbf{}", False),
    ],
)
def test_json_is_told_from_what_is_none(body: bytes, expected: bool) -> None:
    """Deep nesting and wrong encodings are no JSON, and never a crash."""
    assert is_json(body) in ({expected} if body != b'"\\ud800"' else {True, False})
