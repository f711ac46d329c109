"""Over-collection is refused row by row."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace as with_form

from tests.support.agencies import data_form
from thinktwice.cases.course import State
from thinktwice.cases.identifiers import Identifier, address_of
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
    text = "at,subject,amount\n2026-10-31T16:00:00+00:00,a-1,5\n2026-11-02T23:59:59+08:00,a-1,6\n"
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


def test_columns_have_one_meaning_each() -> None:
    """Of two columns of one name only the last would be looked at; the other could say anything."""
    for heading in ("at,subject,subject", "at,subject, Subject", "at,subject,amount,Amount"):
        cells = ",".join(["2026-11-01T12:00:00+08:00", "a-2", *["a-1"] * (heading.count(",") - 1)])
        with pytest.raises(InputError, match="more than one column") as refused:
            check(f"{heading}\n{cells}\n")
        assert [fault.line for fault in refused.value.faults] == [1]


def test_a_row_has_no_more_cells_than_its_heading() -> None:
    """What stands beyond the last column has no name, and nobody approved it."""
    row = "2026-11-01T12:00:00+08:00,a-1"
    with pytest.raises(InputError, match="more cells than the heading") as refused:
        check(f"at,subject\n{row}\n{row},secret\n")
    assert [fault.line for fault in refused.value.faults] == [3]


def test_a_portion_holds_rows() -> None:
    """A table of a heading alone says nothing, and would be sealed as if it did."""
    for text in ("at,subject\n", "at,subject\n\n\n"):
        with pytest.raises(InputError, match="has no row"):
            check(text)


BASE58 = "1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"
ETHER = "0x52908400098527886E0F7030069857D2E4169EE7"


@pytest.mark.parametrize(
    ("approved", "same", "others"),
    [
        (Identifier("account", "a-1"), ["a-1"], ["A-1", "a-1x"]),
        (address_of(BASE58, "bitcoin"), [BASE58], [BASE58.lower(), BASE58.swapcase()]),
        (address_of(ETHER, "ethereum"), [ETHER, ETHER.lower()], [ETHER[:-1] + "8", ETHER[2:]]),
        (Identifier("transaction", "ab" * 32, "bitcoin"), ["ab" * 32, "AB" * 32], ["0b" * 32]),
        (Identifier("transaction", "5" * 80 + "aB", "solana"), ["5" * 80 + "aB"], ["5" * 80 + "ab"]),
        (
            Identifier("email", "A.Person@example.org"),
            ["A.Person@EXAMPLE.org", "a.person@example.org"],
            ["b@example.org"],
        ),
        (Identifier("phone", "+85212345678"), ["+85212345678", "+852 1234 5678"], ["+85212345679"]),
    ],
)
def test_a_subject_is_the_identifier_itself(approved: Identifier, same: list[str], others: list[str]) -> None:
    """In any way in which it is written, and never another one that only differs in letters that matter."""
    given = request()
    given = replace(given, form=with_form(given.form, identifiers=(approved,)))
    for subject in same:
        assert check(f"subject,name\n{subject},X\n", "identity", given) == 1
    for subject in others:
        with pytest.raises(InputError, match="not an identifier that was approved"):
            check(f"subject,name\n{subject},X\n", "identity", given)


def test_the_line_of_another_encoding_is_named() -> None:
    """So that whoever made the file finds it."""
    content = b"subject,name\n" + b"a-1,Jo\n" * 30_000 + b"a-1,Jos\xe9\n"
    with pytest.raises(InputError, match="UTF-8") as refused:
        check_portion(request(), "identity", "w.csv", [content])
    assert [fault.line for fault in refused.value.faults] == [30_002]
