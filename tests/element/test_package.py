"""What is packed, what it weighs, and what it may contain."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from benchmarks.element import run

ELEMENT = Path(__file__).parents[2] / "element"
MODULES = sorted((ELEMENT / "src").glob("*.js"))


def test_it_fits_its_budget() -> None:
    """All script and style weigh at most 12 KB compressed."""
    _name, weight, unit, budget = run()[0]
    assert (unit, budget) == ("KB", "<= 12")
    assert weight <= 12


def test_the_package_names_files_that_exist() -> None:
    """Every export, type and packed file is there."""
    package = json.loads((ELEMENT / "package.json").read_text(encoding="utf-8"))
    named = [package["types"], *package["files"], *package["sideEffects"]]
    named += [path for export in package["exports"].values() for path in export.values()]
    assert [path for path in named if not (ELEMENT / path).exists()] == []
    assert "dependencies" not in package


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.name)
def test_nothing_parses_markup_or_reaches_out(module: Path) -> None:
    """No module uses a sink that Trusted Types guard, sets a style attribute, keeps anything, or names a host."""
    text = module.read_text(encoding="utf-8")
    sinks = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|Function\(|setHTML|srcdoc|cssText"
    assert re.findall(rf"{sinks}|\.style\b|localStorage|sessionStorage|document\.cookie|https?://[a-z]", text) == []
    assert all(name.startswith("./") for name in re.findall(r'from "([^"]+)"', text))


def test_every_module_is_explained() -> None:
    """Beside each module that exports something others use stands what it promises."""
    unexplained = [path.name for path in MODULES if not path.with_suffix(".d.ts").exists()]
    assert unexplained == ["register.js", "think-twice.js"]  # the last one's is ``think-twice.d.ts``
