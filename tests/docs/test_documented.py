"""What exists is documented, and what is documented exists."""

from __future__ import annotations

import importlib.util
import json
import re
from dataclasses import fields
from pathlib import Path

from typer.main import get_command

import thinktwice
from tests.support.world import START, request
from thinktwice.alerts.words import WORDS
from thinktwice.cli.main import COMMANDS, assemble
from thinktwice.decisions.intake import Intake
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.records.catalogue import CATALOGUE
from thinktwice.records.installation import Installation
from thinktwice.signals.compute import find_signals
from thinktwice.signals.state import CustomerState, DestinationState
from thinktwice.watchlist.snapshot import Snapshot

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def test_the_reference_pages_are_what_the_code_says() -> None:
    """docs/signals.md and docs/settings.md are what scripts/reference_pages.py writes."""
    spec = importlib.util.spec_from_file_location("reference_pages", ROOT / "scripts" / "reference_pages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for path, page in module.PAGES.items():
        assert (ROOT / path).read_text("utf-8") == page(), f"run: python scripts/reference_pages.py ({path})"


def test_the_signals_computed_are_those_declared() -> None:
    """Every signal of the catalogue is computed, and nothing else; none is a float."""
    withdrawal = Intake(Installation(), TEST_KEYRING).withdrawal(json.dumps(request()).encode(), now=START)
    found = find_signals(
        withdrawal, CustomerState(), DestinationState(), Snapshot(None, {}, 0), START, Installation()
    ).signals
    assert set(found) == set(CATALOGUE)
    assert float not in {type(value) for value in found.values()}
    missing = {name for name, value in found.items() if value is None}
    assert missing <= {name for name, definition in CATALOGUE.items() if definition.may_be_missing}


def test_every_field_of_the_report_for_the_police_is_in_the_handbook() -> None:
    """Which fields it has is said where operators read it; a field that is added is added there."""
    said = WORDS["en"].report_words
    others = {"title", "statement", "stopped", "not_stopped", "sent", "unknown"}
    labels = [getattr(said, field.name).rstrip(" *") for field in fields(said) if field.name not in others]
    page = " ".join((ROOT / "docs" / "handbook.md").read_text("utf-8").split())
    assert [label for label in labels if f"*{label}*" not in page] == []


def test_every_package_is_in_the_architecture() -> None:
    """A new package says its one job in docs/architecture.md."""
    packages = {path.parent.name for path in Path(thinktwice.__file__).parent.glob("*/__init__.py")}
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    assert [name for name in packages if f"`{name}" not in page] == []


def test_every_command_named_in_the_readme_exists() -> None:
    """`thinktwice NOUN VERB` in README and docs names a real command."""
    app = get_command(assemble())
    for noun, verb in re.findall(r"^thinktwice (\w+) ?([a-z-]*)", README, re.MULTILINE):
        assert noun in COMMANDS, noun
        command = app.commands[noun]  # type: ignore[attr-defined]  # the application is a group
        if verb and hasattr(command, "commands"):
            assert verb in command.commands, f"{noun} {verb}"
