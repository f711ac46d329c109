"""What the API needs of the decision core, as one narrow seam."""

from __future__ import annotations

from typing import Protocol

from thinktwice.errors import ThinkTwiceError
from thinktwice.records.clearance import Clearance, EventResult
from thinktwice.records.resolution import ResolutionResult


class DecisionDesk(Protocol):
    """Decides, clears, takes notes and explains; whatever it returns from is durable."""

    async def decide(self, body: bytes, *, is_test: bool) -> bytes:
        """Return the answer to one withdrawal as JSON that may reach a browser.

        Raises:
            InputError: The body cannot be used.
            ConflictError: The same key came before with another body.
            UnavailableError: The decision cannot be made durable right now.
        """

    async def decide_many(self, body: bytes, *, is_test: bool) -> list[bytes | ThinkTwiceError]:
        """Return one answer or refusal for each of the ``withdrawals``, in order.

        Raises:
            InputError: The body is unusable as a whole.
        """

    async def answer(self, decision_id: str, *, is_test: bool) -> bytes:
        """Return an earlier answer once more as JSON, with an alert token that is good now.

        Raises:
            NotFoundError: No such decision in this mode.
        """

    async def clear(self, decision_id: str, *, is_test: bool) -> Clearance:
        """Say whether a decided withdrawal may execute now.

        Raises:
            NotFoundError: No such decision in this mode.
            UnavailableError: The clearance cannot be made durable right now.
        """

    async def note(self, body: bytes, *, is_test: bool) -> list[EventResult]:
        """Record each of the ``events`` and say what became of it, in order.

        Raises:
            InputError: The body is unusable as a whole.
            UnavailableError: The events cannot be made durable right now.
        """

    async def resolve(
        self, decision_id: str, body: bytes, *, key_id: str, actor: str, is_test: bool
    ) -> ResolutionResult:
        """Apply one act of staff, made with the key of this id by the person it belongs to.

        Raises:
            InputError: The body cannot be used.
            NotFoundError: No such decision in this mode.
            ConflictError: The act's id came before with another act.
            SecondPersonError: A release needs another person.
            StateError: There is nothing to resolve.
            UnavailableError: The act cannot be made durable right now.
        """

    async def explain(self, decision_id: str) -> dict[str, object]:
        """Return the staff record of a decision.

        Raises:
            NotFoundError: No such decision.
        """

    def readiness(self) -> dict[str, str]:
        """Return each part that is needed to decide, with ``ok``, ``ok; …`` or what is wrong with it."""
