"""Agency B cannot tell by the clock what agency A has: requests, files, reports and officers.

Method: an officer and an administrator of B ask a served portal over one connection. Each pair is one request for
something of A and one for something that does not exist, in an order drawn anew for each pair with a fixed seed, so
that what drifts on the machine meets both alike. Half of A's requests are as large as requests get. Compared are the
whole times to an answer as the client sees them.
"""

from __future__ import annotations

import io
import random
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from scipy.stats import mannwhitneyu

from tests.support.agencies import form
from tests.support.portal_server import PortalServer, serve_portal
from tests.support.surfaces import RealBrowser, nobody
from thinktwice.cases.identifiers import Identifier
from thinktwice.people.person import Person

PAIRS = 1_500
WARM_UP = 60
KEPT = 10
LARGEST_SHIFT = 0.05
"""The median of the differences in pairs, against the median; far below what a network adds to any one answer."""
LARGEST_ADVANTAGE = 0.05
"""How much more often than by chance the one may be slower than the other."""


@dataclass(frozen=True)
class Apart:
    """What A has, and who asks for it from B."""

    cases: list[str]
    files: list[tuple[str, str]]
    reports: list[str]
    officers: list[str]
    officer: RealBrowser
    administrator: RealBrowser


def officer_of(agency_id: str, account_id: str) -> Person:
    now = datetime.now(UTC)
    return Person(
        account_id=account_id,
        name="An officer",
        realm="portal",
        roles=frozenset({"officer"}),
        agency_id=agency_id,
        session_id=f"session-{account_id}",
        method="passkey",
        opened_at=now,
        expires_at=now + timedelta(hours=12),
        second_factor_at=now,
    )


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Apart]:
    with serve_portal(tmp_path_factory.mktemp("apart")) as portal:
        made = filled(portal, portal.agency("Agency A"), portal.agency("Agency B"))
        yield made
        made.officer.close()
        made.administrator.close()


def filled(portal: PortalServer, a: str, b: str) -> Apart:
    """Let A file requests, small and as large as they get, files and reports; bring two people of B in."""
    officers = [
        portal.people.accounts.find(account.id).id
        for account, _token in (
            portal.people.invitations.invite(
                portal.staff("staff-1").actor,
                realm="portal",
                email=f"a{number}@police.example.org",
                name="An officer of A",
                roles=("officer",),
                agency_id=a,
            )
            for number in range(KEPT)
        )
    ]
    person = officer_of(a, officers[0])
    many = tuple(Identifier("account", f"account-{number}") for number in range(10_000))
    cases, files, reports = [], [], []
    for number in range(KEPT):
        case = portal.desk.draft(person, "victim_notification")
        portal.desk.save(person, case, form(identifiers=many if number % 2 else many[:1]), 1)
        files.append((case, portal.filing.attach(person, case, "notes.txt", io.BytesIO(b"who, when, where"))))
        cases.append(case)
        address = f"0x{random.Random(number).getrandbits(160):040x}"
        told = {"handling": "silent", "reason": "A victim paid there."}
        reports.append(portal.reports.report(person, network="ethereum", address=address, days=90, **told))
    return Apart(cases, files, reports, officers, sits(portal, b, "officer"), sits(portal, b, "agency_administrator"))


def sits(portal: PortalServer, agency_id: str, role: str) -> RealBrowser:
    browser = RealBrowser(nobody, url=portal.url, at=portal.url)
    link = portal.invite(agency_id, role, email=f"{role.replace('_', '-')}@police.example.org", name="One of B")
    browser.come_in(link.removeprefix(portal.url))
    return browser


def compared(browser: RealBrowser, method: str, theirs: list[str], absent: list[str]) -> str:
    """Ask for both in pairs, hold the two to each other, and return the figures."""
    order = random.Random(20261123)
    browser.get("/account")
    found = re.search(r'name="form_token" value="([^"]*)"', browser.page.text)
    assert found
    body = f"form_token={found[1]}".encode() if method == "POST" else None
    headers = {
        "Cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items()),
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": browser.url,
        "Sec-Fetch-Site": "same-origin",
    }
    times: tuple[list[float], list[float]] = ([], [])
    for pair in range(PAIRS + WARM_UP):
        sides = [0, 1]
        order.shuffle(sides)
        seen = []
        for side in sides:
            path = (theirs, absent)[side][pair % KEPT]
            began = time.perf_counter()
            answer = browser.client.request(method, path, content=body, headers=headers)
            seconds = time.perf_counter() - began
            seen.append((answer.status_code, len(answer.content)))
            if pair >= WARM_UP:
                times[side].append(seconds)
        assert seen[0] == seen[1]
        assert seen[0][0] == 404
    medians = [float(np.median(side)) for side in times]
    shift = float(np.median(np.subtract(*times))) / medians[1]
    statistic, p_value = map(float, mannwhitneyu(*times))
    advantage = statistic / PAIRS**2 - 0.5
    assert abs(shift) < LARGEST_SHIFT, (theirs[0], shift)
    assert abs(advantage) < LARGEST_ADVANTAGE, (theirs[0], advantage)
    return (
        f"medians {medians[0] * 1e6:.0f} and {medians[1] * 1e6:.0f} microseconds, shift in pairs {shift:+.2%}; "
        f"P(theirs slower) {advantage + 0.5:.3f}, p = {p_value:.3f}"
    )


@pytest.mark.prove
@pytest.mark.quiet
def test_another_agencys_things_answer_in_the_same_time_as_nothing(apart: Apart) -> None:
    """Requests, files, reports, officers: the times differ by less than 5 %; sample and effect are printed."""
    none = [secrets.token_hex(16) for _ in range(KEPT)]
    nobody_there = [one[:4] + secrets.token_hex(32)[: len(one) - 4] for one in apart.officers]
    asked = [
        ("requests", apart.officer, "GET", "/requests/{}", apart.cases, none),
        ("withdrawing", apart.officer, "POST", "/requests/{}/withdraw", apart.cases, none),
        ("reports", apart.officer, "POST", "/reports/{}/retract", apart.reports, none),
        ("officers", apart.administrator, "GET", "/officers/{}", apart.officers, nobody_there),
    ]
    print(f"\n{PAIRS} pairs each, of another agency against absent:")
    for name, browser, method, path, theirs, absent in asked:
        figures = compared(browser, method, [path.format(one) for one in theirs], [path.format(one) for one in absent])
        print(f"{name}: {figures}")
    path = "/requests/{}/files/{}/download"
    theirs, absent = [path.format(*one) for one in apart.files], [path.format(one, one) for one in none]
    print(f"files: {compared(apart.officer, 'POST', theirs, absent)}")
