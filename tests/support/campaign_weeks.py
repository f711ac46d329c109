"""A simulated campaign, lived through the real decision service into a data folder."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from thinktwice.bootstrap.choices import Campaigns, installation_of, load_campaigns
from thinktwice.bootstrap.core import open_core
from thinktwice.decisions.live import LiveCampaigns
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.settings import load_settings
from thinktwice.simulation.living import Life, lines_of
from thinktwice.simulation.parameters import Parameters
from thinktwice.simulation.presets import scheduled
from thinktwice.simulation.world import make_world
from thinktwice.storage.layout import DataFolder

STARTS_AT = datetime(2026, 3, 1, 16, tzinfo=UTC)
"""Midnight in Hong Kong."""

HK = "hk-joint-anti-scam"
RAM = Path("/dev/shm")


@lru_cache(maxsize=8)
def lived(preset: Callable[..., Parameters], holdout: Decimal | None = None, seed: int = 18222) -> DataFolder:
    """Return a data folder in which a preset was lived; the same one each time it is asked for."""
    folder = tempfile.mkdtemp(prefix="thinktwice-weeks-", dir=RAM if RAM.is_dir() else None)
    parameters = preset(STARTS_AT, seed=seed)
    world = make_world(parameters)
    settings = load_settings()
    installation = installation_of(settings)
    loaded = load_campaigns(settings, installation)
    policies = scheduled(loaded.library.policies, parameters, holdout=holdout)
    campaigns = Campaigns(loaded.library, loaded.fallback, LiveCampaigns(policies, installation.catalogue))
    with open_core(Path(folder), installation=installation, keyring=TEST_KEYRING, campaigns=campaigns) as core:
        life = Life(core.intake, core.service, world.cast)
        life.run(lines_of(world.history), lambda _count: None, until=parameters.ends_at)
    return DataFolder(Path(folder))
