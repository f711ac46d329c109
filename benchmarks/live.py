"""Live, stop and withdrawal over the three processes: how long after somebody's click customers get what it says.

Budget (issue "Joint campaigns"): at most 1 s, without a restart. API with customer pages, console and portal are
processes of their own, started with ``thinktwice serve``; author, approver and officer act through the pages, each with
a passkey; the answers come over HTTP. The clock starts before the form is sent, so that the act itself, its entry in
the chain and its commit are in the figure.
"""

from __future__ import annotations

import os
import re
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx

from tests.support.campaign_desk import HK, POLICE
from tests.support.control import AUTHOR
from tests.support.pilot import BADGE, decide, pilot_files, seconds_until
from tests.support.serving import Installation, Serving, install
from tests.support.surfaces import URLS, Outside, RealBrowser, running
from thinktwice.audit.ledger import Ledger
from thinktwice.campaigns.drafts import DraftStore
from thinktwice.campaigns.partners import PinnedKey
from thinktwice.storage.layout import DataFolder

Row = tuple[str, float, str, str | None]
ROUNDS = 5
BUDGET = "<= 1"


@dataclass(frozen=True)
class Pilot:
    """Three people at their browsers, and what customers ask."""

    author: RealBrowser
    approver: RealBrowser
    officer: RealBrowser
    url: str
    headers: dict[str, str]

    def submitted(self) -> tuple[str, str]:
        """Submit the draft; returns where its release and its version are."""
        self.author.get(f"/campaigns/{HK}")
        answer = self.author.send(f"/campaigns/{HK}/submission", {"revision": "1"})
        release = answer.request.url.path
        found = re.search(r"<code>([0-9a-f]{64})</code>", answer.text)
        assert found, answer.text
        return release, f"/campaigns/{HK}/versions/{found[1]}"

    def gives(self, action: str) -> bool:
        """Whether a new customer gets this now."""
        return bool(decide(self.url, self.headers)["action"] == action)

    def shows_badge(self, token: str) -> bool:
        """Whether the page of an alert shows the partner's name."""
        return BADGE in httpx.get(f"{self.url}/alerts/{token}").text

    def shows_none(self, token: str) -> bool:
        """Whether it does not."""
        return not self.shows_badge(token)


def approve(browser: RealBrowser, path: str) -> None:
    """Approve on a page with one's passkey."""
    browser.get(path)
    browser.send(f"{path}/challenge")
    nonce = browser.page.text.partition('name="nonce" value="')[2].partition('"')[0]
    answer = browser.send(f"{path}/approval", {"answer": browser.device.get(browser.options), "nonce": nonce})
    assert answer.status_code == 200, answer.text


def measured(act: Callable[[], httpx.Response], is_so: Callable[[], bool]) -> float:
    """Return the seconds from before an act until customers get what it says."""
    begun = time.monotonic()
    answer = act()
    assert answer.status_code < 400, answer.text
    seconds_until(is_so)
    return time.monotonic() - begun


def _rounds(pilot: Pilot) -> tuple[list[float], list[float], list[float]]:
    live, stop, badge = [], [], []
    for _ in range(ROUNDS):
        release, version = pilot.submitted()
        approve(pilot.officer, version)
        if "Approve with a passkey" in pilot.approver.get(release).text:  # once: these words and terms stay approved
            approve(pilot.approver, release)
        begin = partial(pilot.approver.send, f"{release}/beginning", {"as": "live"})
        live.append(measured(begin, partial(pilot.gives, "alert")))
        alert = decide(pilot.url, pilot.headers)["alert"]["token"]
        assert pilot.shows_badge(alert)
        pilot.officer.get(version)
        withdraw = partial(pilot.officer.send, f"{version}/withdrawal", {"reason": "measured"})
        badge.append(measured(withdraw, partial(pilot.shows_none, alert)))
        pilot.approver.get(f"/campaigns/{HK}")
        end = partial(pilot.approver.send, f"/campaigns/{HK}/stop", {"reason": "measured"})
        stop.append(measured(end, partial(pilot.gives, "proceed")))
    return live, stop, badge


@contextmanager
def _pilot(folder: Path) -> Iterator[Pilot]:
    """Start three processes and let three people come in; their passkeys are pinned, the draft is written."""
    installed = _installed(folder)
    with ExitStack() as stack:
        console, portal = (stack.enter_context(running(installed, realm)) for realm in ("console", "portal"))
        serving = Serving(installed)
        stack.callback(serving.kill)
        outside = stack.enter_context(closing(Outside(installed)))
        agency = outside.agency("Hong Kong Police Force")
        officer = outside.browser(portal, "portal", "officer", name="An officer", agency_id=agency)
        author, approver = (
            outside.browser(console, "console", role, name=f"An {role}") for role in ("author", "approver")
        )
        for browser in (officer, author, approver):
            stack.callback(browser.close)
        _pin(folder / "partners", agency, officer)
        with closing(Ledger(DataFolder(installed.data).control)) as ledger:
            DraftStore(ledger).save(AUTHOR, HK, pilot_files(), based_on=0)
        yield Pilot(author, approver, officer, serving.url, installed.headers)


def _installed(folder: Path) -> Installation:
    for name in ("campaigns", "partners"):
        (folder / name).mkdir()
        os.environ[f"THINKTWICE_{name.upper()}_DIR"] = str(folder / name)
    (folder / "partners" / "partners.yaml").write_text("partners: []\n", "utf-8")
    return install(folder)


def _pin(partners: Path, agency: str, officer: RealBrowser) -> None:
    key = PinnedKey(
        credential_id=officer.device.credential_id,
        public_key=officer.device.cose_key(),
        rp_id=URLS["portal"].partition("://")[2],
        origins=(URLS["portal"],),
    )
    entry = key.as_entry().replace("\n", "\n      ")
    named = f"partners:\n  - id: {POLICE}\n    name: Hong Kong Police Force\n    agency: {agency}\n"
    (partners / "partners.yaml").write_text(f"{named}    keys:\n      {entry}\n", "utf-8")


def run() -> list[Row]:
    """Return medians and the longest of five rounds."""
    with tempfile.TemporaryDirectory() as made, _pilot(Path(made)) as pilot:
        live, stop, badge = _rounds(pilot)
    return [
        ("click to first alert, three processes, median", statistics.median(live), "s", BUDGET),
        ("click to first alert, three processes, longest of 5", max(live), "s", BUDGET),
        ("stop to first silence, three processes, median", statistics.median(stop), "s", BUDGET),
        ("stop to first silence, three processes, longest of 5", max(stop), "s", BUDGET),
        ("partner's withdrawal in the portal to a page without badge, median", statistics.median(badge), "s", BUDGET),
        ("partner's withdrawal in the portal to a page without badge, longest of 5", max(badge), "s", BUDGET),
    ]
