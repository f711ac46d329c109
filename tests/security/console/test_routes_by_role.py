"""Route × role: each page opens to the roles that its permission names, and to nobody else.

Pages answer a word instead of their content here, so that the walk needs no area's data and finds every area by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse, Response

from tests.support.console import NOW, Console, open_console
from thinktwice.people.acts import PERMISSIONS
from thinktwice.people.permissions import DANGEROUS, OFFICER_ROLES, ROLES, STAFF_ROLES, Role
from thinktwice.web.console.areas import AREAS, DEMO_AREAS
from thinktwice.web.console.routes import Area
from thinktwice.web.console.today.pages import AREA as TODAY
from thinktwice.web.edge.signed_in.routes import Page, all_pages
from thinktwice.web.edge.signed_in.visit import Visit

PUBLIC = {
    "POST /language",
    "GET /sign-in",
    "POST /sign-in",
    "POST /sign-in/passkey",
    "GET /sign-in/second",
    "POST /sign-in/second/code",
    "POST /sign-in/second/passkey",
    "POST /sign-in/second/recovery",
    "GET /sign-in/company",
    "GET /sign-in/company/return",
    "POST /sign-out",
    "GET /invitation/{token}",
    "POST /invitation/{token}",
    "GET /setting-up",
    "POST /setting-up/passkey",
    "POST /setting-up/app",
    "POST /setting-up/app/code",
}
"""Every page that anybody may open; a new one has to be added here too."""

ONLY_IN_A_DEMONSTRATION = {"GET /demo", "POST /demo"}

PAGES = all_pages(AREAS)
CLOSED = [page for page in PAGES if page.permission is not None]


def opened(visit: Visit) -> Response:
    return PlainTextResponse("opened")


@pytest.fixture(scope="module")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    areas = [
        Area(area.package, says=area.says, pages=[replace(page, answer=opened) for page in area.pages])
        for area in AREAS
    ]
    made = open_console(tmp_path_factory.mktemp("walk"), areas, sign_ins_per_minute=100_000)
    yield made
    made.ledger.close()


def send(console: Console, page: Page, secret: str | None) -> tuple[int, str, str]:
    path = re.sub(r"\{[^}]*\}", "x1", page.path)
    answer = console.get(path, secret) if page.method == "GET" else console.post(path, {}, secret)
    return answer.status_code, answer.text, answer.headers.get("location", "")


@pytest.mark.parametrize("role", [*STAFF_ROLES, *OFFICER_ROLES])
@pytest.mark.parametrize("page", CLOSED, ids=lambda page: page.name)
def test_a_page_opens_to_the_roles_with_its_permission(console: Console, page: Page, role: Role) -> None:
    """A person gets a page exactly when one of their roles has its permission; a refusal is in the chain."""
    assert page.permission is not None
    before = len(console.entries())
    status, text, _ = send(console, page, console.sign_in(role, account_id=f"acc-{role}"))
    if page.permission in ROLES[role]:
        assert (status, text) == (200, "opened")
        assert len(console.entries()) == before
    else:
        assert status == 403
        assert console.entries()[before:] == [(f"acc-{role}", "page.open", page.name, "refused")]


@pytest.mark.parametrize("secret", [None, "unknown", "x" * 43], ids=["none", "unknown", "long"])
@pytest.mark.parametrize("page", CLOSED, ids=lambda page: page.name)
def test_nobody_else_gets_in(console: Console, page: Page, secret: str | None) -> None:
    """Without a session of the console a page sends to the sign-in, and a form changes nothing."""
    status, text, location = send(console, page, secret)
    assert text != "opened"
    if page.method == "GET":
        assert status == 303
        assert location.startswith("/sign-in")
    else:
        assert status == 401


@pytest.mark.parametrize("page", [page for page in CLOSED if page.is_fresh], ids=lambda page: page.name)
def test_a_dangerous_act_wants_a_fresh_second_factor(console: Console, page: Page) -> None:
    """With a second factor older than ten minutes, or none, nothing happens and the way to show one is given."""
    assert page.permission is not None
    role = next(role for role in STAFF_ROLES if page.permission in ROLES[role])
    for at in (None, NOW - timedelta(minutes=10, seconds=1)):
        status, text, location = send(console, page, console.sign_in(role, second_factor_at=at))
        assert (status, text) == (303, "")
        assert location.startswith("/confirm?next=")


def test_every_form_of_a_dangerous_act_is_one_of_them() -> None:
    """No dangerous permission is used by a form that does not ask for a fresh second factor."""
    lax = [page.name for page in PAGES if page.method == "POST" and page.permission in DANGEROUS and not page.is_fresh]
    assert lax == []


def test_what_is_open_to_all_is_listed_here() -> None:
    """A page cannot become public without this table saying so."""
    assert {page.name for page in PAGES if page.permission is None} == PUBLIC
    assert {page.name for page in all_pages(DEMO_AREAS)} - {page.name for page in PAGES} == ONLY_IN_A_DEMONSTRATION


@pytest.mark.parametrize("page", [page for page in CLOSED if page.method == "POST"], ids=lambda page: page.name)
def test_every_form_refuses_another_sessions_token(console: Console, page: Page) -> None:
    """A token of another session, and none, are refused whatever the page, and that stands in the chain."""
    assert page.permission is not None
    role = next(role for role in STAFF_ROLES if page.permission in ROLES[role])
    path = re.sub(r"\{[^}]*\}", "x1", page.path)
    for token in ("", "wrong"):
        before = len(console.entries())
        answer = console.post(path, {}, console.sign_in(role), token=token)
        assert answer.status_code == 403
        assert console.entries()[before:] == [("acc_1", "form.send", page.name, "refused")]


def test_a_page_without_a_permission_cannot_be_declared() -> None:
    """Neither by leaving it out, nor by inventing one, nor with one that only an agency's officers have."""
    area = Area("thinktwice.web.console.today")
    with pytest.raises(TypeError):
        area.page("GET", "/x")  # type: ignore[call-arg]  # that is the point
    with pytest.raises(ValueError, match="no role of the console"):
        area.page("GET", "/x", permission="see_all")  # type: ignore[arg-type]  # that is the point
    officers_only = next(one for one in PERMISSIONS if not any(one in ROLES[role] for role in STAFF_ROLES))
    with pytest.raises(ValueError, match="no role of the console"):
        area.page("GET", "/x", permission=officers_only)


def test_one_address_is_declared_once(tmp_path: Path) -> None:
    """Two areas that claim one address, or need a desk nobody gave, stop the console from starting."""
    area = Area("thinktwice.web.console.today")
    area.page("GET", "/", permission="read_today")(opened)
    with pytest.raises(ValueError, match="declared twice"):
        open_console(tmp_path / "a", [TODAY, area])
    with pytest.raises(ValueError, match="needs Path"):
        open_console(tmp_path / "b", [Area("thinktwice.web.console.today", needs=(Path,))])
