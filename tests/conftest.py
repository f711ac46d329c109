"""What every test gets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog
from hypothesis import settings

# How long an example takes says something about the machine, not about the claim; benchmarks measure time.
settings.register_profile("claims", deadline=None)
settings.load_profile("claims")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the browser tests last: their driver keeps an event loop running, beside which no other can be started."""
    items.sort(key=lambda item: "tests/browser/" in item.path.as_posix())


@pytest.fixture(autouse=True)
def _logs_of_its_own() -> Iterator[None]:
    """Forget how a test configured logs: pytest closes the stream that they were written to."""
    yield
    structlog.reset_defaults()
