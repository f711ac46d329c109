"""``plan`` in ``release.yaml`` read: the question, the outcome and the harm rule, before the first customer.

Invariants: a plan names its hypothesis, owner and population or it is refused, since without them anything could have
been meant; a source of labels that an alert causes is never accepted as independent.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from thinktwice.contacts.fields import NAME, Fields
from thinktwice.errors import Phrase
from thinktwice.records.preregistration import GUARDRAILS, PRIMARIES, STOPPING, Preregistration, Primary

MARGINS: Final = tuple(name for name in GUARDRAILS if name != "is_loss")
ALERT_MADE: Final = "alert"
"""What reports made through the alert are called as a source; they depend on the alert by construction."""

_LONGEST: Final = 500
_USUAL: Final = Preregistration(hypothesis="", owner="", population="")
_PRIMARIES: Final[dict[str, Primary]] = {name: name for name in PRIMARIES}
_FIELDS: Final = (
    "hypothesis", "owner", "population", "primary", "days", "customers", "baseline", "expected_effect",
    "label_sources", "winsorised_at", "margins", "stop_for_harm",
)  # fmt: skip


def read_plan(release: Fields) -> Preregistration | None:
    """Read the plan of a release, adding faults; None when there is none."""
    fields = release.group("plan", _FIELDS)
    if fields is None:
        return None
    return Preregistration(
        hypothesis=fields.text("hypothesis", longest=_LONGEST),
        owner=fields.text("owner", longest=100),
        population=fields.text("population", longest=_LONGEST),
        primary=_PRIMARIES[fields.choice("primary", PRIMARIES)] if fields.entry("primary") else _USUAL.primary,
        days=fields.optional_integer("days", 7, 730) or _USUAL.days,
        customers=fields.optional_integer("customers", 1, 1_000_000_000),
        baseline=_between(fields, "baseline"),
        expected_effect=_between(fields, "expected_effect"),
        label_sources=_sources(fields, _USUAL.label_sources),
        winsorised_at=_limit(fields, _USUAL.winsorised_at),
        margins=_margins(fields),
        stop_for_harm=_stops(fields),
    )


def _between(fields: Fields, name: str) -> Decimal | None:
    """Return a share strictly between 0 and 1, or None when it is absent."""
    if fields.entry(name) is None:
        return None
    found = fields.decimal(name, Decimal(0), Decimal(1))
    if not 0 < found < 1:
        fields.fault(name, "write a share between 0 and 1, such as 0.05")
        return None
    return found


def _limit(fields: Fields, default: Decimal) -> Decimal:
    if fields.entry("winsorised_at") is None:
        return default
    found = fields.decimal("winsorised_at", Decimal(0), Decimal(999_999_999))
    if found <= 0:
        fields.fault("winsorised_at", "write the amount above 0 at which one customer's amounts are cut")
    return found or default


def _sources(fields: Fields, default: tuple[str, ...]) -> tuple[str, ...]:
    if fields.entry("label_sources") is None:
        return default
    found = fields.texts("label_sources", form=NAME)
    if ALERT_MADE in found:
        fields.fault(
            "label_sources",
            Phrase(
                "'%(alert_made)s' are reports that the alert causes; they are never independent", alert_made=ALERT_MADE
            ),
        )
    return tuple(sorted(found))


def _margins(fields: Fields) -> dict[str, Decimal]:
    group = fields.group("margins", MARGINS)
    if group is None:
        return {}
    given = {name: _between(group, name) for name in MARGINS}
    return {name: margin for name, margin in given.items() if margin is not None}


def _stops(fields: Fields) -> tuple[str, ...]:
    if fields.entry("stop_for_harm") is None:
        return STOPPING
    found = fields.texts("stop_for_harm")
    for name in found:
        if name not in GUARDRAILS:
            fields.fault(
                "stop_for_harm",
                Phrase("%(name)s is not watched; known: %(choices)s", name=name, choices=", ".join(GUARDRAILS)),
            )
    return found
