"""The Hong Kong pilot as people do it: three processes, Chromium, and a virtual authenticator for each of them."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from playwright.sync_api import Error as PlaywrightError

from tests.browser.conftest import Looks, assert_accessible, keep
from tests.browser.console.conftest import Device, complaints
from tests.support.campaign_desk import HK, POLICE
from tests.support.pilot import BADGE, decide, seconds_until
from tests.support.serving import COMMAND, Installation, install
from tests.support.surfaces import Outside
from tests.support.three_processes import Three, three_processes

LIGHT = Looks("en", "light", 1280, has_script=True)
ACTS = {
    "campaign.draft.save",
    "campaign.submit",
    "campaign.comment",
    "campaign.approve.ask",
    "campaign.approve",
    "campaign.release",
    "campaign.withdraw_partner",
}
PHRASE = "four violet engines humming"


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    for name in ("campaigns", "partners"):
        (tmp_path / name).mkdir()
        monkeypatch.setenv(f"THINKTWICE_{name.upper()}_DIR", str(tmp_path / name))
    monkeypatch.setenv("THINKTWICE_OPERATOR_NAME", "Harbour Exchange")
    (tmp_path / "partners" / "partners.yaml").write_text("partners: []\n", "utf-8")
    return install(tmp_path)


@pytest.fixture
def three(installed: Installation) -> Iterator[Three]:
    with three_processes(installed) as made:
        yield made


def arrive(browser: Browser, url: str, link: str) -> Page:
    """Somebody comes in by an invitation, in a browser of their own with a device of their own."""
    page = LIGHT.context(browser).new_page()
    page.emulate_media(reduced_motion="reduce")
    Device(page)
    page.goto(url + link)
    if page.locator('input[type="password"]').count():
        page.get_by_label("New password").fill(PHRASE)
        page.get_by_label("The same password again").fill(PHRASE)
    page.locator("main button").first.click()
    try:
        page.locator("form[data-passkey] button").click()
    except PlaywrightError as error:
        raise AssertionError(f"no passkey is asked for: {page.locator('main').inner_text()}") from error
    expect(page.locator("form[data-passkey]")).to_have_count(0)
    return page


def lines_of_key(page: Page, url: str) -> tuple[str, str]:
    """What the account page says of one's passkey: its lines for the file of partners, and its fingerprint."""
    page.goto(f"{url}/account")
    page.locator("main details summary").click()
    return page.locator("main details pre").inner_text(), page.locator("main details code").inner_text()


def pin(partners: Path, agency: str, officer: str, approver: str) -> None:
    """Write down both keys, as the operator does after the telephone call."""

    def indented(lines: str, by: int) -> str:
        return "".join(" " * by + line + "\n" for line in lines.strip().splitlines())

    (partners / "partners.yaml").write_text(
        f"partners:\n  - id: {POLICE}\n    name: Hong Kong Police Force\n    agency: {agency}\n    keys:\n"
        f"{indented(officer, 6)}operator:\n  keys:\n{indented(approver, 4)}",
        "utf-8",
    )


def written(author: Page, url: str) -> str:
    """Begin the pilot from the shipped pack, set its terms, submit it; returns where its release is."""
    author.goto(f"{url}/campaigns/new")
    author.get_by_label("Name").fill(HK)
    author.get_by_label("Begin from").select_option(f"shipped/{HK}")
    author.get_by_role("button", name="Begin the draft").click()
    author.goto(f"{url}/campaigns/{HK}/terms")
    author.get_by_label("Begins").fill("2026-01-01T00:00:00+08:00")
    author.get_by_label(re.compile("^Ends")).fill("")
    author.get_by_label("Left unwarned, in per cent").fill("0")
    author.get_by_role("button", name="Save the terms").click()
    author.goto(f"{url}/campaigns/{HK}")
    author.get_by_role("button", name="Submit for approval").click()
    expect(author.get_by_text("You wrote some of it, so somebody else approves it.")).to_be_visible()
    assert author.get_by_role("button", name="Approve with a passkey").count() == 0
    return author.url.partition("?")[0]


def looked_at(page: Page, name: str) -> None:
    """Hold a page to what every page has, on a desk by day and on a telephone at night, once its colours rest."""
    for width, scheme in ((1280, "light"), (360, "dark")):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), "wider than its window"
        keep(page, f"joint-{name}-{width}")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(color_scheme="light")


def run(*words: str) -> str:
    return subprocess.run([COMMAND, *words], check=True, capture_output=True, text=True).stdout


def test_the_pilot_in_hong_kong(browser: Browser, installed: Installation, three: Three, tmp_path: Path) -> None:
    """The author drafts and cannot approve; the officer sees the real alert, comments, and approves with a passkey that
    was compared by its fingerprint; the operator's approver reads the comment, approves with another and begins it;
    a customer in Hong Kong sees the badge; the officer withdraws and the next page has none, while the warning goes on;
    all of it is in the chain, and both approvals verify offline.
    """
    with closing(Outside(installed)) as outside:
        agency = outside.agency("Hong Kong Police Force")
        officers = {"email": "o@police.example.org", "name": "An officer", "agency_id": agency}
        officer = arrive(browser, three.portal.url, outside.link("portal", "officer", **officers))
        console, portal = three.console.url, three.portal.url
        approver, author = (
            arrive(browser, console, outside.link("console", *roles, email=f"{name}@example.org", name=name))
            for name, roles in (("approver", ("approver",)), ("author", ("author", "approver")))
        )
    said = complaints(officer)
    officer.goto(f"{portal}/campaigns")
    expect(officer.get_by_text("Nothing was submitted with your agency's name on it.")).to_be_visible()
    looked_at(officer, "none")

    (lines, fingerprint), (operators, _) = lines_of_key(officer, portal), lines_of_key(approver, console)
    pin(tmp_path / "partners", agency, lines, operators)
    assert f"{POLICE} {fingerprint} (localhost)" in run("campaign", "keys", "--partners", str(tmp_path / "partners"))
    release = written(author, console)

    officer.goto(f"{portal}/campaigns")
    looked_at(officer, "list")
    officer.locator("table a").click()
    version = officer.locator("dl.facts code").first.inner_text()
    looked_at(officer, "version")
    officer.get_by_role("link", name="See what customers see").click()
    expect(officer.frame_locator("iframe").get_by_text(BADGE)).to_be_visible()
    keep(officer, "joint-preview")
    officer.go_back()
    officer.get_by_label("Comment").fill("We read it aloud at the desk: it works.")
    officer.get_by_role("button", name="Send the comment").click()
    officer.get_by_role("button", name="Approve with a passkey").click()
    looked_at(officer, "approve")
    officer.get_by_role("button", name="Sign with my passkey").click()
    expect(officer.get_by_text("Your agency's approval is kept")).to_be_visible()

    approver.goto(f"{console}/campaigns/{HK}")
    expect(approver.get_by_text("We read it aloud at the desk: it works.")).to_be_visible()
    looked_at(approver, "console-comments")
    approver.goto(release)
    assert version == approver.locator("dl.facts code").first.inner_text()
    approver.get_by_role("button", name="Approve with a passkey").click()
    approver.get_by_role("button", name="Sign with my passkey").click()
    approver.get_by_role("button", name="Put it live").click()
    expect(approver.get_by_text("It is live.")).to_be_visible()

    url, headers = three.serving.url, installed.headers
    assert seconds_until(lambda: decide(url, headers)["action"] == "alert") <= 2.5
    alert = f"{url}/alerts/{decide(url, headers)['alert']['token']}"
    customer = LIGHT.context(browser).new_page()
    customer.goto(alert)
    expect(customer.get_by_text(BADGE)).to_be_visible()
    keep(customer, "joint-alert")

    officer.get_by_label("Why").fill("we take our name back")
    officer.get_by_role("button", name="Withdraw the approval").click()
    expect(officer.get_by_text("name from now on")).to_be_visible()
    assert BADGE not in httpx.get(alert).text  # the very next render
    assert decide(url, headers)["action"] == "alert"
    looked_at(officer, "withdrawn")
    assert said == []

    data, exported = str(installed.data), tmp_path / "approvals.json"
    run("campaign", "approvals", HK, "--data", data, "--export", str(exported))
    verified = run("campaign", "verify", str(exported), "--partners", str(tmp_path / "partners"))
    assert verified.count("verified") == 2
    assert version in verified
    chain = tmp_path / "chain.jsonl"
    run("audit", "export", str(chain), "--data", data)
    run("audit", "verify", str(chain))  # exit 0: the chain is whole
    acts = {entry["act"] for entry in map(json.loads, chain.read_text("utf-8").splitlines()) if "act" in entry}
    assert acts >= ACTS
