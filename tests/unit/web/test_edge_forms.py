"""Forms, cookies and tokens at the edge: what is read, what is refused, and why."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import Response

from thinktwice.errors import InputError
from thinktwice.web.edge.asgi import Message
from thinktwice.web.edge.cookies import Cookies
from thinktwice.web.edge.errors import ForgeryError, FormTypeError, TooLargeError
from thinktwice.web.edge.forgery import form_token, require_form_token, require_own_origin
from thinktwice.web.edge.forms import Form, FormLimits, Upload, read_form, require_size


def scope(**headers: str) -> dict[str, Any]:
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "headers": pairs}


def read(
    body: bytes, content_type: str = "application/x-www-form-urlencoded", limits: FormLimits | None = None
) -> Form:
    pieces = iter([{"type": "http.request", "body": body, "more_body": False}])

    async def receive() -> Message:
        return next(pieces)

    return asyncio.run(read_form(scope(content_type=content_type), receive, limits or FormLimits()))


def test_a_field_is_one_line_and_bounded() -> None:
    """White space collapses, the length is kept, the last of several values counts, what is absent is empty."""
    form = read(b"a=+x%0A+y++&b=1&b=2&c=" + b"z" * 50)
    assert form.text("a") == "x y"
    assert form.text("b") == "2"
    assert form.all("b") == ("1", "2")
    assert form.text("c", 10) == "z" * 10
    assert form.text("d") == ""
    assert form.raw("a") == " x\n y  "
    assert not form.is_ticked("d")


def test_what_is_no_form_is_refused() -> None:
    """Hundreds of fields, and bytes that are no text, are refused as input; a field that is none shows so."""
    for body in (b"&".join(b"f%d=1" % number for number in range(300)), b"a=\xff"):
        with pytest.raises(InputError):
            read(body)
    assert read(b"a=%ff").text("a") == "\ufffd"


@pytest.mark.parametrize("length", ["65537", str(2 * 1024**3), "9" * 30, "-1", "1e3", "x"])
def test_a_length_that_is_too_large_or_none_is_refused_unread(length: str) -> None:
    """The declared length alone is enough."""
    with pytest.raises(TooLargeError):
        require_size(scope(content_length=length), FormLimits())


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "gzip, gzip"])
def test_a_compressed_body_is_refused_unread(encoding: str) -> None:
    """There is no decompression, so there is no bomb."""
    with pytest.raises(FormTypeError):
        require_size(scope(content_length="10", content_encoding=encoding), FormLimits())


def test_a_file_where_none_is_taken_is_refused() -> None:
    """A multipart body is read only for pages that ask for a file."""
    with pytest.raises(FormTypeError):
        read(b"--b--", "multipart/form-data; boundary=b")


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30), max_size=20))
def test_lines_come_back_as_they_were_written(lines: list[str]) -> None:
    """Text splits at line ends and nowhere else, whatever characters it holds."""
    text = "".join(line + "\n" for line in lines)
    upload = Upload("f", len(text), io.BytesIO(text.encode()))
    assert list(upload.text_lines()) == lines


@given(st.binary(max_size=200).filter(lambda content: any(byte < 32 and byte not in b"\t\n\r\x0c" for byte in content)))
def test_bytes_that_no_text_holds_are_refused(content: bytes) -> None:
    """A control character anywhere makes a file something else than text."""
    with pytest.raises(InputError):
        Upload("f", len(content), io.BytesIO(content)).require_text()


def test_a_token_belongs_to_one_secret() -> None:
    """The right token passes; another's, a shortened one and none do not, nor any without a secret."""
    require_form_token("secret", form_token("secret"))
    for secret, given_token in (
        ("secret", form_token("other")),
        ("secret", form_token("secret")[:-1]),
        ("secret", ""),
        ("secret", "\ud800"),
        (None, form_token("secret")),
    ):
        with pytest.raises(ForgeryError):
            require_form_token(secret, given_token)
    assert "secret" not in form_token("secret")


@pytest.mark.parametrize(
    ("headers", "is_secure"),
    [
        ({"origin": "https://a.example", "host": "a.example"}, True),
        ({"origin": "https://A.example", "host": "a.example", "sec_fetch_site": "same-origin"}, True),
        ({"origin": "http://localhost:8081", "host": "localhost:8081"}, False),
        ({"sec_fetch_site": "same-origin", "host": "a.example"}, True),
    ],
)
def test_own_pages_are_known(headers: dict[str, str], is_secure: bool) -> None:
    """A form of this very origin passes."""
    require_own_origin(scope(**headers), is_secure=is_secure)


@pytest.mark.parametrize(
    "headers",
    [
        {"host": "a.example"},
        {"origin": "null", "host": "a.example"},
        {"origin": "http://a.example", "host": "a.example"},
        {"origin": "https://a.example:444", "host": "a.example"},
        {"origin": "https://a.example.b.example", "host": "a.example"},
        {"origin": "https://user@a.example", "host": "a.example"},
        {"origin": "https://a.example"},
        {"origin": "https://a.example", "host": "a.example", "sec_fetch_site": "cross-site"},
    ],
    ids=str,
)
def test_every_other_origin_is_refused(headers: dict[str, str]) -> None:
    """Another scheme, port, host or site, and a request that does not say, are refused."""
    with pytest.raises(ForgeryError):
        require_own_origin(scope(**headers), is_secure=True)


def cookies_of(lines: Iterable[str], jar: Cookies, name: str = "session") -> str | None:
    return jar.read(Request({"type": "http", "headers": [(b"cookie", line.encode()) for line in lines]}), name)


def test_a_cookie_counts_once_and_under_its_full_name() -> None:
    """Over https only the ``__Host-`` one is seen; given twice, in one header or two, none is believed."""
    secure, plain = Cookies("console", True), Cookies("console", False)
    assert cookies_of(["__Host-tt-console-session=abc"], secure) == "abc"
    assert cookies_of(["tt-console-session=abc"], secure) is None
    assert cookies_of(["tt-console-session=abc; other=1"], plain) == "abc"
    assert cookies_of(["tt-portal-session=abc"], plain) is None
    assert cookies_of(["tt-console-session=a; tt-console-session=b"], plain) is None
    assert cookies_of(["tt-console-session=a", "tt-console-session=b"], plain) is None
    assert cookies_of(["tt-console-session=a b"], plain) is None
    assert cookies_of(["tt-console-session="], plain) is None


def test_a_cookie_comes_back_as_it_was_set() -> None:
    """Also a value that Python writes between quotation marks."""
    response = Response()
    Cookies("console", False).set(response, "attempt", "QUJD==")
    (line,) = (line.decode() for name, line in response.raw_headers if name == b"set-cookie")
    assert cookies_of([line.partition(";")[0]], Cookies("console", False), "attempt") == "QUJD=="


def test_a_cookie_ends_as_it_was_set() -> None:
    """Ending names the same host, path and flags, or browsers would keep it."""
    response = Response()
    jar = Cookies("console", True)
    jar.set(response, "session", "abc")
    jar.end(response, "session")
    made, ended = (line.decode().lower() for name, line in response.raw_headers if name == b"set-cookie")
    for flag in ("secure", "httponly", "samesite=lax", "path=/"):
        assert flag in made
        assert flag in ended
    assert "max-age=0" in ended
