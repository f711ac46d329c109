"""Route × role: each page opens to the roles that its permission names, in a session of this realm, and to nobody else.

Pages answer a word instead of their content here, so that the walk finds every route by itself; the sessions, accounts
and agencies are real.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

import httpx
import pytest
from starlette.responses import PlainTextResponse, Response

from tests.support.people import CLI
from tests.support.portal import SESSION, URL, Gate, OfficersBrowser, open_bureau
from thinktwice.people.acts import PERMISSIONS
from thinktwice.people.permissions import DANGEROUS, OFFICER_ROLES, ROLES, OfficerRole
from thinktwice.web.edge.asgi import App
from thinktwice.web.edge.forgery import form_token
from thinktwice.web.edge.headers import HostNames
from thinktwice.web.edge.signed_in.parts import SurfaceParts
from thinktwice.web.edge.signed_in.routes import Area as AnyArea
from thinktwice.web.edge.signed_in.routes import Page, all_pages
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.portal.app import create_portal
from thinktwice.web.portal.areas import AREAS, DEMO_AREAS
from thinktwice.web.portal.routes import Area

PUBLIC = {
    "POST /language",
    "GET /sign-in",
    "POST /sign-in",
    "POST /sign-in/passkey",
    "GET /sign-in/second",
    "POST /sign-in/second/code",
    "POST /sign-in/second/passkey",
    "POST /sign-in/second/recovery",
    "POST /sign-out",
    "GET /invitation/{token}",
    "POST /invitation/{token}",
    "GET /setting-up",
    "POST /setting-up/passkey",
    "POST /setting-up/app",
    "POST /setting-up/app/code",
    "GET /apply",
    "POST /apply",
}
"""Every page that anybody may open; a new one has to be added here too."""

ONLY_IN_A_DEMONSTRATION = {"GET /demo", "POST /demo"}

PAGES = all_pages(AREAS)
CLOSED = [page for page in PAGES if page.permission is not None]


def opened(visit: Visit) -> Response:
    return PlainTextResponse("opened")


@dataclass(frozen=True)
class Walk:
    """The portal with every kind of session there is."""

    app: App
    sessions: dict[str, str | None]

    def send(self, page: Page, who: str) -> httpx.Response:
        secret = self.sessions[who]
        browser = OfficersBrowser(self.app, url=URL, cookies={SESSION: secret} if secret else {})
        browser.page = httpx.Response(200, text=_form(secret or ""), request=httpx.Request("GET", URL))
        path = re.sub(r"\{[^}]*\}", "x1", page.path)
        if page.method == "GET":
            return browser._send("GET", path)
        body = f"form_token={form_token(secret or '')}".encode()
        sent = {"Content-Type": "application/x-www-form-urlencoded", "Origin": URL, "Sec-Fetch-Site": "same-origin"}
        return browser._send("POST", path, body, sent)


def _form(secret: str) -> str:
    return f'name="form_token" value="{form_token(secret)}"'


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    with open_bureau(tmp_path_factory.mktemp("walk")) as bureau:
        world = bureau.world
        agency, other = bureau.agency(), bureau.agency("Suspended Police")
        sessions: dict[str, str | None] = {"anonymous": None, "unknown": "x" * 43}
        for role in OFFICER_ROLES:
            sessions[role] = world.sign_in(bureau.officer(agency, role), realm="portal").token
        staff = world.member("administrator", "compliance", "case_handler")
        sessions["staff"] = world.sign_in(staff).token
        for who in ("suspended", "ended", "expired", "agency suspended", "signed out"):
            member = bureau.officer(other if who == "agency suspended" else agency, *OFFICER_ROLES)
            sessions[who] = world.sign_in(member, realm="portal").token
            if who == "suspended":
                world.portal.accounts.suspend(CLI, member.account_id)
            elif who == "ended":
                world.portal.accounts.end(CLI, member.account_id)
            elif who == "expired":
                world.portal.accounts.extend_access(CLI, member.account_id, world.clock() - timedelta(seconds=1))
            elif who == "signed out":
                world.portal.sign_in.sign_out(world.person(str(sessions[who]), "portal"))
        bureau.agencies.suspend(CLI, other, "a stolen mailbox")
        areas = [
            AnyArea(area.package, says=area.says, pages=[replace(p, answer=opened) for p in area.pages])
            for area in AREAS
        ]
        parts = SurfaceParts(
            gate=Gate(world.portal.sessions), ledger=world.ledger, hosts=HostNames(["portal.example.org"]), url=URL,
            clock=world.clock, sign_ins_per_minute=1_000_000,
        )  # fmt: skip
        yield Walk(create_portal(parts, areas), sessions)


@pytest.mark.parametrize("role", OFFICER_ROLES)
@pytest.mark.parametrize("page", CLOSED, ids=lambda page: page.name)
def test_a_page_opens_to_the_roles_with_its_permission(walk: Walk, page: Page, role: OfficerRole) -> None:
    """An officer gets a page exactly when the role has its permission."""
    assert page.permission is not None
    answer = walk.send(page, role)
    if page.permission in ROLES[role]:
        assert (answer.status_code, answer.text) == (200, "opened")
    else:
        assert answer.status_code == 403


@pytest.mark.parametrize(
    "who", ["anonymous", "unknown", "staff", "suspended", "ended", "expired", "agency suspended", "signed out"]
)
def test_nobody_else_gets_in(walk: Walk, who: str) -> None:
    """Every page sends everybody else to the sign-in, and every form changes nothing: staff of the operator too."""
    for page in CLOSED:
        answer = walk.send(page, who)
        if page.method == "GET":
            assert answer.status_code == 303, page.name
            assert answer.headers["location"].startswith("/sign-in"), page.name
        else:
            assert answer.status_code == 401, page.name
            assert "opened" not in answer.text


def test_every_form_of_a_dangerous_act_wants_a_fresh_second_factor() -> None:
    """No dangerous permission is used by a form that does not ask for a fresh second factor."""
    lax = [page.name for page in PAGES if page.method == "POST" and page.permission in DANGEROUS and not page.is_fresh]
    assert lax == []


def test_what_is_open_to_all_is_listed_here() -> None:
    """A page cannot become public without this table saying so."""
    assert {page.name for page in PAGES if page.permission is None} == PUBLIC
    assert {page.name for page in all_pages(DEMO_AREAS)} - {page.name for page in PAGES} == ONLY_IN_A_DEMONSTRATION


def test_what_only_staff_may_do_cannot_be_declared() -> None:
    """Not with a permission that no officer has, and no area of the console can be put into the portal."""
    area = Area("thinktwice.web.portal.requests")
    staff_only = next(one for one in PERMISSIONS if not any(one in ROLES[role] for role in OFFICER_ROLES))
    with pytest.raises(ValueError, match="no role of the portal"):
        area.page("GET", "/x", permission=staff_only)
    parts = SurfaceParts.__new__(SurfaceParts)
    with pytest.raises(ValueError, match="not of the portal"):
        create_portal(parts, [AnyArea("thinktwice.web.console.people", realm="console")])
