"""Roles allow what their table says and nothing else."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import thinktwice
from thinktwice.people.permissions import (
    ACTS,
    DANGEROUS,
    OFFICER_ROLES,
    PERMISSIONS,
    ROLE_MEANINGS,
    ROLES,
    STAFF_ROLES,
    permissions_of,
    realm_of,
    roles_with,
)

SOURCE = Path(thinktwice.__file__).parent


def test_every_act_is_explained_and_somebody_may_do_it() -> None:
    """Acts, their meanings and the roles speak of the same acts; none is out of everybody's reach."""
    assert sorted(ACTS) == sorted(PERMISSIONS)
    assert [act for act in PERMISSIONS if not roles_with(act)] == []
    assert set(ROLES) == set(ROLE_MEANINGS) == {*STAFF_ROLES, *OFFICER_ROLES}
    assert set(PERMISSIONS) > DANGEROUS


def test_every_act_is_asked_for_somewhere() -> None:
    """A permission that no page and no service asks for would promise what nobody can do."""
    named = {
        node.value
        for path in SOURCE.rglob("*.py")
        if path.name not in {"acts.py", "permissions.py"} or path.parent.name != "people"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert [act for act in PERMISSIONS if act not in named] == []


def test_the_surfaces_share_one_act_only() -> None:
    """Staff and officers have nothing in common but their own account, so no role crosses over."""
    staff = permissions_of(role for role in STAFF_ROLES)
    officers = permissions_of(role for role in OFFICER_ROLES)
    assert staff & officers == {"manage_own_account"}
    assert {realm_of(role) for role in STAFF_ROLES} == {"console"}
    assert {realm_of(role) for role in OFFICER_ROLES} == {"portal"}


def test_duties_are_kept_apart() -> None:
    """Nobody has by one role both sides of what takes two kinds of people."""
    for role, allowed in ROLES.items():
        assert not {"save_draft", "approve_campaign"} <= allowed, role
        assert not {"invite_account", "search_decisions"} <= allowed, role
        assert not {"invite_account", "read_cases"} <= allowed, role
        assert not {"invite_officer", "file_request"} <= allowed, role
        assert not {"allow_destination", "upload_list"} <= allowed, role
        assert not {"review_case", "assemble_production"} <= allowed, role


def test_no_role_means_no_right() -> None:
    """Without a role nothing is allowed, one's own account included."""
    assert permissions_of([]) == frozenset()


@pytest.mark.parametrize(
    "act", ["stop_campaign", "withdraw_campaign", "suspend_officer", "end_session", "withdraw_partner_approval"]
)
def test_what_protects_does_not_wait(act: str) -> None:
    """Stopping, suspending an officer, ending a session and withdrawing an approval ask for no second factor."""
    assert act in PERMISSIONS
    assert act not in DANGEROUS
