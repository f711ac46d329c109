"""The evidence card as a page, made from the sealed file and nothing else.

Invariant: the page cannot say more than the card, because the card is all it is given.
"""

from __future__ import annotations

import json
from typing import Any

from thinktwice import __version__
from thinktwice.measurement.report.blocks import Block, Section, Table, Text, cells
from thinktwice.measurement.report.document import Setting, css, environment_of
from thinktwice.measurement.report.figures import NOTHING, Cell, Figures
from thinktwice.measurement.report.names import GUARDRAILS, STANDINGS, WHY
from thinktwice.measurement.report.words import words_of

POINTS = frozenset({"not_sent", "kept", "is_loss", "displaced"})


def render(sealed: bytes, locale: str, setting: Setting) -> str:
    """Return a card as one page of HTML.

    Raises:
        InputError: there are no reports in this language.
    """
    found = json.loads(sealed)
    card, words = found["card"], words_of(locale)
    figures = Figures(words, card["currency"])
    return (
        environment_of(words)
        .get_template("card.html")
        .render(
            card=card,
            seal=found["seal"],
            sections=_sections(card, figures),
            standing=words.say(STANDINGS[card["verdict"]["standing"]]),
            setting=setting,
            words=words,
            css_text=css(),
            version=__version__,
        )
    )


def _sections(card: dict[str, Any], figures: Figures) -> tuple[Section, ...]:
    say = figures.words.say
    return (
        Section("effect", say("Effect"), tuple(_effects(card, figures))),
        Section("harms", say("What must not get worse"), (_harms(card, figures),)),
        Section("plan", say("The plan, and what was done"), tuple(_plan(card, figures))),
    )


def _effects(card: dict[str, Any], figures: Figures) -> list[Block]:
    say = figures.words.say
    rows = []
    for name in ("primary", "displaced", "loss_share", "loss_amount"):
        one = card[name]
        counts = [_counted(one["counts"], arm, figures) for arm in ("holdout", "alert")]
        is_points = one["measure"] in POINTS
        difference = _estimate(one["difference"], figures, is_points=is_points)
        lift = _estimate(one["lift"], figures, is_lift=True)
        rows.append(cells(figures.measure(one["measure"]), *counts, difference, lift))
    columns = (say("Outcome"), say("Holdout"), say("Alert"), say("Difference"), say("Lift"))
    protected = _estimate(card["amount_protected"], figures, is_points=False)
    return [
        Table(say("Intervals may be looked at every day; they stay right however often."), columns, tuple(rows)),
        Table(say("Amount kept from being lost"), (say("Figure"), say("Value")),
              (cells(say("Reduction of scam loss, all customers together"), protected),)),
    ]  # fmt: skip


def _counted(counts: dict[str, Any] | None, arm: str, figures: Figures) -> Cell:
    if counts is None:
        return Cell(NOTHING)
    with_it, customers = counts[arm]["with"], counts[arm]["customers"]
    if with_it is None or customers is None:
        return Cell(figures.words.say("withheld"))
    return Cell(
        figures.share(with_it / customers), f"{figures.words.number(with_it)} / {figures.words.number(customers)}"
    )


def _estimate(one: dict[str, Any] | None, figures: Figures, *, is_points: bool = True, is_lift: bool = False) -> Cell:
    words, say = figures.words, figures.words.say
    if one is None:
        return Cell(say("withheld"))
    if "cannot_tell" in one:
        return Cell(NOTHING, reason=say(WHY[one["cannot_tell"]]))
    scale, digits = (100, 0) if is_lift else (100, 1) if is_points else (1, 0)
    value, low, high = (
        say("no limit") if one[name] is None else words.number(scale * float(one[name]), digits=digits, is_signed=True)
        for name in ("value", "low", "high")
    )
    unit = "%" if is_lift else say("points") if is_points else figures.currency
    return Cell(f"{value} {unit}", say("%(low)s to %(high)s", low=low, high=high))


def _harms(card: dict[str, Any], figures: Figures) -> Table:
    say = figures.words.say
    rows = []
    for one in card["harms"]:
        margin = NOTHING if one["margin"] is None else figures.share(float(one["margin"]))
        declared = say("declared") if one["is_declared"] else say("default, not declared")
        found = _estimate(one["found"], figures)
        rows.append(
            cells(say(GUARDRAILS[one["guardrail"]]), Cell(margin, declared), found, say(STANDINGS[one["standing"]]))
        )
    return Table(
        say("May be watched every day"),
        (say("Guardrail"), say("Margin"), say("Difference"), say("Standing")),
        tuple(rows),
    )


def _plan(card: dict[str, Any], figures: Figures) -> list[Block]:
    say, words = figures.words.say, figures.words
    plan, population = card["preregistration"], card["population"]
    rows = [
        cells(say("Hypothesis"), (plan["plan"] or {}).get("hypothesis") or NOTHING),
        cells(say("Population"), population["described"]),
        cells(say("Customers"), words.number(population["customers"])),
        *(cells(say("Version"), one["version"]) for one in card["messages"]),
    ]
    return [
        Text(say(STANDINGS[plan["standing"]])),
        Table(say("What was compared"), ("", say("Value")), tuple(rows), texts=2),
    ]
