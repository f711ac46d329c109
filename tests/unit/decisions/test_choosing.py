"""Claims about which withdrawals a later one stands for."""

from __future__ import annotations

import json

from tests.support.world import START, request
from tests.unit.decisions.test_clearance_machine import INTAKE
from thinktwice.decisions.choosing import MOST_REPLACED, remember_replaced, replaced_by
from thinktwice.records.withdrawal import Withdrawal
from thinktwice.signals.state import CustomerState, PastWithdrawal, micros, pack, unpack_customer


def _enter(state: CustomerState, withdrawal: Withdrawal) -> None:
    names = replaced_by(state, withdrawal)
    gone = (withdrawal.withdrawal_id, withdrawal.replaces)
    state.withdrawals = [past for past in state.withdrawals if past.withdrawal_id not in gone]
    state.withdrawals.append(
        PastWithdrawal(
            withdrawal.withdrawal_id, withdrawal.attempt, "d", "k", "m", withdrawal.fiat_amount, micros(START)
        )
    )
    remember_replaced(state, withdrawal, names)


def _asked(withdrawal_id: str, attempt: int = 1, replaces: str | None = None) -> Withdrawal:
    body = request(withdrawal_id, attempt=attempt, **({"replaces": replaces} if replaces else {}))
    return INTAKE.withdrawal(json.dumps(body).encode(), now=START)


def test_a_chain_is_kept_through_attempts_and_through_storage() -> None:
    """Each in the place of the one before; another attempt keeps what its earlier one stood for; nothing is doubled."""
    state = CustomerState()
    for name, attempt, replaces in (("w-1", 1, None), ("w-2", 1, "w-1"), ("w-2", 2, None), ("w-3", 1, "w-2")):
        _enter(state, _asked(name, attempt, replaces))
    state = unpack_customer(pack(state))
    assert [past.replaced for past in state.withdrawals] == [("w-1", "w-2")]
    assert {name: state.latest_of(name) is not None for name in ("w-1", "w-2", "w-3", "w-4")} == {
        "w-1": True,
        "w-2": True,
        "w-3": True,
        "w-4": False,
    }


def test_names_that_go_in_a_circle_end() -> None:
    """An operator that uses names again has no longer chain for it, and a withdrawal never stands for itself."""
    state = CustomerState()
    for attempt in range(1, 6):
        _enter(state, _asked("w-1", attempt, "w-2"))
        _enter(state, _asked("w-2", attempt, "w-1"))
    assert [past.replaced for past in state.withdrawals] == [("w-1",)]


def test_a_chain_is_bounded() -> None:
    """What is dropped is the oldest."""
    state = CustomerState()
    for number in range(MOST_REPLACED + 5):
        _enter(state, _asked(f"w-{number}", replaces=f"w-{number - 1}"))
    (last,) = state.withdrawals
    assert (len(last.replaced), last.replaced[-1]) == (MOST_REPLACED, f"w-{MOST_REPLACED + 3}")
