"""The first pages: did it help, against the holdout, how much was kept from being lost, and the pilot's own number.

Invariant: when the split check fails no figure of an effect is written here, only the reason and the split.
"""

from __future__ import annotations

from collections.abc import Iterator

from thinktwice.measurement.analysis.records import CampaignAnalysis, Comparison
from thinktwice.measurement.estimators.answers import CannotTell, Estimate
from thinktwice.measurement.report.blocks import Block, Drawing, Items, Section, Table, Text, cells
from thinktwice.measurement.report.charts import Span, intervals
from thinktwice.measurement.report.figures import NOTHING, Cell, Figures
from thinktwice.measurement.report.names import ARMS


def sections(analysis: CampaignAnalysis, figures: Figures) -> Iterator[Section]:
    """Yield the sections that answer."""
    say = figures.words.say
    yield Section("answer", say("Did it help?"), tuple(_answer(analysis, figures)))
    yield Section("effect", say("Against the holdout"), tuple(_effect(analysis, figures)))
    yield Section("protected", say("Amount kept from being lost"), tuple(_protected(analysis, figures)))
    yield Section("pilot", say("The first campaign's own number"), tuple(_pilot(analysis, figures)))


def arm_name(figures: Figures, arm: str) -> str:
    """Name an arm: the holdout and all together have words, the others their letter."""
    if arm in ARMS:
        return figures.words.say(ARMS[arm])
    return figures.words.say("Arm %(arm)s", arm=arm)


def is_blocked(analysis: CampaignAnalysis) -> bool:
    """Whether the split forbids every comparison."""
    return isinstance(analysis.split, CannotTell) or analysis.split.is_mismatch


def _answer(analysis: CampaignAnalysis, figures: Figures) -> Iterator[Block]:
    say, verdict = figures.words.say, analysis.verdict
    yield Text(figures.said(verdict.headline), "lead")
    if verdict.must_stop:
        reasons = " ".join(figures.said(reason) for reason in verdict.stop_reasons)
        yield Text(say("Stop this campaign: a rule of stopping for harm has fired. %(why)s", why=reasons), "note")
    if is_blocked(analysis):
        yield Text(
            say(
                "The headline is blocked: customers did not fall into the arms as declared. Whatever distorted the "
                "split distorts the effect too, so no effect is printed until the cause is found."
            ),
            "note",
        )
    if verdict.reasons:
        yield Items(tuple(figures.said(one) for one in verdict.reasons), say("What this rests on"))
    if verdict.would_change:
        yield Items(tuple(figures.said(one) for one in verdict.would_change), say("What would change it"))


def _effect(analysis: CampaignAnalysis, figures: Figures) -> Iterator[Block]:
    say = figures.words.say
    yield Text(
        say(
            "Customers are compared by the arm that chance put them in, whether or not they saw anything. Each "
            "counts once, when the seven days after their first trigger are over."
        )
    )
    if is_blocked(analysis):
        return
    compared = [analysis.headline, *analysis.arms, *analysis.secondary]
    spans = [
        Span(_row_name(figures, one), 100 * one.difference.value, 100 * one.difference.low, 100 * one.difference.high)
        for one in compared
        if one.is_share and isinstance(one.difference, Estimate)
    ]
    if spans:
        told = "; ".join(_told(figures, span) for span in spans)
        text = say("Difference to the holdout in percentage points, with the interval: %(told)s.", told=told)
        yield Drawing(intervals(spans, title=say("percentage points more than without alert"), text=text))
    yield _comparisons(compared, figures, say("Intervals may be looked at every day; they stay right however often."))
    yield Table(
        say("The same for readers who know the usual intervals: right at one look that was planned, not at several."),
        (say("Outcome"), say("Difference"), say("Lift")),
        tuple(
            cells(_row_name(figures, one), figures.difference(one.fixed_difference, is_share=one.is_share),
                  figures.lift(one.fixed_lift))
            for one in compared
        ),
    )  # fmt: skip


def _told(figures: Figures, span: Span) -> str:
    value, low, high = (
        figures.words.number(one, digits=1, is_signed=True) for one in (span.value, span.low, span.high)
    )
    return f"{span.label}: {value} ({low} … {high})"


def _comparisons(compared: list[Comparison], figures: Figures, caption: str) -> Table:
    say = figures.words.say
    columns = (say("Outcome"), say("Holdout"), say("Alert"), say("Difference"), say("Lift"), say("Confidence"))
    rows = []
    for one in compared:
        levels = [figures.level(level, is_share=one.is_share) for level in (one.control, one.treatment)]
        counted = [
            Cell(cell.value, figures.count(one, level))
            for cell, level in zip(levels, (one.control, one.treatment), strict=True)
        ]
        difference = figures.difference(one.difference, is_share=one.is_share)
        rows.append(cells(_row_name(figures, one), *counted, difference, figures.lift(one.lift),
                          figures.confidence(one.difference) or NOTHING))  # fmt: skip
    return Table(caption, columns, tuple(rows))


def _row_name(figures: Figures, one: Comparison) -> str:
    name = figures.measure(one.measure)
    return name if one.arm == "all" else f"{name}, {arm_name(figures, one.arm)}"


def _reduction(protected: Cell, customers: int, figures: Figures) -> Text:
    say = figures.words.say
    if protected.reason:
        return Text(
            say("The amount kept from being lost cannot be told. %(why)s", why=_sentence(protected.reason)), "note"
        )
    return Text(
        say(
            "Among %(customers)s customers who were to be warned, the reduction of scam loss against the holdout is "
            "%(amount)s (interval: %(interval)s). Below zero, more was lost.",
            customers=figures.words.number(customers),
            amount=protected.value,
            interval=protected.interval,
        )
    )


def _sentence(text: str) -> str:
    """Return a reason as a sentence of its own."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "。")) else "." if text.isascii() else "")


def _protected(analysis: CampaignAnalysis, figures: Figures) -> Iterator[Block]:
    say, loss = figures.words.say, analysis.loss
    yield Text(
        say(
            "Scam loss is what left within 30 days and a source that does not depend on the alert calls a scam; "
            "%(days)s more days are waited for labels. Sources: %(sources)s. One customer's loss is cut at %(limit)s, "
            "as declared, so that one case cannot outweigh thousands.",
            days=analysis.rules.label_days,
            sources=", ".join(loss.sources),
            limit=figures.money(float(loss.limit)),
        )
    )
    if is_blocked(analysis):
        return
    protected = figures.amount(loss.protected)
    yield _reduction(protected, loss.treated_customers, figures)
    yield _comparisons([loss.share, loss.amount], figures, say("Customers whose labels were waited for"))
    yield Table(
        say("Adjusted for what left in the 30 days before the trigger, and for all customers together"),
        (say("Figure"), say("Value")),
        (
            cells(say("Scam loss a customer, difference, adjusted"), figures.difference(loss.adjusted, is_share=False)),
            cells(say("Reduction of scam loss, all customers together"), protected),
        ),
    )
    yield Text(say("This is never a sum of cancelled amounts: who cancels may come back, may pay the same scam "
        "elsewhere, or "
                   "may never have been deceived. Only the comparison with customers whom chance left unwarned can "
                   "tell."),
               "quiet")  # fmt: skip


def _pilot(analysis: CampaignAnalysis, figures: Figures) -> Iterator[Block]:
    say, words, pilot = figures.words.say, figures.words, analysis.pilot
    yield Text(
        say(
            "The campaign of 2023 reported that about 20.4 %% of users “reconsidered the withdrawal or reviewed "
            "whether it "
            "carried the risk of a scam”. The same count here, and why it is not an effect:"
        )
    )
    between = ""
    if pilot.low is not None and pilot.high is not None:
        between = say("%(low)s to %(high)s", low=figures.share(pilot.low), high=figures.share(pilot.high))
    exposed = words.number(pilot.exposed)

    def part(count: int) -> Cell:
        share = figures.share(count / pilot.exposed) if pilot.exposed else NOTHING
        return Cell(share, f"{words.number(count)} / {exposed}")

    rows = [
        cells(say("Reviewed or reconsidered, of those who saw the alert (the first campaign's number)"),
              Cell(figures.share(pilot.share), between)),
        cells(say("of these: reviewed"), part(pilot.reviewed)),
        cells(say("of these: reconsidered"), part(pilot.reconsidered)),
        cells(say("Holdout: did not send, reduced or redirected without any alert"),
              figures.share(pilot.without_alert)),
    ]  # fmt: skip
    if not is_blocked(analysis):
        effect = figures.difference(analysis.headline.difference, is_share=True)
        rows.append(cells(say("Honest answer: more customers not sending than in the holdout"), effect))
    yield Table(
        say("One number that was printed, and the ones that answer"), (say("Figure"), say("Value")), tuple(rows)
    )
    if pilot.why:
        yield Items(tuple(figures.said(one) for one in pilot.why), say("Why they differ"))
