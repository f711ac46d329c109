"""The operator's people, each with a key of their own."""

from __future__ import annotations

import itertools
import json
from typing import Any

from tests.support.world import World
from thinktwice.decisions.asks import Resolve
from thinktwice.decisions.resolution_intake import read_act
from thinktwice.records.decision import Decision
from thinktwice.records.resolution import ResolutionResult


class Staff:
    """Acts on holds, one person at a time."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._ids = itertools.count(1)

    def act(self, who: str, what: str, decision: Decision, **more: Any) -> ResolutionResult:
        """Act with the key of this person; a release brings a contact made now unless told otherwise."""
        body: dict[str, Any] = {"act_id": f"act-{next(self._ids)}", "resolution": what, "reason": "spoke", "actor": who}
        if what == "release":
            at = self._world.now.isoformat()
            body["contact"] = {"how": "call to a number on file", "at": at, "note_ref": "case-7"}
        body.update(more)
        act = read_act(
            decision.decision_id,
            json.dumps(body).encode(),
            key_id=f"key_{who}",
            actor=who,
            now=self._world.now,
            is_test=decision.is_test,
        )
        result: ResolutionResult = self._world.ask(Resolve(act))
        return result
