"""A gigabyte of files in one case goes through the portal's process in bounded memory, and comes back to the byte."""

from __future__ import annotations

import hashlib
import random
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from tests.support.serving import install
from tests.support.surfaces import Outside, RealBrowser, running
from thinktwice.web.portal.requests.drafting import FILE_BYTES

WHOLE = 1 << 30
MOST_MORE = 64 << 20
"""How much more memory than before the first file: less than one of the files."""
PIECE = 1 << 20
EDGE = "edge-of-the-form"


def content(seed: int, size: int) -> Iterator[bytes]:
    """Yield bytes that no compression helps with, the same ones for a seed."""
    noise = random.Random(seed).randbytes(PIECE)
    for number in range(0, size, PIECE):
        yield (number.to_bytes(8, "big") + noise[8:])[: size - number]


def digest_of(pieces: Iterator[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def upload(officer: RealBrowser, case_id: str, seed: int, size: int) -> None:
    """Send a file in pieces, as browsers do."""
    officer.get(f"/requests/{case_id}/files")
    found = re.search(r'name="form_token" value="([^"]*)"', officer.page.text)
    assert found
    head = f'--{EDGE}\r\nContent-Disposition: form-data; name="form_token"\r\n\r\n{found[1]}\r\n'
    head += f'--{EDGE}\r\nContent-Disposition: form-data; name="purpose"\r\n\r\nattachment\r\n'
    head += f'--{EDGE}\r\nContent-Disposition: form-data; name="file"; filename="part-{seed:02}.bin"\r\n'
    head += "Content-Type: application/octet-stream\r\n\r\n"
    tail = f"\r\n--{EDGE}--\r\n".encode()

    def body() -> Iterator[bytes]:
        yield head.encode()
        yield from content(seed, size)
        yield tail

    answer = officer.client.post(
        f"/requests/{case_id}/files", content=body(), headers=headers(officer, len(head) + size + len(tail))
    )
    assert answer.status_code == 303, answer.text


def headers(officer: RealBrowser, length: int) -> dict[str, str]:
    return {
        "Content-Type": f"multipart/form-data; boundary={EDGE}",
        "Content-Length": str(length),
        "Cookie": "; ".join(f"{name}={value}" for name, value in officer.cookies.items()),
        "Origin": officer.url,
        "Sec-Fetch-Site": "same-origin",
        "Referer": f"{officer.url}/requests",
    }


def download(officer: RealBrowser, path: str) -> str:
    """Take a file away, piece by piece, and return the hash of what came."""
    officer.get(path.partition("/files/")[0])
    found = re.search(r'name="form_token" value="([^"]*)"', officer.page.text)
    assert found
    sent = headers(officer, 0) | {"Content-Type": "application/x-www-form-urlencoded"}
    del sent["Content-Length"]
    led = officer.client.post(path, content=f"form_token={found[1]}".encode(), headers=sent)
    assert led.status_code == 303, led.text
    with officer.client.stream("GET", led.headers["location"], headers=sent) as answer:
        assert answer.status_code == 200
        digest = digest_of(answer.iter_bytes())
        assert answer.headers["x-content-sha256"] == digest
    return digest


@pytest.mark.prove
def test_a_gigabyte_of_files_in_one_case_in_bounded_memory(tmp_path: Path) -> None:
    """Kept encrypted, listed with hash and size, taken away again; the process grows by less than one of the files."""
    installation = install(tmp_path)
    sizes = [FILE_BYTES] * (WHOLE // FILE_BYTES) + ([WHOLE % FILE_BYTES] if WHOLE % FILE_BYTES else [])
    with ExitStack() as stack:
        portal = stack.enter_context(running(installation, "portal"))
        outside = Outside(installation)
        stack.callback(outside.close)
        officer = outside.browser(portal, "portal", "officer", name="An officer", agency_id=outside.agency())
        stack.callback(officer.close)
        officer.client.timeout = httpx.Timeout(300)
        officer.get("/requests/new")
        case_id = str(officer.send("/requests/new", {"kind": "production"}).request.url.path).split("/")[2]
        upload(officer, case_id, 99, 1_000)
        before, began = portal.most_bytes, time.monotonic()
        for seed, size in enumerate(sizes):
            upload(officer, case_id, seed, size)
        kept, uploaded = portal.most_bytes, time.monotonic()
        kept_on_disk = sum(path.stat().st_size for path in (installation.data / "cases" / case_id).iterdir())
        page = officer.get(f"/requests/{case_id}").text
        paths = re.findall(r'action="(/requests/[0-9a-f]{32}/files/[0-9a-f]{32}/download)"', page)
        came = {download(officer, path) for path in paths}
        after, ended = portal.most_bytes, time.monotonic()
        shutil.rmtree(installation.data / "cases")
    assert came == {digest_of(content(seed, size)) for seed, size in [(99, 1_000), *enumerate(sizes)]}
    assert kept_on_disk > WHOLE
    print(
        f"\n{sum(sizes) / (1 << 20):.0f} MB in {len(sizes)} files of one case: most memory of the portal's process "
        f"{before / (1 << 20):.0f} MB before, {kept / (1 << 20):.0f} MB after taking them in "
        f"({uploaded - began:.0f} s), {after / (1 << 20):.0f} MB after handing them out ({ended - uploaded:.0f} s)"
    )
    assert after - before < MOST_MORE
