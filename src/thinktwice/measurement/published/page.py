"""The partner's edition as JSON and as a page.

Invariant: both hold what the edition holds and nothing else; a withheld figure is said to be withheld.
"""

from __future__ import annotations

from typing import Any, Final

from thinktwice import __version__
from thinktwice.measurement.published.edition import AMOUNTS, COUNTS, Edition, Week
from thinktwice.measurement.report.blocks import Block, Section, Table, Text, cells
from thinktwice.measurement.report.document import Setting, css, environment_of
from thinktwice.measurement.report.figures import Cell, Figures
from thinktwice.measurement.report.names import STANDINGS
from thinktwice.measurement.report.plain import plain
from thinktwice.measurement.report.words import mark, words_of

FORMAT: Final = "thinktwice-partner-edition-1"

_NAMES: Final = {
    "holdout_not_sent": mark("Holdout: not sent"),
    "holdout_sent": mark("Holdout: sent"),
    "alert_unseen": mark("Alert: not seen"),
    "alert_seen_not_sent": mark("Alert: seen only, not sent"),
    "alert_seen_sent": mark("Alert: seen only, sent"),
    "alert_reviewed_not_sent": mark("Alert: reviewed, not sent"),
    "alert_reviewed_sent": mark("Alert: reviewed, sent"),
    "holdout_completed": mark("Holdout: amount that left"),
    "alert_completed": mark("Alert: amount that left"),
}


def as_json(edition: Edition) -> dict[str, Any]:
    """Return the edition as JSON's own types; withheld figures are null."""
    return {
        "format": FORMAT,
        "made_by": f"thinktwice {__version__}",
        "columns": {"counts": list(COUNTS), "amounts": list(AMOUNTS)},
        "edition": plain(edition),
    }


def render(edition: Edition, locale: str, setting: Setting) -> str:
    """Return the edition as one page of HTML.

    Raises:
        InputError: there are no reports in this language.
    """
    words = words_of(locale)
    figures = Figures(words, edition.currency)
    return (
        environment_of(words)
        .get_template("published.html")
        .render(
            edition=edition,
            section=Section("weeks", words.say("Week by week"), _blocks(edition, figures)),
            effect=_effect(edition, figures),
            standing=words.say(STANDINGS[edition.standing]),
            setting=setting,
            words=words,
            css_text=css(),
            version=__version__,
        )
    )


def _effect(edition: Edition, figures: Figures) -> str:
    say = figures.words.say
    if edition.effect is None:
        return say("No effect can be given yet.")
    value, *ends = edition.effect
    low, high = (say("no limit") if one is None else figures.words.number(one, is_signed=True) for one in ends)
    number = figures.words.number(value, is_signed=True)
    return say("Compared with customers whom chance left unwarned, %(value)s of every 100 customers more did not send "
               "within 7 days (interval: %(low)s to %(high)s, right at any look).",
               value=number, low=low, high=high)  # fmt: skip


def _blocks(edition: Edition, figures: Figures) -> tuple[Block, ...]:
    say, words = figures.words.say, figures.words
    note = say("Customers, each in one column, by the week in which their seven days were over. Figures below %(k)s "
        "are "
               "withheld, and with them whatever would reveal them. A total is given only where every week of it is.",
               k=edition.minimum)  # fmt: skip
    counts = [cells(words.day(week.since), *_row(week, figures)) for week in edition.weeks]
    counts.append(cells(say("All weeks"), *(_shown(one, figures) for one in edition.totals), "–"))
    money = [
        cells(
            words.day(week.since),
            *(Cell(say("withheld")) if one is None else Cell(figures.money(one)) for one in week.amounts),
        )
        for week in edition.weeks
    ]
    return (
        Text(note),
        Table(say("Customers"), (say("Week of"), *(say(_NAMES[name]) for name in COUNTS), say("All")), tuple(counts)),
        Table(say("Amount that left within 7 days, to anywhere; not an effect of the alert"),
              (say("Week of"), *(say(_NAMES[name]) for name in AMOUNTS)), tuple(money)),
        Text(say("Amounts are withheld where one customer could be recognised: fewer than %(k)s customers, or all "
            "but the two "
                 "largest together make less than %(p)s %% of the largest.",
                 k=edition.minimum, p=round(100 * edition.protected_share)), "quiet"),
    )  # fmt: skip


def _row(week: Week, figures: Figures) -> tuple[Cell, ...]:
    return tuple(_shown(one, figures) for one in (*week.counts, week.customers))


def _shown(count: int | None, figures: Figures) -> Cell:
    return Cell(figures.words.say("withheld")) if count is None else Cell(figures.words.number(count))
