"""The example exchange of the Python client against the real service, each a process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from thinktwice.journal.sqlite import SqliteJournalReader
from thinktwice.storage.layout import DataFolder

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "clients" / "python"
THINKTWICE = (sys.executable, "-m", "thinktwice.cli.main")
PATIENCE = 60


def clean_environment(**more: str) -> dict[str, str]:
    """Return the environment without settings of ours."""
    return {**{name: value for name, value in os.environ.items() if not name.startswith("THINKTWICE_")}, **more}


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(url: str, child: subprocess.Popen[bytes]) -> None:
    """Wait until somebody answers there."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        assert child.poll() is None, "the process ended"
        with contextlib.suppress(httpx.HTTPError):
            httpx.get(url, trust_env=False)
            return
        time.sleep(0.1)
    pytest.fail(f"nothing answers at {url}")


@contextlib.contextmanager
def running(command: list[str], url: str, folder: Path, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process until it answers, and end it afterwards."""
    with (folder / "output.txt").open("ab") as output:
        child = subprocess.Popen(
            command, cwd=folder, env=clean_environment(**environment), stdout=output, stderr=output
        )
        try:
            wait_for(url, child)
            yield child
        finally:
            child.terminate()
            child.wait(PATIENCE)


def withdrawal(number: int, *, fiat: str, channel: str = "app", customer: str = "c-1") -> dict[str, Any]:
    """Return a first payment to a new address by a customer in Hong Kong."""
    return {
        "withdrawal_id": f"w-{number}",
        "initiated_at": datetime.now(UTC).isoformat(),
        "channel": channel,
        "customer": {"id": customer, "jurisdiction": "HK", "locale": "zh-Hant-HK"},
        "asset": "USDT",
        "network": "ethereum",
        "amount": fiat,
        "fiat_amount": fiat,
        "fiat_currency": "USD",
        "destination": {"address": f"0x{0xABC0 + number % 10:040x}"},
    }


def test_an_exchange_works_through_an_outage_of_the_real_service(tmp_path: Path) -> None:
    """Warned, held and let go by the service; answered without it; told and screened again when it is back."""
    data, key_file = tmp_path / "data", tmp_path / "keys.env"
    run = subprocess.run(
        [*THINKTWICE, "key", "generate-keyring", str(key_file)],
        env=clean_environment(),
        capture_output=True,
        check=True,
    )
    create = [*THINKTWICE, "key", "create", "exchange", "--mode", "live", "--data", str(data)]
    for scope in ("decide", "clear", "events"):
        create += ["--scope", scope]
    run = subprocess.run(create, env=clean_environment(), capture_output=True, check=True, cwd=tmp_path)
    secret = run.stdout.decode().split()[-1]
    service_port, exchange_port = free_port(), free_port()
    api, exchange = f"http://127.0.0.1:{service_port}", f"http://127.0.0.1:{exchange_port}"
    serve = [*THINKTWICE, "serve", "--data", str(data), "--host", "127.0.0.1", "--port", str(service_port)]
    keys = {"THINKTWICE_KEY_FILE": str(key_file)}
    uvicorn = [sys.executable, "-m", "uvicorn", "exchange:create_exchange", "--factory", "--port", str(exchange_port)]
    settings = {
        "THINKTWICE_URL": api,
        "THINKTWICE_API_KEY": secret,
        "EXCHANGE_STORE": str(tmp_path / "client.db"),
        "PYTHONPATH": os.pathsep.join((str(CLIENT / "src"), str(CLIENT / "examples"))),
    }
    with (
        running(uvicorn, f"{exchange}/openapi.json", tmp_path, **settings),
        httpx.Client(base_url=exchange, trust_env=False, timeout=20) as customer,
    ):
        with running(serve, f"{api}/healthz", tmp_path, **keys) as service:
            with_the_service(customer)
            service.kill()
            service.wait(PATIENCE)
        without_the_service(customer)
        with running(serve, f"{api}/healthz", tmp_path, **keys):
            back_again(customer)
            told = wait_for_events(data, {"proceed", "alert", "hold", "cleared"})
    assert len(told) == len({event["event_id"] for event in told})
    assert secret not in (tmp_path / "output.txt").read_text("utf-8", "replace")


def begin(customer: httpx.Client, body: dict[str, Any]) -> dict[str, Any]:
    """Start a withdrawal."""
    response = customer.post("/withdrawals", json=body)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.json()
    return found


def send(customer: httpx.Client, number: int) -> dict[str, Any]:
    """Try to send it."""
    found: dict[str, Any] = customer.post(f"/withdrawals/w-{number}/send").json()
    return found


def with_the_service(customer: httpx.Client) -> None:
    # On a busy machine the first answer may take longer than the deadline: the exchange then has one of its own.
    until = time.monotonic() + PATIENCE
    number = 1_000
    while begin(customer, withdrawal(number, fiat="1", customer="warm-up"))["source"] != "service":
        assert time.monotonic() < until
        number += 10
        time.sleep(0.2)
    small = asked_of_the_service(customer, 1, fiat="10")
    assert small["action"] == "proceed"
    assert send(customer, 1) == {"sent": True, "status": "cleared"}
    # A tenth of the customers is in the holdout: one of these five is not, but for one time in a hundred thousand.
    alerts = [asked_of_the_service(customer, 20 + n, fiat="5000", customer=f"c-{20 + n}") for n in range(5)]
    warned = next(n for n, alert in enumerate(alerts) if alert["action"] == "alert")
    assert re.fullmatch(r"http://.+/alerts/.+", alerts[warned]["alert_url"])
    assert send(customer, 20 + warned)["status"] == "open"
    held = asked_of_the_service(customer, 3, fiat="5000", channel="api")
    assert held["action"] == "hold"
    assert send(customer, 3)["sent"] is False


def asked_of_the_service(customer: httpx.Client, number: int, /, **changes: Any) -> dict[str, Any]:
    """Start a withdrawal, again and again until the service itself has answered; the call is idempotent."""
    body, until = withdrawal(number, **changes), time.monotonic() + PATIENCE
    while (found := begin(customer, body))["source"] != "service":
        assert time.monotonic() < until
        time.sleep(0.2)
    return found


def without_the_service(customer: httpx.Client) -> None:
    small, large = begin(customer, withdrawal(41, fiat="10")), begin(customer, withdrawal(42, fiat="5000"))
    assert (small["action"], small["source"]) == ("proceed", "fallback")
    assert (large["action"], large["words"]["headline"]) == ("alert", "轉出前，先核實")
    assert send(customer, 41) == {"sent": True, "status": "cleared"}
    assert send(customer, 42)["sent"] is False
    again = begin(customer, withdrawal(53, fiat="1"))
    assert (again["action"], again["source"]) == ("hold", "fallback")
    assert send(customer, 53)["sent"] is False


def back_again(customer: httpx.Client) -> None:
    until = time.monotonic() + PATIENCE
    while (found := send(customer, 53))["source"] != "service":
        assert time.monotonic() < until
        time.sleep(0.2)
    assert (found["sent"], found["action"], found["status"]) == (False, "hold", "held")


def wait_for_events(data: Path, answers: set[str]) -> list[dict[str, Any]]:
    """Return the fallback events in the journal, once those of the outage are there."""
    reader, until = SqliteJournalReader(DataFolder(data).journal), time.monotonic() + PATIENCE
    try:
        while True:
            bodies = [json.loads(record.body) for record in reader.records(kinds=["event"])]
            told = [body for body in bodies if body["type"] == "decision.fallback"]
            if {body["answer"] for body in told} >= answers:
                return told
            assert time.monotonic() < until, told
            time.sleep(0.2)
    finally:
        reader.close()
