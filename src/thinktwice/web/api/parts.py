"""Everything the API is built from; ``bootstrap`` puts it together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from prometheus_client import CollectorRegistry

from thinktwice.web.api.desk import DecisionDesk
from thinktwice.web.api.evidence import EvidenceMaker, NoEvidence
from thinktwice.web.api.results import NoResults, ResultsMaker
from thinktwice.web.edge.asgi import App
from thinktwice.web.edge.headers import HostNames
from thinktwice.web.edge.keys import KeyFinder


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiParts:
    """The parts of one API.

    ``others`` serves further paths on the same port: each path prefix, such as ``/alerts/``, with the application
    that gets such requests, path unchanged. Requests to them are limited to ``browser_requests_per_minute`` for each
    origin. ``registry`` may hold further metrics.
    """

    desk: DecisionDesk
    keys: KeyFinder
    hosts: HostNames
    evidence: EvidenceMaker = field(default_factory=NoEvidence)
    results: ResultsMaker = field(default_factory=NoResults)
    others: Mapping[str, App] = field(default_factory=dict)
    browser_requests_per_minute: int = 120
    is_behind_proxy: bool = False
    registry: CollectorRegistry = field(default_factory=lambda: CollectorRegistry(auto_describe=True))
    log: Any = field(default_factory=lambda: structlog.get_logger("thinktwice.access"))
