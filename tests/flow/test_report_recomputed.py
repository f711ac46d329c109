"""A four-week Hong Kong campaign: every figure of its report is found again in the raw rows, with plain SQL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.support.report_by_sql import BySql
from tests.support.report_pages import SETTING, UNTIL, Rows, analysis_of, read_page, results_of, values
from thinktwice.journal.reader import SqliteJournalReader
from thinktwice.lake.history import open_history
from thinktwice.lake.service import Lake
from thinktwice.measurement.analysis.records import CampaignAnalysis
from thinktwice.measurement.estimators.answers import Estimate
from thinktwice.measurement.estimators.sufficient import Proportion
from thinktwice.measurement.report.document import render
from thinktwice.records.catalogue import CATALOGUE
from thinktwice.simulation.presets import PLAN, hong_kong_campaign

CONTROL, TREATED = "arm = 'holdout'", "arm <> 'holdout'"
ARM = {"a": "arm = 'a'", "b": "arm = 'b'", "all": TREATED, "holdout": CONTROL}
MONEY = {"completed", "loss"}
DIMENSIONS = {
    "Language": "language",
    "Age": "age_band",
    "Jurisdiction": "jurisdiction",
    "Kind of customer": "customer_kind",
    "Channel": "channel",
}
LANGUAGES = {"zh": "Chinese", "en": "English"}


@pytest.fixture(scope="module")
def analysis() -> CampaignAnalysis:
    return analysis_of(hong_kong_campaign)


@pytest.fixture(scope="module")
def page(analysis: CampaignAnalysis) -> dict[str, list[Rows]]:
    return read_page(render(analysis, "en", SETTING))


@pytest.fixture(scope="module")
def sql(analysis: CampaignAnalysis) -> Iterator[BySql]:
    folder = results_of(hong_kong_campaign).folder
    with (
        closing(SqliteJournalReader(folder.journal)) as reader,
        open_history(Lake(folder.lake), reader, CATALOGUE) as history,
    ):
        yield BySql(history, analysis.experiment, UNTIL, list(PLAN.label_sources), int(PLAN.winsorised_at))


def share(value: float) -> str:
    return f"{100 * value:.1f} %"


def signed(value: float, digits: int, unit: str) -> str:
    number = round(value, digits)
    return f"{'−' if number < 0 else '+' if number > 0 else ''}{abs(number):,.{digits}f} {unit}"


def compared(sql: BySql, name: str, arm: str = "all") -> list[tuple[str, str]]:
    """Return what a row of a comparison should hold: values, and what stands below the two levels."""
    (c, n), (t, m) = sql.total(name, CONTROL), sql.total(name, ARM[arm])
    if name in MONEY:
        levels = [(f"{c / n:,.0f} USD", f"{c:,.0f} USD / {n:,}"), (f"{t / m:,.0f} USD", f"{t:,.0f} USD / {m:,}")]
        difference = signed(t / m - c / n, 0, "USD")
    else:
        levels = [(share(c / n), f"{c:,.0f} / {n:,}"), (share(t / m), f"{t:,.0f} / {m:,}")]
        difference = signed(100 * (t / m - c / n), 1, "points")
    lift = signed(100 * (t / m / (c / n) - 1), 0, "%") if c else ""
    return [*levels, (difference, ""), (lift, "")]


def check_comparison(rows: Rows, row: int, expected: list[tuple[str, str]]) -> None:
    found = rows[row][1:5]
    for cell, (value, below) in zip(found, expected, strict=True):
        if value:
            assert cell.value == value
        if below:
            assert cell.below == below


def test_the_comparisons(page: dict[str, list[Rows]], sql: BySql) -> None:
    """Levels, counts, differences and lifts of every outcome, together and by arm, in both tables."""
    asked = [("not_sent", "all"), ("not_sent", "a"), ("not_sent", "b"), ("not_sent_late", "all"), ("kept", "all"),
             ("reduced", "all"), ("redirected", "all"), ("displaced", "all"), ("completed", "all")]  # fmt: skip
    anytime, fixed = page["effect"]
    assert len(anytime) == len(fixed) == len(asked)
    for row, (name, arm) in enumerate(asked):
        expected = compared(sql, name, arm)
        check_comparison(anytime, row, expected)
        assert fixed[row][1].value == expected[2][0]
        assert not expected[3][0] or fixed[row][2].value == expected[3][0]


def test_the_headline_interval(analysis: CampaignAnalysis, sql: BySql) -> None:
    """The fixed interval is that of the counts found by SQL, and the anytime one holds it."""
    from thinktwice.measurement.estimators.fixed import proportion_difference

    (c, n), (t, m) = sql.total("not_sent", CONTROL), sql.total("not_sent", TREATED)
    expected = proportion_difference(Proportion(n, int(c)), Proportion(m, int(t)))
    found, anytime = analysis.headline.fixed_difference, analysis.headline.difference
    assert isinstance(expected, Estimate)
    assert isinstance(found, Estimate)
    assert isinstance(anytime, Estimate)
    assert (found.low, found.high) == (expected.low, expected.high)
    assert anytime.low < found.low < found.high < anytime.high


def test_the_loss(page: dict[str, list[Rows]], sql: BySql, analysis: CampaignAnalysis) -> None:
    """Loss by independent labels, the adjusted difference, and the amount protected: a reduction times customers."""
    table, figures = page["protected"]
    check_comparison(table, 0, compared(sql, "is_loss"))
    check_comparison(table, 1, compared(sql, "loss"))
    loss, before = sql.number("loss"), f"least(left_before, {sql.limit})"
    slope = sql.one(f"SELECT regr_slope(CAST({loss} AS DOUBLE), CAST({before} AS DOUBLE)) FROM person")
    shift = sql.one(
        f"SELECT avg({before}) FILTER ({TREATED}) - avg({before}) FILTER ({CONTROL}) FROM person".replace(
            "FILTER (", "FILTER (WHERE "
        )
    )
    plain = sql.mean("loss", TREATED) - sql.mean("loss", CONTROL)
    assert figures[0][1].value == signed(plain - slope * float(shift), 0, "USD")
    treated = sql.total("loss", TREATED)[1]
    assert figures[1][1].value == signed(-plain * treated, 0, "USD")
    cancelled = sql.one(
        "SELECT sum(fiat_amount) FROM live WHERE alert_id IN (SELECT alert_id FROM claims WHERE type = 'cancelled')"
    )
    assert float(cancelled) > 1.2 * -plain * treated  # what a sum of cancelled amounts would have claimed


def test_the_pilots_number(page: dict[str, list[Rows]], sql: BySql) -> None:
    """The first campaign's count, its two parts, and the holdout beside it."""
    (rows,) = page["pilot"]
    exposed = sql.total("exposed", TREATED)[0]
    either = sql.one(f"SELECT count(*) FROM person WHERE {TREATED} AND (is_reviewed OR {sql.number('reconsidered')})")
    reviewed, reconsidered = (sql.total(name, TREATED)[0] for name in ("reviewed", "reconsidered"))
    anyway = sql.mean("changed_course", CONTROL)
    difference = compared(sql, "not_sent")[2][0]
    expected = [
        share(either / exposed),
        share(reviewed / exposed),
        share(reconsidered / exposed),
        share(anyway),
        difference,
    ]
    assert [row[1].value for row in rows] == expected
    assert rows[1][1].below == f"{reviewed:,.0f} / {exposed:,.0f}"


def test_the_steps(page: dict[str, list[Rows]], sql: BySql) -> None:
    """Every step of the treated, by arm: customers, and their share."""
    (rows,) = page["steps"]
    names = [
        "is_shown",
        "delivered",
        "seen",
        "reviewed",
        "reconsidered",
        "not_sent",
        "reduced",
        "redirected",
        "displaced",
    ]
    for column, arm in enumerate(("a", "b", "all"), 1):
        whole = sql.total("seen", ARM[arm])[1]
        counts = [whole, *(sql.total(name, ARM[arm])[0] for name in names)]
        counts.append(whole - sql.total("not_sent", ARM[arm])[0])
        assert [row[column].value for row in rows[:-1]] == [f"{count:,.0f}" for count in counts]
        assert [row[column].below for row in rows[:-1]] == [share(count / whole) for count in counts]
    assert rows[-1][3].value == f"{sql.total('is_loss', TREATED)[0]:,.0f}"


def test_the_guardrails(page: dict[str, list[Rows]], sql: BySql) -> None:
    """Both levels and the difference of every guardrail, and the share of withdrawals interrupted."""
    rows, _by_arm = page["guardrails"]
    for row, name in zip(rows, ("genuine_not_sent", "complained", "contacted", "slow"), strict=False):
        levels = compared(sql, name)
        assert [row[2].value, row[3].value, row[4].value] == [levels[0][0], levels[1][0], levels[2][0]]
        assert row[1].value == share(float(PLAN.margins[name]))
    assert rows[4][4].value == share(interrupted(sql, "TRUE")[2])
    assert [cell.value for cell in rows[5][2:5]] == [value for value, _ in compared(sql, "is_loss")[:3]]


def test_holds_that_were_ended_early(page: dict[str, list[Rows]], sql: BySql) -> None:
    """Customers held in each arm and outside them; nobody of the simulated staff ends a hold, so the share is 0."""
    rows, by_arm = page["guardrails"]
    held = dict(
        sql.all("""
        SELECT coalesce(u.arm, 'none'), count(*) FROM (
          SELECT customer_ref FROM live WHERE experiment = 'hk-pilot-2026' AND action IN ('hold', 'refer')
          AND is_trigger AND NOT is_known_bad GROUP BY customer_ref) h
        LEFT JOIN unit u USING (customer_ref) GROUP BY ALL""")
    )
    assert sql.one("SELECT count(*) FROM resolutions WHERE status = 'released'") == 0
    names = [*(f"Arm {arm}" for arm in sorted(held.keys() - {"none", "holdout"})), "Holdout (no alert)"]
    counts = [*(held[arm] for arm in sorted(held.keys() - {"none"})), held["none"], sum(held.values())]
    names = [*(name for name in names if name[4:] in held or name.startswith("Hold")), "In no arm (always shown)"]
    assert [row[0].value for row in by_arm] == [*names[: len(counts) - 2], "In no arm (always shown)", "All customers"]
    assert [row[1].value for row in by_arm] == [f"{one:,}" if one >= 10 else "fewer than 10" for one in counts]
    assert by_arm[-1][2].value == rows[-1][4].value == "0.0 %"


def interrupted(sql: BySql, where: str) -> tuple[int, int, float]:
    return sql.all(f"""
        SELECT count(DISTINCT customer_ref), count(*),
          count(*) FILTER (WHERE experiment = 'hk-pilot-2026' AND alert_id IS NOT NULL AND NOT is_notice) / count(*)
        FROM live WHERE recorded_at >= (SELECT min(recorded_at) FROM trig) AND {where}""")[0]


def test_the_weeks(page: dict[str, list[Rows]], sql: BySql) -> None:
    """Every week and arm: customers, not sent, kept, seen, reviewed."""
    weeks, again = page["weeks"]
    expected = []
    for (week,) in sql.all("SELECT DISTINCT week FROM person ORDER BY week"):
        for arm, name in (("holdout", "Holdout (no alert)"), ("a", "Arm a"), ("b", "Arm b")):
            where = f"week = TIMESTAMP '{week}' AND arm = '{arm}'"
            n = sql.total("not_sent", where)[1]
            shares = [
                share(sql.mean(one, where)) if n >= 10 else "–" for one in ("not_sent", "kept", "seen", "reviewed")
            ]
            if arm == "holdout":
                shares[2:] = ["–", "–"]
            expected.append([f"{week:%-d %b %Y}", name, f"{n:,}" if n >= 10 else "fewer than 10", *shares])
    assert values(weeks) == expected
    found = {(row[0].value, row[1].value): [cell.value for cell in row[2:4]] for row in again}
    for arm, nth, n, unsent in sql.all("""
        SELECT t.arm, least(t.nth, 4), count(*), count(*) FILTER (WHERE NOT EXISTS (SELECT 1 FROM paid p
          WHERE p.customer_ref = t.customer_ref AND p.destination_key = t.destination_key AND p.at > t.recorded_at
          AND p.at <= t.recorded_at + INTERVAL 7 DAY))
        FROM (SELECT g.* REPLACE (u.arm AS arm) FROM trig g JOIN unit u USING (customer_ref)) t GROUP BY ALL"""):
        name = "Holdout (no alert)" if arm == "holdout" else f"Arm {arm}"
        assert found[str(nth - 1), name] == [f"{n:,}", share(unsent / n)]


def test_the_groups(page: dict[str, list[Rows]], sql: BySql) -> None:
    """Rates by every group, and how often its customers are interrupted."""
    rates, interruptions = page["groups"]
    assert {row[0].value for row in rates} == set(DIMENSIONS)
    for row in rates:
        where = group_of(row[0].value, row[1].value)
        assert row[2].value == f"{sql.total('not_sent', where)[1]:,}"
        for cell, arm in zip(row[3:], ("holdout", "a", "b"), strict=True):
            n = sql.total("not_sent", f"{where} AND arm = '{arm}'")[1]
            assert cell.value == (share(sql.mean("not_sent", f"{where} AND arm = '{arm}'")) if n >= 10 else "–")
    for row in interruptions:
        where = "TRUE" if row[0].value == "All customers" else group_of(row[0].value, row[1].value)
        customers, withdrawals, rate = interrupted(sql, where)
        assert [cell.value for cell in row[2:5]] == [f"{customers:,}", f"{withdrawals:,}", share(rate)]
        total, n = sql.total("false_alarm", f"{where} AND {CONTROL}")
        assert row[5].value == (share(total / n) if n >= 10 else "–")


def group_of(dimension: str, value: str) -> str:
    back = {name: code for code, name in LANGUAGES.items()}
    return f"{DIMENSIONS[dimension]} = '{back.get(value, value)}'"


def test_the_reports(page: dict[str, list[Rows]], sql: BySql) -> None:
    """Reports by arm and source: customers, and what they lost by that source's word."""
    (rows,) = page["reports"]
    expected = sql.all("""
        SELECT u.arm, c.source, count(DISTINCT u.customer_ref), sum(c.fiat_amount) FROM person u
        JOIN called c ON c.customer_ref = u.customer_ref AND c.told > u.seq AND c.at <= u.recorded_at + INTERVAL 30 DAY
        AND c.called_at <= u.recorded_at + INTERVAL 60 DAY GROUP BY ALL ORDER BY 1, 2""")
    names = {"holdout": "Holdout (no alert)", "a": "Arm a", "b": "Arm b"}
    assert [[row[0].value, row[1].value, row[3].value, row[4].value] for row in rows] == [
        [names[arm], source, f"{customers:,}", f"{round(float(amount)):,} USD"]
        for arm, source, customers, amount in expected
    ]


def test_who_was_compared(page: dict[str, list[Rows]], sql: BySql, analysis: CampaignAnalysis) -> None:
    """Customers by arm, those outside every arm, and triggers by version."""
    (rows,) = page["arms"]
    whole = sql.one("SELECT count(*) FROM unit")
    for row, arm in zip(rows, ("holdout", "a", "b"), strict=True):
        n, shown = sql.all(
            f"SELECT count(*), count(*) FILTER (WHERE alert_id IS NOT NULL) FROM unit WHERE arm = '{arm}'"
        )[0]
        counts = [f"{n:,}", f"{n:,}", "0", f"{n:,}", f"{n:,}", f"{shown:,}"]
        assert [cell.value for cell in row[2:]] == counts
        assert row[2].below == share(n / whole)
    assert analysis.population.not_eligible == sql.one("SELECT count(*) FROM trig WHERE nth = 1 AND arm IS NULL")
    assert page["plan"][1][0][4].value == f"{sql.one('SELECT count(*) FROM trig'):,}"
    assert page["plan"][0][4][2].value == f"{whole:,}"


def test_the_data_health(page: dict[str, list[Rows]], sql: BySql, analysis: CampaignAnalysis) -> None:
    """The page has a line for every check; those that this world can meet are counted again."""
    (rows,) = page["health"]
    assert [row[1].value for row in rows] == [f"{one.count:,}" for one in analysis.health]
    found = {one.check: one.count for one in analysis.health}
    assert found["test_traffic"] == sql.one("SELECT count(*) FROM decisions WHERE is_test")
    assert found["two_arms"] == sql.one(
        "SELECT count(*) FROM (SELECT customer_ref FROM trig WHERE arm IS NOT NULL GROUP BY 1 HAVING count(DISTINCT "
        "arm) > 1)"
    )
    assert found["completed_twice"] == 0
    assert found["label_unknown_withdrawal"] == sql.one("""
        SELECT count(*) FROM told e WHERE type IN ('scam.reported', 'outcome.labelled')
        AND NOT EXISTS (SELECT 1 FROM live d WHERE d.withdrawal_id = e.withdrawal_id AND d.attempt = e.attempt)""")


def test_no_figure_is_outside_a_checked_table(page: dict[str, list[Rows]]) -> None:
    """A new table would have to be checked here first."""
    assert {name: len(tables) for name, tables in page.items()} == {
        "effect": 2, "protected": 2, "pilot": 1, "steps": 1, "guardrails": 2, "weeks": 2, "groups": 2, "reports": 1,
        "plan": 2, "arms": 1, "health": 1,
    }  # fmt: skip


def test_the_verdict_is_that_of_the_planted_truth(analysis: CampaignAnalysis) -> None:
    """The campaign that was planted to help is said to help, and the truth lies inside the interval."""
    assert analysis.verdict.standing == "helps"
    assert re.match(r"Helps\.", analysis.verdict.headline.text)
    assert not analysis.verdict.must_stop
