"""What a signed-in surface is built from.

Invariants: a surface knows people through ``Gate`` and everything else through the desks that its areas name; a
demonstration, which signs anybody in, cannot be had together with keys that are not the public test keys.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from thinktwice.audit.ledger import Ledger
from thinktwice.people.person import Person
from thinktwice.web.edge.headers import HostNames

SIGN_INS_PER_MINUTE: Final = 30
"""How often one address may try a password, code or link; guessing is slowed down per account besides."""


class Gate(Protocol):
    """Who a session belongs to."""

    def person(self, secret: str, *, is_active: bool) -> Person | None:
        """Return who is signed in with this secret, in this realm, now; None for every other secret.

        With ``is_active`` the visit counts as activity; a page that refreshes itself does not.

        Raises:
            UnavailableError: the sessions cannot be read.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class SurfaceParts:
    """Everything the shell needs; ``desks`` holds, by type, what the areas work with.

    ``url`` is where browsers reach it, without a slash at its end; https makes every cookie ``__Host-``.
    """

    gate: Gate
    ledger: Ledger
    hosts: HostNames
    url: str
    operator_name: str = "ThinkTwice"
    is_demo: bool = False
    is_behind_proxy: bool = False
    desks: Mapping[type, object] = field(default_factory=dict)
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    sign_ins_per_minute: int = SIGN_INS_PER_MINUTE
    tries: Callable[[str, int], int] = lambda _origin, _per_minute: 0
    """Counts a try of one address for every process together; returns the seconds to wait, 0 for none."""
    log: Any = None

    @property
    def is_secure(self) -> bool:
        """Whether browsers come by https."""
        return self.url.startswith("https://")
