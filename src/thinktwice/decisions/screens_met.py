"""Which screen stood when an alert was met, as details of its events.

Invariants: only the server writes these details, and what a browser claims under their names is taken out; they are
enough to make the screen again, and hold nothing that it did not say.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, get_args

from msgspec import convert
from msgspec.structs import replace

from thinktwice.records.alert import OpenAlert, Standing
from thinktwice.records.decision import Hold
from thinktwice.records.vocabulary import Action, Rung

SCREEN: Final = "screen"
"""The detail that says the action; it stands wherever one of the others does."""

_RUNG, _STANDING = "screen_rung", "screen_standing"
_UNTIL, _REASON, _APPEAL = "screen_until", "screen_reason", "screen_appeal"
SCREEN_DETAILS: Final = frozenset({SCREEN, _RUNG, _STANDING, _UNTIL, _REASON, _APPEAL})


def screen_of(alert: OpenAlert) -> dict[str, str]:
    """Return the screen of an alert as it stands."""
    hold = alert.hold
    said = {
        SCREEN: alert.action,
        _RUNG: alert.intervention,
        _STANDING: alert.standing,
        _UNTIL: hold.until.isoformat() if hold and hold.until else None,
        _REASON: hold.reason_class if hold else None,
        _APPEAL: hold.appeal if hold else None,
    }
    return {name: text for name, text in said.items() if text is not None}


def with_screen(alert: OpenAlert, detail: Mapping[str, str]) -> OpenAlert:
    """Return an alert at the screen that the details of an event name; as it is where they name none."""
    if detail.get(SCREEN) not in get_args(Action):
        return alert
    until = detail.get(_UNTIL)
    hold = None
    if _REASON in detail:
        hold = convert(
            {
                "until": datetime.fromisoformat(until) if until else None,
                "reason_class": detail[_REASON],
                "appeal": detail.get(_APPEAL),
            },
            Hold,
        )
    return replace(
        alert,
        action=convert(detail[SCREEN], Action),
        intervention=convert(detail.get(_RUNG), Rung | None),
        standing=convert(detail.get(_STANDING), Standing | None),
        hold=hold,
    )
