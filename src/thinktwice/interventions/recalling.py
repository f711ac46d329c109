"""The words that ask a receiving exchange to stop what arrived.

Invariants: no customer, campaign or signal is in them; staff read them, complete them and send them themselves.
"""

from __future__ import annotations

from thinktwice.records.decision import Decision


def recall_request(decision: Decision, operator: str, transaction: str) -> str:
    """Return the text that asks a receiving exchange to stop what arrived; staff read and send it themselves."""
    facts = decision.facts
    return (
        f"To the fraud team of the receiving service\n\n"
        f"{operator} asks you to hold {facts.amount.normalize():f} {facts.asset} that reached an address of yours on "
        f"{facts.network}:\n\n"
        f"  address: {facts.address}\n"
        f"  transaction: {transaction}\n"
        f"  our reference: {decision.withdrawal_id}\n\n"
        "Our customer reports that it was sent because of a scam. Please keep it from moving on while the report is "
        "looked into, and tell us whom the police can ask.\n"
    )
