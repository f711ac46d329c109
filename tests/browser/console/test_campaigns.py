"""Campaigns in Chromium: written, approved with a passkey, live, stopped; two who write one draft; every page."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page, expect

from tests.browser.conftest import Looks, assert_accessible, assert_frame_accessible, keep
from tests.browser.console.conftest import Device, complaints
from tests.support.console_server import ConsoleServer, serve_console
from tests.support.pilot import decide, seconds_until
from tests.support.serving import Serving, install

LIGHT = Looks("en", "light", 1280, has_script=True)
DARK = Looks("zh-Hant", "dark", 360, has_script=True)
PLAIN = Looks("en", "light", 360, has_script=False)
PHRASE = "four violet engines humming"
PACK = "new-destination"
_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConsoleServer]:
    with serve_console(tmp_path_factory.mktemp("demo-campaigns"), is_demo=True) as server:
        yield server


def enter(page: Page, console: ConsoleServer, role: str) -> None:
    page.goto(f"{console.url}/demo")
    page.locator(f'button[value="{role}"]').click()
    page.wait_for_url(f"{console.url}/")


def arrive(browser: Browser, console: ConsoleServer, *roles: str) -> Page:
    """A person with a passkey, invited and signed in, in a browser of their own."""
    page = LIGHT.context(browser).new_page()
    Device(page)
    number = next(_numbers)
    page.goto(console.invite(*roles, email=f"campaigner{number}@example.org", name=f"Person {number}"))
    page.get_by_label("New password").fill(PHRASE)
    page.get_by_label("The same password again").fill(PHRASE)
    page.get_by_role("button", name="Set the password").click()
    page.get_by_role("button", name="Make a passkey").click()
    page.get_by_role("link", name="I have kept them").click()
    return page


def begin(page: Page, console: ConsoleServer, name: str, origin: str = f"folder/{PACK}") -> None:
    page.goto(f"{console.url}/campaigns/new")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Begin from").select_option(origin)
    page.get_by_role("button", name="Begin the draft").click()
    expect(page.get_by_text("The draft is saved.")).to_be_visible()


def change(page: Page, path: str, old: str, new: str) -> None:
    area = page.get_by_label(path, exact=True)
    text = area.input_value()
    assert old in text
    area.fill(text.replace(old, new, 1))


def heading(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def test_from_an_empty_installation_to_a_stopped_campaign(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An author drafts and submits, and cannot approve, not even with the role; an approver does with a passkey and
    puts it live; the deciding process, another one, warns within a second or two; one click and it warns nobody.
    """
    (tmp_path / "campaigns").mkdir()
    monkeypatch.setenv("THINKTWICE_CAMPAIGNS_DIR", str(tmp_path / "campaigns"))
    installed = install(tmp_path)
    serving = Serving(installed)
    try:
        with serve_console(installed.data) as console:
            assert decide(serving.url, installed.headers)["action"] == "proceed"
            author = arrive(browser, console, "author", "approver")
            said = complaints(author)
            author.goto(f"{console.url}/campaigns")
            expect(author.get_by_text("Here will be every campaign")).to_be_visible()
            keep(author, "console-campaigns-empty")
            begin(author, console, PACK, f"shipped/{PACK}")
            author.get_by_role("button", name="en.md").click()
            change(author, "messages/en.md", "Check before you send", "Stop and check first")
            author.get_by_role("button", name="Save the draft").click()
            author.goto(f"{console.url}/campaigns/{PACK}")
            author.get_by_role("link", name="Schedule, shares and limits").click()
            author.get_by_label("Expected a day").fill("400")
            author.get_by_role("button", name="Save the terms").click()
            author.get_by_role("button", name="Submit for approval").click()
            heading(author, "Release 1")
            expect(author.get_by_text("You wrote some of it, so somebody else approves it.")).to_be_visible()
            expect(author.get_by_role("button", name="Approve with a passkey")).to_have_count(0)
            assert_accessible(author)
            keep(author, "console-release-own")
            assert decide(serving.url, installed.headers)["action"] == "proceed"

            approver = arrive(browser, console, "approver")
            refused = complaints(approver)
            approver.goto(f"{console.url}/campaigns")
            approver.get_by_role("link", name="0 of 1").click()
            approver.get_by_role("button", name="Approve with a passkey").click()
            heading(approver, "Approve a campaign")
            assert_accessible(approver)
            keep(approver, "console-approve")
            approver.get_by_role("button", name="Sign with my passkey").click()
            expect(approver.get_by_text("Your approval is kept")).to_be_visible()
            assert_accessible(approver)
            keep(approver, "console-release-approved")
            approver.get_by_role("button", name="Put it live").click()
            expect(approver.get_by_text("It is live.")).to_be_visible()
            assert seconds_until(lambda: decide(serving.url, installed.headers)["action"] == "alert") <= 2.5

            approver.goto(f"{console.url}/campaigns/{PACK}")
            expect(approver.get_by_text("warns nobody")).to_be_visible()
            assert_accessible(approver)
            keep(approver, "console-campaign-live")
            approver.get_by_role("button", name="Stop this campaign now").click()
            expect(approver.get_by_text("It is stopped.")).to_be_visible()
            assert seconds_until(lambda: decide(serving.url, installed.headers)["action"] == "proceed") <= 2.5
            keep(approver, "console-campaign-stopped")
            assert said == []
            assert refused == []
    finally:
        serving.kill()


def test_two_analysts_write_one_draft(browser: Browser, demo: ConsoleServer) -> None:
    """The second to save is told who was faster, sees both changes put together, and saves both; nothing is lost."""
    first, second = LIGHT.context(browser).new_page(), LIGHT.context(browser).new_page()
    enter(first, demo, "analyst")
    begin(first, demo, "two-writers")
    enter(second, demo, "author")
    for page in (first, second):
        page.goto(f"{demo.url}/campaigns/two-writers/draft?file=messages/en.md")
    change(first, "messages/en.md", "Keep my money here", "Keep the money here")
    change(second, "messages/en.md", "Check before you send", "Check, then send")
    first.get_by_role("button", name="Save the draft").click()
    expect(first.get_by_text("The draft is saved.")).to_be_visible()
    second.get_by_role("button", name="Save the draft").click()
    heading(second, "Somebody else saved meanwhile")
    assert_accessible(second)
    keep(second, "console-draft-conflict")
    second.get_by_role("button", name="Save both").click()
    text = second.get_by_label("messages/en.md", exact=True).input_value()
    assert "Keep the money here" in text
    assert "Check, then send" in text


def test_the_same_line_twice_is_left_to_a_person(browser: Browser, demo: ConsoleServer) -> None:
    """Where both changed one line both readings stand between markers, and no such text can be submitted."""
    first, second = LIGHT.context(browser).new_page(), LIGHT.context(browser).new_page()
    enter(first, demo, "analyst")
    begin(first, demo, "one-line")
    enter(second, demo, "author")
    for page, words in ((first, "Wait before you send"), (second, "Ask before you send")):
        page.goto(f"{demo.url}/campaigns/one-line/draft?file=messages/en.md")
        change(page, "messages/en.md", "Check before you send", words)
    first.get_by_role("button", name="Save the draft").click()
    expect(first.get_by_text("The draft is saved.")).to_be_visible()
    second.get_by_role("button", name="Save the draft").click()
    expect(second.get_by_text("You both changed the same lines of messages/en.md.")).to_be_visible()
    text = second.get_by_label("messages/en.md", exact=True).input_value()
    assert text.index("Ask before you send") < text.index("Wait before you send")
    second.get_by_role("button", name="Save both").click()
    expect(second.get_by_text("against submitting it.")).to_be_visible()


def test_it_is_checked_and_completed_while_one_types(browser: Browser, demo: ConsoleServer) -> None:
    """The check answers to what was typed without a click; a signal's name completes, with its meaning beside it."""
    page = LIGHT.context(browser).new_page()
    said = complaints(page)
    enter(page, demo, "author")
    begin(page, demo, "typed")
    area = page.get_by_label("campaign.yaml", exact=True)
    change(page, "campaign.yaml", "fiat_amount >= 200", "fiat_amuont >= 200")
    expect(page.locator("#findings")).to_contain_text("fiat_amuont")
    expect(page.locator("#findings")).to_contain_text("1 fault stands against submitting it.")
    change(page, "campaign.yaml", "fiat_amuont >= 200", "is_remo")
    area.click()
    area.evaluate(
        "area => area.setSelectionRange(area.value.indexOf('is_remo') + 7, area.value.indexOf('is_remo') + 7)"
    )
    area.dispatch_event("click")
    keep(page, "console-draft-completion")
    page.locator(".completion").get_by_role("button", name=re.compile("is_remote_access")).click()
    assert "is_remote_access" in area.input_value()
    expect(page.locator("#findings")).to_contain_text("It can be submitted.")
    assert_accessible(page)
    assert said == []


def test_with_the_keyboard_alone(browser: Browser, demo: ConsoleServer) -> None:
    """A draft is begun, changed, saved and taken to its preview without a mouse."""
    page = LIGHT.context(browser).new_page()
    enter(page, demo, "author")
    page.goto(f"{demo.url}/campaigns/new")

    def reach(name: str, role: str = "button") -> None:
        wanted = page.get_by_role(role, name=name, exact=True).first  # type: ignore[arg-type]  # a role
        for _ in range(60):
            if wanted.evaluate("element => element === document.activeElement"):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"no way to {name}")

    reach("Name", "textbox")
    page.keyboard.type("by-keyboard")
    reach("Begin from", "combobox")
    page.keyboard.press("End")
    reach("Begin the draft")
    page.keyboard.press("Enter")
    heading(page, "Edit a draft")
    reach("en.md")
    page.keyboard.press("Enter")
    expect(page.get_by_label("messages/en.md", exact=True)).to_be_visible()
    reach("messages/en.md", "textbox")
    page.keyboard.press("Control+End")
    page.keyboard.type("\n")
    reach("Save and preview")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    heading(page, "Preview: Draft")


def test_it_works_without_script(browser: Browser, demo: ConsoleServer) -> None:
    """Begin, check, open two languages side by side, save and preview: no script, on a telephone."""
    page = PLAIN.context(browser).new_page()
    enter(page, demo, "author")
    begin(page, demo, "no-script")
    change(page, "campaign.yaml", "fiat_amount >= 200", "fiat_amuont >= 200")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator("#findings")).to_contain_text("1 fault stands against submitting it.")
    change(page, "campaign.yaml", "fiat_amuont >= 200", "fiat_amount >= 300")
    page.get_by_label("Side by side with").select_option("messages/zh-Hant.md")
    page.get_by_role("button", name="en.md").click()
    expect(page.get_by_label("messages/en.md", exact=True)).to_be_visible()
    expect(page.get_by_label("messages/zh-Hant.md", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    keep(page, "console-draft-360-noscript")
    page.get_by_role("button", name="Save and preview").click()
    heading(page, "Preview: Draft")
    expect(page.frame_locator("iframe").get_by_role("heading", level=1)).to_be_visible()


def test_what_was_typed_is_what_is_submitted_without_script(browser: Browser, demo: ConsoleServer) -> None:
    """Submitting and adding a language from the editor begin with saving the text that was never saved."""
    page = PLAIN.context(browser).new_page()
    enter(page, demo, "author")
    begin(page, demo, "typed-last")
    change(page, "campaign.yaml", "fiat_amount >= 200", "fiat_amount >= 300")
    page.get_by_text("Languages", exact=True).last.click()
    page.get_by_label("Add a language").fill("fr")
    page.get_by_role("button", name="Add it").click()
    expect(page.get_by_label("messages/fr.md", exact=True)).to_be_visible()
    page.get_by_role("button", name="campaign.yaml").click()
    change(page, "campaign.yaml", "fiat_amount >= 300", "fiat_amount >= 400")
    page.get_by_text("Languages", exact=True).last.click()
    page.get_by_label("Take a language out").select_option("messages/fr.md")
    page.get_by_role("button", name="Take it out").click()
    change(page, "campaign.yaml", "fiat_amount >= 400", "fiat_amount >= 500")
    page.get_by_role("button", name="Submit for approval").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Release [0-9]+$"))
    page.goto(f"{demo.url}/campaigns/typed-last/files?of=release-{page.url.split('/')[-1].split('?')[0]}")
    expect(page.get_by_text("fiat_amount >= 500")).to_be_visible()


def test_enter_in_a_language_adds_it_and_no_text_is_left(browser: Browser, demo: ConsoleServer) -> None:
    """With the keyboard the field's own button is pressed; what was typed above it is saved, unasked."""
    page = LIGHT.context(browser).new_page()
    asked: list[str] = []

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)
    enter(page, demo, "author")
    begin(page, demo, "by-enter")
    change(page, "campaign.yaml", "fiat_amount >= 200", "fiat_amount >= 300")
    page.get_by_text("Languages", exact=True).last.click()
    page.get_by_label("Add a language").fill("fr")
    page.keyboard.press("Enter")
    expect(page.get_by_label("messages/fr.md", exact=True)).to_be_visible()
    page.get_by_role("button", name="campaign.yaml").click()
    assert "fiat_amount >= 300" in page.get_by_label("campaign.yaml", exact=True).input_value()
    assert asked == []


def test_two_who_set_the_terms_choose_what_stays(browser: Browser, demo: ConsoleServer) -> None:
    """The second sees both changes in one form, and both values of what both changed; nothing stays unless chosen."""
    first, second = LIGHT.context(browser).new_page(), DARK.context(browser).new_page()
    enter(first, demo, "analyst")
    begin(first, demo, "two-terms")
    enter(second, demo, "author")
    for page in (first, second):
        page.goto(f"{demo.url}/campaigns/two-terms/terms")
    for page, triggers in ((first, "500"), (second, "777")):
        page.locator("#expected_daily_triggers").fill(triggers)
    first.locator("#experiment").fill("theirs-alone")
    first.locator("main button.main").click()
    second.locator("main button.main").click()
    expect(second.locator("#experiment")).to_have_value("theirs-alone")
    expect(second.locator("#expected_daily_triggers")).to_have_value("777")
    assert_accessible(second)
    keep(second, "console-terms-conflict")
    second.locator("main button.main").click()
    assert second.url.endswith("/terms")
    second.locator("#keep-expected_daily_triggers-theirs").check()
    second.locator("main button.main").click()
    first.goto(f"{demo.url}/campaigns/two-terms/terms")
    expect(first.locator("#expected_daily_triggers")).to_have_value("500")


PAGES = (
    "/campaigns",
    "/campaigns/new",
    f"/campaigns/{PACK}",
    f"/campaigns/{PACK}/draft",
    f"/campaigns/{PACK}/draft?file=messages/en.md&beside=messages/zh-Hant.md",
    f"/campaigns/{PACK}/terms",
    f"/campaigns/{PACK}/files?of=folder",
    f"/campaigns/{PACK}/differences?from=folder&to=draft-2",
    f"/campaigns/{PACK}/preview?of=draft&locale=zh-Hant&rung=confirm",
    f"/campaigns/{PACK}/preview?of=draft&locale=ar&rung=hold",
    "/results",
    "/results/hk-joint-anti-scam",
    "/results/hk-joint-anti-scam/report",
    "/results/hk-joint-anti-scam/partner",
)


@pytest.fixture(scope="module")
def drafted(browser: Browser, demo: ConsoleServer) -> ConsoleServer:
    """The demonstration with a draft that differs from the folder."""
    page = LIGHT.context(browser).new_page()
    enter(page, demo, "author")
    begin(page, demo, PACK)
    page.goto(f"{demo.url}/campaigns/{PACK}/draft?file=messages/en.md")
    change(page, "messages/en.md", "Check before you send", "Check this before you send")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_text("The draft is saved.")).to_be_visible()
    return demo


@pytest.mark.parametrize("looks", [LIGHT, DARK], ids=str)
def test_every_page_can_be_used(browser: Browser, drafted: ConsoleServer, looks: Looks) -> None:
    """Each page is accessible, fits its window, light and dark, and obeys its own policy."""
    page = looks.context(browser).new_page()
    said = complaints(page)
    enter(page, drafted, "author")
    for number, path in enumerate(PAGES):
        page.goto(drafted.url + path)
        if "/preview" in path:
            page.frame_locator("iframe").get_by_role("heading", level=1).wait_for()
            assert_frame_accessible(page)
        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        assert page.locator("h1").count() == 1
        keep(page, f"console-campaigns-{number:02}-{looks}")
    assert said == []


def test_a_preview_is_the_customers_page_and_can_do_nothing(browser: Browser, drafted: ConsoleServer) -> None:
    """The frame has the words of the draft; it is sandboxed, runs nothing, and is framed by the console alone."""
    page = LIGHT.context(browser).new_page()
    enter(page, drafted, "author")
    page.goto(f"{drafted.url}/campaigns/{PACK}/preview?of=draft&locale=en&rung=confirm")
    frame = page.locator("iframe")
    expect(frame).to_have_attribute("sandbox", "")
    inside = page.frame_locator("iframe")
    expect(inside.get_by_role("heading", level=1)).to_have_text("Check this before you send")
    answer = page.request.get(drafted.url + (frame.get_attribute("src") or ""))
    policy = answer.headers["content-security-policy"]
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "frame-ancestors 'self'" in policy
    assert "<script" not in answer.text()
