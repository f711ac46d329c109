"""Two hundred officers at once at a portal that is a process of its own: clear answers only, and nothing lost.

Each officer sits at a browser of their own and does one thing after another without a pause, which is more than two
hundred people do. The server and the crowd share one machine.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import numpy as np
import pytest

from tests.support.portal import FORM
from tests.support.serving import Installation, install
from tests.support.surfaces import Outside, RealBrowser, Surface, nobody, running
from thinktwice.storage.layout import DataFolder
from thinktwice.storage.sqlite import connect

OFFICERS = 200
AGENCIES = 10
ROUNDS = 2
MOST_P99_SECONDS = 10.0
CLEAR = {409, 429, 503}
"""What a portal may answer to somebody who did nothing wrong when it is busy, each with a page that says what to do."""


@dataclass
class Officer:
    """One officer at a browser; remembers what was acknowledged and how long each answer took."""

    number: int
    browser: RealBrowser
    seconds: list[float] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    submitted: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    reported: list[str] = field(default_factory=list)

    def does(self, act: Callable[..., httpx.Response], *given: object) -> httpx.Response:
        """Do one thing, and again when the portal clearly says that it is busy."""
        for _ in range(20):
            began = time.monotonic()
            answer = act(*given)
            self.seconds.append(time.monotonic() - began)
            if answer.status_code == 200:
                return answer
            assert answer.status_code in CLEAR, (answer.status_code, answer.text[-2_000:])
            assert "<h1>" in answer.text
            self.refused.append(answer.status_code)
            time.sleep(0.2)
        raise AssertionError("the portal stayed busy")

    def works(self) -> None:
        """Read, write and submit, as officers do."""
        browser, mark = self.browser, f"{self.number:03}"
        for turn in range(ROUNDS):
            self.does(browser.get, "/requests")
            self.does(browser.get, "/requests/new")
            answer = self.does(browser.send, "/requests/new", {"kind": "information"})
            case_id = answer.request.url.path.split("/")[2]
            form = FORM | {"revision": "1", "case_number": f"C-{mark}-{turn}"}
            self.does(browser.send, f"/requests/{case_id}/form", form)
            self.does(browser.upload, f"/requests/{case_id}/files", {}, "file", "a.txt", mark.encode() * 4_000)
            self.files.append(case_id)
            self.does(browser.get, f"/requests/{case_id}/check")
            self.does(browser.send, f"/requests/{case_id}/submit")
            self.submitted.append(case_id)
            self.does(browser.send, f"/requests/{case_id}/messages", {"text": f"From {mark}, turn {turn}."})
            self.messages.append(case_id)
            self.does(browser.get, "/reports/new")
            address = f"0x{self.number * ROUNDS + turn + 1:040x}"
            rows = {"rows": f"address,{address},ethereum", "handling": "silent", "days": "9"}
            self.does(browser.send, "/reports/new", rows | {"reason": "A victim paid there."})
            self.reported.append(address)
            self.does(browser.get, "/reports")


@pytest.fixture
def crowd(tmp_path: Path) -> Iterator[tuple[Installation, list[Officer], float]]:
    """Give officers of several agencies who have all come in, each from an address of their own."""
    installation = install(tmp_path)
    with ExitStack() as stack:
        portal = stack.enter_context(running(installation, "portal", THINKTWICE_IS_BEHIND_PROXY="true"))
        outside = Outside(installation)
        stack.callback(outside.close)
        agencies = [outside.agency(f"Agency {number}") for number in range(AGENCIES)]
        links = [
            outside.link(
                "portal", "officer", email=f"o{one}@police.example.org", name="An officer", agency_id=agencies[one % 10]
            )
            for one in range(OFFICERS)
        ]
        began = time.monotonic()
        with ThreadPoolExecutor(OFFICERS) as pool:
            officers = list(pool.map(lambda one: come_in(portal, *one), enumerate(links)))
        yield installation, officers, time.monotonic() - began
        for officer in officers:
            officer.browser.close()


def come_in(portal: Surface, number: int, link: str) -> Officer:
    browser = RealBrowser(nobody, url=portal.url, at=portal.at, address=f"203.0.{number // 250}.{number % 250 + 1}")
    browser.come_in(link)
    return Officer(number, browser)


def kept(installation: Installation, statement: str) -> Counter[str]:
    """Count rows of the database by what they belong to."""
    with closing(connect(DataFolder(installation.data).control, read_only=True)) as connection:
        return Counter(row[0] for row in connection.execute(statement))


@pytest.mark.prove
@pytest.mark.quiet
def test_two_hundred_officers_at_once(crowd: tuple[Installation, list[Officer], float]) -> None:
    """Reads and submissions together: nothing but clear answers, all that was acknowledged is there; p99 is printed."""
    installation, officers, coming_in = crowd
    began = time.monotonic()
    with ThreadPoolExecutor(OFFICERS) as pool:
        list(pool.map(Officer.works, officers))
    took = time.monotonic() - began
    seconds = np.array([one for officer in officers for one in officer.seconds])
    refused = Counter(code for officer in officers for code in officer.refused)
    median, late = float(np.median(seconds)), float(np.quantile(seconds, 0.99))
    print(
        f"\n{OFFICERS} officers came in within {coming_in:.0f} s; then {len(seconds):,} answers in {took:.0f} s "
        f"({len(seconds) / took:.0f} a second): median {median:.2f} s, p99 {late:.2f} s, longest "
        f"{seconds.max():.2f} s; asked to come again: {dict(refused)}"
    )
    assert {len(officer.submitted) for officer in officers} == {ROUNDS}
    state = kept(installation, "SELECT id FROM case_request WHERE state = 'submitted'")
    assert state == Counter(case for officer in officers for case in officer.submitted)
    assert kept(installation, "SELECT case_id FROM case_message") == state
    assert kept(installation, "SELECT case_id FROM case_file") == state
    assert kept(installation, "SELECT case_id FROM case_notice") == state
    reported = Counter(address for officer in officers for address in officer.reported)
    assert kept(installation, "SELECT address FROM agency_report") == reported
    assert late < MOST_P99_SECONDS
