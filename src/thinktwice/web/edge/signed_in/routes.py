"""How a page declares itself: method, path, and who may open it.

Invariants: there is no other way to serve anything, and a permission cannot be left out: ``page`` without one is a
``TypeError`` at import, an unknown one or one that no role of the area's realm has is refused at import, the same path
twice when the surface is put together. What anybody may open says so by another name, ``public``. A test of each
surface walks every route as every role.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

from starlette.responses import Response
from starlette.routing import compile_path

from thinktwice.people.acts import PERMISSIONS, Permission
from thinktwice.people.permissions import DANGEROUS, Realm, realm_of, roles_with
from thinktwice.web.edge.forms import SMALL_FORM, FormLimits
from thinktwice.web.edge.signed_in.visit import Visit

Method = Literal["GET", "POST"]
REALMS: Final[tuple[Realm, ...]] = get_args(Realm)
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
    page after an act may show, by the word that ``Visit.go`` puts into the address. ``realm`` is whose surface it
    belongs to; without one it is for both.
    """

    package: str
    needs: tuple[type, ...] = ()
    says: Mapping[str, str] = field(default_factory=dict)
    pages: list[Page] = field(default_factory=list)
    realm: Realm | None = None

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
            ValueError: nobody of the area's realm may do that, or there is no such permission.
        """
        for realm in (self.realm,) if self.realm else REALMS:
            if permission not in PERMISSIONS or realm not in map(realm_of, roles_with(permission)):
                raise ValueError(f"{method} {path}: no role of the {realm} has the permission {permission!r}")
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
    """Which addresses are pages of this surface, so that nothing ever sends a browser elsewhere."""

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
