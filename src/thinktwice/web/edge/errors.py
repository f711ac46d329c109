"""Refusals that exist only because there is HTTP.

Invariant: none of these says anything that the caller did not know, least of all which part of a credential failed.
"""

from __future__ import annotations

from thinktwice.errors import ThinkTwiceError


class EdgeError(ThinkTwiceError):
    """A request refused before anything below the edge saw it."""


class AuthenticationError(EdgeError):
    """No credential, or one that is unknown or revoked; all look the same."""

    def __init__(self) -> None:
        super().__init__("send 'Authorization: Bearer' with a valid API key")


class ForbiddenError(EdgeError):
    """A genuine key without the scope that this call needs."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"this key lacks the scope '{scope}'")


class TooLargeError(EdgeError):
    """The body is larger than this call takes."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"the body may have at most {limit:,} bytes")


class SlowBodyError(EdgeError):
    """The body did not arrive in time."""

    def __init__(self) -> None:
        super().__init__("the body did not arrive in time")


class MediaTypeError(EdgeError):
    """The body is not declared as JSON."""

    def __init__(self) -> None:
        super().__init__("send the body as 'Content-Type: application/json'")


class FormTypeError(EdgeError):
    """The body is not a form as browsers send it, or carries a file where none is taken."""

    def __init__(self) -> None:
        super().__init__("this takes a form, without a file unless the page asks for one, and not compressed")


class ForgeryError(EdgeError):
    """A form that does not come from a page of this session; ``failed`` names the check, for the audit alone."""

    def __init__(self, failed: str) -> None:
        super().__init__("this form does not come from a page of your session; open the page again")
        self.failed = failed


class HostError(EdgeError):
    """The request was meant for another host."""

    def __init__(self) -> None:
        super().__init__("this service does not answer to that host name; see the setting allowed_hosts")


class PathError(EdgeError):
    """Nothing is served under this path."""

    def __init__(self) -> None:
        super().__init__("nothing is served under this path; see /docs")


class MethodError(EdgeError):
    """The path exists, the method does not."""

    def __init__(self, *allowed: str) -> None:
        super().__init__(f"use {' or '.join(allowed)}" if allowed else "another method is needed")
        self.allowed = allowed


class RateError(EdgeError):
    """Too many requests from one origin; ``retry_after`` in whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("too many requests; wait a little")
        self.retry_after = retry_after


class ClientGoneError(Exception):
    """The client hung up while its request was read; there is nobody to answer."""


class AccessEndedError(Exception):
    """Access ended while an answer was on its way: it is broken off, and there is nothing left to answer."""
