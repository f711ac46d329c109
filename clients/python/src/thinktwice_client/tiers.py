"""What to answer while the service is away, by the caller's own risk tiers; pure.

Invariant: a tier function that fails, or names no tier, gives the strictest tier: a defect never lowers protection.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from thinktwice_client.errors import InvalidInputError

Answer = Literal["proceed", "alert", "hold"]

STRENGTH: Final[Mapping[Answer, int]] = {"proceed": 0, "alert": 1, "hold": 2}
_log: Final = logging.getLogger(__name__)


def strongest(*answers: Answer) -> Answer:
    """Return the answer that protects most."""
    return max(answers, key=STRENGTH.__getitem__)


@dataclass(frozen=True, slots=True)
class Tier:
    """The answer for one tier.

    ``clears`` says whether a withdrawal of a ``proceed`` tier may also execute while the service is away; alerts and
    holds never do, whatever it says.
    """

    answer: Answer
    clears: bool = True

    def __post_init__(self) -> None:
        if self.answer not in STRENGTH:
            raise InvalidInputError(f"a tier answers one of {', '.join(STRENGTH)}")

    @property
    def is_clearing(self) -> bool:
        """Whether money may leave without the service."""
        return self.answer == "proceed" and self.clears


@dataclass(frozen=True, slots=True)
class Tiers:
    """Every tier by name, and the function that chooses one from a withdrawal; the function is quick and pure."""

    tiers: Mapping[str, Tier]
    choose: Callable[[Mapping[str, Any]], str]

    def __post_init__(self) -> None:
        if not self.tiers:
            raise InvalidInputError("name at least one tier")

    @classmethod
    def one(cls, answer: Answer, *, clears: bool = True) -> Tiers:
        """Return the same answer for everybody."""
        return cls({"all": Tier(answer, clears)}, lambda _withdrawal: "all")

    def of(self, withdrawal: Mapping[str, Any]) -> tuple[str, Tier]:
        """Return the tier of a withdrawal and its name."""
        try:
            name = self.choose(withdrawal)
            return name, self.tiers[name]
        except Exception as error:  # noqa: BLE001  (the caller's function may fail in any way, and must not decide by it)
            _log.error("the tier function failed (%s); the strictest tier is used", type(error).__name__)
        name = max(self.tiers, key=self._strictness)
        return name, self.tiers[name]

    def _strictness(self, name: str) -> tuple[int, bool]:
        tier = self.tiers[name]
        return STRENGTH[tier.answer], not tier.is_clearing
