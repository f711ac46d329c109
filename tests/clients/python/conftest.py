"""Fixtures of the Python client's tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from thinktwice_client import Client, Options, Tiers

from tests.clients.python.misbehaving import Misbehaving

MakeOptions = Callable[..., Options]
SECRET = "tt_test_0123456789abcdefSECRET"


@pytest.fixture
def server() -> Iterator[Misbehaving]:
    """Give a server that behaves, for now."""
    with Misbehaving() as running:
        yield running


@pytest.fixture
def options(server: Misbehaving) -> MakeOptions:
    """Give a function that sets up a client for the server; keywords replace options.

    The deadline is generous, for busy machines: what is claimed of the default one is in test_deadline.
    """

    def make(**changes: Any) -> Options:
        given: dict[str, Any] = {
            "base_url": server.url,
            "api_key": SECRET,
            "tiers": Tiers.one("proceed"),
            "deadline": 2.0,
        }
        return Options(**{**given, **changes})

    return make


@pytest.fixture
def client(options: MakeOptions) -> Iterator[Client]:
    """Give a client that reaches the server, with a short pause before it asks again."""
    with Client(options(cool_off=0.2)) as made:
        yield made
