"""A decision desk on paper: the public interface in memory, for tests of what lies in front of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec

from thinktwice.errors import ConflictError, Fault, InputError, NotFoundError, ThinkTwiceError, UnavailableError
from thinktwice.people.keys import SCOPES, ApiKey, Mode, create_key
from thinktwice.records.clearance import Clearance, EventResult
from thinktwice.records.resolution import ResolutionResult

NOW = datetime(2026, 11, 22, 6, 16, 15, tzinfo=UTC)


class PaperDesk:
    """Answers ``proceed`` to everything that has a ``withdrawal_id``; certain ids bring each refusal."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bool]] = []
        self.state = {"journal": "ok"}

    async def decide(self, body: bytes, *, is_test: bool) -> bytes:
        """Answer, or refuse as the id says."""
        self.asked.append(("decide", is_test))
        return self._answer(_decoded(body))

    async def decide_many(self, body: bytes, *, is_test: bool) -> list[bytes | ThinkTwiceError]:
        """Answer each, or refuse it."""
        self.asked.append(("decide_many", is_test))
        items = _decoded(body).get("withdrawals")
        if not isinstance(items, list):
            raise InputError.of("a list of withdrawals is required", field="withdrawals")
        answers: list[bytes | ThinkTwiceError] = []
        for item in items:
            try:
                answers.append(self._answer(item))
            except ThinkTwiceError as error:
                answers.append(error)
        return answers

    async def answer(self, decision_id: str, *, is_test: bool) -> bytes:
        """Answer ``d-1`` again and nothing else."""
        self.asked.append(("answer", is_test))
        if decision_id != "d-1":
            raise NotFoundError("there is no such decision")
        return self._answer({"withdrawal_id": "w"})

    async def clear(self, decision_id: str, *, is_test: bool) -> Clearance:
        """Clear ``d-1`` and nothing else."""
        self.asked.append(("clear", is_test))
        if decision_id != "d-1":
            raise NotFoundError("there is no such decision")
        return Clearance(is_cleared=True, status="cleared", until=NOW)

    async def resolve(
        self, decision_id: str, body: bytes, *, key_id: str, actor: str, is_test: bool
    ) -> ResolutionResult:
        """Keep whatever there is."""
        self.asked.append(("resolve", is_test))
        clearance = Clearance(is_cleared=False, status="held")
        act_id = _decoded(body)["act_id"]
        return ResolutionResult(act_id=act_id, decision_id=decision_id, status="kept", clearance=clearance)

    async def note(self, body: bytes, *, is_test: bool) -> list[EventResult]:
        """Record events that have an id."""
        self.asked.append(("note", is_test))
        results = []
        for event in _decoded(body)["events"]:
            if event.get("event_id"):
                results.append(EventResult(event_id=event["event_id"], status="recorded"))
            else:
                fault = Fault("required field is missing", "event_id")
                results.append(EventResult(event_id=None, status="rejected", faults=(fault,)))
        return results

    async def explain(self, decision_id: str) -> dict[str, object]:
        """Explain ``d-1``."""
        self.asked.append(("explain", False))
        if decision_id != "d-1":
            raise NotFoundError("there is no such decision")
        return {"decision_id": "d-1", "explanation": {"campaign": "hk"}}

    def readiness(self) -> dict[str, str]:
        """Say what was set."""
        return self.state

    def _answer(self, withdrawal: Any) -> bytes:
        refusals: dict[str, Exception] = {
            "conflict": ConflictError("'conflict' attempt 1 came before with another body"),
            "unavailable": UnavailableError("the journal cannot be written right now"),
            "crash": RuntimeError("secret details"),
        }
        if not isinstance(withdrawal, dict) or "withdrawal_id" not in withdrawal:
            raise InputError.of("required field is missing", field="withdrawal_id")
        name = withdrawal["withdrawal_id"]
        if name in refusals:
            raise refusals[name]
        return msgspec.json.encode(
            {"decision_id": "d-1", "withdrawal_id": name, "attempt": 1, "action": "proceed", "intervention": None}
        )


class PaperEvidence:
    """Evidence about ``d-1``, sealed with nothing; notes what was asked of it with the desk."""

    def __init__(self, desk: PaperDesk) -> None:
        self._desk = desk

    def make(self, decision_id: str, edition: str) -> bytes:
        """Return a file of the right shape."""
        self._desk.asked.append((f"evidence {edition}", False))
        if decision_id != "d-1":
            raise NotFoundError("there is no such decision")
        return b'{"manifest":{},"parts":{},"seal":{}}\n'


class PaperResults:
    """Results of any campaign; notes what was asked of it with the desk."""

    def __init__(self, desk: PaperDesk) -> None:
        self._desk = desk

    def make(self, campaign: str) -> bytes:
        """Return an analysis of the right shape."""
        self._desk.asked.append((f"results {campaign}", False))
        return b'{"format":"x","made_by":"x","analysis":{}}'


class SilentLog:
    """A log for tests that do not read it."""

    def info(self, event: str, **facts: Any) -> None:
        """Write nothing."""

    error = info


class PaperKeys:
    """Keys in memory."""

    def __init__(self) -> None:
        self._keys: dict[str, ApiKey] = {}

    def make(self, *scopes: str, mode: Mode = "live") -> str:
        """Return the secret of a new key."""
        key, secret = create_key(name="test", mode=mode, scopes=scopes or SCOPES, actor="test", now=NOW)
        self._keys[secret] = key
        return secret

    def find(self, secret: str) -> ApiKey | None:
        """Return the key of a secret."""
        return self._keys.get(secret)


def _decoded(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InputError.of(f"malformed JSON: {error}") from None
