"""A campaign's days as one small chart, drawn on the server.

Invariants: lines differ by dashes and by a label at their end, so that they can be told apart in grey; the chart has a
text alternative, and the page has the same numbers as a table; what is drawn are counts.
"""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from typing import Any, Final

from thinktwice.measurement.counts import CampaignCounts

DAYS: Final = 28
LINES: Final = (("triggered", "questioned or held out"), ("continued", "continued"), ("cancelled", "stopped by choice"))
_DASHES: Final = ([1, 0], [6, 3], [2, 2])
_GREYS: Final = ("#1d4f5f", "#3f7d8c", "#8a5a00")


def chart_svg(counts: CampaignCounts, last: date) -> str:
    """Return the ``DAYS`` days up to ``last`` as SVG without scripts or inline styles."""
    # Altair takes a second to import: only who draws should wait.
    import altair as alt
    import vl_convert

    rows = _rows(counts, last)
    labels = [label for _, label in LINES]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("day:T", title=None, axis=alt.Axis(format="%-d %b", tickCount=7, grid=False)),
        y=alt.Y("count:Q", title="withdrawals a day", axis=alt.Axis(tickMinStep=1, gridOpacity=0.4)),
        color=alt.Color("line:N", legend=None, scale=alt.Scale(domain=labels, range=list(_GREYS))),
    )
    lines = base.mark_line(strokeWidth=2).encode(
        strokeDash=alt.StrokeDash("line:N", legend=None, scale=alt.Scale(domain=labels, range=list(_DASHES)))
    )
    names = (
        alt.Chart(alt.InlineData(values=_spread(rows, last)))
        .mark_text(align="left", dx=8, fontSize=12)
        .encode(x="day:T", y=alt.Y("place:Q"), text="line:N", color=alt.Color("line:N", legend=None))
    )
    chart = (lines + names).properties(width=480, height=180, padding={"right": 10, "left": 5, "top": 5, "bottom": 5})
    settled = chart.configure_view(stroke=None).configure(font="system-ui, sans-serif")
    return plain_svg(vl_convert.vegalite_to_svg(settled.to_dict()))


def chart_text(counts: CampaignCounts, last: date) -> str:
    """Return the text alternative: what the lines are and where they begin, end and peak."""
    parts = []
    for key, label in LINES:
        values = [counts.days.get(day, Counter())[key] for day in _days(last)]
        parts.append(f"{label}: {sum(values)} in all, at most {max(values)} a day")
    return f"{DAYS} days up to {last:%Y-%m-%d}: " + "; ".join(parts) + "."


def _days(last: date) -> list[date]:
    return [last - timedelta(days=back) for back in reversed(range(DAYS))]


def _rows(counts: CampaignCounts, last: date) -> list[dict[str, Any]]:
    return [
        {"day": day.isoformat(), "line": label, "count": counts.days.get(day, Counter())[key]}
        for key, label in LINES
        for day in _days(last)
    ]


def _spread(rows: list[dict[str, Any]], last: date) -> list[dict[str, Any]]:
    """Place the names at the ends of their lines, pushed apart so that none covers another."""
    ends = sorted((row for row in rows if row["day"] == last.isoformat()), key=lambda row: row["count"])
    gap = max(max(row["count"] for row in rows) / 10, 0.12)
    place = float("-inf")
    for row in ends:
        place = max(float(row["count"]), place + gap)
        row["place"] = place
    return ends


def plain_svg(svg: str) -> str:
    """Leave out what a strict content security policy or a second chart on the page would trip over."""
    svg = re.sub(r"<style[^>]*>.*?</style>", "", svg, flags=re.DOTALL)
    svg = re.sub(r'\sstyle="[^"]*"', "", svg)
    return re.sub(r'\s(id|clip-path)="[^"]*"', "", svg).replace(
        "<svg ", '<svg aria-hidden="true" focusable="false" ', 1
    )
