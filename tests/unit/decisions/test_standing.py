"""Claims about what a page shows of an alert that was made earlier."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.alert_pack import reference
from tests.unit.decisions.test_clearance_machine import STARTS, Explorer, Node
from thinktwice.decisions.clearance import clear
from thinktwice.decisions.standing import as_it_stands
from thinktwice.records.alert import Choice, OpenAlert
from thinktwice.records.decision import Decision
from thinktwice.signals.state import micros, unpack_customer

CHOICES: tuple[Choice | None, ...] = (None, "continued", "changed", "cancelled", "reported")


def _page(decision: Decision, choice: Choice | None) -> OpenAlert:
    return OpenAlert(
        decision_id=decision.decision_id,
        reference=decision.alert or reference(),
        facts=decision.facts,
        intervention=decision.intervention,
        action=decision.action,
        hold=decision.hold,
        choice=choice,
    )


def _left_with(decision: Decision, node: Node) -> set[str]:
    """Return the attempts of this withdrawal with which money left since the decision."""
    return {
        past.decision_id
        for past in unpack_customer(node.memory).withdrawals
        if past.withdrawal_id == decision.withdrawal_id and past.completed_at >= micros(decision.decided_at)
    }


def _check(node: Node, decision: Decision, choice: Choice | None, disposition: Any) -> str:
    state = unpack_customer(node.memory)
    status = clear(decision, state, disposition, node.now).status
    page = as_it_stands(_page(decision, choice), decision, state, disposition, node.now)
    said = (page.action, page.standing, page.choice, status)
    if decision.action != "proceed" and (left := _left_with(decision, node)):
        # 0. Once money has left nothing is said to wait or to have been stopped; a report stays one.
        assert page.standing == ("sent" if decision.decision_id in left else "lapsed"), (said, node.path)
        assert page.choice == (choice if choice == "reported" else None), (said, node.path)
        return f"{status}: {page.standing}, left"
    assert page.standing != "sent", (said, node.path)
    is_waiting_or_blocked = page.action in ("hold", "refer", "block") and page.standing is None
    if decision.action != "proceed":
        # 1. What clearance holds, refers or blocks, the page shows so, and nothing else.
        assert is_waiting_or_blocked is (status in ("held", "referred", "blocked")) or choice is not None, node.path
        if status in ("held", "referred", "blocked"):
            assert page.action == {"held": "hold", "referred": "refer", "blocked": "block"}[status], (said, node.path)
        # 2. A way on is offered, and that one went on is said, only where clearance is open.
        if page.standing is None and page.action == "alert" and page.choice in (None, "continued"):
            assert status in ("open", "cleared"), (said, node.path)
    # 3. A wish to stop stands as long as the money has not left.
    if choice in ("changed", "cancelled", "reported"):
        assert page.choice == choice
    return f"{status}: {page.standing}"


@pytest.mark.parametrize(("intervention", "first", "is_unauthorised"), STARTS)
def test_a_page_never_says_other_than_clearance(intervention: Any, first: str, is_unauthorised: bool) -> None:
    """Over every sequence of three acts, every choice and a listing that came since."""
    seen = set()
    for _, node in Explorer(intervention, is_unauthorised=is_unauthorised).explore(first, 3):
        for decision in node.decisions:
            for choice in CHOICES:
                seen.add(_check(node, decision, choice, None))
        seen.add(_check(node, node.decisions[0], None, "block"))
    assert {"cancelled: ended", "cancelled: lapsed", "blocked: None"} <= seen
    if (intervention, first) == ("confirm", "app"):  # goes on, and it leaves
        assert {"expired: sent, left", "cancelled: sent, left"} <= seen
    if intervention != "refer":  # a referral does not end by itself
        assert "expired: lapsed" in seen
    if first == "api" or intervention in ("hold", "refer"):
        assert "expired: released" in seen
    if not is_unauthorised and intervention == "hold":
        assert "expired: over" in seen
