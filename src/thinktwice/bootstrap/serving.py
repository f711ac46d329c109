"""Running applications: sockets, uvicorn, signals.

Invariants: the port is bound before anything is announced; an interrupt lets requests in flight finish; several
applications of one process stop together.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import uvicorn
import uvloop

from thinktwice.errors import UnavailableError

GRACE_SECONDS: Final = 10


def bind(host: str, port: int, *, or_any: bool = False) -> socket.socket:
    """Return a listening socket; with ``or_any`` a free port is taken when ``port`` is in use.

    Raises:
        UnavailableError: the address cannot be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        if or_any and port:
            return bind(host, 0)
        raise UnavailableError(f"cannot listen on {host} port {port}: {error.strerror}") from None
    return listener


def port_of(listener: socket.socket) -> int:
    """Return the port a socket listens on."""
    return int(listener.getsockname()[1])


class _Server(uvicorn.Server):
    """A server that leaves the signals to whoever runs it, because there may be several, and says when it is up."""

    def __init__(self, app: Any, when_up: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                loop="uvloop",
                http="httptools",
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        self._when_up = when_up

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets=sockets)
        self._when_up()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def serve(apps: Sequence[tuple[Any, socket.socket]], *, when_ready: Callable[[], None] = lambda: None) -> None:
    """Serve every application on its socket until the process is interrupted or terminated."""
    starting = len(apps)

    def one_is_up() -> None:
        nonlocal starting
        starting -= 1
        if not starting:
            when_ready()

    servers = [_Server(app, one_is_up) for app, _ in apps]

    def stop() -> None:
        for server in servers:
            server.should_exit = True

    async def run() -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(number, stop)
        await asyncio.gather(
            *(server.serve(sockets=[listener]) for server, (_, listener) in zip(servers, apps, strict=True))
        )

    with _settled_garbage(), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())


@contextlib.contextmanager
def _settled_garbage() -> Iterator[None]:
    """Keep what lives as long as the process out of garbage collection, which would stop every request for it.

    Modules alone are several 100,000 objects, and one full collection of them takes longer than a slow answer.
    Answering makes few cycles, so collecting the young less often costs little memory. Afterwards all of it is
    collected again: libraries that count at the end of the process what they made would take it for leaked.
    """
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    try:
        yield
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)
