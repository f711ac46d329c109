"""Over-collection is refused row by row."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace as with_form

from tests.support.agencies import data_form
from thinktwice.cases.course import State
from thinktwice.cases.identifiers import Identifier
from thinktwice.cases.portions import check_portion
from thinktwice.cases.request import CaseRequest
from thinktwice.cases.workflow import Case
from thinktwice.errors import InputError, StateError

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def request(state: State = "approved", only: tuple[str, ...] = ()) -> CaseRequest:
    form = with_form(
        data_form(),
        identifiers=(Identifier("account", "a-1"),),
        period_from=date(2026, 11, 1),
        period_until=date(2026, 11, 2),
        zone="Asia/Hong_Kong",
    )
    return CaseRequest(
        id="c" * 32, number=1, agency_id="g", kind="production", author="o",
        stands=Case(kind="production", author="o", state=state, only=only), form=form, recipient="",
        identity_sealed=b"", revision=1, created_at=NOW, submitted_at=NOW, decide_by=NOW, decided_at=NOW, refusal=None,
    )  # fmt: skip


def check(text: str, category: str = "withdrawals", given: CaseRequest | None = None) -> int:
    return check_portion(given or request(), category, "w.csv", [text.encode()[:7], text.encode()[7:]]).rows


def test_exactly_what_was_approved_passes() -> None:
    """The period is of the request's zone: the evening before in UTC is the first day in Hong Kong."""
    text = "at,subject,amount\n2026-10-31T16:00:00+00:00,a-1,5\n2026-11-02T23:59:59+08:00,A-1,6\n"
    assert check(text) == 2
    assert check("subject,name\na-1,Somebody\n", "identity") == 1


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ("2026-10-31T15:59:59+00:00,a-1", "at"),
        ("2026-11-03T00:00:00+08:00,a-1", "at"),
        ("2026-11-01T12:00:00,a-1", "at"),
        ("yesterday,a-1", "at"),
        ("2026-11-01T12:00:00+08:00,a-2", "subject"),
        ("2026-11-01T12:00:00+08:00,", "subject"),
    ],
)
def test_one_row_too_many_refuses_the_portion(row: str, field: str) -> None:
    """With its line."""
    with pytest.raises(InputError) as refused:
        check(f"at,subject\n2026-11-01T12:00:00+08:00,a-1\n{row}\n")
    assert [(fault.line, fault.field) for fault in refused.value.faults] == [(3, field)]


def test_categories_beyond_the_approval_are_refused() -> None:
    """Also those asked for that a partial approval left out, and anything before an approval."""
    for category in ("devices", "nonsense"):
        with pytest.raises(InputError, match="was not approved"):
            check("at,subject\n", category)
    with pytest.raises(InputError, match="approved: identity"):
        check("at,subject\n", "withdrawals", request("partly_approved", ("identity",)))
    with pytest.raises(StateError):
        check("at,subject\n", "withdrawals", request("legal_review"))


def test_what_is_no_table_is_refused() -> None:
    """Encodings, missing columns, broken quotes."""
    for text in ("at\n", "subject\na-1\n", "", 'at,subject\n"x\n'):
        with pytest.raises(InputError):
            check(text)
    with pytest.raises(InputError, match="UTF-8"):
        check_portion(request(), "withdrawals", "w.csv", ["at,subject\n".encode("utf-16")])
