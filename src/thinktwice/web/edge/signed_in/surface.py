"""What makes one signed-in surface different from the other: its name, people, menu and languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from thinktwice.people.acts import Permission
from thinktwice.people.permissions import OfficerRole, Realm, StaffRole
from thinktwice.people.person import Person


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the menu; a page whose path begins with ``path`` belongs to it."""

    text: str
    path: str
    permission: Permission

    def holds(self, path: str) -> bool:
        """Whether a page belongs to this entry."""
        return path == self.path or (self.path != "/" and path.startswith(f"{self.path}/"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """One surface.

    ``name`` is in its cookies and names its catalogue, which lies under ``locale`` of ``package``; ``title`` and
    ``role_names`` are marked texts; ``languages`` are those beside English, by folder, with their own names. Where it
    ``is_passkey_first``, whoever must have a passkey is never asked for a password. ``beside_sign_in`` is a marked text
    and the path it leads to, for those who have no account.
    """

    name: Realm
    title: str
    package: str
    items: tuple[Item, ...]
    role_names: Mapping[StaffRole, str] | Mapping[OfficerRole, str]
    languages: Mapping[str, str]
    is_passkey_first: bool = False
    beside_sign_in: tuple[str, str] | None = None

    def items_for(self, person: Person | None) -> tuple[Item, ...]:
        """Return the entries of the menu that one person may open."""
        return tuple(item for item in self.items if person is not None and person.may(item.permission))
