"""Addresses and names have one spelling, and none that looks like another."""

from __future__ import annotations

import pytest

from thinktwice.errors import InputError
from thinktwice.people.names import read_email, read_name


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("Ada@Example.ORG", "ada@example.org"),
        ("  ada@example.org ", "ada@example.org"),
        ("ａｄａ@example.org", "ada@example.org"),
        ("ada@bücher.de", "ada@xn--bcher-kva.de"),
        ("ada@XN--BCHER-KVA.de", "ada@xn--bcher-kva.de"),
        ("e\u0301ve@example.org", "\u00e9ve@example.org"),
        ("李@例子.香港", "李@xn--fsqu00a.xn--j6w193g"),
        ("ada+console@example.org", "ada+console@example.org"),
    ],
)
def test_spellings_of_one_mailbox_are_one(typed: str, read: str) -> None:
    """Case, width, composition and the form of the domain make no difference; reading again changes nothing."""
    assert read_email(typed) == read
    assert read_email(read) == read


@pytest.mark.parametrize(
    "typed",
    [
        "\u0430da@example.org",  # a Cyrillic а among Latin letters
        "ada@ex\u0430mple.org",
        "ada\u202e@example.org",
        "ad\u200ba@example.org",
        "ada@example.org\x00",
        "ada@example",
        "ada@@example.org",
        "ada example@example.org",
        "@example.org",
        "ada@",
        "ada@-example.org",
        "ada..l@example.org",
        f"{'a' * 65}@example.org",
        f"ada@{'a' * 250}.org",
        "\u0301ada@example.org",
        "",
    ],
)
def test_look_alikes_and_malformed_addresses_are_refused(typed: str) -> None:
    """Mixed alphabets, invisible characters and what is no address are refused, naming the field."""
    with pytest.raises(InputError, match="email"):
        read_email(typed)


def test_names_are_visible_text() -> None:
    """Spaces are evened out; invisible characters, empty and overlong names are refused."""
    assert read_name("  Ada   Lovelace ") == "Ada Lovelace"
    assert read_name("陳大文") == "陳大文"
    for typed in ("", "   ", "a" * 81, "Ada\u202eLovelace", "Ada\x1b[31m"):
        with pytest.raises(InputError, match="name"):
            read_name(typed)
