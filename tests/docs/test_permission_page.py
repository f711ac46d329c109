"""The page of roles and acts says what the code allows."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from thinktwice.people.permissions import PERMISSIONS, ROLES

ROOT = Path(__file__).parents[2]


def test_the_page_of_roles_is_what_the_code_says() -> None:
    """docs/permissions.md is what scripts/permission_page.py writes, and names every act and role."""
    spec = importlib.util.spec_from_file_location("permission_page", ROOT / "scripts" / "permission_page.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for path, page in module.PAGES.items():
        written = (ROOT / path).read_text("utf-8")
        assert written == page(), f"run: python scripts/permission_page.py ({path})"
        assert [act for act in PERMISSIONS if f"| `{act}`" not in written] == []
        assert [role for role in ROLES if f"| {role.replace('_', ' ')} |" not in written] == []
