"""The words and the JSON in which ``thinktwice watchlist`` answers.

Invariant: every text that came from a list or from an operator passes through ``harmless`` before it is printed; JSON
is ASCII, so it needs no such care.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import msgspec

from thinktwice.watchlist.importing import Imported
from thinktwice.watchlist.kinds import UNSTATED_CONFIDENCE
from thinktwice.watchlist.lookup import Finding, harmless


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What an import did; ``literal`` entries decode on no known network and match as they are written."""

    source: str
    format: str
    entries: int
    keys: int
    added: int
    refreshed: int
    unchanged: int
    removed: int
    literal: int
    faults: int

    def in_words(self, *, is_rehearsal: bool) -> str:
        """Return one or two lines for a person."""
        would = "would import" if is_rehearsal else "imported"
        text = (
            f"{would} {_entries(self.entries)} of {harmless(self.source)} ({self.format}) under "
            f"{number_of_keys(self.keys)}: "
            f"{self.added:,} new, {self.refreshed:,} changed, {self.unchanged:,} as before, {self.removed:,} removed"
        )
        if self.literal:
            text += f"\n{self.literal:,} of them decode on no known network and match as they are written"
        return text


def summary(imported: Imported) -> Summary:
    """Gather the figures of an import."""
    counts = imported.counts
    return Summary(
        source=imported.source,
        format=imported.format,
        entries=imported.entries,
        keys=counts.held,
        added=counts.added,
        refreshed=counts.refreshed,
        unchanged=counts.unchanged,
        removed=counts.removed,
        literal=imported.literal,
        faults=imported.fault_count,
    )


def as_json_text(thing: Any) -> str:
    """Return a result as indented ASCII JSON; a finding in a flat form of its own."""
    plain = _finding(thing) if isinstance(thing, Finding) else msgspec.to_builtins(thing)
    return json.dumps(plain, indent=2, ensure_ascii=True)


def in_words(finding: Finding) -> str:
    """Return what is known about an address, for a terminal."""
    lines = [harmless(finding.address), finding.consequence]
    for allowance in finding.allowances:
        lines += ["", f"allowed since {allowance['known_from'][:10]} by {harmless(allowance['author'])}"]
        lines.append(f"  reason  {harmless(allowance['reason'])}")
    for entry in finding.entries:
        lines += ["", *_entry_lines(entry)]
    if finding.former:
        lines += ["", f"{_entries(len(finding.former))} that counted earlier"]
        lines += [_former_line(entry) for entry in finding.former]
    return "\n".join(lines)


def number_of_keys(count: int) -> str:
    """Return a number of keys in words."""
    return "1 key" if count == 1 else f"{count:,} keys"


def _entries(count: int) -> str:
    return "1 entry" if count == 1 else f"{count:,} entries"


def _entry_lines(entry: Mapping[str, Any]) -> list[str]:
    family = entry["match_key"].partition(":")[0]
    stated = entry["confidence"]
    shown = {
        "what": f"{entry['label'] or ''}",
        "why": entry["reference"] or "",
        "listed": entry["listed_at"] or "the source gives no date",
        "known": f"since {entry['known_from']}"
        + (f", brought by {entry['imported_by']}" if entry["imported_by"] else ""),
        "from": entry["place"] or "",
        "written": entry["address"],
        "memo": entry["memo"] or "",
        "expires": entry["expires_at"] or "",
        "trust": f"{UNSTATED_CONFIDENCE} of 100 (the source gives none)" if stated is None else f"{stated} of 100",
    }
    head = f"{entry['source']}: {entry['kind']}, {entry['disposition']} ({family})"
    return [harmless(head), *(f"  {name:<8}{harmless(value)}" for name, value in shown.items() if value)]


def _former_line(entry: Mapping[str, Any]) -> str:
    until = f"until {entry['known_until']}" if entry["known_until"] else f"expired {entry['expires_at']}"
    return harmless(f"  {entry['source']}: {entry['kind']}, {entry['disposition']}, {until}")


def _finding(finding: Finding) -> dict[str, Any]:
    listing = finding.listing
    return {
        "address": finding.address,
        "match_keys": list(finding.match_keys),
        "is_listed": listing is not None,
        "disposition": listing.disposition if listing else None,
        "consequence": finding.consequence,
        "listing": msgspec.to_builtins(asdict(listing)) if listing else None,
        "entries": [dict(entry) for entry in finding.entries],
        "former": [dict(entry) for entry in finding.former],
        "allowances": [dict(allowance) for allowance in finding.allowances],
    }
