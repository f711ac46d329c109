"""What tests of people share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.people import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Console and portal on one fresh database."""
    world = World(tmp_path)
    yield world
    world.close()
