"""One request, as a page sees it: who asks, in which words, with which form; and the answers a page can give.

Invariants: a page answers with a template, or sends the browser to a path of its own surface, or raises; every form it
shows carries the token of the session; nothing here decides who may open a page (``dispatch`` did).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar, cast

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from thinktwice.audit.ledger import Actor
from thinktwice.errors import Fault, InputError
from thinktwice.people.acts import Permission
from thinktwice.people.person import Person, Place
from thinktwice.web.edge.cookies import Cookies
from thinktwice.web.edge.forgery import FIELD, form_token
from thinktwice.web.edge.forms import EMPTY_FORM, Form
from thinktwice.web.edge.rates import origin_of
from thinktwice.web.edge.signed_in.parts import SurfaceParts
from thinktwice.web.edge.signed_in.surface import Surface
from thinktwice.web.edge.words import Words

Desk = TypeVar("Desk")
Render = Callable[["Visit", str, Mapping[str, object]], str]

SAID = "said"
"""The query parameter that makes the next page say that something was done; its values are in ``said.py``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request to one page."""

    request: Request
    parts: SurfaceParts
    surface: Surface
    words: Words
    cookies: Cookies
    area: str
    person: Person | None
    secret: str | None
    render: Render
    safe_path: Callable[[str], str]
    languages: frozenset[str] = frozenset()
    form: Form = EMPTY_FORM
    faults: list[Fault] = field(default_factory=list)

    @property
    def who(self) -> Person:
        """Who asks, on a page that is not public."""
        assert self.person is not None, "a public page has no person"
        return self.person

    @property
    def actor(self) -> Actor:
        """Who acts, as the audit chain names them."""
        return self.who.actor

    @property
    def now(self) -> datetime:
        """The time."""
        return self.parts.clock()

    @property
    def source(self) -> str:
        """The network address that asks, for slowing down guessing."""
        return origin_of(self.request.scope, is_behind_proxy=self.parts.is_behind_proxy)

    @property
    def place(self) -> Place:
        """Where the request comes from."""
        address = self.source
        return Place(address, self.request.headers.get("user-agent", "")[:200])

    def may(self, permission: Permission) -> bool:
        """Whether whoever asks may do something."""
        return self.person is not None and self.person.may(permission)

    def desk(self, kind: type[Desk]) -> Desk:
        """Return what an area works with; the area named it in ``needs``."""
        return cast("Desk", self.parts.desks[kind])

    @property
    def address(self) -> str:
        """The path and query that were asked for."""
        url = self.request.url
        return url.path + (f"?{url.query}" if url.query else "")

    def path(self, name: str) -> str:
        """Return a part of the address."""
        return str(self.request.path_params[name])

    def asked(self, name: str, longest: int = 200) -> str:
        """Return a query parameter, bounded; empty when it is absent."""
        return " ".join(self.request.query_params.get(name, "")[: 2 * longest].split())[:longest]

    def form_token(self) -> Markup:
        """Return the hidden field that every form carries."""
        token = form_token(self.secret) if self.secret else ""
        return Markup('<input type="hidden" name="{}" value="{}">').format(FIELD, token)

    def show(self, template: str, *, title: str, status: int = 200, **facts: object) -> Response:
        """Answer with a template of the area, or with a shared one (``/name.html``); ``title`` is a marked text."""
        name = template[1:] if template.startswith("/") else f"{self.area}/{template}"
        text = self.render(self, name, {"title": title, **facts})
        return HTMLResponse(text, status)

    def show_again(self, error: InputError, template: str, *, title: str, **facts: object) -> Response:
        """Answer a form that cannot be used with the same page and its faults; 422."""
        self.faults.extend(error.faults)
        return self.show(template, title=title, status=422, **facts)

    def go(self, path: str, *, said: str | None = None) -> Response:
        """Send the browser to a page of ours, which then says that something was done."""
        target = self.safe_path(path)
        if said:
            target += f"{'&' if '?' in target else '?'}{SAID}={said}"
        return RedirectResponse(target, 303)
