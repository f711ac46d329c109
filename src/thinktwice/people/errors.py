"""What signing in and acting is refused with.

Invariant: to the outside a failed sign-in has one answer, whatever failed; the reason goes into the audit chain only.
"""

from __future__ import annotations

from thinktwice.errors import ThinkTwiceError


class SignInError(ThinkTwiceError):
    """Nobody was let in.

    ``retry_after`` is how many seconds the next try has to wait, for everybody alike who tries this account or comes
    from this source; None when there is no wait. ``reason`` is for the audit chain and must not reach the browser.
    """

    def __init__(self, reason: str, *, retry_after: int | None = None) -> None:
        super().__init__("these details do not open an account")
        self.reason = reason
        self.retry_after = retry_after


class LinkError(ThinkTwiceError):
    """A link does not work: unknown, used, withdrawn or expired, without saying which."""

    def __init__(self) -> None:
        super().__init__("this link does not work any more; ask for a new one")


class NotAllowedError(ThinkTwiceError):
    """No role of this person allows the act."""

    def __init__(self, permission: str) -> None:
        super().__init__(f"none of your roles allows '{permission}'")
        self.permission = permission


class SecondFactorNeededError(ThinkTwiceError):
    """The act is dangerous and the second factor was given too long ago: ask for it again, then repeat the act."""

    def __init__(self) -> None:
        super().__init__("confirm with your passkey or code first")
