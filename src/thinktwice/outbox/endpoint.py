"""The one address that webhooks go to, and how they get there (Standard Webhooks, https://www.standardwebhooks.com).

Invariants: https, or http to this very machine; no redirect is followed, or a message would go where nobody configured
it to go; no proxy of the environment is used; an attempt ends within ``DEADLINE_SECONDS`` whatever the receiver does;
neither secret nor signature is ever part of a log line or an error.
"""

from __future__ import annotations

import asyncio
import base64
import ipaddress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

import httpx
from standardwebhooks import Webhook

from thinktwice.errors import InputError
from thinktwice.keyring.keys import Key
from thinktwice.outbox.message import OutboxMessage

DEADLINE_SECONDS: Final = 10.0
_TIMEOUT: Final = httpx.Timeout(5.0)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to, and with which secrets: every key signs, so that a secret can be changed without a gap."""

    url: str
    keys: tuple[Key, ...] = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse an address that others could read along.

        Raises:
            InputError: the address is neither https nor this machine, or no key signs.
        """
        check_url(self.url)
        if not self.keys:
            raise InputError.of("a webhook is signed; add a key 'webhook' to the key file", field="webhook_url")

    def headers(self, message: OutboxMessage, now: datetime) -> dict[str, str]:
        """Return the headers of one attempt; the signature covers id, time of the attempt and body."""
        text = message.body.decode()
        signatures = [Webhook(key.secret).sign(message.message_id, now, text) for key in self.keys]
        return {
            "content-type": "application/json",
            "user-agent": "ThinkTwice webhooks",
            "webhook-id": message.message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(signatures),
        }

    async def send(self, client: httpx.AsyncClient, message: OutboxMessage, now: datetime) -> str | None:
        """Send one message once; return None when it was acknowledged (2xx), else why not, in words for a log."""
        try:
            async with (
                asyncio.timeout(DEADLINE_SECONDS),
                client.stream("POST", self.url, content=message.body, headers=self.headers(message, now)) as response,
            ):
                return None if response.is_success else f"answered {response.status_code}"
        except (httpx.HTTPError, TimeoutError, ValueError) as error:
            return f"could not be reached ({type(error).__name__})"


def new_client() -> httpx.AsyncClient:
    """Return the client that deliveries share."""
    return httpx.AsyncClient(timeout=_TIMEOUT, follow_redirects=False, trust_env=False)


def check_url(url: str) -> None:
    """Refuse an address that is neither https nor http to this machine, or that holds a credential.

    Raises:
        InputError: with what would be right.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        raise InputError.of("is no URL", field="webhook_url") from None
    if parts.username or parts.password:
        raise InputError.of("may hold no user name or password; webhooks are signed", field="webhook_url")
    if not host or not (parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(host))):
        raise InputError.of("write an https:// URL, or http:// to this very machine", field="webhook_url")


def shared_secret(key: Key) -> str:
    """Return a key in the form that receivers' libraries take: ``whsec_`` and base64."""
    return "whsec_" + base64.b64encode(key.secret).decode("ascii")


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
