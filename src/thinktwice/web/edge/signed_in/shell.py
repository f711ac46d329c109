"""What all pages of a surface share: templates, words, files, own paths.

Invariant: the templates escape everything, and a name that a page did not give is an error rather than a gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from starlette.requests import Request

from thinktwice.alerts.locale import direction_of
from thinktwice.people.person import Person
from thinktwice.web.edge.assets import Assets
from thinktwice.web.edge.cookies import Cookies
from thinktwice.web.edge.pages import page_environment
from thinktwice.web.edge.signed_in.names import METHOD_NAMES, STATE_NAMES
from thinktwice.web.edge.signed_in.parts import SurfaceParts
from thinktwice.web.edge.signed_in.routes import Area, OwnPaths, Page
from thinktwice.web.edge.signed_in.surface import Surface
from thinktwice.web.edge.signed_in.visit import SAID, Visit
from thinktwice.web.edge.words import Words, choose_words, load_words

PACKAGE: Final = "thinktwice.web.edge.signed_in"

LANGUAGE: Final = "language"
SESSION: Final = "session"
VISIT: Final = "visit"


class Shell:
    """The shared half of every page."""

    def __init__(self, surface: Surface, parts: SurfaceParts, areas: Iterable[Area], pages: Iterable[Page]) -> None:
        self.surface = surface
        self.parts = parts
        self.cookies = Cookies(surface.name, parts.is_secure)
        self.words = load_words(surface.package, surface.languages, surface.name)
        self.assets = Assets(PACKAGE)
        self.own_paths = OwnPaths(tuple(pages))
        self._says = _all_says(areas)
        self._environment = _environment(surface, areas, self.assets)

    def words_for(self, request: Request, person: Person | None = None) -> Words:
        """Return the language that somebody chose for their account or in this browser, or else their browser's."""
        chosen = (person.language if person else None) or self.cookies.read(request, LANGUAGE)
        return choose_words(chosen, request.headers.get("accept-language", ""), self.words)

    def visit(self, request: Request, area: str, person: Person | None, secret: str | None) -> Visit:
        """Return one request as pages see it."""
        return Visit(
            request=request,
            parts=self.parts,
            surface=self.surface,
            words=self.words_for(request, person),
            languages=frozenset(self.words),
            cookies=self.cookies,
            area=area,
            person=person,
            secret=secret,
            render=self.render,
            safe_path=self.own_paths.safe,
        )

    def render(self, visit: Visit, template: str, facts: Mapping[str, object]) -> str:
        """Return a page as HTML."""
        said = self._says.get(visit.request.query_params.get(SAID, ""))
        shared: dict[str, object] = {
            "visit": visit,
            "words": visit.words,
            "direction": direction_of(visit.words.tag),
            "languages": tuple(self.words.values()),
            "items": self.surface.items_for(visit.person),
            "here": visit.request.url.path,
            "address": visit.address,
            "operator": self.parts.operator_name,
            "is_demo": self.parts.is_demo,
            "said": said if visit.request.method == "GET" else None,
            "faults": tuple(visit.faults),
            "form_token": visit.form_token,
        }
        return self._environment.get_template(template).render(shared | dict(facts))


def _all_says(areas: Iterable[Area]) -> dict[str, str]:
    says: dict[str, str] = {}
    for area in areas:
        if twice := says.keys() & area.says.keys():
            raise ValueError(f"two areas use the same word for what was done: {', '.join(sorted(twice))}")
        says |= area.says
    return says


def _environment(surface: Surface, areas: Iterable[Area], assets: Assets) -> Environment:
    made = page_environment(PACKAGE)
    own = {area.name: PackageLoader(area.package) for area in areas}
    assert made.loader is not None
    made.loader = ChoiceLoader([PrefixLoader(own), made.loader])
    made.add_extension("jinja2.ext.i18n")
    made.install_gettext_callables(_lookup, _lookup_plural, newstyle=True)  # type: ignore[attr-defined]  # of i18n
    made.globals |= {
        "asset": assets.path,
        "surface": surface,
        "role_names": surface.role_names,
        "state_names": STATE_NAMES,
        "method_names": METHOD_NAMES,
    }
    made.filters |= {"moment": _moment, "number": _number, "say": _say}
    return made


def _words(context: Context) -> Words:
    words = context["words"]
    assert isinstance(words, Words)
    return words


@pass_context
def _lookup(context: Context, text: str) -> str:
    return _words(context).lookup(text)


@pass_context
def _lookup_plural(context: Context, singular: str, plural: str, count: int) -> str:
    return _words(context).lookup_plural(singular, plural, count)


@pass_context
def _say(context: Context, text: str) -> str:
    """Translate a text that was marked where it was written; one that is in no catalogue shows as it is."""
    return _words(context).say(text)


@pass_context
def _moment(context: Context, at: datetime, is_exact: bool = False) -> Markup:
    text = _words(context).moment(at, is_exact=is_exact)
    return Markup('<time datetime="{}">{}</time>').format(at.isoformat(), text)


@pass_context
def _number(context: Context, number: Any) -> str:
    return _words(context).number(number)
