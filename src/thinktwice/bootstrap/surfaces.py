"""The surfaces on one port: hot path, API, customer pages.

Invariant: the customer surface gets words, contacts and the customer's side of a decision, never the staff record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final, Literal

from prometheus_client import CollectorRegistry

from thinktwice.bootstrap.bounding import LimiterMetrics
from thinktwice.bootstrap.campaigning import CoreBadges
from thinktwice.bootstrap.carrying import carrying
from thinktwice.bootstrap.core import Core, answering_of
from thinktwice.bootstrap.first_answers import timed
from thinktwice.bootstrap.proving import evidence_service
from thinktwice.bootstrap.reporting import JsonResults, results_of
from thinktwice.bootstrap.telling import BacklogMetrics, delivering, state_of
from thinktwice.bootstrap.witnessing import witnessed
from thinktwice.decisions.asks import Ask
from thinktwice.decisions.clock import utc_now
from thinktwice.decisions.desk import AlertDesk, DecisionDesk
from thinktwice.decisions.identity import uuid7
from thinktwice.evidence.paper import pdf_of
from thinktwice.evidence.service import EvidenceService
from thinktwice.journal.writer import GroupCommit
from thinktwice.keyring.codes import Codes
from thinktwice.outbox.message import Backlog
from thinktwice.people.keys import ApiKeyStore
from thinktwice.settings import Settings
from thinktwice.signals.state import micros
from thinktwice.web.api.app import create_api
from thinktwice.web.api.parts import ApiParts
from thinktwice.web.customer.app import PREFIXES, create_customer
from thinktwice.web.customer.desk import CustomerParts
from thinktwice.web.edge.access import AccessLog
from thinktwice.web.edge.asgi import App
from thinktwice.web.edge.headers import AllowedHosts, HostNames, SecurityHeaders
from thinktwice.web.edge.rates import RateLimit, TokenBuckets

Surface = Literal["api", "customer", "all"]
SURFACES: Final[tuple[Surface, ...]] = ("api", "customer", "all")


@contextmanager
def open_surfaces(
    core: Core, settings: Settings, surface: Surface = "all", *, return_url: str | None = None
) -> Iterator[App]:
    """Open one application that serves the surfaces asked for."""
    with ExitStack() as stack:
        writer = stack.enter_context(core.writing())
        stack.enter_context(carrying(core, writer))
        backlog, registry = None, CollectorRegistry(auto_describe=True)
        if settings.webhook_url is not None:
            backlog = stack.enter_context(delivering(core, settings.webhook_url, writer))
            registry.register(BacklogMetrics(backlog))
        registry.register(LimiterMetrics(core.campaigns.limiter, lambda: core.campaigns.live.bounded, utc_now))
        stack.enter_context(witnessed(core.folder, settings, core.keyring))
        hosts = HostNames((*settings.allowed_hosts, settings.public_url.host or ""))
        customer = create_customer(_customer_parts(core, settings, writer, return_url))
        if surface == "customer":
            buckets = TokenBuckets(settings.browser_requests_per_minute)
            limited = RateLimit(customer, buckets, lambda _path: True, is_behind_proxy=settings.is_behind_proxy)
            yield AccessLog(SecurityHeaders(AllowedHosts(limited, hosts)))
            return
        keys = ApiKeyStore(core.folder.control)
        stack.callback(keys.close)
        registry.register(stack.enter_context(timed(core)))
        yield create_api(
            ApiParts(
                desk=_decision_desk(core, settings, writer, backlog),
                registry=registry,
                keys=keys,
                hosts=hosts,
                evidence=_evidence(core, settings),
                results=JsonResults(results_of(core.folder, core.installation, lambda: core.campaigns.library)),
                others=dict.fromkeys(PREFIXES, customer) if surface == "all" else {},
                browser_requests_per_minute=settings.browser_requests_per_minute,
                is_behind_proxy=settings.is_behind_proxy,
            )
        )


def _decision_desk(
    core: Core, settings: Settings, writer: GroupCommit[Ask, Any], backlog: Callable[[], Backlog] | None
) -> DecisionDesk:
    def readiness() -> dict[str, str]:
        # The list in force stays in force while it cannot be refreshed, but whoever operates this must know.
        watched = {"watchlist": core.watchlist.trouble, "campaigns": core.campaigns.trouble}
        checks = {"journal": "ok"} | {name: trouble or "ok" for name, trouble in watched.items()}
        return checks | ({"webhooks": state_of(backlog)} if backlog else {})

    return DecisionDesk(writer, core.reader, core.intake, answering_of(core, settings), readiness=readiness)


def _evidence(core: Core, settings: Settings) -> EvidenceService:
    return evidence_service(
        core.folder,
        core.reader,
        keyring=core.keyring,
        installation=core.installation,
        campaigns=core.campaigns,
        operator=settings.operator_name,
    )


def _customer_parts(
    core: Core, settings: Settings, writer: GroupCommit[Ask, Any], return_url: str | None
) -> CustomerParts:
    badges = CoreBadges(core)
    return CustomerParts(
        desk=AlertDesk(writer, core.reader, core.keyring, core.watchlist.snapshot, badge=badges.recorded),
        badge=badges.shown,
        joint=badges.joint,
        logo=badges.logo,
        pack_of=core.wording,
        contacts=lambda: core.campaigns.library.contacts,
        clock=utc_now,
        new_id=lambda: uuid7(micros(utc_now())),
        operator_name=settings.operator_name,
        codes=Codes(core.keyring.token),
        is_behind_proxy=settings.is_behind_proxy,
        pdf=pdf_of,
        embedding_origins=settings.embedding_origins,
        return_url=return_url,
    )
