"""The whole service on a real port: journal, shipped campaigns, API and customer pages."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvicorn

from tests.support.keys import store_key
from thinktwice.bootstrap.choices import installation_of, load_campaigns
from thinktwice.bootstrap.core import open_core
from thinktwice.bootstrap.surfaces import open_surfaces
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.people.keys import SCOPES, create_key
from thinktwice.settings import load_settings
from thinktwice.web.edge.asgi import App


@dataclass(frozen=True)
class ApiServer:
    """Where the service is, and a test key for every call."""

    url: str
    key: str
    data: Path

    @property
    def headers(self) -> dict[str, str]:
        """The credential."""
        return {"Authorization": f"Bearer {self.key}"}


@contextmanager
def open_everything(data: Path, **changes: Any) -> Iterator[App]:
    """Put the whole service together as one application; keywords change its settings."""
    settings = load_settings(data=data, **({"browser_requests_per_minute": 1_000_000} | changes))
    installation = installation_of(settings)
    campaigns = load_campaigns(settings, installation)
    with (
        open_core(
            data,
            installation=installation,
            keyring=TEST_KEYRING,
            campaigns=campaigns,
            is_telling=settings.webhook_url is not None,
        ) as core,
        open_surfaces(core, settings) as app,
    ):
        yield app


@contextmanager
def serve_everything(data: Path, **changes: Any) -> Iterator[ApiServer]:
    """Run the service on a free loopback port for as long as the block lasts; keywords change its settings."""
    with open_everything(data, **changes) as app, socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            app, log_config=None, access_log=False, lifespan="off", ws="none", http="httptools", loop="uvloop"
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield ApiServer(f"http://127.0.0.1:{listening.getsockname()[1]}", new_key(data), data)
        finally:
            server.should_exit = True
            thread.join(10)


def new_key(data: Path) -> str:
    """Make a test key with every scope."""
    key, secret = create_key(name="tests", mode="test", scopes=SCOPES, actor="tests", now=datetime.now(UTC))
    store_key(data, key)
    return secret
