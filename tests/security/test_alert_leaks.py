"""What an alert must not give away: no frame, no cache, no referrer, no log and no file learns of its token."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.support.api_server import ApiServer, serve_everything
from tests.support.attacked_alert import Alert, alert_at
from tests.support.http import ask
from tests.support.serving import Serving, install
from thinktwice.bootstrap.choices import installation_of, load_campaigns
from thinktwice.bootstrap.core import open_core
from thinktwice.bootstrap.surfaces import open_surfaces
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.settings import load_settings


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ApiServer]:
    with serve_everything(tmp_path_factory.mktemp("data")) as running:
        yield running


def _visited(alert: Alert) -> list[httpx.Response]:
    """Return every kind of answer of this surface, refusals included."""
    form = {"event_id": "event-0001", "locale": "en"}
    pages = ["", "?locale=zh-Hant", "/signs", "/continue", "/questions", "/help", "/report.txt", "/nothing", "/", "x"]
    found = [httpx.get(alert.page + rest) for rest in pages]
    found += [httpx.post(f"{alert.page}/choices", data=form | {"choice": choice}) for choice in ("x", "reported")]
    found += [httpx.get(alert.page + rest, timeout=60) for rest in ("", "/report.txt", "/report.pdf")]
    json_paths = ("", "/texts", "/events", "/", "/x")
    found += [httpx.get(f"{alert.url}/v1/alerts/{alert.id}{rest}", headers=alert.bearer) for rest in json_paths]
    found += [httpx.get(f"{alert.url}/v1/alerts/{alert.id}"), httpx.get(f"{alert.url}/verify"), alert.send({})]
    found += [httpx.get(alert.page, headers={"Host": "elsewhere.example"}), httpx.put(alert.page)]
    return found


def test_nothing_can_be_framed_cached_or_named_as_referrer(server: ApiServer) -> None:
    """Pages, data, downloads, refusals and redirects alike; no answer names an address with the token outside."""
    alert = alert_at(server.url, server.headers, "headers")
    for answer in _visited(alert):
        said, place = answer.headers, str(answer.request.url)
        assert "frame-ancestors 'none'" in said["content-security-policy"], place
        assert "unsafe" not in said["content-security-policy"], place
        assert said["referrer-policy"] == "no-referrer", place
        assert said["cache-control"] == "no-store", place
        assert said["x-content-type-options"] == "nosniff", place
        assert "set-cookie" not in said, place
        moved = urlsplit(said.get("location", ""))
        assert not moved.netloc, place
        for name, value in said.items():
            assert alert.token not in value or name == "location", place


def test_the_customer_surface_by_itself_protects_its_refusals(tmp_path: Path) -> None:
    """Served alone, also what the edge refuses carries every header."""
    settings = load_settings(data=tmp_path, browser_requests_per_minute=1)
    installation = installation_of(settings)
    campaigns = load_campaigns(settings, installation)
    with (
        open_core(tmp_path, installation=installation, keyring=TEST_KEYRING, campaigns=campaigns) as core,
        open_surfaces(core, settings, "customer") as app,
    ):
        answers = [ask(app, "GET", "/alerts/x") for _ in range(2)]
        answers.append(ask(app, "GET", "/alerts/x", headers={"Host": "elsewhere.example"}))
    assert [answer.status_code for answer in answers] == [404, 429, 421]
    for answer in answers:
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"


def test_no_token_is_written_anywhere(tmp_path: Path) -> None:
    """Neither the service's output, at its most talkative, nor any file it writes holds one."""
    installed = install(tmp_path)
    serving = Serving(installed)
    try:
        url = serving.url
        alert = alert_at(url, installed.headers, "logs")
        _visited(alert)
        address = urlsplit(url)
        assert address.hostname
        assert address.port
        for raw in (
            f"GET /alerts/{alert.token} HTTP/9.9\r\n\r\n",
            f"GET /alerts/{alert.token} nonsense\r\n\r\n",
            f"GET //alerts//{alert.token} HTTP/1.1\r\nHost: localhost\r\n\r\n",
            f"GET /Alerts/{alert.token}/a/b HTTP/1.1\r\nHost: localhost\r\n\r\n",
            f"GET /verify?token={alert.token} HTTP/1.1\r\nHost: localhost\r\nReferer: /alerts/{alert.token}\r\n\r\n",
            f"POST /{alert.token} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1{alert.token}\r\n\r\n",
        ):
            with socket.create_connection((address.hostname, address.port), timeout=5) as connection:
                connection.sendall(raw.encode())
                connection.shutdown(socket.SHUT_WR)
                connection.recv(65_536)
    finally:
        serving.kill()
    mac = alert.token.rsplit(".", 1)[1].encode()
    written = [path for path in installed.data.rglob("*") if path.is_file()]
    assert any(b'"path": "/alerts/{token}"' in path.read_bytes() for path in written)  # the log was there to search
    assert [path.name for path in written if mac in path.read_bytes()] == []
