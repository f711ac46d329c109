"""The slower calls, served by FastAPI.

Invariant: a handler reads the key, hands bytes to the desk, and encodes what comes back; it decides nothing.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from typing import Final

import msgspec
from fastapi import APIRouter, Request, Response

from thinktwice.errors import NotFoundError, ThinkTwiceError
from thinktwice.people.keys import ApiKey, Scope
from thinktwice.records.clearance import EventResult
from thinktwice.web.api.answers import EncodedItem, EventAnswer, EventsAnswer, Health, Readiness
from thinktwice.web.api.evidence import EvidenceLine
from thinktwice.web.api.metrics import CONTENT_TYPE, ApiMetrics
from thinktwice.web.api.parts import ApiParts
from thinktwice.web.api.results import ResultsLine
from thinktwice.web.edge.bodies import require_json
from thinktwice.web.edge.errors import MethodError
from thinktwice.web.edge.keys import require_key
from thinktwice.web.edge.problems import ProblemFault, problem_of, safe_text

Handler = Callable[[Request], Awaitable[Response]]

READABLE: Final = ["GET", "HEAD"]
_NOT_AN_ID: Final = frozenset({"batch"})


class Routes:
    """The handlers of one API."""

    def __init__(self, parts: ApiParts, metrics: ApiMetrics) -> None:
        self._parts = parts
        self._metrics = metrics
        self._evidence = EvidenceLine(parts.evidence)
        self._results = ResultsLine(parts.results)

    def router(self) -> APIRouter:
        """Return all slower calls; ``/v1/decisions`` stands here so that other methods are refused by name."""
        router = APIRouter(redirect_slashes=False)
        for path, name, methods, handler in (
            ("/v1/decisions", "decide", ["POST"], self.decide),
            ("/v1/decisions/batch", "decide_batch", ["POST"], self.decide_batch),
            ("/v1/decisions/{decision_id}/answer", "answer_again", READABLE, self.answer_again),
            ("/v1/decisions/{decision_id}/clearance", "clear", ["POST"], self.clear),
            ("/v1/decisions/{decision_id}/resolution", "resolve", ["POST"], self.resolve),
            ("/v1/decisions/{decision_id}/evidence", "prove", ["POST"], self.prove),
            ("/v1/decisions/{decision_id}", "explain", READABLE, self.explain),
            ("/v1/results/{campaign}", "read_results", READABLE, self.read_results),
            ("/v1/events", "note_events", ["POST"], self.note_events),
            ("/healthz", "health", READABLE, self.health),
            ("/readyz", "readiness", READABLE, self.readiness),
            ("/metrics", "metrics", READABLE, self.metrics),
        ):
            router.add_api_route(path, handler, methods=methods, name=name, response_model=None)
        return router

    async def decide(self, request: Request) -> Response:
        """Decide one withdrawal, when no hot path stands in front."""
        key = self._key(request, "decide")
        require_json(_header(request, "content-type"))
        answer = await self._parts.desk.decide(await request.body(), is_test=key.is_test)
        self._metrics.decided(answer, is_test=key.is_test)
        return Response(answer, media_type="application/json")

    async def decide_batch(self, request: Request) -> Response:
        """Decide up to 100 withdrawals; one that cannot be used does not stop the others."""
        key = self._key(request, "decide")
        require_json(_header(request, "content-type"))
        answers = await self._parts.desk.decide_many(await request.body(), is_test=key.is_test)
        for answer in answers:
            if isinstance(answer, bytes):
                self._metrics.decided(answer, is_test=key.is_test)
        return _json({"results": [_item(answer) for answer in answers]})

    async def answer_again(self, request: Request) -> Response:
        """Give an earlier answer once more, with a link that opens now."""
        key = self._key(request, "decide")
        answer = await self._parts.desk.answer(_decision_id(request), is_test=key.is_test)
        return Response(answer, media_type="application/json")

    async def clear(self, request: Request) -> Response:
        """Say whether a decided withdrawal may execute."""
        key = self._key(request, "clear")
        return _json(await self._parts.desk.clear(_decision_id(request), is_test=key.is_test))

    async def resolve(self, request: Request) -> Response:
        """Apply one act of staff to a withdrawal that waits."""
        key = self._key(request, "staff")
        require_json(_header(request, "content-type"))
        result = await self._parts.desk.resolve(
            _decision_id(request), await request.body(), key_id=key.id, actor=key.actor, is_test=key.is_test
        )
        return _json(result)

    async def prove(self, request: Request) -> Response:
        """Return sealed evidence about a decision, byte for byte as it was sealed."""
        self._key(request, "staff")
        require_json(_header(request, "content-type"))
        evidence = await self._evidence.make(_decision_id(request), await request.body())
        return Response(evidence, media_type="application/json")

    async def read_results(self, request: Request) -> Response:
        """Return everything known about one campaign, as of now."""
        self._key(request, "staff")
        return Response(await self._results.make(request.path_params["campaign"]), media_type="application/json")

    async def note_events(self, request: Request) -> Response:
        """Record what happened after decisions."""
        key = self._key(request, "events")
        require_json(_header(request, "content-type"))
        results = await self._parts.desk.note(await request.body(), is_test=key.is_test)
        return _json(EventsAnswer(tuple(map(_event_answer, results))))

    async def explain(self, request: Request) -> Response:
        """Return the staff record of a decision."""
        if request.path_params["decision_id"] in _NOT_AN_ID:
            raise MethodError("POST")
        self._key(request, "staff")
        return _json(await self._parts.desk.explain(_decision_id(request)))

    async def health(self, request: Request) -> Response:  # noqa: ARG002  (every handler takes the request)
        """Say that the process answers."""
        return _json(Health("ok"))

    async def readiness(self, request: Request) -> Response:  # noqa: ARG002  (every handler takes the request)
        """Say whether decisions can be made; what follows *ok;* is worth knowing and stops nothing."""
        checks = self._parts.desk.readiness()
        is_ready = all(state.split(";")[0] == "ok" for state in checks.values())
        return _json(Readiness("ready" if is_ready else "not_ready", checks), status=200 if is_ready else 503)

    async def metrics(self, request: Request) -> Response:
        """Return counters; without a key only to a client on this very machine.

        The port is also the one that customers' browsers reach, and how many withdrawals an operator has is not
        their business.
        """
        if not _is_local(request):
            self._key(request, "read")
        return Response(self._metrics.exposition(), headers={"content-type": CONTENT_TYPE})

    def _key(self, request: Request, scope: Scope) -> ApiKey:
        return require_key(self._parts.keys, _header(request, "authorization"), scope)


def _json(value: object, *, status: int = 200) -> Response:
    return Response(msgspec.json.encode(value), status_code=status, media_type="application/json")


def _header(request: Request, name: str) -> bytes | None:
    values = request.headers.getlist(name)
    return values[0].encode("latin-1") if len(values) == 1 else None


def _decision_id(request: Request) -> str:
    """Return the id in the path; what cannot be one is not looked up."""
    decision_id: str = request.path_params["decision_id"]
    if len(decision_id) > 64 or not decision_id.isascii() or not decision_id.isprintable():
        raise NotFoundError("there is no such decision")
    return decision_id


def _item(answer: bytes | ThinkTwiceError) -> EncodedItem:
    if isinstance(answer, bytes):
        return EncodedItem(decision=msgspec.Raw(answer))
    return EncodedItem(problem=problem_of(answer))


def _event_answer(result: EventResult) -> EventAnswer:
    return EventAnswer(
        None if result.event_id is None else safe_text(result.event_id),
        result.status,
        tuple(
            ProblemFault(safe_text(fault.field) if fault.field else None, safe_text(fault.message))
            for fault in result.faults
        ),
    )


def _is_local(request: Request) -> bool:
    """Whether a request comes from this machine and through no proxy."""
    if "x-forwarded-for" in request.headers or "forwarded" in request.headers or request.client is None:
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
