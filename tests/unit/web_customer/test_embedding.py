"""Claims about the element's modules as the service hands them out."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import httpx
import pytest

from tests.support.alert_visit import Visit
from tests.support.http import ask

ROOT = Path(__file__).parents[3]
ORIGIN = "https://app.harbour.example"
SHIPPED = {path.name for path in (ROOT / "element" / "src").glob("*.js")}


def _get(path: str, **headers: str) -> httpx.Response:
    visit = Visit(parts={"embedding_origins": (ORIGIN,)})
    return ask(visit.app, "GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})


def _folder() -> str:
    match = re.fullmatch(r'export \* from "\./([0-9a-f]{12})/register\.js";\n', _get("/element/register.js").text)
    assert match is not None
    return f"/element/{match[1]}"


def test_the_address_that_a_page_names_leads_on_to_this_release() -> None:
    """It is asked for again each time, and answered with 304 while nothing changed."""
    first = _get("/element/register.js")
    assert first.headers["content-type"] == "text/javascript; charset=utf-8"
    assert first.headers["cache-control"] == "no-cache"
    again = _get("/element/register.js", if_none_match=first.headers["etag"], origin=ORIGIN)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["access-control-allow-origin"] == ORIGIN


def test_every_module_that_is_imported_is_served_for_ever() -> None:
    """The whole graph can be had, with the right type, and is what stands in the repository."""
    reached, left = set(), ["register.js"]
    while left:
        name = left.pop()
        reached.add(name)
        answer = _get(f"{_folder()}/{name}")
        assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "immutable" in answer.headers["cache-control"]
        assert answer.content == (ROOT / "element" / "src" / name).read_bytes()
        left += set(re.findall(r'from "\./([^"]+)"', answer.text)) - reached
    assert reached == SHIPPED


@pytest.mark.parametrize("path", ["/element/register.js", "module"])
def test_only_the_operators_pages_may_import(path: str) -> None:
    """Matching is exact and never a star; a cache keeps the answers to different origins apart."""
    path = f"{_folder()}/view.js" if path == "module" else path
    assert _get(path, origin=ORIGIN).headers["access-control-allow-origin"] == ORIGIN
    for other in ("https://evil.example", f"{ORIGIN}.evil.example", "null", ""):
        assert "access-control-allow-origin" not in _get(path, origin=other).headers
    assert all("Origin" in _get(path, **given).headers["vary"] for given in ({"origin": ORIGIN}, {}))


@pytest.mark.parametrize(
    "path",
    [
        "/element/",
        "/element/view.js",
        "/element/000000000000/view.js",
        "FOLDER/view.d.ts",
        "FOLDER/..%2f..%2fpyproject.toml",
        "FOLDER/../app.py",
        "FOLDER/%2e%2e/%2e%2e/app.py",
        "FOLDER/view.js/",
        "FOLDER/__proto__",
    ],
)
def test_nothing_else_is_served(path: str) -> None:
    """No other file, no other release and no way up; the refusal is no script."""
    answer = _get(path.replace("FOLDER", _folder()))
    assert answer.status_code in {404, 307}
    assert "javascript" not in answer.headers.get("content-type", "")
    assert "cache-control" in answer.headers
    assert "max-age" not in answer.headers["cache-control"]


def test_the_wheel_holds_the_modules(tmp_path: Path) -> None:
    """An installed package serves them without a checkout beside it."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    held = [name.rpartition("/")[2] for name in names if name.startswith("thinktwice/web/customer/assets/element/")]
    assert set(held) >= SHIPPED
