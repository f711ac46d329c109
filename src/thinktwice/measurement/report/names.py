"""The names that readers meet: measures, steps, guardrails, verdicts, reasons. English is the source.

Invariant: every name that an analysis can hold stands here, marked for translation (a test compares them).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from thinktwice.measurement.report.words import mark

MEASURES: Final[Mapping[str, str]] = {
    "not_sent": mark("Not sent within 7 days"),
    "not_sent_late": mark("Not sent within 30 days"),
    "kept": mark("Not sent, nor sent elsewhere new"),
    "reduced": mark("Sent less than asked for"),
    "redirected": mark("Sent to a destination paid before instead"),
    "displaced": mark("Sent to other new destinations instead"),
    "completed": mark("Amount that left within 7 days, a customer"),
    "is_loss": mark("Lost money to a scam, by independent labels"),
    "loss": mark("Scam loss a customer, by independent labels"),
    "genuine_not_sent": mark("Genuine payment not sent"),
    "seen": mark("Seen"),
    "reviewed": mark("Reviewed"),
}

STEPS: Final[Mapping[str, str]] = {
    "assigned": mark("Customers assigned, 7 days over"),
    "is_shown": mark("First trigger showed an alert"),
    "delivered": mark("Alert delivered"),
    "seen": mark("Alert seen (a second or longer)"),
    "reviewed": mark("Reviewed an example, resource or check, or answered"),
    "reconsidered": mark("Seen, and not sent, reduced or redirected"),
    "not_sent": mark("Not sent within 7 days"),
    "reduced": mark("Sent less than asked for"),
    "redirected": mark("Sent to a destination paid before instead"),
    "displaced": mark("Sent to other new destinations instead"),
    "completed": mark("Sent to that destination within 7 days"),
    "reported": mark("Scam loss reported, by independent labels"),
}

GUARDRAILS: Final[Mapping[str, str]] = {
    "genuine_not_sent": mark("Genuine payments not sent"),
    "complained": mark("Customers who complained"),
    "contacted": mark("Customers who contacted support"),
    "slow": mark("Customers whose payment took long"),
    "interrupted": mark("Share of withdrawals interrupted"),
    "is_loss": mark("Customers with a scam loss"),
    "released_early": mark("Holds that staff ended early"),
}

STANDINGS: Final[Mapping[str, str]] = {
    "helps": mark("Helps"),
    "no_evidence": mark("No evidence yet"),
    "harms": mark("Harms"),
    "cannot_tell": mark("Cannot tell"),
    "holds": mark("holds"),
    "broken": mark("broken"),
    "open": mark("open"),
    "preregistered": mark("Preregistered: the plan stood in every release that made a decision."),
    "changed": mark("Changed: the plan did not stand in every release that made a decision."),
    "late": mark("Late: the plan did not stand in the release that made the first decision."),
    "none": mark("None: nothing was preregistered; defaults were used."),
    "independent": mark("independent of the alert"),
    "alert": mark("made through the alert"),
    "undeclared": mark("not declared independent"),
}

METHODS: Final = frozenset(
    {
        mark("betting confidence sequence"),
        mark("beta-binomial confidence sequence"),
        mark("asymptotic confidence sequence"),
        mark("delta method, customers as clusters"),
        mark("Newcombe"),
        mark("Miettinen and Nurminen's score interval"),
        mark("Welch's t"),
        mark("Welch's t with the delta method"),
    }
)
"""How an estimate can have been made: the names that estimates carry themselves."""

DIMENSIONS: Final[Mapping[str, str]] = {
    "language": mark("Language"),
    "age_band": mark("Age"),
    "customer_kind": mark("Kind of customer"),
    "channel": mark("Channel"),
    "jurisdiction": mark("Jurisdiction"),
    "typology": mark("Kind of scam told of"),
    "version": mark("Version"),
    "week": mark("Week"),
    "all": mark("All customers"),
}

ARMS: Final[Mapping[str, str]] = {
    "holdout": mark("Holdout (no alert)"),
    "all": mark("All who were to be warned"),
    "outside": mark("In no arm (always shown)"),
}

TYPOLOGIES: Final[Mapping[str, str]] = {
    "investment": mark("Investment"),
    "relationship_investment": mark("Relationship investment"),
    "job_task": mark("Job and task"),
    "police_impersonation": mark("Impersonation of police"),
}

WHY: Final[Mapping[str, str]] = {
    "too_few": mark("There are too few customers in an arm."),
    "no_variation": mark("Everybody had the same value, so no error can be estimated."),
    "no_baseline": mark("The rate without alert is too close to zero to divide by."),
    "burn_in": mark("Too early: this method is only right for larger numbers."),
    "different_limits": mark("The arms' amounts were cut at different limits."),
    "sample_ratio_mismatch": mark("Customers did not fall into the arms as declared."),
    "unreachable": mark("No number of customers gives the wanted power."),
    "no_control": mark("There is no holdout to compare with."),
    "not_declared": mark("It is not known how customers were assigned."),
    "not_yet": mark("Nobody's seven days are over yet."),
    "not_reported": mark("Nothing of the kind was ever reported."),
    "one_arm": mark("There is only one arm."),
    "mixed_currencies": mark("Money in another currency than the reporting one cannot be added."),
    "history_changed": mark("The history was changed after it was written."),
    "few_held": mark("Fewer than 10 customers were held."),
}

FIXES: Final[Mapping[str, str]] = {
    "sample_ratio_mismatch": mark(
        "Find out why customers did not fall into the arms as declared, and begin a new experiment."
    ),
    "no_control": mark("A holdout: without one nothing can be compared."),
    "not_declared": mark("The release under which customers were assigned."),
    "not_yet": mark("7 days from the first trigger."),
    "not_reported": mark("Labels from a source that was declared independent of the alert."),
    "history_changed": mark("The journal as it was written: times that go back cannot be trusted."),
    "mixed_currencies": mark("Amounts in the reporting currency."),
    "no_baseline": mark("Customers with the outcome in both arms."),
}
MORE_CUSTOMERS: Final = mark("More customers whose window has closed.")
"""What would change an answer that cannot be made for any other reason."""
