"""One call with its repetitions, within its deadline; the only place that touches the network.

Invariants: ``ask`` ends by ``until`` whatever the other side does, byte by trickled byte; every call here is
idempotent (decisions by withdrawal and attempt, events by their id, clearance by nature), so every one may be
repeated; neither headers nor bodies are logged.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final, TypeVar

import httpx

from thinktwice_client.breaker import Breaker
from thinktwice_client.errors import RejectedError
from thinktwice_client.options import Options, share_of_attempt
from thinktwice_client.records import AwayReason
from thinktwice_client.wire import AwayError, Reply, skew

T = TypeVar("T")

_LARGEST_REPLY: Final = 1024 * 1024
_LEAST_SHARE: Final = 0.01
_PAUSE: Final = 0.01
_log: Final = logging.getLogger(__name__)


class Sender:
    """Calls one service; used by one event loop."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._breaker = Breaker(options.breaker_failures, options.cool_off)
        self._skew = timedelta()
        limits = httpx.Limits(max_connections=options.connections, max_keepalive_connections=options.connections)
        self._http = httpx.AsyncClient(
            base_url=options.base_url.rstrip("/"),
            headers={
                "Authorization": f"Bearer {options.api_key}",
                "Content-Type": "application/json",
                "Accept": "application/json",
                "Accept-Encoding": "identity",
                "User-Agent": "thinktwice-client",
            },
            verify=options.tls or _tls_of(options.base_url),
            follow_redirects=False,
            trust_env=False,  # a proxy of the environment would be given withdrawals
            limits=limits,
        )

    @property
    def breaker(self) -> Breaker:
        """The state of the circuit breaker."""
        return self._breaker

    def now(self) -> datetime:
        """Return the time by the service's clock, as far as it is known."""
        return utc_now() + self._skew

    async def ask(self, path: str, body: bytes, *, until: float, read: Callable[[Reply], T]) -> T:
        """Return what ``read`` makes of a reply; ``until`` is on the monotonic clock.

        Raises:
            AwayError: there was no answer.
            RejectedError: the service refuses this request.
        """
        self._breaker, may_ask = self._breaker.asked(time.monotonic())
        if not may_ask:
            raise AwayError("resting")
        away = AwayError("slow")
        for number in range(self._options.attempts):
            share = share_of_attempt(number, self._options.attempts, until - time.monotonic())
            if share < _LEAST_SHARE:
                break
            try:
                answer = await self._attempt(path, body, share, read)
            except RejectedError:
                self._breaker = self._breaker.after_success()
                raise
            except AwayError as error:
                away = error
                if away.is_final:
                    break
                await asyncio.sleep(min(_PAUSE, max(0.0, until - time.monotonic())))
            else:
                self._breaker = self._breaker.after_success()
                return answer
        self._failed(away.reason)
        raise away

    async def close(self) -> None:
        """Close every connection."""
        await self._http.aclose()

    async def _attempt(self, path: str, body: bytes, share: float, read: Callable[[Reply], T]) -> T:
        try:
            async with asyncio.timeout(share):
                reply = await self._post(path, body, share)
        except (TimeoutError, httpx.TimeoutException):
            raise AwayError("slow") from None
        except AwayError:
            raise
        except Exception as error:  # noqa: BLE001  (a stranger's bytes may break any layer below; none may reach the caller)
            # Only the kind: a message of a lower layer may quote a header.
            _log.debug("no reply: %s", type(error).__name__)
            raise AwayError("unreachable") from None
        told = skew(reply, utc_now())
        answer = read(reply)
        if told is not None:
            self._skew = told
        return answer

    async def _post(self, path: str, body: bytes, share: float) -> Reply:
        async with self._http.stream("POST", path, content=body, timeout=share) as response:
            received = bytearray()
            async for chunk in response.aiter_raw():
                received += chunk
                if len(received) > _LARGEST_REPLY:
                    raise AwayError("garbage")
            headers = response.headers
            return Reply(
                status=response.status_code,
                content_type=headers.get("content-type", "").lower(),
                date=headers.get("date"),
                body=bytes(received),
            )

    def _failed(self, reason: AwayReason) -> None:
        now = time.monotonic()
        was_closed = self._breaker.retry_at is None
        self._breaker = self._breaker.after_failure(now)
        if was_closed and self._breaker.retry_at is not None:
            _log.warning("ThinkTwice is away (%s); asking again every %g s", reason, self._options.cool_off)


def utc_now() -> datetime:
    """Return the time by this machine's clock."""
    return datetime.now(UTC)  # noqa: TID251  (the shell reads the clock; the core is told)


def _tls_of(base_url: str) -> ssl.SSLContext:
    """Return the default verification; without reading certificates where none will be shown."""
    if base_url.startswith("https:"):
        return httpx.create_ssl_context(trust_env=False)
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
