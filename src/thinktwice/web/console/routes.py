"""How a page declares itself: method, path, and who may open it.

Invariants: there is no other way to serve anything, and a permission cannot be left out: ``page`` without one is a
``TypeError`` at import, an unknown one or one that no staff role has is refused at import, the same path twice when the
console is put together. What anybody may open says so by another name, ``public``. A test walks every route as every
role.

**To add a page area** (say ``interventions``):

1. ``web/console/interventions/__init__.py`` with a docstring, and ``pages.py``::

       AREA = Area("thinktwice.web.console.interventions", needs=(HoldDesk,), says={"noted": _("The note is kept.")})

       @AREA.page("GET", "/interventions", permission="read_interventions")
       def queue(visit: Visit) -> Response:
           return visit.show("queue.html", title=_("Interventions"), holds=visit.desk(HoldDesk).queue())

       @AREA.page("POST", "/interventions/{hold_id}/notes", permission="work_intervention")
       def note(visit: Visit) -> Response:
           visit.desk(HoldDesk).note(visit.actor, visit.path("hold_id"), visit.form.text("note"))
           return visit.go(f"/interventions/{visit.path('hold_id')}", said="noted")

   ``_`` is ``thinktwice.web.edge.words.mark``. Pages are plain functions and run in a thread, so they may read
   databases. A form has been bounded, checked for forgery and read before the function runs. An act in ``DANGEROUS``
   asks for a fresh second factor by itself; give ``is_fresh=True`` to the page with its form too, so that nobody fills
   it in vain. Large or uploading forms pass ``limits=FormLimits(...)``.
2. ``templates/*.html`` beside it, extending ``layout.html``; take fields, error summary, tables, empty state and
   confirmation from ``parts.html``. Every form holds ``{{ form_token() }}``.
3. One line in ``areas.py``, one in ``navigation.py``, and the desk in ``bootstrap/console_desks.py``.
4. ``scripts/words.py`` collects the texts; translate the new ones in ``locale/zh_Hant/LC_MESSAGES/console.po``. A test
   fails until that is done.
5. Tests: the walk over routes × roles finds the pages by itself (``tests/security/console``); add the area's own claims
   in ``tests/unit/web_console`` and its paths to the browser's tour (``tests/browser/console/test_tour.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from starlette.responses import Response
from starlette.routing import compile_path

from thinktwice.people.acts import PERMISSIONS, Permission
from thinktwice.people.permissions import DANGEROUS, ROLES, STAFF_ROLES
from thinktwice.web.console.visit import Visit
from thinktwice.web.edge.forms import SMALL_FORM, FormLimits

Method = Literal["GET", "POST"]
Answer = Callable[[Visit], Response]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One route; ``permission`` None only where anybody may open it."""

    area: str
    method: Method
    path: str
    answer: Answer
    permission: Permission | None
    is_fresh: bool = False
    is_guarded: bool = False
    limits: FormLimits = SMALL_FORM

    @property
    def name(self) -> str:
        """What the route is called in tests and in the audit."""
        return f"{self.method} {self.path}"


@dataclass(slots=True)
class Area:
    """The pages of one area.

    ``package`` holds its templates; ``needs`` are the types of the desks it works with; ``says`` are the texts that the
    page after an act may show, by the word that ``Visit.go`` puts into the address.
    """

    package: str
    needs: tuple[type, ...] = ()
    says: Mapping[str, str] = field(default_factory=dict)
    pages: list[Page] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The last part of its package."""
        return self.package.rpartition(".")[2]

    def page(
        self,
        method: Method,
        path: str,
        *,
        permission: Permission,
        is_fresh: bool | None = None,
        limits: FormLimits = SMALL_FORM,
    ) -> Callable[[Answer], Answer]:
        """Declare a page for people who may do ``permission``.

        ``is_fresh`` asks for a second factor of the last ten minutes; unset: for forms of dangerous acts.

        Raises:
            ValueError: no member of staff may do that, or there is no such permission.
        """
        if permission not in PERMISSIONS or not any(permission in ROLES[role] for role in STAFF_ROLES):
            raise ValueError(f"{method} {path}: no role of the console has the permission {permission!r}")
        asks = method == "POST" and permission in DANGEROUS if is_fresh is None else is_fresh
        return self._declare(method, path, permission=permission, is_fresh=asks, limits=limits)

    def public(self, method: Method, path: str, *, is_guarded: bool = False) -> Callable[[Answer], Answer]:
        """Declare a page for anybody; ``is_guarded`` limits how often one address may use it."""
        return self._declare(method, path, permission=None, is_guarded=is_guarded)

    def _declare(
        self,
        method: Method,
        path: str,
        *,
        permission: Permission | None,
        is_fresh: bool = False,
        is_guarded: bool = False,
        limits: FormLimits = SMALL_FORM,
    ) -> Callable[[Answer], Answer]:
        if not path.startswith("/") or "//" in path:
            raise ValueError(f"{path!r} is no path")

        def declare(answer: Answer) -> Answer:
            self.pages.append(
                Page(
                    area=self.name,
                    method=method,
                    path=path,
                    answer=answer,
                    permission=permission,
                    is_fresh=is_fresh,
                    is_guarded=is_guarded,
                    limits=limits,
                )
            )
            return answer

        return declare


def all_pages(areas: Iterable[Area]) -> tuple[Page, ...]:
    """Return every page of some areas.

    Raises:
        ValueError: two pages claim the same method and path.
    """
    found: dict[str, Page] = {}
    for page in (page for area in areas for page in area.pages):
        if page.name in found:
            raise ValueError(f"{page.name} is declared twice")
        found[page.name] = page
    return tuple(found.values())


class OwnPaths:
    """Which addresses are pages of this console, so that nothing ever sends a browser elsewhere."""

    def __init__(self, pages: Collection[Page]) -> None:
        self._patterns = tuple(compile_path(page.path)[0] for page in pages if page.method == "GET")

    def safe(self, path: str) -> str:
        """Return a path of ours unchanged, everything else as the first page.

        Refused: other schemes and hosts, ``//host``, backslashes, control characters, and paths nobody serves.
        """
        plain, _, query = path.partition("?")
        is_odd = len(path) > 500 or "\\" in path or "#" in path or not path.isprintable() or not path.isascii()
        if is_odd or plain.startswith("//") or not any(pattern.match(plain) for pattern in self._patterns):
            return "/"
        return f"{plain}?{query}" if query else plain
