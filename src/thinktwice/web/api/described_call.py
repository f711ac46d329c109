"""One call in the description: its summary, who may make it, what it takes and what comes back.

Invariant: every refusal is the shared response of its status, so each is described once.
"""

from __future__ import annotations

from typing import Any, Final

from thinktwice.web.api.schemas import REFERENCE, Schema
from thinktwice.web.edge.problems import KINDS, MALFORMED, UNEXPECTED

ALL_KINDS: Final = (MALFORMED, *(kind for _, kind in KINDS), UNEXPECTED)
BODY_PROBLEMS: Final = (400, 401, 403, 408, 409, 413, 415, 421, 422, 500, 503)
READ_PROBLEMS: Final = (401, 403, 404, 413, 421, 500, 503)


def uuid_in_path(name: str, description: str) -> Schema:
    """Return a parameter of the path that is one of our ids."""
    return {
        "name": name,
        "in": "path",
        "required": True,
        "description": description,
        "schema": {"type": "string", "pattern": "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"},
    }


def call_of(
    name: str,
    summary: str,
    description: str,
    *,
    answer: str | None = None,
    body: str | None = None,
    scope: str | None = None,
    problems: tuple[int, ...] = BODY_PROBLEMS,
    tag: str = "decisions",
) -> Schema:
    """Return one operation object."""
    call: dict[str, Any] = {
        "operationId": name,
        "summary": summary,
        "description": f"{description} Scope: `{scope}`." if scope else description,
        "tags": [tag],
        "security": [{"key": []}] if scope else [],
        "responses": {str(status): {"$ref": f"#/components/responses/{response_name(status)}"} for status in problems},
    }
    if answer:
        call["responses"]["200"] = {"description": "Done", "content": json_of(answer)}
    if body:
        call["requestBody"] = {"required": True, "content": json_of(body)}
    return call


def json_of(name: str) -> Schema:
    """Return JSON of a named type."""
    return {"application/json": {"schema": {"$ref": REFERENCE.format(name=name)}}}


def statuses() -> tuple[int, ...]:
    """Return every status that a refusal has."""
    return tuple(sorted({kind.status for kind in ALL_KINDS}))


def response_name(status: int) -> str:
    """Return the name of the shared response of one status."""
    return f"Problem{status}"


def problem_response(status: int) -> Schema:
    """Return the response object of all problems with one status."""
    titles = " · ".join(kind.title for kind in ALL_KINDS if kind.status == status)
    response: Schema = {
        "description": titles,
        "content": {"application/problem+json": {"schema": {"$ref": REFERENCE.format(name="Problem")}}},
    }
    if status in (429, 503):
        response["headers"] = {
            "Retry-After": {"description": "Whole seconds to wait.", "schema": {"type": "integer", "minimum": 0}}
        }
    return response
