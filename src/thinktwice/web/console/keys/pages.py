"""The pages about API keys.

Invariant: a secret is shown once, on the answer to the form that made the key, and never again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from starlette.responses import Response

from thinktwice.errors import InputError
from thinktwice.people.keys import SCOPES, Scope
from thinktwice.web.console.keys.desk import KeyDesk
from thinktwice.web.console.routes import Area
from thinktwice.web.edge.signed_in.visit import Visit
from thinktwice.web.edge.words import mark as _

AREA: Final = Area(
    "thinktwice.web.console.keys",
    needs=(KeyDesk,),
    says={"key-revoked": _("The key is revoked. Every process refuses it within a second.")},
)

SCOPE_HINTS: Final[Mapping[Scope, str]] = {
    "decide": _("Ask for a decision before a withdrawal."),
    "events": _("Say what happened to a withdrawal."),
    "clear": _("Ask for clearance before money leaves."),
    "read": _("Read counts and health."),
    "staff": _("Read staff records, resolve holds, make evidence. Give it to staff tools only."),
}


@AREA.page("GET", "/keys", permission="read_keys")
def keys(visit: Visit) -> Response:
    """List the keys; their secrets are known to nobody here."""
    return visit.show("keys.html", title=_("API keys"), keys=visit.desk(KeyDesk).all()[::-1])


@AREA.page("GET", "/keys/new", permission="manage_keys", is_fresh=True)
def key_form(visit: Visit) -> Response:
    """Show the form of a new key."""
    return _form(visit, "", "live", ())


@AREA.page("POST", "/keys/new", permission="manage_keys")
def make_key(visit: Visit) -> Response:
    """Make a key, and show its secret once."""
    name, mode, chosen = visit.form.text("name", 80), visit.form.text("mode"), visit.form.all("scope")
    try:
        key, secret = visit.desk(KeyDesk).create(visit.actor, name=name, mode=mode, scopes=chosen)
    except InputError as error:
        return _form(visit, name, mode, chosen, error)
    return visit.show("made.html", title=_("The key is made"), key=key, key_secret=secret)


@AREA.page("GET", "/keys/{key_id}/revoke", permission="manage_keys", is_fresh=True)
def revocation(visit: Visit) -> Response:
    """Say what a revocation does before it happens."""
    return visit.show("revoke.html", title=_("Revoke this key?"), key=visit.desk(KeyDesk).find(visit.path("key_id")))


@AREA.page("POST", "/keys/{key_id}/revoke", permission="manage_keys")
def revoke(visit: Visit) -> Response:
    """End a key."""
    visit.desk(KeyDesk).revoke(visit.actor, visit.path("key_id"))
    return visit.go("/keys", said="key-revoked")


def _form(visit: Visit, name: str, mode: str, chosen: tuple[str, ...], error: InputError | None = None) -> Response:
    visit.faults.extend(error.faults if error else ())
    scopes, modes = _scope_options(visit), _modes(visit)
    return visit.show(
        "new.html",
        title=_("Make an API key"),
        status=422 if error else 200,
        name=name,
        mode=mode,
        chosen=chosen,
        scopes=scopes,
        modes=modes,
    )


def _scope_options(visit: Visit) -> list[tuple[str, str, str]]:
    return [(scope, scope, visit.words.say(SCOPE_HINTS[scope])) for scope in SCOPES]


def _modes(visit: Visit) -> list[tuple[str, str, str]]:
    say = visit.words.say
    return [
        ("live", say(_("Live")), say(_("Real customers. Counts in results, caps and history."))),
        ("test", say(_("Test")), say(_("Kept out of results, caps and history."))),
    ]
