"""The client is a package of its own."""

from __future__ import annotations

import ast
import subprocess
import sys
import zipfile
from pathlib import Path

from thinktwice_client.generic_alert import LOCALES

CLIENT = Path(__file__).parents[3] / "clients" / "python"


def test_it_imports_httpx_the_standard_library_and_itself_only() -> None:
    """Above all not the service's package."""
    allowed = {*sys.stdlib_module_names, "httpx", "thinktwice_client"}
    for path in CLIENT.glob("src/**/*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            assert {name.partition(".")[0] for name in names} <= allowed, path


def test_the_wheel_holds_types_and_texts(tmp_path: Path) -> None:
    """Built with hatchling from its own pyproject.toml."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=CLIENT,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    texts = {f"texts/{locale}.json" for locale in LOCALES}
    assert {f"thinktwice_client/{name}" for name in ("py.typed", *texts)} <= names
    assert not any(name.startswith("thinktwice/") for name in names)
