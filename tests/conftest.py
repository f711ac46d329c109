"""What every test gets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog
from hypothesis import settings

# How long an example takes says something about the machine, not about the claim; benchmarks measure time.
settings.register_profile("claims", deadline=None)
settings.load_profile("claims")


@pytest.fixture(autouse=True)
def _logs_of_its_own() -> Iterator[None]:
    """Forget how a test configured logs: pytest closes the stream that they were written to."""
    yield
    structlog.reset_defaults()
