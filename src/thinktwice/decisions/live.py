"""The campaigns in force, ready to be asked.

Invariants: campaigns are kept by priority, then id, so the first that fires decides; a shadow campaign never stands
in the way of another; to every audience a silent listing looks like no listing (rule 7).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec

from thinktwice.records.campaign import ANYWHERE, CampaignPolicy
from thinktwice.records.signal import UNLISTED, Catalogue, SignalValues
from thinktwice.targeting.audience import read_audience
from thinktwice.targeting.audience_set import AudienceSet

LOOKALIKE_WORDS = "lookalike"
NEW_DESTINATION_WORDS = "new-destination"


class Fired(msgspec.Struct, frozen=True, gc=False):
    """Which audiences were TRUE, in order of priority, apart by shadow; and which were UNKNOWN."""

    live: tuple[CampaignPolicy, ...]
    shadow: tuple[CampaignPolicy, ...]
    unknown: tuple[str, ...]


_NONE_FIRED: Final = Fired((), (), ())


class LiveCampaigns:
    """All released campaigns with their audiences fused into one function.

    ``words`` are policies whose audience is not asked; they lend their words to a known-bad destination where no
    released campaign has any (shipped packs).
    """

    def __init__(
        self, policies: Sequence[CampaignPolicy], catalogue: Catalogue, words: Sequence[CampaignPolicy] = ()
    ) -> None:
        self.policies = tuple(sorted(policies, key=lambda policy: (-policy.priority, policy.id)))
        self._words = (*self.policies, *sorted(words, key=lambda policy: (-policy.priority, policy.id)))
        self._audiences = AudienceSet(
            [
                (policy.id, read_audience(policy.audience, catalogue, where=policy.id), policy.jurisdictions)
                for policy in self.policies
            ]
        )

        self._scheduled = sum(
            1 << place for place, policy in enumerate(self.policies) if policy.starts_at or policy.ends_at
        )
        self.bounded = {policy.id: policy for policy in self.policies if policy.blast_radius and not policy.is_shadow}
        """Campaigns whose triggers are counted against what was promised."""
        self._has_shadow = any(policy.is_shadow for policy in self.policies)

    def fired(self, signals: SignalValues, now: datetime) -> Fired:
        """Ask every audience of the customer's jurisdiction."""
        if signals["watchlist_disposition"] == "silent":
            signals = {**signals, **UNLISTED}
        true_mask, unknown_mask = self._audiences.evaluate(signals)
        if not (true_mask or unknown_mask):
            return _NONE_FIRED
        fired = self._in_force(true_mask, now)
        unknown = tuple([policy.id for policy in self._in_force(unknown_mask, now)]) if unknown_mask else ()
        if not self._has_shadow:
            return Fired(tuple(fired), (), unknown)
        return Fired(
            tuple([policy for policy in fired if not policy.is_shadow]),
            tuple([policy for policy in fired if policy.is_shadow]),
            unknown,
        )

    def _in_force(self, mask: int, now: datetime) -> list[CampaignPolicy]:
        found = []
        while mask:
            lowest = mask & -mask
            policy = self.policies[lowest.bit_length() - 1]
            if not lowest & self._scheduled or is_in_force(policy, now):
                found.append(policy)
            mask ^= lowest
        return found

    def words_for(self, jurisdiction: str, now: datetime, *, is_lookalike: bool) -> CampaignPolicy | None:
        """Return the campaign whose words a known-bad destination gets (rule 7).

        A look-alike gets the look-alike pack. A listed destination gets the words that the jurisdiction's joint
        campaign uses for a new one, elsewhere those of ``new-destination``.
        """
        candidates = [policy for policy in self._words if not policy.is_shadow]
        if is_lookalike:
            for policy in candidates:
                if policy.id == LOOKALIKE_WORDS:
                    return policy
        for policy in candidates:
            if policy.partners and jurisdiction in policy.jurisdictions and is_in_force(policy, now):
                return policy
        for policy in candidates:
            if policy.id == NEW_DESTINATION_WORDS and _covers(policy, jurisdiction):
                return policy
        return None


def is_in_force(policy: CampaignPolicy, now: datetime) -> bool:
    """Tell whether ``now`` lies in the campaign's schedule: from its start, up to but not including its end."""
    return (policy.starts_at is None or policy.starts_at <= now) and (policy.ends_at is None or now < policy.ends_at)


def _covers(policy: CampaignPolicy, jurisdiction: str) -> bool:
    return ANYWHERE in policy.jurisdictions or jurisdiction in policy.jurisdictions
