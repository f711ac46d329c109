"""The middle pages: what happened, step by step, week by week, by group, and what must not get worse.

Invariant: everything about the treated is a description; the only comparisons are those that the analysis made.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from thinktwice.experiments.assignment import HOLDOUT
from thinktwice.measurement.analysis.records import CampaignAnalysis, GroupLevel, Habit
from thinktwice.measurement.report import guarded
from thinktwice.measurement.report.answer import arm_name, is_blocked
from thinktwice.measurement.report.blocks import Block, Drawing, Section, Table, Text, cells
from thinktwice.measurement.report.charts import Bar, Point, bars, lines
from thinktwice.measurement.report.figures import NOTHING, Cell, Figures
from thinktwice.measurement.report.names import DIMENSIONS, STANDINGS, STEPS, TYPOLOGIES

TREATED = "all"


def sections(analysis: CampaignAnalysis, figures: Figures) -> Iterator[Section]:
    """Yield the sections that describe."""
    say = figures.words.say
    yield Section("steps", say("What happened, step by step"), tuple(_steps(analysis, figures)))
    yield Section("guardrails", say("What must not get worse"), tuple(guarded.blocks(analysis, figures)))
    yield Section("weeks", say("Week by week"), tuple(_weeks(analysis, figures)))
    yield Section("groups", say("By group"), tuple(_groups(analysis, figures)))
    yield Section("reports", say("Reports, by who made them"), tuple(_reports(analysis, figures)))


def _steps(analysis: CampaignAnalysis, figures: Figures) -> Iterator[Block]:
    say, words = figures.words.say, figures.words
    yield Text(
        say(
            "These figures describe customers who were to be warned. They are no effect: some of it would have "
            "happened "
            "without any alert."
        )
    )
    arms = list(dict.fromkeys(step.arm for step in analysis.funnel.steps))
    counts = {(step.arm, step.step): step.customers for step in analysis.funnel.steps}
    whole = {step.arm: step.of for step in analysis.funnel.steps}
    for arm in arms:
        counts[arm, "assigned"] = whole[arm]
        if (arm, "not_sent") in counts:
            counts[arm, "completed"] = whole[arm] - counts[arm, "not_sent"]
    names = list(dict.fromkeys(["assigned", *(step.step for step in analysis.funnel.steps), "completed"]))
    shares = [_bar(figures, name, counts.get((TREATED, name), 0), whole.get(TREATED, 0)) for name in names]
    if whole.get(TREATED):
        told = "; ".join(f"{bar.label}: {bar.shown}" for bar in shares)
        yield Drawing(
            bars(shares, title=say("% of customers assigned to the alert").replace("%%", "%"), text=f"{told}.")
        )
    rows = [
        cells(say(STEPS[name]), *(_counted(figures, counts.get((arm, name)), whole[arm]) for arm in arms))
        for name in names
    ]
    loss = analysis.loss.share.treatment
    reported = Cell(f"{words.number(float(loss.total))}", say("of %(n)s waited for", n=words.number(loss.n)))
    rows.append(cells(say(STEPS["reported"]), *(reported if arm == TREATED else NOTHING for arm in arms)))
    yield Table(
        say("Customers, and their share of those assigned"),
        (say("Step"), *(arm_name(figures, arm) for arm in arms)),
        tuple(rows),
    )


def _bar(figures: Figures, name: str, count: int, whole: int) -> Bar:
    share = count / whole if whole else 0.0
    shown = f"{figures.words.number(count)} ({figures.share(share)})"
    return Bar(figures.words.say(STEPS[name]), count, 100 * share, shown)


def _counted(figures: Figures, count: int | None, whole: int) -> Cell:
    if count is None:
        return Cell(NOTHING)
    return Cell(figures.words.number(count), figures.share(count / whole) if whole else "")


def _weeks(analysis: CampaignAnalysis, figures: Figures) -> Iterator[Block]:
    say, words = figures.words.say, figures.words
    weeks = [habit for habit in analysis.habituation if habit.kind == "week"]
    alerts = [habit for habit in analysis.habituation if habit.kind == "alerts_before"]
    points = [
        Point(
            arm_name(figures, one.arm),
            f"{week.since:%m-%d}",
            100 * one.level.mean if one.level and one.level.mean is not None else None,
        )
        for week in weeks
        for one in week.levels
        if one.measure == "not_sent"
    ]
    if any(point.share is not None for point in points):
        told = "; ".join(
            f"{p.place} {p.line}: {words.number(p.share, digits=1)}" for p in points if p.share is not None
        )
        text = say(
            "Share of customers not sending within 7 days, by the week in which their window closed: %(told)s.",
            told=told,
        )
        yield Drawing(lines(points, title=say("% not sent"), text=text))
    if weeks:
        yield _habits(weeks, figures, say("By week of entering; weeks begin on Monday, UTC"), say("Week of"))
    if alerts:
        yield _habits(
            alerts,
            figures,
            say("By triggers that the customer had had before: does it wear off?"),
            say("Triggers before"),
        )


def _habits(habits: Sequence[Habit], figures: Figures, caption: str, first: str) -> Table:
    say = figures.words.say
    rows = []
    for habit in habits:
        name = figures.words.day(habit.since) if habit.kind == "week" else f"{habit.alerts}"
        for arm in dict.fromkeys(one.arm for one in habit.levels):
            found = {one.measure: one for one in habit.levels if one.arm == arm}
            counted = next((one.level.n for one in found.values() if one.level), None)
            customers = say("fewer than 10") if counted is None else figures.words.number(counted)
            shares = [_share(figures, found.get(measure)) for measure in ("not_sent", "kept", "seen", "reviewed")]
            rows.append(cells(name, arm_name(figures, arm), customers, *shares))
    columns = (
        first,
        say("Arm"),
        say("Customers"),
        say("Not sent"),
        say("Not sent, nor elsewhere new"),
        say("Seen"),
        say("Reviewed"),
    )
    return Table(caption, columns, tuple(rows), texts=2)


def _share(figures: Figures, one: GroupLevel | None) -> Cell:
    if one is None or one.level is None:
        return Cell(NOTHING)
    return figures.level(one.level, is_share=True)


def group_name(figures: Figures, dimension: str, value: str | None) -> str:
    """Name a group: languages and ages as they stand, what is not known as such."""
    say = figures.words.say
    if value is None:
        return NOTHING if dimension == "all" else say("not known")
    if dimension == "language":
        return str(figures.words.locale.languages.get(value, value))
    return say(TYPOLOGIES.get(value, value))


def _groups(analysis: CampaignAnalysis, figures: Figures) -> Iterator[Block]:
    say, words = figures.words.say, figures.words
    yield Text(
        say(
            "Rates only. A comparison for every group, chosen after the fact, would find winners by counting tries. "
            "Groups "
            "below 10 customers hold no figures."
        )
    )
    if analysis.declared.typologies:
        kinds = ", ".join(say(TYPOLOGIES.get(one, one)) for one in analysis.declared.typologies)
        yield Text(say("Kinds of scam that this campaign tells of, the default first: %(kinds)s.", kinds=kinds))
    few, rows = say("fewer than 10"), []
    arms = list(
        dict.fromkeys(one.arm for group in analysis.groups for one in group.levels if one.measure == "not_sent")
    )
    for group in analysis.groups:
        levels = {one.arm: one for one in group.levels if one.measure == "not_sent"}
        shares = [_share(figures, levels.get(arm)) for arm in arms]
        customers = few if group.customers is None else words.number(group.customers)
        rows.append(
            cells(
                say(DIMENSIONS.get(group.dimension, group.dimension)),
                group_name(figures, group.dimension, group.value),
                customers,
                *shares,
            )
        )
    if rows:
        columns = (say("By"), say("Group"), say("Customers"), *(arm_name(figures, arm) for arm in arms))
        yield Table(say("Share of customers not sending within 7 days"), columns, tuple(rows), texts=2)
    yield from _interruptions(analysis, figures)


def _interruptions(analysis: CampaignAnalysis, figures: Figures) -> Iterator[Block]:
    say, words = figures.words.say, figures.words
    few, rows = say("fewer than 10"), []
    for one in analysis.interruption:
        counts = [few if count is None else words.number(count) for count in (one.customers, one.withdrawals)]
        shares = [figures.level(level, is_share=True) for level in (one.interrupted, one.false_alarms)]
        rows.append(
            cells(
                say(DIMENSIONS.get(one.dimension, one.dimension)),
                group_name(figures, one.dimension, one.value),
                *counts,
                *shares,
            )
        )
    if rows:
        columns = (
            say("By"),
            say("Group"),
            say("Customers"),
            say("Withdrawals"),
            say("Withdrawals interrupted"),
            say("Interrupted without a scam"),
        )
        caption = say(
            "How often customers are interrupted, and how often no independent source says scam "
            "afterwards (read in the holdout)"
        )
        yield Table(caption, columns, tuple(rows), texts=2)


def _reports(analysis: CampaignAnalysis, figures: Figures) -> Iterator[Block]:
    say = figures.words.say
    yield Text(
        say(
            "An alert makes people report. So reports made through it, and reports by sources that nobody declared "
            "independent, stand here and in no headline. Sources overlap and are never added up."
        )
    )
    rows = tuple(
        cells(arm_name(figures, one.arm), one.source, say(STANDINGS[one.kind]), figures.words.number(one.customers),
              figures.money(float(one.amount)))
        for one in analysis.reports
    )  # fmt: skip
    columns = (say("Arm"), say("Source"), say("Kind of label"), say("Customers"), say("Amount that left"))
    yield Table(
        say("Scam reports about what left within 30 days, of customers whose labels were waited for"),
        columns,
        rows,
        texts=3,
    )
    if not is_blocked(analysis):
        yield from _by_other_labels(analysis, figures)


def _by_other_labels(analysis: CampaignAnalysis, figures: Figures) -> Iterator[Block]:
    """Warn what labels that the alert may prompt would have said, beside what the independent ones say."""
    say, loss = figures.words.say, analysis.loss.share
    customers: dict[str, dict[bool, int]] = {}
    for one in analysis.reports:
        if one.kind != "independent":
            counts = customers.setdefault(one.source, {True: 0, False: 0})
            counts[one.arm == HOLDOUT] += one.customers
    if not (loss.control.n and loss.treatment.n):
        return
    for source, counts in sorted(customers.items()):
        yield Text(
            say(
                "Not an effect: by the reports of “%(source)s” alone, %(alert)s of the customers who were to be warned "
                "and %(holdout)s of the holdout would have lost money to a scam. An alert makes people report, so such "
                "a difference may come from the reporting. The independent labels say %(own_alert)s and "
                "%(own_holdout)s.",
                source=source,
                alert=figures.share(counts[False] / loss.treatment.n),
                holdout=figures.share(counts[True] / loss.control.n),
                own_alert=figures.share(loss.treatment.mean),
                own_holdout=figures.share(loss.control.mean),
            ),
            "note",
        )
