"""What ``thinktwice serve`` says at its start."""

from __future__ import annotations

from pathlib import Path

from thinktwice.campaigns.library import shipped_packs
from thinktwice.cli.campaign_checking import shortly
from thinktwice.cli.serve import summed_up
from thinktwice.contacts.loading import shipped_contacts
from thinktwice.errors import Fault


def test_warnings_that_are_alike_are_one_line() -> None:
    """Twenty languages without a review are one thing to know; a warning of its own stays a line of its own."""
    said = "no native reader has reviewed these words yet"
    files = [str(shipped_packs() / "lookalike" / "messages" / f"{tag}.md") for tag in ("ms", "pt", "ar")]
    lines = list(summed_up([*(Fault(said, "reviewed", file) for file in files), Fault("is over", "ends_at", "a.yaml")]))
    assert lines == [
        f"lookalike/messages/ms.md: reviewed: {said} (and 2 more alike; `thinktwice campaign check` names each)",
        "a.yaml: ends_at: is over",
    ]


def test_a_file_is_named_as_one_looks_for_it(tmp_path: Path) -> None:
    """What ships with us is named by its place among the packs; a path outside stays whole."""
    named = {str(shortly(Fault("x", where=str(path)))) for path in (shipped_contacts() / "hk.yaml", tmp_path / "a.md")}
    assert named == {"contacts/hk.yaml: x", f"{tmp_path}/a.md: x"}
