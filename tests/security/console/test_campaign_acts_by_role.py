"""Act × role: whoever may open a form of a campaign may do what it does.

The walk over routes × roles puts a word in the place of every answer, so it cannot notice a form whose act asks for
more than its page declares. Here each form is sent for real, where nothing but a permission could stand against it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import pytest

from tests.support.campaign_console import (
    ANN,
    PACK,
    CampaignConsole,
    approved,
    as_sent,
    open_campaigns,
    submitted,
)
from tests.support.campaign_desk import folder_files
from tests.support.console import NOW
from tests.support.passkeys import ORIGIN, RP_ID, Passkey
from thinktwice.audit.ledger import Actor
from thinktwice.campaigns.limiting import StandingLimit, trip
from thinktwice.people.permissions import ROLES, STAFF_ROLES, Role
from thinktwice.web.console.campaigns.pages import AREA
from thinktwice.web.console.campaigns.terms import PATH, read_terms

ACTOR: Final = Actor("staff", "acc_1")
BEA: Final = Actor("staff", "acc_bea")
KEY: Final = Passkey("of acc_1")
PAGES: Final = {page.name: page for page in AREA.pages if page.method == "POST"}


@dataclass(frozen=True)
class PaperFactors:
    """Everybody holds one passkey."""

    def of(self, account_id: str) -> Any:
        return SimpleNamespace(passkeys=[SimpleNamespace(credential_id=KEY.credential_id, cose_key=KEY.public_key)])

    def signing_options(self, account_id: str, challenge: bytes) -> str:
        return "{}"


@dataclass(frozen=True)
class PaperPeople:
    """What approving asks of people."""

    party: Any = field(default_factory=lambda: SimpleNamespace(id=RP_ID, origins=(ORIGIN,)))
    factors: PaperFactors = field(default_factory=PaperFactors)


def nothing(world: CampaignConsole) -> None:
    """Nothing was written yet."""


def drafted(world: CampaignConsole) -> None:
    world.room.desk.save_draft(ANN, PACK, folder_files(PACK), based_on=0)


def reviewed(world: CampaignConsole) -> None:
    submitted(world)


def ready(world: CampaignConsole) -> None:
    approved(world)


def live(world: CampaignConsole) -> None:
    world.room.desk.go_live(BEA, approved(world).id)


def paused(world: CampaignConsole) -> None:
    live(world)
    world.room.desk.pause(BEA, PACK, "")


def limited(world: CampaignConsole) -> None:
    bounds: dict[str, Any] = {"triggers": 90, "allowed": 50, "within_minutes": 60, "drops_to": "inform"}
    trip(world.console.ledger, StandingLimit(campaign=PACK, release_hash="r", tripped_at=NOW, **bounds))


def signed(world: CampaignConsole) -> Mapping[str, str]:
    """What the passkey of whoever asks answers to a challenge of theirs."""
    asked = world.room.desk.challenge(ACTOR, 1, own_keys=(KEY.pinned,))
    return {"nonce": asked.statement.nonce, "answer": json.dumps(as_sent(KEY.sign(asked.challenge)))}


def with_terms(world: CampaignConsole) -> Mapping[str, str]:
    return {"based_on": "1"} | read_terms(folder_files(PACK)[PATH]) | {"expected_daily_triggers": "40"}


TYPED: Final = {"based_on": "1", "path-0": "README.md", "text-0": "Why this campaign is.\n"}
Fields = Mapping[str, str] | Callable[[CampaignConsole], Mapping[str, str]]
DEEDS: Final[Mapping[str, tuple[Callable[[CampaignConsole], None], Fields]]] = {
    "/campaigns/new": (nothing, {"id": "mine", "from": f"folder/{PACK}"}),
    "/campaigns/{campaign}/comments": (drafted, {"reader": "staff", "text": "Shorter, please."}),
    "/campaigns/{campaign}/draft": (drafted, TYPED),
    "/campaigns/{campaign}/languages": (drafted, TYPED | {"locale": "fr"}),
    "/campaigns/{campaign}/removals": (drafted, TYPED | {"path": "messages/zh-Hant.md"}),
    "/campaigns/{campaign}/submission": (drafted, TYPED),
    "/campaigns/{campaign}/terms": (drafted, with_terms),
    "/campaigns/{campaign}/releases/{release}/challenge": (reviewed, {}),
    "/campaigns/{campaign}/releases/{release}/approval": (reviewed, signed),
    "/campaigns/{campaign}/releases/{release}/return": (reviewed, {"reason": "shorter"}),
    "/campaigns/{campaign}/releases/{release}/taking-back": (reviewed, {}),
    "/campaigns/{campaign}/releases/{release}/withdrawal": (live, {}),
    "/campaigns/{campaign}/releases/{release}/beginning": (ready, {"as": "live"}),
    "/campaigns/{campaign}/resumption": (paused, {}),
    "/campaigns/{campaign}/pause": (live, {}),
    "/campaigns/{campaign}/stop": (live, {}),
    "/campaigns/{campaign}/limit": (limited, {"reason": "a festival"}),
}
"""Every form of the area: the world it fits into, and what it sends."""

CASES: Final = [
    (page, role)
    for page in PAGES.values()
    for role in STAFF_ROLES
    if page.permission and page.permission in ROLES[role]
]


def test_every_form_of_the_area_is_sent_here() -> None:
    """A new form has to say in which world it can be sent."""
    assert {f"POST {path}" for path in DEEDS} == set(PAGES)


@pytest.mark.parametrize(("page", "role"), CASES, ids=lambda one: getattr(one, "path", one))
def test_a_form_does_what_it_says_for_every_role_that_may_open_it(tmp_path: Path, page: Any, role: Role) -> None:
    """Who has the declared permission, and wrote nothing of it, is refused nowhere behind it."""
    world = open_campaigns(tmp_path, people=PaperPeople())
    try:
        prepare, fields = DEEDS[page.path]
        prepare(world)
        sent = fields(world) if callable(fields) else fields
        path = page.path.replace("{campaign}", PACK).replace("{release}", "1")
        before = len(world.console.entries())
        answer = world.console.post(path, sent, world.console.sign_in(role, account_id=ACTOR.id))
        told = re.sub(r"<[^>]*>|\s+", " ", answer.text)
        assert answer.status_code in {200, 303}, told
        assert "/confirm" not in answer.headers.get("location", "")
        done = world.console.entries()[before:]
        assert done
        assert {outcome for *_rest, outcome in done} == {"done"}
    finally:
        world.console.ledger.close()
