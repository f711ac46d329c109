"""When one address imitates another, and when it does not."""

from __future__ import annotations

import random
from collections.abc import Callable

import base58
import pytest
from bip_utils import SegwitBech32Encoder  # type: ignore[import-untyped]  # the library ships no type information
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.poisoning import FIRST_DAY, anchor, destination
from thinktwice.addresses.lookalike import Anchor, AnchorIndex, find_lookalike

GENUINE = "0xd84755659e9ca6d7367016b5c0f06762d0756202"


def fake(head: int, tail: int, genuine: str = GENUINE) -> str:
    """Return an EVM address that shares exactly so many digits with the genuine one."""
    digits = genuine[2:]
    other = "".join("0123456789abcdef"[(int(digit, 16) + 1) % 16] for digit in digits)
    return f"0x{digits[:head]}{other[head : 40 - tail]}{digits[40 - tail :]}"


@pytest.mark.parametrize(
    ("head", "tail", "is_alike"),
    [(3, 4, True), (4, 3, True), (3, 3, False), (2, 9, False), (9, 2, False), (20, 19, True), (0, 39, False)],
)
def test_seven_digits_three_at_each_end(head: int, tail: int, is_alike: bool) -> None:
    """On EVM at least 3 digits at each end and 7 in all make a look-alike."""
    known = anchor(GENUINE)
    assert find_lookalike(destination(fake(head, tail)), [known]) == (known if is_alike else None)


def test_letter_case_and_prefix_do_not_hide_a_look_alike() -> None:
    """Hex means the same in any letter case."""
    known = anchor(GENUINE.upper().replace("0X", "0x"))
    assert find_lookalike(destination(fake(4, 4).upper()), [known]) == known


def test_an_address_is_no_look_alike_of_itself() -> None:
    """The same address in another writing or network is the same address."""
    assert find_lookalike(destination("0X" + GENUINE[2:].upper(), "bsc"), [anchor(GENUINE)]) is None


def test_most_digits_win_then_the_oldest() -> None:
    """Of several imitated addresses the best imitated is named, then the one known longest."""
    suspect = destination(fake(5, 5))
    near, nearer = anchor(fake(5, 4, fake(5, 5)), day=0), anchor(GENUINE, day=9)
    assert find_lookalike(suspect, [near, nearer]) == nearer
    old, young = anchor(fake(4, 5, fake(5, 5)), day=1), anchor(fake(5, 4, fake(5, 5)), day=2)
    assert find_lookalike(suspect, [young, old]) == old
    assert AnchorIndex([young, old]).find(suspect) == old


def test_the_older_address_never_imitates_the_younger() -> None:
    """A fake that crept into the known addresses later does not make the genuine one suspect, but stays so itself."""
    genuine, crept = anchor(GENUINE, day=0), anchor(fake(4, 4), day=30)
    assert find_lookalike(destination(GENUINE), [genuine, crept]) is None
    assert find_lookalike(destination(fake(4, 4)), [genuine, crept]) == genuine
    same_day = anchor(fake(4, 4), day=0)
    assert find_lookalike(destination(fake(4, 4)), [genuine, same_day]) is None


def test_families_never_mix() -> None:
    """An anchor of another family is never imitated, whatever its text."""
    known = anchor(GENUINE)
    other = Anchor(f"tron:{GENUINE}", "tron", GENUINE, known.known_at, "paid")
    assert find_lookalike(destination(fake(4, 4)), [other]) is None
    assert AnchorIndex([other]).find(destination(fake(4, 4))) is None


def test_what_does_not_decode_imitates_nothing() -> None:
    """Text that cannot be paid is no trap."""
    assert find_lookalike(destination(GENUINE[:20] + GENUINE[21:]), [anchor(GENUINE)]) is None
    assert find_lookalike(destination("binancecleos", "eos"), [anchor("binancxcleos", "eos")]) is None


def test_many_anchors_ask_for_more_digits() -> None:
    """Beyond 13,854 anchors of the family 7 digits would alarm too often."""
    source = random.Random(1)
    crowd = [anchor(f"0x{source.randrange(16**40):040x}") for _ in range(13_853)]
    suspects = destination(fake(3, 4)), destination(fake(4, 4))
    assert [find_lookalike(s, [*crowd, anchor(GENUINE)]) is not None for s in suspects] == [True, True]
    crowd.append(anchor(f"0x{source.randrange(16**40):040x}"))
    assert [find_lookalike(s, [*crowd, anchor(GENUINE)]) is not None for s in suspects] == [False, True]
    tron = [anchor("TDvr6Jpwfp1wDiV7PhaB19YMsMHRSXmY7p", "tron")] * 20_000
    assert find_lookalike(suspects[0], [*tron, anchor(GENUINE)]) is not None


def ground(write: Callable[[bytes], str], first: slice, last: slice, unlike: tuple[int, ...]) -> tuple[str, str]:
    """Return two valid addresses alike in both slices and unlike in some places, found by trying."""
    seen: dict[tuple[str, str], list[str]] = {}
    source = random.Random(5)
    while True:
        text = write(source.randbytes(20))
        alike = seen.setdefault((text[first], text[last]), [])
        found = next((known for known in alike if all(known[place] != text[place] for place in unlike)), None)
        if found is not None:
            return found, text
        alike.append(text)


def tron(digest: bytes) -> str:
    """Write a TRON address."""
    return base58.b58encode_check(b"\x41" + digest).decode()


def segwit(digest: bytes) -> str:
    """Write a witness address of version 0."""
    return str(SegwitBech32Encoder.Encode("bc", 0, digest))


def test_tron_addresses_alike_in_five_letters_after_the_t() -> None:
    """On TRON the T says nothing; five letters of Base58 say as much as seven hex digits."""
    one, other = ground(tron, slice(0, 4), slice(-2, None), (-3,))
    known = anchor(one, "tron")
    assert find_lookalike(destination(other, "tron"), [known]) == known
    assert AnchorIndex([known]).find(destination(other, "tron")) == known
    assert find_lookalike(destination(other, "tron"), [known], false_alarms_per_10_000=0) is None


def test_tron_addresses_alike_in_the_t_and_four_letters_are_not() -> None:
    """The T does not count towards the five letters."""
    one, other = ground(tron, slice(0, 3), slice(-2, None), (3, -3))
    assert find_lookalike(destination(other, "tron"), [anchor(one, "tron")]) is None


def test_bech32_is_compared_after_its_prefix_and_witness_version() -> None:
    """``bc1q`` counts nothing; two digits beyond it and two at the end are too few, in either letter case."""
    one, other = ground(segwit, slice(0, 6), slice(-2, None), (6, -3))
    assert find_lookalike(destination(other, "bitcoin"), [anchor(one, "bitcoin")]) is None
    digits = one[4:]
    known = Anchor(f"bitcoin:bc1q{digits[:3]}{other[7:-3]}{digits[-3:]}", "bitcoin", "", FIRST_DAY, "paid")
    for text in (one, one.upper()):
        assert find_lookalike(destination(text, "bitcoin"), [known]) == known


def test_a_cash_address_is_compared_without_its_prefix() -> None:
    """A look-alike of a cash address is one with and without ``bitcoincash:`` and in capitals."""
    text = "qrvcdmgpk73zyfd8pmdl9wnuld36zh9n4gms8s0u59"
    shown = text[:6] + "qqqqqqqq" + text[14:]
    for known_text in (shown, f"bitcoincash:{shown}", shown.upper()):
        known = Anchor("bitcoin-cash:other", "bitcoin-cash", known_text, FIRST_DAY, "paid")
        for typed in (text, f"bitcoincash:{text}", text.upper()):
            assert find_lookalike(destination(typed, "bitcoin-cash"), [known]) == known
            assert AnchorIndex([known]).find(destination(typed, "bitcoin-cash")) == known


def test_a_litecoin_address_in_capitals_imitates_all_the_same() -> None:
    """``LTC1…`` and ``ltc1…`` are one writing, on either side."""
    text = SegwitBech32Encoder.Encode("ltc", 0, bytes(range(20)))
    shown = text[:10] + "qqqqqqqq" + text[18:]
    for known_text in (shown, shown.upper()):
        known = Anchor("litecoin:other", "litecoin", known_text, FIRST_DAY, "paid")
        for typed in (text, text.upper()):
            assert find_lookalike(destination(typed, "litecoin"), [known]) == known
            assert AnchorIndex([known]).find(destination(typed, "litecoin")) == known


def test_one_account_with_two_prefixes_is_compared_as_written() -> None:
    """A Kusama text imitates what was written with Kusama's prefix, not a Polkadot text of another account."""
    kusama = "Ea5tiakNhCZFyxmRjBHwLf945fPSB8XFxhn5aUekfDyaHvs"
    polkadot = "12zmNjVwc7T6ws9qcfRFBY8Hm7NoKosUt5bWrDC3px311ZG8"
    assert find_lookalike(destination(kusama, "kusama"), [anchor(polkadot, "polkadot")]) is None
    text = kusama[:9] + "xxxx" + kusama[13:]
    invented = Anchor("substrate:other", "substrate", text, FIRST_DAY, "paid")
    assert find_lookalike(destination(kusama, "kusama"), [invented]) == invented
    assert AnchorIndex([invented]).find(destination(kusama, "kusama")) == invented


SHORT = st.builds(
    "0x{}{}{}".format,
    st.sampled_from(["abc", "abcd", "abd"]),
    st.integers(0, 16**33 - 1).map("{:033x}".format),
    st.sampled_from(["1234", "5234", "1243"]),
).map(lambda text: text[:42].ljust(42, "0"))


@settings(deadline=None)
@given(SHORT, st.lists(st.tuples(SHORT, st.integers(0, 3)), max_size=12), st.randoms(use_true_random=False))
def test_index_and_scan_agree_in_any_order(suspect: str, known: list[tuple[str, int]], source: random.Random) -> None:
    """The prepared index, the scan, and any order of the anchors give one answer."""
    anchors = [anchor(text, day=day) for text, day in known]
    shuffled = source.sample(anchors, len(anchors))
    answer = find_lookalike(destination(suspect), anchors)
    assert find_lookalike(destination(suspect), shuffled) == answer
    assert AnchorIndex(anchors).find(destination(suspect)) == answer
