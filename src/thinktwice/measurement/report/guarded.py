"""What must not get worse, as the report shows it, and holds that two of the staff ended early.

Invariant: a level is shown only where something of the kind was ever reported, and of fewer than 10 customers nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from thinktwice.measurement.analysis.records import CampaignAnalysis
from thinktwice.measurement.analysis.study import ALL
from thinktwice.measurement.estimators.answers import CannotTell
from thinktwice.measurement.report.answer import arm_name, is_blocked
from thinktwice.measurement.report.blocks import Block, Table, Text, cells
from thinktwice.measurement.report.figures import NOTHING, Cell, Figures
from thinktwice.measurement.report.names import STANDINGS


def blocks(analysis: CampaignAnalysis, figures: Figures) -> Iterator[Block]:
    """Yield the guardrails, and holds that were ended early where anybody was held."""
    say = figures.words.say
    yield Text(
        say(
            "A guardrail holds only when its whole interval is better than the margin; it is broken when the whole "
            "interval is worse; else it is open. “Not significant” never means “no harm”."
        )
    )
    rows = []
    for check in analysis.guardrails:
        declared = say("declared") if check.is_declared else say("default, not declared")
        is_share = check.comparison.is_share if check.comparison else True
        answer = check.result.answer
        found = figures.difference(answer, is_share=is_share) if check.comparison else figures.plain_share(answer)
        levels = [NOTHING, NOTHING]
        is_reported = not (isinstance(answer, CannotTell) and answer.code == "not_reported")
        if check.comparison and is_reported and not is_blocked(analysis):
            both = (check.comparison.control, check.comparison.treatment)
            levels = [figures.level(level, is_share=is_share).value for level in both]
        margin = Cell(figures.share(check.margin) if is_share else figures.money(check.margin), declared)
        if check.name == "is_loss":
            margin = Cell(say("none"), say("any certain increase is harm"))
        rows.append(cells(figures.guardrail(check), margin, *levels, found, say(STANDINGS[check.result.standing])))
    columns = (say("Guardrail"), say("Margin"), say("Holdout"), say("Alert"), say("Difference"), say("Standing"))
    yield Table(say("May be watched every day"), columns, tuple(rows))
    yield from _releases(analysis, figures)


def _releases(analysis: CampaignAnalysis, figures: Figures) -> Iterator[Block]:
    say = figures.words.say
    if not analysis.releases:
        return
    yield Text(
        say(
            "Nobody is left unheld by chance, so holds have no holdout to be compared with: this is a share of the "
            "customers whom this campaign held or referred, each counted once, 7 days after the hold began. A hold on "
            "a listed or imitated destination would stand without the campaign and is not counted."
        )
    )
    rows = []
    for one in analysis.releases:
        name = say("All customers") if one.arm == ALL else arm_name(figures, one.arm)
        if one.level is None:
            rows.append(cells(name, say("fewer than 10"), NOTHING))
        else:
            rows.append(cells(name, figures.words.number(one.level.n), figures.level(one.level, is_share=True)))
    columns = (say("Arm"), say("Customers held"), say("Ended early by two of the staff"))
    yield Table(say("Holds that staff ended early"), columns, tuple(rows))
