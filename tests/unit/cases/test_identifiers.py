"""What agencies ask about, read strictly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thinktwice.cases.identifiers import MOST_BYTES, MOST_FAULTS, Identifier, read_identifiers
from thinktwice.errors import InputError

EVM = "0x25f5aa11bb22cc33dd44ee55ff6600778899b02c"


def read(text: str, at_most: int = 500) -> tuple[Identifier, ...]:
    return read_identifiers(text.encode(), at_most=at_most)


def test_each_kind_is_read_into_its_canonical_form_and_counts_once() -> None:
    """However it was typed."""
    found = read(
        "Kind,Value,Network\n"
        f"address,{EVM},ERC20\n\n"
        f"address, {EVM} ,ethereum\n"
        "email,Someone@EXAMPLE.org\nphone,+852 1234 5678\nphone,+85212345678\naccount,acc-17\n"
        f"transaction,0X{'AB' * 32},ethereum\ntransaction,{'ab' * 32},ETH\n"
    )
    assert found == (
        Identifier("address", EVM, "ethereum"),
        Identifier("email", "Someone@example.org"),
        Identifier("phone", "+85212345678"),
        Identifier("account", "acc-17"),
        Identifier("transaction", "0x" + "ab" * 32, "ethereum"),
    )


@pytest.mark.parametrize(
    ("line", "field", "says"),
    [
        (f"address,{EVM}", "network", "needs its network"),
        (f"address,{EVM},tron", "value", "not an address of tron"),
        (f"address,{EVM},etherium", "network", "ethereum"),
        ("email,a@b", "value", "e-mail"),
        ("email,a b@example.org", "value", "e-mail"),
        ("phone,12345678", "value", "country code"),
        ('account,=HYPERLINK("x")', "value", "account id"),
        ("account,x,tron", "network", "only addresses"),
        ("transaction,abc,bitcoin", "value", "64 hexadecimal"),
        ("name,x", "kind", "account, email"),
        ("account", None, "kind,value"),
        ("account,a\u202eb", "value", r"U\+202E"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_and_nothing_is_taken(line: str, field: str | None, says: str) -> None:
    """With its line, the field, and what would be right."""
    with pytest.raises(InputError, match=says) as refused:
        read(f"account,good\n{line}\n")
    (fault,) = refused.value.faults
    assert (fault.line, fault.field) == (2, field)


ALGORAND = "QOOBRVQMX4HW5QZ2EGLQDQCQTKRF3UP3JKDGKYPCXMI6AVV35KQA"
FILECOIN = "bafy2bzaceb7v2vrbhbbpv2wvqyvhxmzzaw6yszkpbmxtoexl2bqkkxsqjx3vw"


@pytest.mark.parametrize(
    ("line", "value"),
    [
        (f"transaction,{ALGORAND},algorand", ALGORAND),
        (f"transaction,{FILECOIN},filecoin", FILECOIN),
        (f"transaction,0x{'AB' * 32},filecoin", "0x" + "ab" * 32),
        (f"transaction,{'AB' * 32},xrp", "ab" * 32),
    ],
)
def test_a_transaction_is_written_as_its_network_writes_it(line: str, value: str) -> None:
    """Algorand in base32, Filecoin as a content id or, from its EVM, in hexadecimal digits."""
    assert [one.value for one in read(line)] == [value]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (f"transaction,{'ab' * 32},algorand", "52 letters and digits of base32"),
        (f"transaction,{ALGORAND.lower()},algorand", "52 letters and digits of base32"),
        (f"transaction,{'ab' * 32},filecoin", "begins with bafy"),
        (f"transaction,{FILECOIN}=,filecoin", "begins with bafy"),
    ],
)
def test_a_transaction_of_another_network_says_what_would_be_right(line: str, says: str) -> None:
    """In the words of the network that was named."""
    with pytest.raises(InputError, match=says):
        read(line)


def test_sizes_encodings_and_counts_are_bounded() -> None:
    """A million rows, another encoding, a broken table: a clear error each, soon."""
    with pytest.raises(InputError, match="more than 500"):
        read("".join(f"account,a{number}\n" for number in range(200_000)))
    with pytest.raises(InputError, match="at most 4 MB"):
        read_identifiers(b"x" * (MOST_BYTES + 1), at_most=5)
    with pytest.raises(InputError, match="UTF-16"):
        read_identifiers("account,a".encode("utf-16"), at_most=5)
    with pytest.raises(InputError, match="UTF-8") as refused:
        read_identifiers(b"account,a\naccount,\xff\n", at_most=5)
    assert refused.value.faults[0].line == 2
    with pytest.raises(InputError, match="readable table"):
        read('account,"a\n')
    with pytest.raises(InputError) as many:
        read("nonsense,x\n" * 10_000)
    assert len(many.value.faults) == MOST_FAULTS


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    """Nothing else ever comes out."""
    try:
        found = read_identifiers(content, at_most=20)
    except InputError:
        return
    assert len(found) <= 20
