"""The description says what is served, and the page is made of it."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # its stubs are a package of their own
import msgspec
import pytest
from fastapi.routing import APIRoute
from prometheus_client import CollectorRegistry

from tests.support.http import ask
from tests.support.paper_desk import PaperDesk, PaperKeys
from thinktwice import __version__
from thinktwice.errors import InputError
from thinktwice.records.withdrawal import WithdrawalRequest
from thinktwice.web.api.app import create_api
from thinktwice.web.api.description import openapi_document
from thinktwice.web.api.documentation import type_of
from thinktwice.web.api.metrics import ApiMetrics
from thinktwice.web.api.parts import ApiParts
from thinktwice.web.api.routes import Routes
from thinktwice.web.api.schemas import EXAMPLE_EVENT, EXAMPLE_WITHDRAWAL, EventBatch
from thinktwice.web.edge.headers import HostNames
from thinktwice.web.edge.problems import encode_problem, problem_of

PARTS = ApiParts(desk=PaperDesk(), keys=PaperKeys(), hosts=HostNames(["localhost"]))
APP = create_api(PARTS)
DOCUMENT = openapi_document()


def schema(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}


def test_what_is_served_is_described() -> None:
    """The routes and the described paths are the same, method by method."""
    router = Routes(PARTS, ApiMetrics(CollectorRegistry())).router()
    served = {
        (route.path, method.lower())
        for route in router.routes
        if isinstance(route, APIRoute)
        for method in (route.methods or set()) - {"HEAD"}
    }
    described = {
        (path, method)
        for path, item in DOCUMENT["paths"].items()
        for method in item
        if method != "parameters" and item[method]["tags"] != ["alerts"]  # the customer surface serves those
    }
    assert served == described


def test_every_reference_leads_somewhere() -> None:
    """No $ref of the document dangles."""
    for reference in re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(DOCUMENT)):
        place: Any = DOCUMENT
        for part in reference.split("/"):
            place = place[part]


def test_the_examples_are_good() -> None:
    """Each example fits its schema and is read by the record that it shows."""
    jsonschema.validate(EXAMPLE_WITHDRAWAL, schema("WithdrawalRequest"))
    jsonschema.validate({"events": [EXAMPLE_EVENT]}, schema("EventBatch"))
    assert msgspec.convert(EXAMPLE_WITHDRAWAL, WithdrawalRequest).amount == Decimal(12000)
    assert len(msgspec.convert({"events": [EXAMPLE_EVENT]}, EventBatch).events) == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", "-1"),
        ("amount", "NaN"),
        ("withdrawal_id", ""),
        ("withdrawal_id", "a b"),
        ("attempt", 0),
        ("channel", "fax"),
        ("unknown", 1),
        ("fiat_currency", "usd"),
    ],
)
def test_what_intake_refuses_the_schema_refuses(field: str, value: object) -> None:
    """A client that validates first learns the same."""
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(EXAMPLE_WITHDRAWAL | {field: value}, schema("WithdrawalRequest"))


def test_a_problem_fits_its_schema() -> None:
    """Problem documents are as described."""
    jsonschema.validate(json.loads(encode_problem(problem_of(InputError.of("no", field="amount")))), schema("Problem"))


def test_nothing_for_staff_is_in_the_answer() -> None:
    """The described answer holds no campaign, arm, reason or signal."""
    assert set(DOCUMENT["components"]["schemas"]["Answer"]["properties"]) == {
        "decision_id",
        "withdrawal_id",
        "attempt",
        "action",
        "intervention",
        "alert",
        "hold",
    }
    assert set(DOCUMENT["components"]["schemas"]["AlertAnswer"]["properties"]) == {
        "id",
        "url",
        "token",
        "locale",
        "expires_at",
    }


class Links(HTMLParser):
    """Collects what a page refers to."""

    def __init__(self) -> None:
        super().__init__()
        self.targets: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.styles = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            if name in ("href", "src"):
                self.targets.append(value or "")
            if name == "id":
                self.ids.append(value or "")
            self.styles += name == "style" or name.startswith("on")


def test_the_page_needs_nothing_from_elsewhere() -> None:
    """No script, no inline style, no foreign origin; every internal link leads somewhere, every id is unique."""
    response = ask(APP, "GET", "/docs")
    assert response.headers["content-type"].startswith("text/html")
    assert "style-src 'self'" in response.headers["content-security-policy"]
    page = Links()
    page.feed(response.text)
    assert "script" not in page.tags
    assert "style" not in page.tags
    assert page.styles == 0
    assert len(set(page.ids)) == len(page.ids)
    for target in page.targets:
        assert target.startswith(("#", "/"))
        if target.startswith("#"):
            assert target[1:] in page.ids
        else:
            assert ask(APP, "GET", target).status_code == 200


def test_the_document_is_served() -> None:
    """What is served is the document described here."""
    assert ask(APP, "GET", "/openapi.json").json() == json.loads(json.dumps(DOCUMENT))


def test_the_bare_address_leads_on_and_says_nothing_of_what_runs() -> None:
    """Each way on exists, whatever method it wants; no name, no version."""
    answer = ask(APP, "GET", "/")
    assert answer.status_code == 200
    assert __version__ not in answer.text
    described = set(DOCUMENT["paths"])
    for path in answer.json().values():
        assert path in described or ask(APP, "GET", path).status_code == 200, path


@pytest.mark.parametrize(
    ("described", "words"),
    [
        ({"$ref": "#/components/schemas/Answer"}, "Answer"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "text or null"),
        ({"enum": ["a", "b"]}, "a · b"),
        ({"type": "array", "items": {"type": "string"}}, "list of text"),
        ({"type": "string", "format": "date-time"}, "time (RFC 3339)"),
        ({}, "any"),
    ],
)
def test_a_type_is_said_in_words(described: dict[str, Any], words: str) -> None:
    """The page speaks of types as people do."""
    assert type_of(described) == words
