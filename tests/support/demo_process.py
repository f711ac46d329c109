"""The demo as a process of its own, on free ports, with a small history."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from dataclasses import dataclass


@dataclass(frozen=True)
class Running:
    process: subprocess.Popen[str]
    exchange: str
    api: str
    console: str
    portal: str
    output: str


def start(*options: str) -> Running:
    """Start the demo as a process of its own and wait for its addresses."""
    words = [
        "demo",
        "--port",
        "0",
        "--demo-port",
        "0",
        "--console-port",
        "0",
        "--portal-port",
        "0",
        "--withdrawals",
        "60",
        *options,
    ]
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "thinktwice.cli.main", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    seen: list[str] = []
    for line in process.stdout:
        seen.append(line)
        if "Ctrl-C" in line:
            break
    output = "".join(seen)
    exchange = re.search(r"start here\s+(http://127\.0\.0\.1:\d+)", output)
    api = re.search(r"API and alerts\s+(http://127\.0\.0\.1:\d+)", output)
    console = re.search(r"Staff console\s+(http://localhost:\d+)", output)
    portal = re.search(r"Agency portal\s+(http://localhost:\d+)", output)
    assert portal, output
    assert exchange, output
    assert api, output
    assert console, output
    return Running(process, exchange[1], api[1], console[1], portal[1], output)


def stop(running: Running) -> int:
    running.process.send_signal(signal.SIGINT)
    code = running.process.wait(timeout=20)
    assert running.process.stdout is not None
    running.process.stdout.close()
    return code
