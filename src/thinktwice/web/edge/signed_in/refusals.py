"""What a page says when it refuses: what happened, and what to do.

Invariants: this table is the only place that gives an error a status on this surface; text that a stranger sent is
shown as text; an unexpected error says nothing about itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from thinktwice.errors import (
    ConflictError,
    InputError,
    NotFoundError,
    SecondPersonError,
    StateError,
    ThinkTwiceError,
    UnavailableError,
)
from thinktwice.people.errors import LinkError, NotAllowedError
from thinktwice.web.edge import errors as edge
from thinktwice.web.edge.words import mark as _


class PageClosedError(ThinkTwiceError):
    """Whoever asks is known and may not do this."""

    def __init__(self) -> None:
        super().__init__("this needs a permission that none of your roles has")


class SignedOutError(ThinkTwiceError):
    """A form arrived without a session: it ended while somebody was writing."""

    def __init__(self) -> None:
        super().__init__("nobody is signed in")


@dataclass(frozen=True, slots=True)
class Refusal:
    """What one kind of error looks like; ``has_details`` shows the error's own words too."""

    status: int
    title: str
    advice: str
    has_details: bool = False


_NO_PAGE: Final = Refusal(
    404, _("There is nothing here"), _("The address may be mistyped, or what it named is not known here.")
)

_TABLE: Final[tuple[tuple[type[Exception] | tuple[type[Exception], ...], Refusal], ...]] = (
    (
        (PageClosedError, NotAllowedError),
        Refusal(
            403,
            _("Your roles do not allow this"),
            _("Ask an administrator if your work needs it. That you tried has been recorded."),
        ),
    ),
    (
        SignedOutError,
        Refusal(
            401, _("You are signed out"), _("Nothing was changed. Sign in again, then open the page and repeat it.")
        ),
    ),
    (
        edge.ForgeryError,
        Refusal(
            403,
            _("This form is not from your session"),
            _("Nothing was changed. Open the page again and send the form from there."),
        ),
    ),
    (edge.TooLargeError, Refusal(413, _("This is too large"), _("Nothing was changed. Send less at once."))),
    (
        edge.FormTypeError,
        Refusal(415, _("This cannot be read"), _("Nothing was changed. Send the form of the page, uncompressed.")),
    ),
    (edge.SlowBodyError, Refusal(408, _("This did not arrive in time"), _("Nothing was changed. Send it again."))),
    (
        edge.RateError,
        Refusal(429, _("Too many attempts"), _("Wait a little, then try again. Nothing else is wrong.")),
    ),
    (
        edge.MethodError,
        Refusal(405, _("This address is not used that way"), _("Go back and open the page from the menu.")),
    ),
    (
        InputError,
        Refusal(
            422, _("This cannot be used as it is"), _("Go back, correct what is named below, and send it again."), True
        ),
    ),
    (
        SecondPersonError,
        Refusal(
            403, _("Another person has to do this"), _("Two people decide this. Ask a colleague to take it up."), True
        ),
    ),
    (
        StateError,
        Refusal(409, _("This no longer fits"), _("Somebody was faster, or time passed. Open the page again."), True),
    ),
    (
        ConflictError,
        Refusal(409, _("Somebody else changed this"), _("Nothing of yours is lost: go back to see both."), True),
    ),
    (
        LinkError,
        Refusal(410, _("This link does not work any more"), _("Ask whoever sent it for a new one.")),
    ),
    (NotFoundError, _NO_PAGE),
    (
        UnavailableError,
        Refusal(503, _("This cannot be saved right now"), _("Nothing was changed. Try again in a few seconds.")),
    ),
)

_UNEXPECTED: Final = Refusal(
    500, _("Something went wrong on our side"), _("It has been logged. Try again; if it stays, tell whoever runs this.")
)


def refusal_of(error: BaseException) -> Refusal:
    """Return how to refuse for this reason."""
    return next((refusal for kind, refusal in _TABLE if isinstance(error, kind)), _UNEXPECTED)


def is_expected(error: BaseException) -> bool:
    """Whether an error is a refusal rather than a defect."""
    return refusal_of(error) is not _UNEXPECTED
