"""``thinktwice plan``: how many customers and days an experiment needs before it can tell anything.

Invariant: reads only; every number says where it came from, so that nobody takes a guess for a fact.
"""

from __future__ import annotations

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from thinktwice.cli.faults import refuse, reporting_faults, say
from thinktwice.errors import Fault

if TYPE_CHECKING:
    from thinktwice.measurement.analysis.records import Declared
    from thinktwice.measurement.analysis.sizing import Past, Sizing
    from thinktwice.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("plan")(plan_command)


@reporting_faults()
def plan_command(
    campaign: Annotated[
        str,
        typer.Argument(
            help="The campaign to plan for, in force, submitted or drafted; its release says how customers split."
        ),
    ],
    *,
    effect: Annotated[
        float | None, typer.Option(help="Smallest difference worth finding: 0.02 is two points. Default: the plan's.")
    ] = None,
    baseline: Annotated[
        float | None, typer.Option(help="Share not sent without an alert. Default: the holdout so far, or the plan's.")
    ] = None,
    per_day: Annotated[
        float | None, typer.Option(help="New eligible customers a day. Default: so far, or expected_daily_triggers.")
    ] = None,
    power: Annotated[float, typer.Option(help="Chance to find the effect if it is there.")] = 0.8,
    alpha: Annotated[float, typer.Option(help="Chance of a false alarm.")] = 0.05,
    data: Annotated[Path | None, typer.Option(help="Data folder; default from settings.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say how many customers and days it takes to find an effect, looking once and looking every day."""
    from thinktwice.bootstrap.planning import library_with
    from thinktwice.measurement.analysis.sizing import Wanted, size
    from thinktwice.measurement.results import declared_of
    from thinktwice.settings import load_settings
    from thinktwice.storage.layout import DataFolder

    settings = load_settings(**({"data": data} if data else {}))
    control = DataFolder(settings.data).control
    library = library_with(settings, campaign)
    policy = next((one for one in library.policies if one.id == campaign), None)
    if policy is None:
        refuse(Fault(f"no such campaign; there are {', '.join(sorted(library.packs))}", "campaign"))
    declared = declared_of(library, policy, control if control.exists() else None)
    wanted = Wanted(baseline=baseline, effect=effect, per_day=per_day, power=power, alpha=alpha)
    sizing = size(declared, wanted, _past(settings, declared), policy.expected_daily_triggers)
    if as_json:
        typer.echo(json.dumps(as_document(sizing), indent=1))
    else:
        _print(sizing)


def _past(settings: Settings, declared: Declared) -> Past | None:
    """Return what the data folder's history says of this experiment; None when there is none yet."""
    from thinktwice.bootstrap.choices import installation_of
    from thinktwice.journal.reader import SqliteJournalReader
    from thinktwice.lake.history import open_history
    from thinktwice.lake.service import Lake
    from thinktwice.measurement.analysis.plan import rules_of
    from thinktwice.measurement.analysis.sizing import past_of
    from thinktwice.outcomes.rows import find_outcomes
    from thinktwice.storage.layout import DataFolder

    folder = DataFolder(settings.data)
    if not folder.journal.exists():
        return None
    catalogue, rules = installation_of(settings).catalogue, rules_of(declared.plan, settings.reporting_currency)
    with (
        closing(SqliteJournalReader(folder.journal)) as reader,
        open_history(Lake(folder.lake), reader, catalogue) as history,
    ):
        return past_of(find_outcomes(history, rules, datetime.now(UTC)), declared.experiment)


def as_document(sizing: Sizing) -> dict[str, Any]:
    """Return the plan as JSON's own types."""
    told = {"baseline": sizing.baseline, "effect": sizing.effect, "per_day": sizing.per_day}
    return {
        "campaign": sizing.campaign,
        "shares": dict(sizing.shares),
        **{name: one and {"value": one.value, "from": one.origin, "detail": one.detail} for name, one in told.items()},
        "power": sizing.power,
        "alpha": sizing.alpha,
        "planned_days": sizing.planned_days,
        "sizes": [
            {
                "looks": "once" if one.looks == "once" else "every_day",
                "customers": one.customers,
                "by_arm": dict(one.by_arm),
                "days": one.days,
                "smallest_effect_in_planned_days": one.smallest_effect,
            }
            for one in sizing.sizes
        ],
    }


def _print(sizing: Sizing) -> None:
    from thinktwice.measurement.analysis.sizing import LOOKS

    table = Table("", title=f"{sizing.campaign}: {sizing.power:.0%} power, {sizing.alpha:.0%} false alarms")
    for one in sizing.sizes:
        table.add_column(LOOKS[one.looks], justify="right")
    table.add_row("customers", *(f"{one.customers:,}" for one in sizing.sizes))
    for arm in sizing.shares:
        table.add_row(f"  in {arm}", *(f"{one.by_arm[arm]:,}" for one in sizing.sizes))
    days = ("not known" if one.days is None else f"{one.days:,}" for one in sizing.sizes)
    table.add_row("days, the last window included", *days)
    smallest = ("not known" if one.smallest_effect is None else _points(one.smallest_effect) for one in sizing.sizes)
    table.add_row(f"smallest effect found in {sizing.planned_days} days", *smallest)
    Console().print(table)
    say(f"effect {_points(sizing.effect.value)}: {sizing.effect.detail}")
    say(f"share not sent without an alert {sizing.baseline.value:.2%}: {sizing.baseline.detail}")
    daily = sizing.sizes[-1]
    say(
        f"to look every day, declare it before the start, in release.yaml under plan: customers: {daily.customers}, "
        f"baseline: {sizing.baseline.value:.4g} (without them it takes about half as many again)"
    )
    if sizing.per_day is None:
        say("new customers a day are not known; give --per-day")
    else:
        say(f"{sizing.per_day.value:,.0f} new customers a day: {sizing.per_day.detail}")


def _points(share: float) -> str:
    return f"{100 * share:.2f} percentage points"
