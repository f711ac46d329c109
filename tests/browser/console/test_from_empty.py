"""As each role, from an empty installation to a stopped campaign and a resolved hold; by mouse, and by keyboard alone.

Service and console are processes that the command line started; the browser is Chromium with its virtual authenticator.
Minutes long, so in the long proof; ``test_campaigns``, ``test_hold_resolved`` and ``test_signing_in`` tell the parts.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Looks, assert_accessible, assert_frame_accessible, keep
from tests.browser.console.conftest import Device, complaints
from tests.browser.console.test_signing_in import PHRASE, code_of
from tests.support.hands import Hands, Keyboard, Mouse
from tests.support.installed import Installed, empty, running
from tests.support.world import request as withdrawal

LIGHT = Looks("en", "light", 1280, has_script=True)
PACK = "new-destination"
HOLD = "hold: {hours: 24, legal_basis: terms-7.3, maximum_hours: 72, appeal: in_app}\n"


@dataclass
class Colleague:
    """One person in a browser of their own; ``seen`` are the pages that are looked at again, dark and narrow."""

    page: Page
    hands: Hands
    url: str
    name: str
    secret: str
    said: list[str]
    steps: int = 1

    def press(self, role: Any, name: str | re.Pattern[str], *, exact: bool = False, first: bool = False) -> None:
        found = self.page.get_by_role(role, name=name, exact=exact)
        self.hands.press(found.first if first else found)

    def look(self, name: str) -> None:
        """Hold the page to what every page has, light and wide, then dark and narrow."""
        page = self.page
        wide = page.viewport_size
        assert_accessible(page)
        keep(page, f"story-{name}-light")
        page.emulate_media(color_scheme="dark")
        page.set_viewport_size({"width": 360, "height": 740})
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{name} is too wide"
        keep(page, f"story-{name}-dark-360")
        page.emulate_media(color_scheme="light")
        page.set_viewport_size(wide or {"width": 1280, "height": 900})

    def code(self) -> str:
        """Return a code of the app that was not used yet."""
        self.steps += 1
        return code_of(self.secret, steps=self.steps - 1)

    def confirm_if_asked(self) -> None:
        """Give the second factor again, where the last one is too long ago or was no fresh one."""
        field = self.page.get_by_label("Code from your app")
        if field.count():
            self.hands.write(field, self.code())
            self.press("button", "Continue")


@dataclass
class Story:
    """Who is there so far."""

    browser: Browser
    place: Installed
    hand: Callable[[Page], Hands]

    def enrol(self, link: str, name: str, *, has_passkey: bool = True) -> Colleague:
        """Open an invitation, set a password, and a passkey or an app."""
        page = LIGHT.context(self.browser).new_page()
        page.set_default_timeout(20_000)
        hands, said, secret = self.hand(page), complaints(page), ""
        if has_passkey:
            Device(page)
        page.goto(link)
        hands.write(page.get_by_label("New password"), PHRASE)
        hands.write(page.get_by_label("The same password again"), PHRASE)
        hands.press(page.get_by_role("button", name="Set the password"))
        if has_passkey:
            hands.press(page.get_by_role("button", name="Make a passkey"))
        else:
            hands.press(page.get_by_role("button", name="Use an app"))
            secret = page.locator("#manual-key").inner_text().replace(" ", "")
            hands.write(page.get_by_label("Code from your app"), code_of(secret))
            hands.press(page.get_by_role("button", name="Use this app"))
        hands.press(page.get_by_role("link", name="I have kept them"))
        expect(page.get_by_role("heading", level=1)).to_have_text("Today")
        return Colleague(page, hands, self.place.console_url, name, secret, said)

    def first_administrator(self) -> Colleague:
        printed = self.place.run("user", "create-first-administrator", "first@example.org", "Demo administrator")
        with_path = printed.strip().splitlines()[-1]
        return self.enrol(self.place.console_url + with_path, "Demo administrator")

    def invited(self, by: Colleague, role: str, name: str, *, has_passkey: bool = True) -> Colleague:
        """Let the administrator invite somebody by the page, and that person come."""
        by.page.goto(f"{by.url}/people")
        by.press("link", "Invite a person")
        by.hands.write(by.page.get_by_label("Name"), name)
        by.hands.write(by.page.get_by_label("E-mail address"), name.lower().replace(" ", ".") + "@example.org")
        by.hands.tick(by.page.get_by_label(role, exact=True))
        by.press("button", "Invite")
        return self.enrol(by.page.locator("#link").inner_text().strip(), name, has_passkey=has_passkey)


@pytest.fixture(params=["mouse", "keyboard"])
def story(request: pytest.FixtureRequest, browser: Browser, tmp_path: Path) -> Story:
    return Story(browser, empty(tmp_path), Keyboard if request.param == "keyboard" else lambda _page: Mouse())


def decide(place: Installed, key: str, name: str, **changes: Any) -> dict[str, Any]:
    """Ask for a decision as the exchange's server does."""
    body = withdrawal(name, initiated_at=datetime.now(UTC).isoformat(), customer__locale="en", **changes)
    answer = httpx.post(f"{place.api_url}/v1/decisions", json=body, headers={"Authorization": f"Bearer {key}"})
    found: dict[str, Any] = answer.raise_for_status().json()
    return found


def wait_for_hold(page: Page, place: Installed, key: str) -> dict[str, Any]:
    """Ask again until the deciding process has taken up what went live, and return what it holds."""
    for number in range(100):
        answer = decide(place, key, f"w-{number}", customer__id="c-74")
        if answer["action"] == "hold":
            return answer
        page.wait_for_timeout(100)
    raise AssertionError("the campaign does not hold")


def until(page: Page, is_so: Callable[[], bool]) -> None:
    """Wait some seconds for what another process does."""
    for _ in range(100):
        if is_so():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it did not happen")


def settled(who: Colleague, path: str, words: str) -> None:
    """Open a page until it says so: what was asked for is carried out within a second."""

    def says() -> bool:
        who.page.goto(path)
        return who.page.get_by_text(words).count() > 0

    until(who.page, says)


def make_key(administrator: Colleague) -> str:
    """Make the key of the exchange's server by the page."""
    administrator.page.goto(f"{administrator.url}/keys/new")
    administrator.hands.write(administrator.page.get_by_label("Name"), "withdrawals")
    live = administrator.page.locator('input[name="mode"][value="live"]')
    if not live.is_checked():
        administrator.hands.tick(live)
    for scope in ("decide", "clear", "events"):
        administrator.hands.tick(administrator.page.get_by_label(scope, exact=True))
    administrator.press("button", "Make the key")
    return administrator.page.locator("#secret").inner_text().strip()


def edit(who: Colleague, path: str, change: Callable[[str], str]) -> None:
    """Open one file of the draft by its tab, change its text, and save."""
    who.press("button", path.replace("messages/", ""), exact=True)
    area = who.page.get_by_label(path, exact=True)
    who.hands.write(area, change(area.input_value()))
    who.press("button", "Save the draft")
    expect(who.page.get_by_text("The draft is saved.")).to_be_visible()


def write_campaign(author: Colleague) -> None:
    """Begin from a shipped pack, let it hold large payments, and submit it."""
    author.page.goto(f"{author.url}/campaigns")
    expect(author.page.get_by_text("Here will be every campaign")).to_be_visible()
    author.look("campaigns-empty")
    author.page.goto(f"{author.url}/campaigns/new")
    author.hands.write(author.page.get_by_label("Name"), PACK)
    option = author.page.locator(f'select option[value="shipped/{PACK}"]').first.inner_text()
    author.hands.choose(author.page.get_by_label("Begin from"), option)
    author.press("button", "Begin the draft")
    expect(author.page.get_by_text("The draft is saved.")).to_be_visible()
    edit(author, "release.yaml", lambda text: text.replace("frequency_cap", f"{HOLD}frequency_cap"))
    edit(author, "campaign.yaml", lambda text: text.replace("intervention: confirm", "intervention: hold"))
    author.look("draft")
    author.press("button", "Save and preview")
    assert_preview(author)
    author.page.goto(f"{author.url}/campaigns/{PACK}/draft")
    author.press("button", "Submit for approval")
    expect(author.page.get_by_role("heading", level=1)).to_have_text("Release 1")
    expect(author.page.get_by_role("button", name="Approve with a passkey")).to_have_count(0)


def assert_preview(author: Colleague) -> None:
    """Look at the page of the preview and at the alert inside it."""
    expect(author.page.frame_locator("iframe").get_by_role("heading", level=1)).to_be_visible()
    assert_frame_accessible(author.page)
    author.look("preview")


def approve(approver: Colleague) -> None:
    """Sign with the passkey and put it live."""
    approver.page.goto(f"{approver.url}/campaigns")
    approver.press("link", "0 of 1")
    approver.press("button", "Approve with a passkey")
    expect(approver.page.get_by_role("heading", level=1)).to_have_text("Approve a campaign")
    approver.look("approve")
    approver.press("button", "Sign with my passkey")
    expect(approver.page.get_by_text("Your approval is kept")).to_be_visible()
    approver.press("button", "Put it live")
    expect(approver.page.get_by_text("It is live.")).to_be_visible()


def propose(first: Colleague, held: dict[str, Any]) -> None:
    """Take it, call, note, and say the first word."""
    page = first.page
    first.press("link", "Interventions", first=True)
    first.look("queue")
    first.press("link", re.compile(r"^w-\d+$"))
    first.press("button", "I work on this")
    first.hands.choose(page.get_by_label("Contact attempt"), "Reached")
    first.hands.write(page.get_by_label("How, and what happened"), "Rang the number on file.")
    first.press("button", "Note the attempt")
    first.hands.choose(page.get_by_label("Finding"), "Genuine")
    first.hands.write(page.locator("#disposition-text"), "The bill is the hospital's own.")
    first.press("button", "Note the finding")
    first.hands.tick(page.get_by_label("Propose an early end"))
    first.hands.write(page.locator("#own-reason"), "An urgent, genuine bill.")
    first.hands.write(page.get_by_label("How you reached the customer"), "The number on file since 2021")
    first.hands.write(page.get_by_label("When (UTC)"), datetime.now(UTC).strftime("%Y-%m-%dT%H:%M"))
    first.hands.write(page.get_by_label("Where it is noted"), "call 17")
    first.look("hold")
    first.press("button", "Decide", exact=True)
    settled(first, f"{first.url}/interventions/{held['decision_id']}", "You gave the first word")
    assert page.get_by_role("button", name="Agree to end it early").count() == 0


def agree(second: Colleague, held: dict[str, Any]) -> None:
    """Be the second person, with a second factor given now."""
    path = f"{second.url}/interventions/{held['decision_id']}"
    second.page.goto(path)
    for _ in range(2):
        second.hands.write(second.page.get_by_label("Why you agree"), "I read the notes and rang the hospital as well.")
        second.press("button", "Agree to end it early")
        if not second.page.get_by_label("Code from your app").count():
            break
        second.confirm_if_asked()
    settled(second, path, "Nothing stands between this customer and this destination any more.")
    second.look("released")


def check_the_chain(compliance: Colleague, place: Installed) -> None:
    """Read the audit, take a copy, and verify it offline against a checkpoint and the public key."""
    page = compliance.page
    compliance.press("link", "Audit", first=True)
    for act in ("hold.release", "campaign.stop"):
        expect(page.locator("td code").get_by_text(act, exact=True).first).to_be_visible()
    compliance.look("audit")
    compliance.press("link", "Check the chain")
    expect(page.get_by_text("The chain is whole.")).to_be_visible()
    compliance.look("audit-check")
    page.goto(f"{compliance.url}/audit/export")
    checkpoint, copy, public = (place.folder / name for name in ("checkpoints.jsonl", "copy.jsonl", "seal.pub"))
    place.run("audit", "checkpoint", "--to", str(checkpoint))
    with page.expect_download() as downloading:
        compliance.press("button", "Take the copy")
    downloading.value.save_as(copy)
    public.write_text(place.run("evidence", "public-key").strip())
    assert base64.b64decode(public.read_text().split()[-1])
    verdict = place.run("audit", "verify", str(copy), "--checkpoint", str(checkpoint), "--key", str(public))
    assert "whole" in verdict
    lines = copy.read_text().splitlines()
    (place.folder / "edited.jsonl").write_text("\n".join([*lines[:-2], lines[-1]]) + "\n")
    with pytest.raises(Exception, match="exit status 1"):
        place.run(
            "audit", "verify", str(place.folder / "edited.jsonl"), "--checkpoint", str(checkpoint), "--key", str(public)
        )


@pytest.mark.prove
def test_from_an_empty_installation_to_a_stopped_campaign_and_a_resolved_hold(story: Story) -> None:
    """Seven roles, each in its own browser: all by the pages; each accessible, light and dark, wide and narrow."""
    place = story.place
    assert not place.data.exists()
    printed = place.run("user", "list")
    assert "first@example.org" not in printed
    with running(place):
        administrator = story.first_administrator()
        administrator.look("today-empty")
        author = story.invited(administrator, "Author", "Demo author")
        approver = story.invited(administrator, "Approver", "Demo approver")
        analyst = story.invited(administrator, "Analyst", "Demo analyst")
        first = story.invited(administrator, "Intervention handler", "Demo handler one")
        second = story.invited(administrator, "Intervention handler", "Demo handler two", has_passkey=False)
        cases = story.invited(administrator, "Case handler", "Demo case handler", has_passkey=False)
        compliance = story.invited(administrator, "Compliance", "Demo compliance")
        administrator.page.goto(f"{administrator.url}/people")
        administrator.look("people")
        key = make_key(administrator)

        assert decide(place, key, "w-before")["action"] == "proceed"
        write_campaign(author)
        approve(approver)
        held = wait_for_hold(approver.page, place, key)
        propose(first, held)
        agree(second, held)
        again = decide(place, key, "w-again", customer__id="c-74")
        assert again["action"] == "alert"

        analyst.page.goto(f"{analyst.url}/decisions/{held['decision_id']}")
        expect(analyst.page.get_by_text("fiat_amount >= 200").first).to_be_visible()
        analyst.look("decision")
        cases.page.goto(f"{cases.url}/cases")
        cases.look("cases-empty")
        cases.page.goto(f"{cases.url}/campaigns")
        expect(cases.page.get_by_role("heading", level=1)).not_to_have_text("Campaigns")

        analyst.page.goto(f"{analyst.url}/campaigns/{PACK}")
        analyst.look("campaign-live")
        analyst.press("button", "Stop this campaign now")
        expect(analyst.page.get_by_text("It is stopped.")).to_be_visible()
        after = (decide(place, key, f"w-after-{number}", customer__id=f"c-{number}") for number in range(100))
        until(analyst.page, lambda: next(after)["action"] == "proceed")
        check_the_chain(compliance, place)
    people = (administrator, author, approver, analyst, first, second, cases, compliance)
    assert {who.name: [line for line in who.said if "403" not in line] for who in people} == {
        who.name: [] for who in people
    }
