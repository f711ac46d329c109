"""From a rendered alert to HTML.

Invariants: templates escape everything; each form of a page carries an event id of its own; the token appears only
in addresses of this surface.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment
from starlette.requests import Request

from thinktwice.alerts.locale import Direction, choose_locale, direction_of, own_name, place_in
from thinktwice.alerts.pair import LabelledAddress, Mark, Piece
from thinktwice.alerts.prose import read_prose
from thinktwice.alerts.render import dialled
from thinktwice.alerts.rendered import LocaleChoice, RenderedAlert
from thinktwice.alerts.words import WORDS, words_for
from thinktwice.records.alert import OpenAlert
from thinktwice.web.customer.codes_shown import CodeShown, code_shown
from thinktwice.web.customer.desk import CustomerParts
from thinktwice.web.customer.files import ADDRESSES
from thinktwice.web.edge.pages import page_environment

_GROUP: Final = 4
_BLANK: Final[dict[Mark, str]] = {"asked": "\N{NO-BREAK SPACE}", "differs": "·"}


def grouped(address: LabelledAddress, is_blank: bool = False) -> Iterator[tuple[Piece, ...]]:
    """Yield the address in groups of four characters, a prefix ``0x`` aside; ``is_blank`` hides what differs."""
    characters = [(character, piece.mark) for piece in address.pieces for character in piece.text]
    prefix = 2 if address.text[:2].lower() == "0x" else 0
    for start in range(prefix, len(characters), _GROUP):
        group: list[Piece] = []
        for character, mark in characters[start if start > prefix else 0 : start + _GROUP]:
            shown = _BLANK.get(mark, character) if is_blank else character
            if group and group[-1].mark == mark:
                group[-1] = Piece(group[-1].text + shown, mark)
            else:
                group.append(Piece(shown, mark))
        yield tuple(group)


def host_of(url: str) -> str:
    """Return the host of a URL, which is what a reader can check."""
    return (urlsplit(url).hostname or url).removeprefix("www.")


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the template environment with the filters of these pages."""
    made = page_environment("thinktwice.web.customer")
    made.filters |= {"grouped": grouped, "dialled": dialled, "host": host_of, "prose": read_prose, "place": place_in}
    return made


@dataclass(frozen=True, slots=True)
class LanguageLink:
    """A language to switch to; words change, nothing else does."""

    tag: str
    name: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What every template knows of the page around the alert; addresses are paths."""

    operator: str
    language: str
    locale: str
    direction: Direction
    languages: tuple[LanguageLink, ...]
    stylesheet: str
    script: str
    new_id: Callable[[], str]
    here: str = ""
    signs: str = ""
    second_step: str = ""
    questions: str = ""
    choices: str = ""
    events: str = ""
    help: str = ""
    report: str = ""
    report_pdf: str = ""
    code: CodeShown | None = None
    view: str = ""
    partners: str = ""
    return_url: str | None = None
    has_stopped: bool = False
    may_stop: bool = False
    may_report: bool = False
    is_seen: bool = False
    asked_for: frozenset[str] = frozenset()


def path_of(request: Request, *parts: str, locale: str | None = None) -> str:
    """Return a path under the surface's root, with the language when one was chosen."""
    query = f"?{urlencode({'locale': locale})}" if locale else ""
    return str(request.scope.get("root_path", "")).rstrip("/") + "/" + "/".join(parts) + query


def alert_page(request: Request, parts: CustomerParts, opened: OpenAlert, alert: RenderedAlert) -> Page:
    """Return the frame of a page about one alert."""
    token: str = request.path_params["token"]
    chosen = alert.locale if request.query_params.get("locale") else None
    acts = not alert.is_notice and alert.actions is not None
    return Page(
        **_frame(request, parts, alert.locale, alert.locales),
        language=alert.language,
        direction=alert.direction,
        here=path_of(request, "alerts", token, locale=chosen),
        signs=path_of(request, "alerts", token, "signs", locale=chosen),
        second_step=path_of(request, "alerts", token, "continue", locale=chosen),
        questions=path_of(request, "alerts", token, "questions", locale=chosen),
        help=path_of(request, "alerts", token, "help", locale=chosen),
        report=path_of(request, "alerts", token, "report.txt", locale=alert.locale),
        report_pdf=path_of(request, "alerts", token, "report.pdf", locale=alert.locale) if parts.pdf else "",
        code=code_shown(alert, opened.facts.jurisdiction, parts.operator_name, parts.codes, parts.clock()),
        view=path_of(request, "v1", "alerts", alert.alert_id, locale=alert.locale),
        choices=path_of(request, "alerts", token, "choices"),
        partners=path_of(request, "alerts", "partners", ""),
        events=path_of(request, "v1", "alerts", alert.alert_id, "events"),
        return_url=parts.return_url,
        has_stopped="cancelled" in opened.event_types and opened.standing is None,
        may_stop=acts and "cancelled" not in opened.event_types,
        may_report="reported" not in opened.event_types and alert.exits.scammed is not None,
        is_seen="seen" in opened.event_types,
        asked_for=opened.asked_for,
    )


def _frame(
    request: Request, parts: CustomerParts, locale: str, locales: Sequence[LocaleChoice]
) -> dict[str, Any]:  # the fields that a page with and without an alert share
    return {
        "operator": parts.operator_name,
        "locale": locale,
        "languages": tuple(
            LanguageLink(one.locale, one.name, f"?{urlencode({'locale': one.locale})}", one.locale == locale)
            for one in locales
        ),
        "stylesheet": path_of(request, "alerts", "assets", ADDRESSES["alert.css"]),
        "script": path_of(request, "alerts", "assets", ADDRESSES["alert.js"]),
        "new_id": parts.new_id,
    }


def show(template: str, page: Page, **context: object) -> str:
    """Return a page as HTML."""
    return environment().get_template(template).render(page=page, words=words_for(page.locale), **context)


def bare_page(request: Request, parts: CustomerParts, locale: str | None = None) -> Page:
    """Return the frame of a page without an alert, in the language asked for or the browser's."""
    accepted = request.headers.get("accept-language", "").split(",")[0].split(";")[0]
    chosen = choose_locale(locale or request.query_params.get("locale") or accepted, tuple(WORDS))
    return Page(
        **_frame(request, parts, chosen, [LocaleChoice(tag, own_name(tag)) for tag in sorted(WORDS)]),
        language=chosen,
        direction=direction_of(chosen),
        here=str(request.url.path),
    )


def plain_page(request: Request, parts: CustomerParts, heading: str, text: str) -> str:
    """Return a page without an alert; ``heading`` and ``text`` name interface words."""
    page = bare_page(request, parts)
    words = words_for(page.locale)
    said = getattr(words, text).format(operator=parts.operator_name)
    return show("plain.html", page, heading=getattr(words, heading), text=said)
