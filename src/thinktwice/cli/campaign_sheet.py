"""All that a pack can show, on one sheet that a press officer can look through and sign.

Invariants: every cell is what the customer surface renders, at the width of a small telephone, from the same
templates, words and styles; nothing is loaded and nothing runs; the head of the sheet names the version that a
signature is about, and says that the sheet itself approves nothing; a badge that does not stand yet is marked so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from thinktwice.alerts.rendered import RenderedAlert
from thinktwice.alerts.vouching import vouched
from thinktwice.bootstrap.previewing import inside, preview_alert
from thinktwice.campaigns.pack import Pack
from thinktwice.campaigns.partners import Partner
from thinktwice.campaigns.typologies import is_unauthorised
from thinktwice.cli.campaign_picture import COLUMNS, GAP, MARGIN, write_pictures
from thinktwice.cli.campaign_preview import page_of
from thinktwice.contacts.registry import Contacts
from thinktwice.errors import InputError
from thinktwice.evidence.paper import pdf_of
from thinktwice.records.vocabulary import RUNGS, Rung
from thinktwice.web.customer.questions import question_after
from thinktwice.web.customer.views import show

THEMES: Final = ("light", "dark")
WIDTH: Final = 360
_BODY: Final = re.compile(r"<body>(.*)</body>", re.DOTALL)
_WIDE: Final = COLUMNS * (WIDTH + GAP) + 2 * MARGIN


@dataclass(frozen=True, slots=True)
class Cell:
    """One page as it is shown in one language, at one rung, in one theme; ``body`` is HTML of the templates."""

    page: str
    locale: str
    language: str
    direction: str
    rung: str
    theme: str
    body: str

    @property
    def label(self) -> str:
        """Return what the officer reads above the cell."""
        return f"{self.page} · {self.locale} · {self.rung} · {self.theme}"

    @property
    def is_in_both_themes(self) -> bool:
        """Whether the page is shown light and dark; a further kind of scam changes words only."""
        return "," not in self.page


def cells_of(
    pack: Pack, contacts: Contacts, jurisdiction: str | None, now: datetime, *, badge: Sequence[Partner] = ()
) -> Iterator[Cell]:
    """Yield every message in each of its languages, at each rung and in each arm it may be shown, in both themes.

    What an arm shows exactly as the first one does stands once. ``badge`` are partners whose names stand beside the
    words as they would once all of them approved.
    """

    def alert_of(said: Pack, **facts: Any) -> RenderedAlert:
        return vouched(preview_alert(said, contacts, now, jurisdiction=jurisdiction, **facts), badge, inside)

    for locale in sorted(pack.messages):
        shown: dict[tuple[str, str], set[str]] = {}
        for arm in pack.arms:
            for cell in _of_arm(pack, locale, arm, alert_of):
                known = shown.setdefault((cell.page, cell.rung), set())
                if cell.body in known:
                    continue
                known.add(cell.body)
                page = cell.page if len(known) == 1 else f"{cell.page}, arm {arm}"
                for theme in THEMES if cell.is_in_both_themes else THEMES[:1]:
                    yield replace(cell, page=page, theme=theme)


def _of_arm(pack: Pack, locale: str, arm: str, alert_of: Callable[..., RenderedAlert]) -> Iterator[Cell]:
    """Yield each page of one arm in one language; what goes out without a screen has no rung."""
    for rung in _rungs(pack):
        alert = alert_of(pack, locale=locale, rung=rung, arm=arm)
        for name, body in _pages(alert, rung):
            yield Cell(name, locale, alert.language, alert.direction, rung, "light", body)
    if is_unauthorised(pack.typologies):
        return
    alert = alert_of(pack, locale=locale, arm=arm, is_notice=True)
    body = _body(show("alert.html", page_of(alert, "#", "#", "#"), alert=alert))
    yield Cell("notice", locale, alert.language, alert.direction, "no screen", "light", body)
    for kind in pack.typologies[1:]:  # a customer's answers can put each further kind of scam first
        told = replace(pack, typologies=(kind,))
        alert = alert_of(told, locale=locale, rung="confirm", arm=arm)
        page = page_of(alert, "#", "#", "#")
        for name, template in (("first screen", "alert.html"), ("signs", "signs.html")):
            body = _body(show(template, page, alert=alert))
            yield Cell(f"{name}, {kind}", locale, alert.language, alert.direction, "confirm", "light", body)


def _rungs(pack: Pack) -> tuple[Rung, ...]:
    """Somebody else's acts are always referred; any other pack can meet each rung, by its own or by an answer."""
    return ("refer",) if is_unauthorised(pack.typologies) else RUNGS


def _pages(alert: RenderedAlert, rung: Rung) -> Iterator[tuple[str, str]]:
    """Yield name and HTML of the pages that this rung adds: signs stand once, with the rung ``confirm``."""
    page = page_of(alert, "#", "#", "#")
    if alert.waiting is not None:
        yield "waiting", _body(show("waiting.html", page, alert=alert, call_code="482 913"))
        return
    yield "first screen", _body(show("alert.html", page, alert=alert))
    if rung == "confirm":
        yield "signs", _body(show("signs.html", page, alert=alert))
        yield "second step", _body(show("second_step.html", page, alert=alert, fault=None, is_missing=False))
    if alert.ask is not None:
        asked: dict[str, Any] = {
            "step": alert.ask,
            "question": question_after(alert.ask, {}),
            "answers": {},
            "is_missing": False,
        }
        yield "question", _body(show("questions.html", page, alert=alert, **asked))


def _body(html: str) -> str:
    found = _BODY.search(html)
    assert found is not None
    return found.group(1)


def sheet_html(
    pack: Pack,
    version: str,
    cells: list[Cell],
    now: datetime,
    whole: int | None = None,
    *,
    awaited: Sequence[str] = (),
) -> str:
    """Return the sheet as one page of HTML that loads nothing; ``whole`` is of how many pages these are some.

    ``awaited`` are the partners whose badge the cells show but who have not approved this version.
    """
    names = escape(", ".join(awaited))
    plain = (pack.messages.get("en") or next(iter(pack.messages.values()))).attribution
    mark = f" · <strong>not yet approved by {names}</strong>" if awaited else ""
    waiting = (
        f"<p><strong>Not approved yet by {names}.</strong> The pages show the badge as it will stand once this version "
        f"is approved. Until then none stands, and each page says: {escape(plain)}</p>"
        if awaited
        else ""
    )
    count = f"{len(cells)} pages" if whole in (None, len(cells)) else f"{len(cells)} of {whole} pages"
    figures = "".join(
        f'<figure><figcaption>{escape(cell.label)}{mark}</figcaption><div class="sheet {cell.theme}" '
        f'lang="{cell.language}" dir="{cell.direction}"><div class="body">{cell.body}</div></div></figure>'
        for cell in cells
    )
    locales = ", ".join(sorted(pack.messages))
    head = (
        f"<section class='cover'><h1>{escape(pack.title)}</h1><p>Pack {escape(pack.id)}, made {now:%Y-%m-%d}, "
        f"{count} in {locales}, with made-up figures.</p><p>Version<br><code>{version}</code></p>"
        "<p>This sheet approves nothing. A badge is shown only after an officer approved this version with their own "
        f"passkey.</p>{waiting}<p>Looked at by (role, place, date):</p><p class='line'></p><p>Notes:</p>"
        "<p class='line'></p><p class='line'></p></section>"
    )
    return (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{escape(pack.id)}</title>"
        f"<style>{_SHEET}{scoped_style()}</style></head><body class='all'>{head}{figures}</body></html>"
    )


_SHEET: Final = f"""
@page {{ size: {WIDTH + 32}px 1600px; margin: 16px; }}
.all {{ margin: {MARGIN}px; font: 14px/1.4 sans-serif; background: #fff; color: #111;
  display: flex; flex-wrap: wrap; gap: {GAP}px; align-items: flex-start; }}
.cover {{ inline-size: {WIDTH}px; }} .cover code {{ overflow-wrap: anywhere; }}
.line {{ border-bottom: 1px solid #111; height: 32px; }}
figure {{ margin: 0; inline-size: {WIDTH}px; }} figcaption {{ padding-block-end: 4px; }}
.sheet {{ inline-size: {WIDTH}px; border: 1px solid #999; color-scheme: light; }} .sheet.dark {{ color-scheme: dark; }}
.sheet input[type=hidden] {{ display: none; }}
@media print {{ .all {{ display: block; margin: 0; }} figure {{ break-before: page; }} }}
"""


def scoped_style() -> str:
    """Return the style of the alert page for cells: both themes by class, at the width of a telephone, nothing hidden.

    Raises:
        AssertionError: the stylesheet no longer has the parts that are moved here.
    """
    style = (files("thinktwice.web.customer") / "assets" / "alert.css").read_text("utf-8")
    dark = re.search(r"@media \(prefers-color-scheme: dark\) \{\s*:root \{(.*?)\}\s*\}", style, re.DOTALL)
    assert dark is not None
    style = style.replace(dark.group(0), f".sheet.dark {{{dark.group(1)}}}")
    style, narrow = re.subn(r"@media \(max-width: 30rem\)", "@media all", style)
    style, wide = re.subn(r"@media \(min-width: 40rem\) \{.*?\n\}", "", style, flags=re.DOTALL)
    style, printed = re.subn(r"@media print \{.*?\}\s*\}", "", style, flags=re.DOTALL)
    assert (narrow, wide, printed) == (1, 1, 1)
    style = style.replace(":root", ".sheet").replace("color-scheme: light dark;", "")
    style = re.sub(r"\bhtml(?=[ :{])", ".sheet", style)
    return re.sub(r"(?m)^body \{", ".sheet > .body {", style)


def write_sheet(
    pack: Pack, version: str, cells: list[Cell], now: datetime, out: Path, *, awaited: Sequence[str] = ()
) -> tuple[Path, ...]:
    """Write the sheet in the form that the name of the file asks for, .html, .pdf or .png, and return its files.

    Raises:
        InputError: another form is asked for.
        UnavailableError: the PDF or the pictures cannot be made here.
    """
    if out.suffix == ".png":
        return write_pictures(
            lambda part: sheet_html(pack, version, cells[part.start : part.stop], now, len(cells), awaited=awaited),
            len(cells),
            _WIDE,
            out,
        )
    html = sheet_html(pack, version, cells, now, awaited=awaited)
    if out.suffix == ".html":
        out.write_text(html, "utf-8")
    elif out.suffix == ".pdf":
        out.write_bytes(pdf_of(html))
    else:
        raise InputError.of("name the sheet .pdf, .png or .html", field="sheet", where=str(out))
    return (out,)
