"""The report's charts, drawn on the server: SVG that prints in grey, with a text alternative each.

Invariants: what tells lines apart is a dash and a direct label, never a colour alone; charts hold no script, style or
id; the page has the same numbers in a table beside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from thinktwice.measurement.chart import plain_svg

INK: Final = "#1d4f5f"
GREYS: Final = ("#1c2529", "#1d5263", "#5b7f8c", "#8a5a00")
DASHES: Final = ([6, 4], [1, 0], [2, 2], [10, 3])
FONT: Final = "Noto Sans, Noto Sans CJK TC, system-ui, sans-serif"
WIDTH: Final = 420


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing and what it says in words."""

    svg: str
    text: str


@dataclass(frozen=True, slots=True)
class Span:
    """One row of an interval chart: what it is of, the value, and what the data leave open; in percentage points."""

    label: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what is counted, how many, and their share of the first bar's customers."""

    label: str
    customers: int
    share: float
    shown: str


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a line: the line's name, the place on the axis, and the share; None breaks the line."""

    line: str
    place: str
    share: float | None


def intervals(rows: Sequence[Span], *, title: str, text: str) -> Chart:
    """Draw values with their intervals beside a line at "no effect"."""
    import altair as alt

    values = [{"label": row.label, "value": row.value, "low": row.low, "high": row.high} for row in rows]
    base = alt.Chart(alt.InlineData(values=values)).encode(
        y=alt.Y(
            "label:N", sort=None, title=None, axis=alt.Axis(labelLimit=420, ticks=False, domain=False, labelPadding=8)
        )
    )
    scale = alt.Scale(zero=True, nice=True)
    line = base.mark_rule(strokeWidth=2, color=INK).encode(
        x=alt.X("low:Q", title=title, scale=scale, axis=alt.Axis(gridOpacity=0.4, tickCount=6)), x2="high:Q"
    )
    dot = base.mark_point(filled=True, size=90, color=INK, opacity=1).encode(x="value:Q")
    zero = (
        alt.Chart(alt.InlineData(values=[{"zero": 0}])).mark_rule(strokeDash=[4, 3], color="#1c2529").encode(x="zero:Q")
    )
    return _drawn(zero + line + dot, height=36 * len(rows), text=text)


def bars(rows: Sequence[Bar], *, title: str, text: str) -> Chart:
    """Draw counts as bars from the whole on, each labelled with its own figure."""
    import altair as alt

    values = [{"label": row.label, "share": row.share, "shown": row.shown} for row in rows]
    base = alt.Chart(alt.InlineData(values=values)).encode(
        y=alt.Y(
            "label:N", sort=None, title=None, axis=alt.Axis(labelLimit=420, ticks=False, domain=False, labelPadding=8)
        ),
        x=alt.X(
            "share:Q",
            title=title,
            scale=alt.Scale(domain=[0, 125]),
            axis=alt.Axis(values=[0, 25, 50, 75, 100], gridOpacity=0.4),
        ),
    )
    drawn = base.mark_bar(color=INK, height=14) + base.mark_text(
        align="left", dx=5, fontSize=11, color="#1c2529"
    ).encode(text="shown:N")
    return _drawn(drawn, height=26 * len(rows), text=text)


def lines(points: Sequence[Point], *, title: str, text: str) -> Chart:
    """Draw shares along an axis, one line an arm, named at its end."""
    import altair as alt

    names = list(dict.fromkeys(point.line for point in points))
    values = [{"line": p.line, "place": p.place, "share": p.share} for p in points if p.share is not None]
    places = list(dict.fromkeys(point.place for point in points))
    base = alt.Chart(alt.InlineData(values=values)).encode(
        x=alt.X("place:N", sort=places, title=None, axis=alt.Axis(labelAngle=0)),
        y=alt.Y("share:Q", title=title, axis=alt.Axis(gridOpacity=0.4, tickCount=5), scale=alt.Scale(zero=True)),
        color=alt.Color("line:N", legend=None, scale=alt.Scale(domain=names, range=list(GREYS))),
    )
    dashes = alt.StrokeDash("line:N", legend=None, scale=alt.Scale(domain=names, range=list(DASHES)))
    drawn = base.mark_line(strokeWidth=2).encode(strokeDash=dashes) + base.mark_point(filled=True, size=40, opacity=1)
    named = (
        alt.Chart(alt.InlineData(values=_ends(values, names)))
        .mark_text(align="left", dx=10, fontSize=11)
        .encode(
            x=alt.X("place:N", sort=places),
            y="share:Q",
            text="line:N",
            color=alt.Color("line:N", legend=None, scale=alt.Scale(domain=names, range=list(GREYS))),
        )
    )
    return _drawn(drawn + named, height=190, text=text)


def _ends(values: Sequence[dict[str, Any]], names: Sequence[str]) -> list[dict[str, Any]]:
    """Place the names at the ends of their lines, pushed apart so that none covers another."""
    last = [[value for value in values if value["line"] == name][-1:] for name in names]
    ends = sorted((dict(found[0]) for found in last if found), key=lambda end: float(end["share"]))
    gap, place = max((value["share"] for value in values), default=1.0) / 12, float("-inf")
    for end in ends:
        place = max(float(end["share"]), place + gap)
        end["share"] = place
    return ends


def _drawn(chart: Any, *, height: int, text: str) -> Chart:
    import vl_convert

    padding = {"right": 12, "left": 5, "top": 8, "bottom": 5}
    settled = chart.properties(width=WIDTH, height=height, padding=padding, background="#ffffff")
    settled = settled.configure_view(stroke=None).configure(font=FONT)
    settled = settled.configure_axis(labelFontSize=12, titleFontSize=12, titleFontWeight="normal", labelColor="#1c2529")
    return Chart(plain_svg(vl_convert.vegalite_to_svg(settled.to_dict())), text)
