"""The blast radius of a running process: what was counted before it began, and how far each campaign is now.

Invariants: the journal is what is counted, so each decision that was recorded counts once and no other does; what staff
lifted is not counted again; recalling reads back no further than the longest window, and stops once more than is
allowed was found of every campaign.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from thinktwice.decisions.limiter import Limiter, allowed_by, is_counted
from thinktwice.decisions.working_set import decision_decoder
from thinktwice.journal.seam import JournalReader
from thinktwice.records.campaign import CampaignPolicy

_SLACK: Final = timedelta(minutes=1)
"""A limit that tripped just before a process was killed was not written down; its window began this much earlier."""


def recall(
    limiter: Limiter,
    reader: JournalReader,
    policies: Mapping[str, CampaignPolicy],
    lifted: Mapping[str, datetime],
) -> None:
    """Count again what was recorded of these campaigns; ``lifted`` says since when one counts afresh, if staff said."""
    windows = {name: policy.blast_radius.within_minutes for name, policy in policies.items() if policy.blast_radius}
    if not windows:
        return
    found: dict[str, list[datetime]] = defaultdict(list)
    open_still = set(windows)
    for body in reader.newest_decisions(tuple(windows), timedelta(minutes=max(windows.values())) + _SLACK):
        decision = decision_decoder.decode(body)
        name = decision.explanation.campaign or ""
        policy, at = policies[name], decision.decided_at
        is_ours = decision.explanation.release == policy.release and (name not in lifted or at > lifted[name])
        if name in open_still and is_ours and is_counted(decision.explanation, is_test=decision.is_test):
            found[name].append(at)
            if len(found[name]) > _most(policy):
                open_still.discard(name)
        if not open_still:
            break
    for name, times in found.items():
        limiter.recall(policies[name], times)


class LimiterMetrics(Collector):
    """How far each campaign in force is from its limit, read when somebody asks for metrics."""

    def __init__(
        self, limiter: Limiter, policies: Callable[[], Mapping[str, CampaignPolicy]], now: Callable[[], datetime]
    ) -> None:
        self._limiter = limiter
        self._policies = policies
        self._now = now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the gauges, one line for each campaign with a blast radius."""
        triggers = GaugeMetricFamily(
            "thinktwice_campaign_triggers",
            "Triggers that are not known-bad within the window of the campaign's blast radius.",
            labels=["campaign"],
        )
        allowed = GaugeMetricFamily(
            "thinktwice_campaign_triggers_allowed", "How many of them are allowed there.", labels=["campaign"]
        )
        limited = GaugeMetricFamily(
            "thinktwice_campaign_limited", "Whether the campaign is limited until staff lift it.", labels=["campaign"]
        )
        for gauge in self._limiter.gauges(self._policies().values(), self._now()):
            triggers.add_metric([gauge.campaign], gauge.triggers)
            allowed.add_metric([gauge.campaign], gauge.allowed)
            limited.add_metric([gauge.campaign], int(gauge.is_limited))
        yield from (triggers, allowed, limited)


def _most(policy: CampaignPolicy) -> int:
    assert policy.blast_radius is not None
    return allowed_by(policy.blast_radius, policy.expected_daily_triggers or 0)
