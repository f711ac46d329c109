"""Two ways to use a page in Chromium: with a mouse, and with the keyboard alone.

With the keyboard nothing is focused by the test: it presses Tab until the browser itself has come there, and refuses a
place where focus cannot be seen.
"""

from __future__ import annotations

from typing import Final, Protocol

from playwright.sync_api import Locator, Page

_MOST_TABS: Final = 250
_IS_FOCUSED: Final = "element => element === document.activeElement"
_IS_SEEN: Final = """() => {
  const found = document.activeElement, look = getComputedStyle(found);
  return found === document.body || look.outlineStyle !== 'none' || look.boxShadow !== 'none';
}"""


class Hands(Protocol):
    """What somebody does to a page."""

    def press(self, what: Locator) -> None:
        """Press a button or follow a link."""

    def write(self, what: Locator, text: str) -> None:
        """Put a text into a field, in the place of what is there."""

    def tick(self, what: Locator) -> None:
        """Tick a box or choose one of several."""

    def choose(self, what: Locator, option: str) -> None:
        """Choose from a list, by the option's words."""


class Mouse:
    """Clicks, as Playwright moves a mouse."""

    def press(self, what: Locator) -> None:
        what.click()

    def write(self, what: Locator, text: str) -> None:
        what.click()
        what.fill(text)

    def tick(self, what: Locator) -> None:
        what.check()

    def choose(self, what: Locator, option: str) -> None:
        what.select_option(label=option)


class Keyboard:
    """Tab, arrows, Space and Enter on one page."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def press(self, what: Locator) -> None:
        self._go_to(what)
        self._page.keyboard.press("Enter")
        self._page.wait_for_timeout(200)  # a click waits for what it navigates to; a key does not
        self._page.wait_for_load_state()

    def write(self, what: Locator, text: str) -> None:
        self._go_to(what)
        if what.get_attribute("type") == "datetime-local":
            what.fill(text)  # its parts are typed in the order of the locale; the field itself was reached by Tab
            return
        self._page.keyboard.press("Control+A")
        self._page.keyboard.insert_text(text)

    def tick(self, what: Locator) -> None:
        if what.get_attribute("type") == "radio":
            name = what.get_attribute("name")
            self._go_to(self._page.locator(f'input[name="{name}"]:checked').first)
            for _ in range(10):
                if what.is_checked():
                    return
                self._page.keyboard.press("ArrowDown")
            raise AssertionError(f"arrows do not lead to {what}")
        self._go_to(what)
        if not what.is_checked():
            self._page.keyboard.press("Space")

    def choose(self, what: Locator, option: str) -> None:
        self._go_to(what)
        self._page.keyboard.type(option)
        assert what.evaluate("list => list.selectedOptions[0].label") == option

    def _go_to(self, what: Locator) -> None:
        what.wait_for()
        for _ in range(_MOST_TABS):
            if what.evaluate(_IS_FOCUSED):
                assert self._page.evaluate(_IS_SEEN), "focus cannot be seen"
                return
            self._page.keyboard.press("Tab")
        raise AssertionError(f"Tab does not lead to {what}")
