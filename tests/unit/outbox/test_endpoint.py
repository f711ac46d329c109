"""Where webhooks may go, and how they are signed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from thinktwice.errors import InputError
from thinktwice.keyring.keys import TEST_KEYRING, Key
from thinktwice.outbox.deliverer import LONGEST_WAIT, wait_after
from thinktwice.outbox.endpoint import Endpoint, check_url, shared_secret
from thinktwice.outbox.message import OutboxMessage

KEYS = TEST_KEYRING.webhook
MESSAGE = OutboxMessage(message_id="m-1", topic="clearance.changed", body='{"名":1}'.encode(), created_at=0, due_at=0)


@pytest.mark.parametrize(
    "url", ["https://example.org/hook", "http://127.0.0.1:1/x", "http://[::1]/x", "http://localhost:9/x"]
)
def test_https_or_this_machine(url: str) -> None:
    """An address that nobody can read along is taken."""
    check_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/hook",
        "http://10.0.0.1/x",
        "http://localhost.example.org/x",
        "http://127.0.0.1.example.org/",
        "http://2130706433/",
        "ftp://127.0.0.1/x",
        "https://user:secret@example.org/",
        "https:///x",
        "file:///etc/passwd",
        "",
        "http://[::1/x",
    ],
)
def test_nowhere_else(url: str) -> None:
    """Plain http to other machines, other schemes, credentials and nonsense are refused by the name of the setting."""
    with pytest.raises(InputError) as raised:
        check_url(url)
    assert raised.value.faults[0].field == "webhook_url"


def test_no_secret_no_webhook() -> None:
    """An unsigned webhook is never sent."""
    with pytest.raises(InputError, match="key 'webhook'"):
        Endpoint("https://example.org/", ())


def test_every_key_signs_so_that_a_secret_can_be_changed() -> None:
    """A receiver that knows the old secret or the new one accepts the same request, and no other does."""
    new = Key("webhook-2", b"n" * 32)
    now = datetime.now(UTC)
    headers = Endpoint("https://example.org/", (new, *KEYS)).headers(MESSAGE, now)
    for key in (new, *KEYS):
        assert Webhook(shared_secret(key)).verify(MESSAGE.body, headers) == {"名": 1}
    with pytest.raises(Exception, match="No matching signature"):
        Webhook(b"x" * 32).verify(MESSAGE.body, headers)
    with pytest.raises(Exception, match="No matching signature"):
        Webhook(new.secret).verify(MESSAGE.body + b" ", headers)


def test_a_secret_is_never_shown() -> None:
    """Neither the endpoint nor its repr repeats it."""
    shown = repr(Endpoint("https://example.org/", KEYS))
    assert KEYS[0].secret.hex() not in shown
    assert repr(KEYS[0].secret) not in shown
    assert "Key" not in shown


def test_waits_grow_to_an_hour_and_never_end() -> None:
    """Two seconds, doubled each time; the ten-thousandth attempt still comes."""
    assert [wait_after(failures).seconds for failures in (1, 2, 3)] == [2, 4, 8]
    assert wait_after(10_000) == LONGEST_WAIT == timedelta(hours=1)
