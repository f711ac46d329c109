"""A simulated campaign, lived through the real decision service into a data folder."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from thinktwice.bootstrap.choices import Campaigns, installation_of, load_campaigns
from thinktwice.bootstrap.core import open_core
from thinktwice.decisions.live import LiveCampaigns
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.settings import load_settings
from thinktwice.simulation.living import Life, lines_of
from thinktwice.simulation.parameters import Parameters
from thinktwice.simulation.presets import PRESETS, scheduled
from thinktwice.simulation.world import make_world
from thinktwice.storage.layout import DataFolder

STARTS_AT = datetime(2026, 3, 1, 16, tzinfo=UTC)
"""Midnight in Hong Kong."""

HK = "hk-joint-anti-scam"
RAM = Path("/dev/shm")


@lru_cache(maxsize=8)
def lived(preset: Callable[..., Parameters], holdout: Decimal | None = None, seed: int = 18222) -> DataFolder:
    """Return a data folder in which a preset was lived; the same one each time it is asked for.

    With ``THINKTWICE_TEST_WORLDS`` it is kept in that folder for the next run, while one works on a page.
    """
    parameters = preset(STARTS_AT, seed=seed)
    kept = os.environ.get("THINKTWICE_TEST_WORLDS")
    if kept is None:
        folder = tempfile.mkdtemp(prefix="thinktwice-weeks-", dir=RAM if RAM.is_dir() else None)
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    else:
        folder = f"{kept}/{sha256(repr((parameters, holdout)).encode()).hexdigest()[:16]}"
        if Path(folder).is_dir():
            return DataFolder(Path(folder))
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


def _small(preset: Callable[..., Parameters]) -> Callable[..., Parameters]:
    return lambda starts_at, seed=18222: replace(preset(starts_at, seed=seed), customers=1_200, withdrawals=1_400)


SMALL: Mapping[str, Callable[..., Parameters]] = {name: _small(preset) for name, preset in PRESETS.items()}
"""The named worlds with fewer people: seconds instead of many, and too few for amounts."""
