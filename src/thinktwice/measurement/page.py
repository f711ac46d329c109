"""The counts as a table, a page and JSON: one list of columns for all three.

Invariants: the page works without script and loads nothing from elsewhere; it says that these are counts and no
statistics; every chart's numbers stand in a table as well.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from thinktwice import __version__
from thinktwice.measurement.chart import chart_svg, chart_text
from thinktwice.measurement.counts import ArmCounts, CampaignCounts, Report


@dataclass(frozen=True, slots=True)
class Column:
    """One count: its key in JSON, its heading, and what is counted."""

    key: str
    name: str
    meaning: str


COLUMNS: Final = (
    Column("triggered", "triggers", "Withdrawals for which the campaign fired, whether or not an alert was shown."),
    Column("assigned", "pairs", "Customers with a destination, each pair counted once, at its first trigger."),
    Column("delivered", "delivered", "Alerts that reached a browser."),
    Column("seen", "seen", "Alerts that were visible for a second or more."),
    Column("reviewed", "reviewed", "Alerts of which an example, resource or check was opened or a question answered."),
    Column("continued", "continued", "Alerts after which the customer chose to go on."),
    Column("cancelled", "cancelled", "Alerts after which the customer chose to keep the money here."),
    Column("completed", "completed", "Pairs with a withdrawal completed to that destination within 7 days."),
    Column("not_sent", "not sent", "Pairs with none completed within 7 days; counted alike in every arm."),
    Column("too_early", "too early", "Pairs without a completed withdrawal whose 7 days are not over."),
    Column("reported", "reported", "Pairs of which a withdrawal was reported or labelled as a scam by now."),
)


def value(arm: ArmCounts, key: str) -> int:
    """Return one count of an arm by the key of its column."""
    return int(getattr(arm, key)) if hasattr(arm, key) else arm.events[key]


def rows(campaign: CampaignCounts) -> list[list[Any]]:
    """Return one row an arm: its name, then its counts in the order of ``COLUMNS``."""
    arms = sorted(campaign.arms.values(), key=lambda arm: arm.arm)
    return [[arm.arm, *(value(arm, column.key) for column in COLUMNS)] for arm in arms]


def as_json(report: Report) -> dict[str, Any]:
    """Return the report as JSON-able values."""
    return {
        "until": report.until.isoformat(),
        "since": report.since.isoformat() if report.since else None,
        "note": "counts only, no effects; shadow campaigns and test traffic are not counted",
        "decisions": report.decisions,
        "proceeded": report.proceeded,
        "campaigns": {
            campaign.campaign: {
                "arms": {
                    name: {column.key: value(arm, column.key) for column in COLUMNS}
                    for name, arm in sorted(campaign.arms.items())
                },
                "days": {
                    day.isoformat(): dict(sorted(counts.items())) for day, counts in sorted(campaign.days.items())
                },
            }
            for campaign in report.campaigns
        },
    }


def css() -> str:
    """Return the style sheet of the page."""
    return (files("thinktwice.measurement") / "assets" / "page.css").read_text("utf-8")


def render_page(
    report: Report,
    *,
    css_href: str | None = None,
    home: tuple[str, str] | None = None,
    results_href: str | None = None,
    is_synthetic: bool = False,
) -> str:
    """Return the page as HTML; without ``css_href`` the style is in the page, so that it is one file to send.

    ``results_href`` is where reports of campaigns are found, each under its id.
    """
    last = _last_day(report)
    return _ENVIRONMENT.get_template("report.html").render(
        report=report,
        columns=COLUMNS,
        rows=rows,
        charts={
            campaign.campaign: {"svg": chart_svg(campaign, last), "text": chart_text(campaign, last)}
            for campaign in report.campaigns
        },
        css_href=css_href,
        css_text=css(),
        home=home,
        results_href=results_href,
        is_synthetic=is_synthetic,
        version=__version__,
    )


def _last_day(report: Report) -> date:
    """Return the last day that is over; today's few hours would look like a fall. On the first day it is today."""
    today = report.until.date()
    has_past = any(day < today for campaign in report.campaigns for day in campaign.days)
    return today - timedelta(days=1) if has_past else today


_ENVIRONMENT: Final = Environment(
    loader=PackageLoader("thinktwice.measurement"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
