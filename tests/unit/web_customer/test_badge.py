"""A partner's badge in the customer's flow: what one screen says, no other screen of the same alert denies."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.support.alert_pack import ENGLISH, NOW
from tests.support.alert_visit import Visit
from tests.support.http import ask
from thinktwice.alerts.words import WORDS
from thinktwice.campaigns.partners import Partner
from thinktwice.records.decision import Hold
from thinktwice.records.vocabulary import Rung

POLICE = Partner(id="hk-police", name="Hong Kong Police Force")
SAID = WORDS["en"].verify.together.format(partners=POLICE.name)
DENIED = ENGLISH.attribution
PROTECTING = Hold(until=NOW + timedelta(hours=24), reason_class="customer_protection", appeal="in_app")
HELD: dict[str, object] = {"action": "hold", "hold": PROTECTING}

SCREENS: dict[str, tuple[Rung, dict[str, object], str]] = {
    "first": ("confirm", {}, ""),
    "notice before confirming": ("inform", {}, ""),
    "signs": ("confirm", {}, "/signs"),
    "second step": ("confirm", {}, "/continue"),
    "questions": ("ask", {}, "/questions"),
    "end sharing first": ("ask", {"must_end_sharing": True}, "/questions"),
    "help": ("confirm", {}, "/help"),
    "waiting": ("hold", HELD, ""),
    "signs while waiting": ("hold", HELD, "/signs"),
    "help while waiting": ("hold", HELD, "/help"),
}


def visit(screen: str, partners: tuple[Partner, ...]) -> tuple[Visit, str]:
    rung, state, rest = SCREENS[screen]
    return Visit(rung=rung, state=state, parts={"badge": lambda *_: partners}), rest


@pytest.mark.parametrize("screen", SCREENS)
def test_no_screen_denies_a_badge_that_stands(screen: str) -> None:
    """Without a badge each says that the police did not issue its words; with one none does."""
    plain, rest = visit(screen, ())
    assert DENIED in plain.get(rest)
    joint, _ = visit(screen, (POLICE,))
    html = joint.get(rest)
    assert DENIED not in html
    assert "<footer></footer>" not in html
    assert (SAID in html) is (screen in {"first", "notice before confirming"})


@pytest.mark.parametrize("choice", ["cancelled", "reported"])
def test_what_follows_a_choice_denies_nothing(choice: str) -> None:
    """The page after a choice is one of the flow too."""
    for partners in ((), (POLICE,)):
        found, _ = visit("first", partners)
        found.choose(choice)
        assert (DENIED in found.get()) is (not partners)


def view(found: Visit) -> dict[str, Any]:
    headers = {"authorization": f"Bearer {found.token}"}
    answer = ask(found.app, "GET", f"/v1/alerts/{found.id}", headers=headers)
    body: dict[str, Any] = json.loads(answer.content)["alert"]
    return body


@pytest.mark.parametrize("screen", ["first", "questions", "waiting"])
def test_the_json_denies_nothing_either(screen: str) -> None:
    """The element draws every screen from it; what waits speaks for the operator alone, so it carries no badge."""
    plain = view(visit(screen, ())[0])
    assert plain["second_screen"]["attribution"] != []
    assert "badge" not in plain
    joint = view(visit(screen, (POLICE,))[0])
    assert joint["second_screen"]["attribution"] == []
    assert ("badge" in joint) is (screen != "waiting")


def test_a_badge_that_goes_brings_the_line_back() -> None:
    """Asked for at each render: after the withdrawal every screen says again who issued the words."""
    partners = [POLICE]
    found = Visit(parts={"badge": lambda *_: tuple(partners)})
    assert DENIED not in found.get("/signs")
    partners.clear()
    assert DENIED in found.get("/signs")
    assert DENIED in found.get()
