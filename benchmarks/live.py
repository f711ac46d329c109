"""Live and stop: how long after the act until the deciding process answers by it.

Budget (issue "Joint campaigns"): at most 1 s from the commit in one process to the first answer of another, without a
restart. The desk stands for console and portal, which act through it from a process of their own; the answers come
over HTTP from ``thinktwice serve``. The partner's withdrawal is measured at the next render of an alert.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path

import httpx

from tests.support.campaign_desk import HK, POLICE
from tests.support.control import APPROVER, OFFICER, SECOND
from tests.support.pilot import BADGE, Pilot, decide, open_pilot, seconds_until
from tests.support.serving import Serving

Row = tuple[str, float, str, str | None]
ROUNDS = 5
BUDGET = "<= 1"


def _set(name: str, value: str) -> None:
    os.environ[name] = value


def _rounds(pilot: Pilot, url: str) -> tuple[list[float], list[float], list[float]]:
    headers = pilot.installation.headers
    live, stop, badge = [], [], []
    for _ in range(ROUNDS):
        release = pilot.approved()
        pilot.desk.go_live(APPROVER, release.id)
        live.append(seconds_until(lambda: decide(url, headers)["action"] == "alert"))
        page = f"{url}/alerts/{decide(url, headers)['alert']['token']}"
        assert BADGE in httpx.get(page).text
        pilot.desk.withdraw_partner(OFFICER, HK, release.version, POLICE, "measured")
        begun = time.monotonic()
        assert BADGE not in httpx.get(page).text
        badge.append(time.monotonic() - begun)
        pilot.desk.stop(SECOND, HK, "measured")
        stop.append(seconds_until(lambda: decide(url, headers)["action"] == "proceed"))
    return live, stop, badge


def run() -> list[Row]:
    """Return medians and the longest of five rounds."""
    with tempfile.TemporaryDirectory() as made, open_pilot(Path(made), _set) as pilot:
        serving = Serving(pilot.installation)
        try:
            live, stop, badge = _rounds(pilot, serving.url)
        finally:
            serving.kill()
    return [
        ("release to first alert, median", statistics.median(live), "s", BUDGET),
        ("release to first alert, longest of 5", max(live), "s", BUDGET),
        ("stop to first silence, median", statistics.median(stop), "s", BUDGET),
        ("stop to first silence, longest of 5", max(stop), "s", BUDGET),
        ("partner's withdrawal to a page without badge, longest of 5", max(badge), "s", BUDGET),
    ]
