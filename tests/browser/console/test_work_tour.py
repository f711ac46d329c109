"""Every page of the day, the holds, the decisions, the lists, the audit and the jobs, over an exchange at work."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from tests.browser.conftest import Looks, assert_accessible, keep
from tests.browser.console.conftest import complaints
from tests.browser.console.test_tour import enter, looked_at
from tests.support.busy_console import HOSPITAL, LISTED, BusyConsole, serve_busy
from thinktwice.people.permissions import ROLES, STAFF_ROLES, Permission, StaffRole

LIGHT = Looks("en", "light", 1280, has_script=True)
DARK = Looks("zh-Hant", "dark", 360, has_script=True)
PLAIN = Looks("en", "light", 360, has_script=False)

PAGES: dict[str, Permission] = {
    "/": "read_today",
    "/interventions": "read_interventions",
    "/interventions/{held}": "read_interventions",
    "/interventions/{held}/recall": "request_recall",
    "/decisions": "search_decisions",
    "/decisions?action=hold": "search_decisions",
    "/decisions?withdrawal=w-unknown": "search_decisions",
    "/decisions/{held}": "search_decisions",
    "/watchlist": "look_up_address",
    f"/watchlist?address={LISTED}": "look_up_address",
    f"/watchlist?address={HOSPITAL}&network=ethereum": "look_up_address",
    "/watchlist/lists": "look_up_address",
    "/watchlist/feeds": "look_up_address",
    "/watchlist/disputes": "look_up_address",
    "/watchlist/disputes/new": "look_up_address",
    "/watchlist/upload": "upload_list",
    f"/watchlist/allow?address={LISTED}": "allow_destination",
    f"/watchlist/disallow?address={LISTED}": "allow_destination",
    f"/watchlist/delist?address={LISTED}&source=exchange-reports": "delist_address",
    "/audit": "read_audit",
    "/audit/entries/1": "read_audit",
    "/audit/check": "read_audit",
    "/audit/export": "export_audit",
    "/jobs": "read_jobs",
}
"""Every page of these areas that is opened by its address alone, and what opens it."""

SMALL = ("analyst", "case_handler", "compliance")
"""These roles together see every page; all of them walk in the long proof."""


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BusyConsole]:
    with serve_busy(tmp_path_factory.mktemp("busy")) as made:
        yield made


@pytest.fixture(params=[LIGHT, DARK], ids=str)
def looks(request: pytest.FixtureRequest) -> Looks:
    assert isinstance(request.param, Looks)
    return request.param


@pytest.fixture
def page(browser: Browser, looks: Looks) -> Iterator[Page]:
    context = looks.context(browser)
    yield context.new_page()
    context.close()


def named(path: str) -> str:
    return path.strip("/").partition("?")[0].replace("/", "-").replace("{held}", "one") or "home"


@pytest.mark.parametrize(
    "role", [pytest.param(role, marks=() if role in SMALL else pytest.mark.prove) for role in STAFF_ROLES]
)
def test_every_page_as_each_role(page: Page, looks: Looks, busy: BusyConsole, role: StaffRole) -> None:
    """Each role sees its pages whole: accessible, as wide as the window, without a word from the browser's console."""
    said = complaints(page)
    enter(page, busy.console, role)
    for number, (path, permission) in enumerate(PAGES.items()):
        if permission in ROLES[role]:
            page.goto(busy.url + path.replace("{held}", busy.held["decision_id"]))
            looked_at(page, f"work-{role}-{number:02}-{named(path)}-{looks}")
    assert [line for line in said if "422" not in line] == []


def test_what_a_list_says_is_shown_as_text(browser: Browser, busy: BusyConsole) -> None:
    """A stranger's markup is text, their links are no links, and the consequence stands in words."""
    context = LIGHT.context(browser)
    page = context.new_page()
    said = complaints(page)
    enter(page, busy.console, "compliance")
    page.goto(f"{busy.url}/watchlist")
    page.get_by_label("Address", exact=True).fill(LISTED)
    page.get_by_role("button", name="Look up").click()
    expect(page.get_by_text("always raises a warning")).to_be_visible()
    expect(page.get_by_text("<script>alert(1)</script> paid twice")).to_be_visible()
    expect(page.get_by_text("hxxps://example.org/case/7")).to_be_visible()
    assert page.locator("main a[href*='example.org']").count() == 0
    assert said == []
    context.close()


def seen(page: Page, looks: Looks, name: str) -> None:
    """Look at a page that an act led to; where script is off, axe cannot run and only the picture is kept."""
    if looks.has_script:
        looked_at(page, f"work-{name}-{looks}")
    else:
        keep(page, f"console-work-{name}-{looks}")


@pytest.mark.parametrize("looks", [LIGHT, PLAIN], ids=str, indirect=True)
def test_a_listing_is_disputed_and_overruled(page: Page, looks: Looks, busy: BusyConsole) -> None:
    """A handler records what a customer says; compliance lets the listing stand, allows the address, ends that."""
    enter(page, busy.console, "intervention_handler")
    page.goto(f"{busy.url}/watchlist?address={LISTED}")
    page.get_by_role("link", name="Record a dispute").click()
    page.get_by_label("What they say, and what proves it").fill("My landlord's own address; here is the tenancy.")
    page.get_by_role("button", name="Record the dispute").click()
    expect(page.get_by_text("The dispute is recorded")).to_be_visible()
    expect(page.get_by_text("Waits for compliance").first).to_be_visible()
    assert page.locator("main").get_by_role("link", name=LISTED).count() == 0
    enter(page, busy.console, "compliance")
    page.goto(f"{busy.url}/watchlist/disputes")
    page.get_by_role("link", name=LISTED).first.click()
    expect(page.get_by_text("here is the tenancy")).to_be_visible()
    seen(page, looks, "dispute")
    page.get_by_label("Why").fill("Three victims named it; the tenancy is another address.")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("The dispute is decided.")).to_be_visible()
    page.goto(f"{busy.url}/watchlist?address={LISTED}")
    page.get_by_role("link", name="Allow this destination").click()
    page.get_by_role("button", name="Allow this destination").click()
    expect(page.get_by_role("alert")).to_contain_text("say why this destination is safe")
    page.get_by_label("Why it is safe").fill("Verified with the service that owns it; ticket 7.")
    page.get_by_role("button", name="Allow this destination").click()
    expect(page.get_by_text("the allow list wins")).to_be_visible()
    seen(page, looks, "allowed")
    page.get_by_role("link", name="End this allowance").click()
    page.get_by_role("button", name="End this allowance").click()
    expect(page.get_by_text("always raises a warning")).to_be_visible()


@pytest.mark.parametrize("looks", [LIGHT, PLAIN], ids=str, indirect=True)
def test_a_list_is_rehearsed_then_imported(page: Page, looks: Looks, busy: BusyConsole) -> None:
    """The rehearsal says what is new and what cannot be read; only the import makes it count; both are jobs."""
    address = "0x" + ("ab" if looks.has_script else "cd") * 20
    content = f"address,kind,confidence\n{address},scam,90\n\x20bad\x20\u202eone,scam,250\n".encode()
    source = f"partner-{looks.width}"
    enter(page, busy.console, "analyst")
    page.goto(f"{busy.url}/watchlist/lists")
    page.get_by_role("link", name="Import a list").click()
    page.get_by_role("button", name="Rehearse the import").click()
    expect(page.get_by_role("alert")).to_contain_text("Say who publishes the list")
    page.get_by_label("File").set_input_files(FilePayload(name="partner.csv", mimeType="text/csv", buffer=content))
    page.get_by_role("textbox", name="Source").fill(source)
    page.get_by_role("button", name="Rehearse the import").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What this import would do")
    finished(page, page.get_by_role("button", name="Import it"))
    seen(page, looks, "rehearsal")
    expect(page.locator("dl.facts")).to_contain_text("New1")
    assert page.locator("main li").count() >= 1
    own = page.url
    page.goto(f"{busy.url}/watchlist?address={address}")
    expect(page.get_by_text("It is not listed")).to_be_visible()
    page.goto(own)
    page.get_by_role("button", name="Import it").click()
    finished(page, page.get_by_text("Done", exact=True))
    seen(page, looks, "job")
    page.goto(f"{busy.url}/watchlist/lists")
    expect(page.get_by_role("row").filter(has_text=source)).to_contain_text("1")
    page.goto(f"{busy.url}/watchlist?address={address}")
    expect(page.get_by_text("always raises a warning")).to_be_visible()


def finished(page: Page, sign: Locator) -> None:
    """Load the page again until its job has come to an end, as somebody without script does."""
    for _ in range(100):
        if sign.count():
            return
        page.wait_for_timeout(100)
        page.reload()
    raise AssertionError(page.locator("main").inner_text())


HOSTILE_FILES = {
    "archive": (b"PK\x03\x04" + b"\0" * 200, "is a text file in UTF-8"),
    "picture": (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "is a text file in UTF-8"),
    "bomb": (b"\x1f\x8b\x08\x00" + b"\0" * 100, "is a text file in UTF-8"),
    "polyglot": (b"address\n%PDF-1.7\x00\x01", "is a text file in UTF-8"),
    "empty": (b"", "Choose the file"),
}


@pytest.mark.parametrize("name", HOSTILE_FILES)
def test_a_hostile_file_is_refused_in_words(browser: Browser, busy: BusyConsole, name: str) -> None:
    """What is no text is refused with what would be right, and nothing of it is kept."""
    content, words = HOSTILE_FILES[name]
    context = LIGHT.context(browser)
    page = context.new_page()
    enter(page, busy.console, "analyst")
    uploads = busy.data / "uploads"
    before = sorted(uploads.glob("*")) if uploads.exists() else []
    page.goto(f"{busy.url}/watchlist/upload")
    page.get_by_label("File").set_input_files(FilePayload(name="list.csv", mimeType="text/csv", buffer=content))
    page.get_by_role("textbox", name="Source").fill("strangers")
    page.get_by_role("button", name="Rehearse the import").click()
    expect(page.locator("main")).to_contain_text(words)
    assert_accessible(page)
    keep(page, f"console-work-upload-{name}")
    assert (sorted(uploads.glob("*")) if uploads.exists() else []) == before
    context.close()


def test_a_file_without_addresses_says_why_nothing_would_come(browser: Browser, busy: BusyConsole) -> None:
    """The rehearsal ends with the faults of the file, by line, and offers no import."""
    context = LIGHT.context(browser)
    page = context.new_page()
    enter(page, busy.console, "analyst")
    page.goto(f"{busy.url}/watchlist/upload")
    content = b"address,kind\nhello,no-such-kind\n"
    page.get_by_label("File").set_input_files(FilePayload(name="list.csv", mimeType="text/csv", buffer=content))
    page.get_by_role("textbox", name="Source").fill("strangers")
    page.get_by_role("button", name="Rehearse the import").click()
    finished(page, page.get_by_text("It cannot be imported:"))
    assert page.get_by_role("button", name="Import it").count() == 0
    assert str(busy.data) not in page.content()
    looked_at(page, "work-rehearsal-failed")
    context.close()


def test_the_day_is_counted_and_fresh_without_reloading(browser: Browser, busy: BusyConsole) -> None:
    """The table has the hour's decisions; with script it follows by itself, without it the page works."""
    for looks in (LIGHT, PLAIN):
        context = looks.context(browser)
        page = context.new_page()
        if looks.has_script:
            page.clock.install()
        enter(page, busy.console, "analyst")
        total = page.locator("tr.total td").first
        before = int(total.inner_text())
        assert before >= 10
        assert page.get_by_role("img", name="Decided:").count() == 1
        busy.decide(f"w-more-{looks.width}", customer__id="c-more", fiat_amount="20.00")
        if looks.has_script:
            page.clock.fast_forward(16_000)
        else:
            page.reload()
        expect(total).to_have_text(str(before + 1))
        context.close()


def test_the_queue_with_the_keyboard_alone(browser: Browser, busy: BusyConsole) -> None:
    """From the menu into the queue, into a hold, to the note of a call, and the note is kept, without a mouse."""
    context = LIGHT.context(browser)
    page = context.new_page()
    enter(page, busy.console, "intervention_handler")
    by_keyboard(page, page.locator("nav.wide").get_by_role("link", name="Interventions"))
    by_keyboard(page, page.get_by_role("link", name="w-by-api"))
    tab_to(page, page.get_by_label("How, and what happened"))
    page.keyboard.type("Rang the number on file; nobody there.")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("ArrowDown")
    by_keyboard(page, page.get_by_role("button", name="Note the attempt"))
    expect(page.get_by_text("Rang the number on file")).to_be_visible()
    expect(page.get_by_text("It is noted.")).to_be_visible()
    context.close()


def tab_to(page: Page, target: Locator) -> None:
    for _ in range(80):
        if target.evaluate("element => element === document.activeElement"):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
            return
        page.keyboard.press("Tab")
    raise AssertionError("cannot be reached with the keyboard")


def by_keyboard(page: Page, target: Locator) -> None:
    tab_to(page, target)
    page.keyboard.press("Enter")
    page.wait_for_load_state()
