"""What the menu offers, in its order; each reader sees what they may open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from thinktwice.people.acts import Permission
from thinktwice.people.person import Person
from thinktwice.web.edge.words import mark as _


@dataclass(frozen=True, slots=True)
class Item:
    """One entry; a page whose path begins with ``path`` belongs to it."""

    text: str
    path: str
    permission: Permission

    def holds(self, path: str) -> bool:
        """Whether a page belongs to this entry."""
        return path == self.path or (self.path != "/" and path.startswith(f"{self.path}/"))


ITEMS: Final[tuple[Item, ...]] = (
    Item(_("Today"), "/", "read_today"),
    Item(_("Interventions"), "/interventions", "read_interventions"),
    Item(_("Decisions"), "/decisions", "search_decisions"),
    Item(_("Jobs"), "/jobs", "read_jobs"),
    Item(_("Audit"), "/audit", "read_audit"),
    Item(_("People"), "/people", "read_people"),
    Item(_("API keys"), "/keys", "read_keys"),
    Item(_("Settings"), "/settings", "read_settings"),
)


def items_for(person: Person | None) -> tuple[Item, ...]:
    """Return the entries of one person."""
    return tuple(item for item in ITEMS if person is not None and person.may(item.permission))
