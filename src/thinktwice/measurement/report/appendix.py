"""The last pages: the plan beside what was done, how it was computed, and how sound the data are.

Invariant: whatever was odd about the history has a line here, zero included.
"""

from __future__ import annotations

from collections.abc import Iterator

from thinktwice.measurement.analysis.records import CampaignAnalysis
from thinktwice.measurement.estimators.answers import CannotTell, Estimate
from thinktwice.measurement.estimators.split import ExposureCheck, SplitCheck
from thinktwice.measurement.report.answer import arm_name, is_blocked
from thinktwice.measurement.report.blocks import Block, Items, Section, Table, Text, cells
from thinktwice.measurement.report.figures import NOTHING, Cell, Figures
from thinktwice.measurement.report.names import GUARDRAILS, STANDINGS

SHORT = 12


def sections(analysis: CampaignAnalysis, figures: Figures) -> Iterator[Section]:
    """Yield the sections that account for the others."""
    say = figures.words.say
    yield Section("plan", say("The plan, and what was done"), tuple(_plan(analysis, figures)))
    yield Section("arms", say("Who was compared"), tuple(_arms(analysis, figures)))
    yield Section("methods", say("Methods"), tuple(_methods(analysis, figures)), starts_page=True)
    yield Section("health", say("Data health"), tuple(_health(analysis, figures)), starts_page=True)


def _plan(analysis: CampaignAnalysis, figures: Figures) -> Iterator[Block]:
    say, plan = figures.words.say, analysis.plan
    yield Text(say(STANDINGS[plan.standing]), "plain" if plan.standing == "preregistered" else "note")
    yield Table(say("Beside each other"), ("", say("Planned"), say("Done")), _beside(analysis, figures), texts=3)
    if plan.deviations:
        yield Items(tuple(figures.said(one) for one in plan.deviations), say("Done differently"))
    yield _versions(analysis, figures)


def _beside(analysis: CampaignAnalysis, figures: Figures) -> tuple[tuple[Cell, ...], ...]:
    say, words, declared = figures.words.say, figures.words, analysis.declared
    used, rules, population = analysis.plan.used, analysis.rules, analysis.population
    assigned = say("%(n)s customers assigned", n=words.number(population.customers))
    dates = f"{words.day(declared.starts_at)} – {words.day(declared.ends_at)}"
    wanted = NOTHING if used.customers is None else words.number(used.customers)
    limits = [figures.money(float(limit)) for limit in (used.winsorised_at, rules.winsorised_at)]
    labels = [", ".join(sorted(sources)) for sources in (used.label_sources, rules.independent_sources)]
    stops = "; ".join(say(GUARDRAILS.get(one, one)) for one in used.stop_for_harm)
    return (
        cells(say("Hypothesis"), used.hypothesis or NOTHING, NOTHING),
        cells(say("Owner"), used.owner or NOTHING, NOTHING),
        cells(say("Population"), used.population or NOTHING, assigned),
        cells(say("Duration"), say("%(n)s days", n=used.days), dates),
        cells(say("Customers"), wanted, words.number(population.entered)),
        *_primary(analysis, figures),
        cells(say("Labels that count"), *labels),
        cells(say("One customer's amount is cut at"), *limits),
        cells(say("Stops for harm"), stops or NOTHING, say("yes") if analysis.verdict.must_stop else say("no")),
    )


def _primary(analysis: CampaignAnalysis, figures: Figures) -> tuple[tuple[Cell, ...], ...]:
    """The outcome that the plan named, its rate without alert, and its effect: planned, and found."""
    say, used = figures.words.say, analysis.plan.used
    one = analysis.comparison(used.primary)
    planned = NOTHING if used.baseline is None else figures.share(float(used.baseline))
    baseline = NOTHING if is_blocked(analysis) else figures.level(one.control, is_share=one.is_share).value
    expected = NOTHING if used.expected_effect is None else figures.points(float(used.expected_effect))
    is_found = isinstance(one.difference, Estimate)
    found = figures.difference(one.difference, is_share=one.is_share) if is_found else NOTHING
    return (
        cells(say("Primary outcome"), figures.measure(used.primary), figures.measure(one.measure)),
        cells(say("Rate without alert"), planned, baseline),
        cells(say("Effect"), expected, found),
    )


def _versions(analysis: CampaignAnalysis, figures: Figures) -> Table:
    say, words = figures.words.say, figures.words
    seen = tuple(
        cells(
            one.version[:SHORT],
            one.release[:SHORT],
            words.moment(one.first_at),
            words.moment(one.last_at),
            words.number(one.triggers),
        )
        for one in analysis.versions
    )
    columns = (say("Version"), say("Release"), say("First trigger"), say("Last trigger"), say("Triggers"))
    return Table(say("Versions that were in force, by the first characters of their hash"), columns, seen, texts=4)


def _arms(analysis: CampaignAnalysis, figures: Figures) -> Iterator[Block]:
    say, words, population = figures.words.say, figures.words, analysis.population
    whole = population.customers
    rows = tuple(
        cells(arm_name(figures, arm.arm), figures.share(arm.declared_share),
              Cell(words.number(arm.customers), figures.share(arm.customers / whole) if whole else ""),
              *(words.number(count) for count in (arm.entered, arm.waiting, arm.late, arm.labelled, arm.shown)))
        for arm in population.arms
    )  # fmt: skip
    columns = (say("Arm"), say("Declared"), say("Assigned"), say("7 days over"), say("Waiting"), say("30 days over"),
               say("Labels waited for"), say("Shown"))  # fmt: skip
    yield Table(say("Customers, by the arm that chance put them in"), columns, rows)
    yield Text(
        say(
            "Outside every arm, because they are never held out (known-bad destinations, strong rungs, earlier "
            "reports): "
            "%(n)s customers.",
            n=words.number(population.not_eligible),
        )
    )
    if population.held_out_of_all:
        yield Text(
            say(
                "Outside every arm, because they are held out of every campaign: %(n)s customers.",
                n=words.number(population.held_out_of_all),
            )
        )
    if isinstance(analysis.split, CannotTell):
        yield Text(say("The split cannot be checked. %(why)s", why=figures.why(analysis.split)), "note")
    else:
        yield _split(analysis.split, figures)
    yield _exposure(analysis.exposure, figures)


def _exposure(exposure: ExposureCheck | CannotTell, figures: Figures) -> Text:
    say, words = figures.words.say, figures.words
    if isinstance(exposure, CannotTell):
        return Text(say("Exposure cannot be compared. %(why)s", why=figures.why(exposure)), "quiet")
    rates = ", ".join(f"{arm_name(figures, arm)} {figures.share(rate)}" for arm, rate in exposure.rates.items())
    found = (
        say("the arms differ more than chance allows")
        if exposure.is_imbalanced
        else say("the arms do not differ more than chance allows")
    )
    return Text(
        say(
            "Who saw an alert: %(rates)s; %(found)s. Customers of the holdout who were shown something: %(n)s.",
            rates=rates,
            found=found,
            n=words.number(exposure.holdout_exposed),
        )
    )


def _split(split: SplitCheck, figures: Figures) -> Text:
    say, p_value = figures.words.say, f"{split.p_value:.3g}"
    if split.is_mismatch:
        return Text(
            say(
                "Customers did not fall into the arms as declared (p %(p)s, right at any look; alarm below 0.001).",
                p=p_value,
            ),
            "note",
        )
    return Text(
        say("Customers fell into the arms as declared (p %(p)s, right at any look; alarm below 0.001).", p=p_value)
    )


def _methods(analysis: CampaignAnalysis, figures: Figures) -> Iterator[Block]:
    say, rules = figures.words.say, analysis.rules
    methods = [
        say("%(name)s: %(method)s", name=figures.measure(one.measure), method=say(one.difference.method))
        for one in (analysis.headline, analysis.loss.share, analysis.loss.amount)
        if isinstance(one.difference, Estimate)
    ]
    yield Items((
        say("The unit is the customer, in the arm of a keyed hash; the population are customers whose first trigger "
            "could have been held out."),
        say("A row enters when its window of %(days)s days is over and then stays; later looks take %(late)s days, "
            "labels %(label)s more.",
            days=rules.days, late=rules.late_days, label=rules.label_days),
        say("Outcomes come from the operator's events, identically in every arm, never from buttons in the alert."),
        say("Intervals of differences and lifts are confidence sequences: right at every look together (Ville 1939)."),
        say("Shares: betting sequences, exact (Waudby-Smith and Ramdas 2024; Lindon and Malek 2022). Amounts: "
            "asymptotic sequences "
            "after a burn-in of 1,000 customers in the smaller arm (Waudby-Smith and others 2024)."),
        say("Usual intervals beside: Newcombe 1998, Miettinen and Nurminen 1985, Welch 1947 with the delta method; "
            "adjustment for "
            "the time before: CUPED (Deng and others 2013)."),
        say("Several arms share the error (Bonferroni), p-values are Holm's. The split is checked at every look and "
            "blocks the headline."),
        say("Shares of one arm alone have Wilson intervals; they describe and do not compare."),
        *methods,
    ))  # fmt: skip
    yield Text(say("Documentation: docs/measurement.md of ThinkTwice, with sources, simulated coverage and "
        "published cases "
                   "computed again."), "quiet")  # fmt: skip


def _health(analysis: CampaignAnalysis, figures: Figures) -> Iterator[Block]:
    say, words = figures.words.say, figures.words
    yield Text(
        say(
            "Everything odd that the history was searched for, and how often it was found. Nothing is dropped silently."
        )
    )
    blocked = {"amounts": say("blocks amounts"), "everything": say("blocks everything")}
    rows = []
    for finding in analysis.health:
        name = f"health:{finding.check}"
        meaning = words.lookup(name) if words.lookup(name) != name else finding.meaning
        effect = blocked[finding.blocks] if finding.blocks else ""
        rows.append(cells(Cell(meaning, effect), words.number(finding.count)))
    yield Table(say("Checks"), (say("What it means, and what is done"), say("Cases")), tuple(rows))
