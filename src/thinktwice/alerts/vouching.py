"""A rendered alert while partners vouch for its words: with their badge, and without the line that denies them.

Invariant: what one screen of an alert says of its partners no other screen denies, whatever it is drawn from: a screen
shows the badge, or nothing about who issued the words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from thinktwice.alerts.rendered import Badge, RenderedAlert
from thinktwice.alerts.words import words_for
from thinktwice.campaigns.partners import Partner


def vouched(
    alert: RenderedAlert, partners: Sequence[Partner], picture_of: Callable[[Partner], str | None]
) -> RenderedAlert:
    """Return an alert of a campaign as it stands while the approval of ``partners`` does; with none, as it is.

    What waits, or cannot be made, speaks for the operator alone and carries no badge. ``picture_of`` says where the
    picture of a partner's logo is found.
    """
    if not partners:
        return alert
    alert = replace(alert, second_screen=replace(alert.second_screen, attribution=()))
    if alert.waiting is not None or alert.action not in {"alert", "proceed"}:
        return alert
    names = tuple(partner.name_in(alert.locale) for partner in partners)
    text = words_for(alert.locale).verify.together.format(partners=", ".join(names))
    return replace(alert, badge=Badge(text, names, tuple(picture_of(partner) for partner in partners)))
