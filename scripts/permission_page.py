"""Write docs/permissions.md from the code, so that the page cannot say anything else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from thinktwice.people.permissions import (
    AREAS,
    DANGEROUS,
    OFFICER_ROLES,
    ROLE_MEANINGS,
    ROLES,
    STAFF_ROLES,
    Permission,
    Role,
)

HEAD = """# Roles and acts

Who may do what, in the console (staff) and in the portal (officers). What is not marked is refused. A person's rights
are the union of their roles; no role of one surface means anything on the other. Acts marked **!** need a second factor
given within the last ten minutes. What takes two people is said in the words of the act, and checked where it is done.
This page is written by `scripts/permission_page.py` from `thinktwice.people.permissions`; a test walks every route with
every role.

"""


def permissions_page() -> str:
    """Return the page of roles and acts."""
    roles: tuple[Role, ...] = (*STAFF_ROLES, *OFFICER_ROLES)
    lines = [HEAD + "| role | of whom |\n|---|---|"]
    lines += [f"| {role.replace('_', ' ')} | {ROLE_MEANINGS[role]} |" for role in roles]
    for area, acts in AREAS.items():
        columns = [role for role in roles if any(act in ROLES[role] for act in acts)]
        heads = " | ".join(role.replace("_", " ") for role in columns)
        lines.append(f"\n## {area}\n\n| act | what it allows | {heads} |\n|---|---|{':-:|' * len(columns)}")
        lines += [_row(act, meaning, columns) for act, meaning in acts.items()]
    return "\n".join(lines) + "\n"


def _row(act: Permission, meaning: str, columns: list[Role]) -> str:
    marks = " | ".join("●" if act in ROLES[role] else "" for role in columns)
    return f"| `{act}`{' **!**' if act in DANGEROUS else ''} | {meaning} | {marks} |"


PAGES: Mapping[Path, Callable[[], str]] = {Path("docs/permissions.md"): permissions_page}

if __name__ == "__main__":
    for path, page in PAGES.items():
        path.write_text(page(), "utf-8")
