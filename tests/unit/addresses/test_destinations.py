"""One address has one key, whatever way it is typed; what is wrong is a fact, not an error."""

from __future__ import annotations

import base58
import pytest
from bip_utils import SS58Encoder  # type: ignore[import-untyped]  # the library ships no type information
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.poisoning import destination
from thinktwice.addresses.decoding import decode
from thinktwice.addresses.destinations import decode_everywhere, match_keys_for_lookup, read_destination
from thinktwice.addresses.networks import FAMILIES, NETWORKS
from thinktwice.errors import InputError

EVM = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
CASH = "qrvcdmgpk73zyfd8pmdl9wnuld36zh9n4gms8s0u59"
LEGACY = "1LqBGSKuX5yYUonjxT5qGfpUsXKYYWeabA"
SEGWIT = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"
TRON = "TDvr6Jpwfp1wDiV7PhaB19YMsMHRSXmY7p"
CLASSIC_XRP = "r9cZA1mLK5R5Am25ArfXFmqgNwjZgnfk59"
X_ADDRESSES = {  # published with the X-address specification (XLS-5d) for the account above
    None: "X7AcgcsBL6XDcUb289X4mJ8djcdyKaB5hJDWMArnXr61cqZ",
    "1": "X7AcgcsBL6XDcUb289X4mJ8djcdyKaGZMhc9YTE92ehJ2Fu",
    "14": "X7AcgcsBL6XDcUb289X4mJ8djcdyKaGo2K5VpXpmCqbV2gS",
    "11747": "X7AcgcsBL6XDcUb289X4mJ8djcdyKaLFuhLRuNXPrDeJd9A",
}
ACCOUNT = bytes.fromhex("46ebddef8cd9bb167dc30878d7113b7e168e6f0646beffd77d69d39bad76b47a")
POLKADOT, KUSAMA, GENERIC, OTHER = (SS58Encoder.Encode(ACCOUNT, prefix) for prefix in (0, 2, 42, 10))


@pytest.mark.parametrize(
    ("network", "writings"),
    [
        ("ethereum", [EVM, EVM.lower(), "0X" + EVM[2:].upper(), "0x" + EVM[2:].upper(), f" {EVM}\n", f"\u200b{EVM}"]),
        ("bitcoin", [SEGWIT, SEGWIT.upper()]),
        ("cosmos", ["cosmos1zewfm2c4s6uv5s4rywksqden8dvya4wmqyyvek", "COSMOS1ZEWFM2C4S6UV5S4RYWKSQDEN8DVYA4WMQYYVEK"]),
        ("bitcoin-cash", [CASH, CASH.upper(), f"bitcoincash:{CASH}", f"BITCOINCASH:{CASH.upper()}"]),
        ("xrp", [CLASSIC_XRP, X_ADDRESSES[None]]),
    ],
)
def test_every_permitted_writing_gives_one_key(network: str, writings: list[str]) -> None:
    """Letter case, prefixes and surrounding space that the chain permits do not change the key."""
    assert {destination(text, network).key for text in writings} == {destination(writings[0], network).key}
    assert all(destination(text, network).is_valid for text in writings)


def test_a_legacy_and_a_cash_address_of_one_hash_are_one_destination() -> None:
    """Bitcoin Cash pays the same script whether it is written the old or the new way."""
    legacy = destination(LEGACY, "bitcoin-cash")
    assert legacy.match_key == f"bitcoin-cash:{decode('bitcoin-cash', LEGACY).canonical}"  # type: ignore[union-attr]  # it decodes
    assert destination(legacy.match_key.removeprefix("bitcoin-cash:"), "bitcoin-cash").match_key == legacy.match_key


def test_old_and_new_litecoin_scripts_are_one_destination() -> None:
    """A Litecoin script written ``3…`` is the one written ``M…``."""
    new = "MJfELhwt9S6Sr9hadHGsnTELZzFUVjMrFc"
    old = base58.b58encode_check(b"\x05" + base58.b58decode_check(new)[1:]).decode()
    assert old.startswith("3")
    assert destination(old, "litecoin").match_key == destination(new, "litecoin").match_key


def test_bitcoin_legacy_and_segwit_are_different_destinations() -> None:
    """Two scripts of one key are two addresses."""
    assert destination(LEGACY, "bitcoin").key != destination(SEGWIT, "bitcoin").key
    assert destination(LEGACY, "bitcoin").address_type == "p2pkh"
    assert destination(SEGWIT, "bitcoin").address_type == "p2wpkh"


def test_a_failed_eip55_checksum_still_gives_the_key() -> None:
    """Letter case must not evade a list: the key stays, the fact is told."""
    wrong = EVM.replace("aAe", "AaE")
    assert destination(wrong).match_key == destination(EVM).match_key
    assert destination(wrong).is_valid is False
    assert destination(EVM).is_valid is True
    assert destination(EVM).address == EVM


def test_evm_is_one_family_across_networks() -> None:
    """The same address on Ethereum and BSC is one destination, on Tron it is none."""
    assert destination(EVM, "bsc").key == destination(EVM, "ethereum").key
    assert destination(EVM, "tron").is_valid is False


@pytest.mark.parametrize(("tag", "text"), X_ADDRESSES.items())
def test_an_x_address_is_its_classic_address_and_tag(tag: str | None, text: str) -> None:
    """The tag inside an X-address separates holders like one typed beside the classic address."""
    read = destination(text, "xrp")
    assert read.match_key == f"xrp:{CLASSIC_XRP}"
    assert read.memo == tag
    assert read.key == read_destination(NETWORKS["xrp"], CLASSIC_XRP, tag).key


def test_a_memo_separates_destinations_only_where_the_chain_uses_one() -> None:
    """The memo is part of the key on XRP and not on Ethereum; never of the match key."""
    one, other = (read_destination(NETWORKS["xrp"], CLASSIC_XRP, memo) for memo in ("7", "8"))
    assert one.match_key == other.match_key == f"xrp:{CLASSIC_XRP}"
    assert one.key == f"xrp:{CLASSIC_XRP}#7"
    assert other.key == f"xrp:{CLASSIC_XRP}#8"
    assert read_destination(NETWORKS["xrp"], CLASSIC_XRP, " 007 ").key == one.key
    assert read_destination(NETWORKS["xrp"], CLASSIC_XRP, "0").key == f"xrp:{CLASSIC_XRP}#0"
    assert read_destination(NETWORKS["xrp"], CLASSIC_XRP, " ").key == one.match_key
    assert read_destination(NETWORKS["ethereum"], EVM, "7").key == destination(EVM).key


def test_a_monero_payment_id_is_a_memo_of_the_standard_address() -> None:
    """An integrated address cannot hide the standard address that a list names."""
    text = "4JncjzajSBEiLgDdUWfhBEc9KKsZbDCfoeNoqvUru1gpVwKqvTJgCEoNEfHn9sgxyxB7Str2eEDfSV6yciUAXZWV1XvW6QyZKDNFqHokyf"
    integrated = destination(text, "monero")
    assert integrated.memo is not None
    standard = integrated.match_key.removeprefix("monero:")
    assert len(standard) == 95
    assert destination(standard, "monero").match_key == integrated.match_key
    assert integrated.key == f"{integrated.match_key}#{integrated.memo}"


def test_one_substrate_account_is_one_destination_on_polkadot_and_kusama() -> None:
    """SS58 prints one public key with several prefixes; a foreign prefix is told, not hidden behind."""
    keys = {destination(text, "polkadot").key for text in (POLKADOT, KUSAMA, GENERIC, OTHER)}
    assert keys == {destination(POLKADOT, "kusama").key}
    assert [destination(t, "polkadot").is_valid for t in (POLKADOT, KUSAMA, GENERIC, OTHER)] == [
        True,
        False,
        True,
        False,
    ]
    assert destination(KUSAMA, "kusama").is_valid


def test_avalanche_reads_its_three_chains() -> None:
    """C-Chain addresses are EVM ones; X- and P-Chain addresses have a family of their own."""
    assert destination(EVM, "avalanche").family == "evm"
    assert destination("X-avax123ghjvxx49h87g0vk26c97ca8x3v44g5n9mzha", "avalanche").family == "avalanche"
    assert destination("nothing", "avalanche").match_key == "evm:nothing"


def test_a_listed_address_under_the_wrong_network_is_still_looked_up() -> None:
    """A TRON address pasted under Bitcoin keeps its literal key and is asked for as TRON too."""
    wrong = destination(TRON, "bitcoin")
    assert wrong.is_valid is False
    assert wrong.match_key == f"bitcoin:{TRON}"
    assert f"tron:{TRON}" in match_keys_for_lookup(wrong)
    assert match_keys_for_lookup(destination(TRON, "tron")) == (f"tron:{TRON}",)


@pytest.mark.parametrize(
    ("network", "address"),
    [
        ("eos", "binancecleos"),
        ("filecoin", "f01234"),
        ("filecoin", "f410fkkld55ioe7qg24wvt7fu6pbknb56ht7pt4zamxa"),
        ("zcash", "u1" + "q" * 139),
    ],
)
def test_without_a_maintained_decoder_validity_is_missing(network: str, address: str) -> None:
    """What nobody maintained can judge is neither right nor wrong, and matches literally."""
    read = destination(address, network)
    assert read.is_valid is None
    assert read.match_key == f"{network}:{address}"
    assert match_keys_for_lookup(read) == (read.match_key, f"literal:{address}")


def test_an_indicator_without_chain_is_filed_under_every_family_that_reads_it() -> None:
    """A legacy Bitcoin text is an address on the forks too; what decodes nowhere is literal."""
    cash = decode("bitcoin-cash", LEGACY)
    assert cash is not None
    assert decode_everywhere(LEGACY) == (
        f"bitcoin:{LEGACY}",
        f"bitcoin-cash:{cash.canonical}",
        f"bitcoin-sv:{LEGACY}",
    )
    assert decode_everywhere(EVM) == (f"evm:{EVM.lower()}",)
    assert decode_everywhere(" no address ") == ("literal:no address",)


@pytest.mark.parametrize(
    "address", ["", "   ", "\u200b", "x" * 257, "0x\x00", "T\u0085x", "a\nb", "\ud800abc", "a\u2028b"]
)
def test_unusable_text_is_refused_by_field(address: str) -> None:
    """Empty, too long, with control characters or lone surrogates: refused, naming the field."""
    with pytest.raises(InputError) as refusal:
        destination(address)
    assert refusal.value.faults[0].field == "destination.address"
    with pytest.raises(InputError):
        decode_everywhere(address)


def test_an_unusable_memo_is_refused_by_field() -> None:
    """A memo that no text store can keep is refused, naming the field."""
    with pytest.raises(InputError) as refusal:
        read_destination(NETWORKS["xrp"], CLASSIC_XRP, "\ud800")
    assert refusal.value.faults[0].field == "destination.memo"


@pytest.mark.parametrize(
    ("network", "address"),
    [
        ("ethereum", EVM.replace("5", "\uff15")),  # fullwidth five
        ("ethereum", EVM.replace("0x", "0\u0445")),  # Cyrillic ha
        ("bitcoin", SEGWIT.replace("k", "\u212a")),  # the Kelvin sign, which lower() turns into k
        ("tron", TRON.replace("T", "\u03a4")),  # Greek tau
        ("ethereum", EVM[:20] + "\u200b" + EVM[20:]),
        ("ethereum", EVM[:20] + " " + EVM[20:]),
        ("ethereum", EVM[2:]),
    ],
)
def test_look_alike_letters_do_not_decode(network: str, address: str) -> None:
    """A letter that only looks like a digit of the alphabet makes no address."""
    read = destination(address, network)
    assert read.is_valid is False
    assert read.address_type is None
    assert read.match_key == f"{read.family}:{address}"


ODD_TEXT = st.one_of(
    st.text(max_size=300),
    st.text("0123456789abcdefABCDEFxX:-", max_size=120),
    st.text("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", max_size=110),
    st.builds(
        "{}1{}".format,
        st.sampled_from(["bc", "BC", "ltc", "btg", "cosmos", "bnb", "addr", "stake", "zs", "X-avax"]),
        st.text("qpzry9x8gf2tvdw0s3jn54khce6mua7lQP", max_size=110),
    ),
    st.binary(min_size=1, max_size=120).map(lambda raw: base58.b58encode_check(raw).decode()),
    st.binary(min_size=1, max_size=120).map(lambda raw: "Ddz" + base58.b58encode(raw).decode()),
)


@settings(deadline=None)
@given(ODD_TEXT, st.sampled_from(sorted(NETWORKS)), st.none() | st.text(max_size=20))
def test_any_text_is_a_destination_or_an_input_error(text: str, network: str, memo: str | None) -> None:
    """No text breaks the reading, and what was read reads the same again."""
    try:
        read = read_destination(NETWORKS[network], text, memo)
    except InputError as refusal:
        fields = {fault.field for fault in refusal.faults}
    else:
        fields = {"destination.address"}
        assert read_destination(NETWORKS[network], read.address, memo) == read
        assert read.key.startswith(read.match_key)
        assert read.match_key.startswith(f"{read.family}:")
        assert match_keys_for_lookup(read)[0] == read.match_key
    assert fields <= {"destination.address", "destination.memo"}


@settings(deadline=None)
@given(st.sampled_from(FAMILIES), ODD_TEXT)
def test_canonical_forms_are_their_own_canonical_form(family: str, text: str) -> None:
    """Canonicalising twice changes nothing."""
    found = decode(family, text)
    if found is not None:
        again = decode(family, found.canonical)
        assert again is not None
        assert again.canonical == found.canonical


@settings(deadline=None)
@given(st.binary(min_size=20, max_size=20), st.data())
def test_hex_in_any_letter_case_gives_one_key(raw: bytes, data: st.DataObject) -> None:
    """Whatever letters of an EVM address are capital, its key is the same."""
    lower = f"0x{raw.hex()}"
    mixed = "".join(data.draw(st.sampled_from((letter, letter.upper()))) for letter in lower)
    assert destination(mixed).key == destination(lower).key


@settings(deadline=None)
@given(st.sampled_from([b"\x00", b"\x05"]), st.binary(min_size=20, max_size=20))
def test_every_base58check_address_keeps_one_key_in_every_writing(version: bytes, digest: bytes) -> None:
    """Legacy and cash forms of random hashes meet in one key; the canonical form decodes to itself."""
    legacy = base58.b58encode_check(version + digest).decode()
    key = destination(legacy, "bitcoin-cash").key
    cash = key.removeprefix("bitcoin-cash:")
    assert {destination(t, "bitcoin-cash").key for t in (cash, cash.upper(), f"bitcoincash:{cash}")} == {key}
