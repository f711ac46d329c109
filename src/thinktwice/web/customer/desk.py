"""What the customer surface needs of the rest, as one narrow seam.

Invariants: whatever ``note`` returns from is durable; an event counts once by its id; the desk alone decides what a
claimed choice is worth.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from thinktwice.campaigns.pack import Wording
from thinktwice.campaigns.partners import Partner
from thinktwice.contacts.budget import CallBudget
from thinktwice.contacts.registry import Contacts
from thinktwice.keyring.codes import Codes
from thinktwice.records.alert import OpenAlert
from thinktwice.records.event import AlertEvent


class AlertDesk(Protocol):
    """Opens alerts by token and takes notes of what happened to them."""

    async def open(self, token: str, /) -> OpenAlert:
        """Return the alert behind a valid token, as it stands now.

        Raises:
            TokenError: forged, changed or expired.
            NotFoundError: nothing is known under its id.
            UnavailableError: cannot be read right now.
        """
        ...

    async def note(self, token: str, events: Sequence[AlertEvent], /) -> None:
        """Make events durable, each once.

        Raises:
            InputError: an event cannot be used.
            ConflictError: an event id came before with another content, or the choice is no longer open.
            UnavailableError: cannot be made durable right now.
        """
        ...


@dataclass(frozen=True, slots=True)
class JointCampaign:
    """Where a campaign is live whose partners approved exactly what is shown: signed or pinned, each word of it."""

    jurisdiction: str
    partners: tuple[Partner, ...]


def _no_badge(campaign: str, version: str, jurisdiction: str, /) -> tuple[Partner, ...]:  # noqa: ARG001 - a Callable
    """Return the partners that approved, while nobody can."""
    return ()


def _none_approved() -> tuple[JointCampaign, ...]:
    """Return the joint campaigns while nobody can approve one yet."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerParts:
    """Everything the customer surface is built from.

    ``pack_of`` returns the pack of a campaign id and version hash (NotFoundError when unknown); ``new_id`` returns
    an id never used before; ``embedding_origins`` are the operator's pages that may frame the alert page and call
    the JSON; ``return_url`` is where the operator's customers go afterwards. ``joint`` are the live campaigns that
    their partners approved; ``badge`` are the partners that may be shown on a campaign's version in a jurisdiction,
    asked at each render; ``logo`` is the picture of a partner's mark, if one is known. ``pdf`` lays out a page as PDF,
    slowly, and is None where that cannot be done. ``calls`` counts which help lines were named, so that none is sent
    more calls than it agreed to.
    """

    desk: AlertDesk
    pack_of: Callable[[str, str], Wording]
    contacts: Callable[[], Contacts]
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    operator_name: str
    codes: Codes
    embedding_origins: tuple[str, ...] = ()
    return_url: str | None = None
    is_behind_proxy: bool = False
    joint: Callable[[], tuple[JointCampaign, ...]] = _none_approved
    badge: Callable[[str, str, str], tuple[Partner, ...]] = _no_badge
    logo: Callable[[str], bytes | None] = lambda _mark: None
    pdf: Callable[[str], bytes] | None = None
    calls: CallBudget = field(default_factory=CallBudget)
