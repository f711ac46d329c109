"""What each edition of a report may say: operator, partner, card; honest zero and broken split included."""

from __future__ import annotations

import base64
import json
import re
import shutil
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest

from tests.support.campaign_weeks import HK, SMALL, STARTS_AT
from tests.support.report_pages import SETTING, UNTIL, analysis_of, read_page, results_of
from thinktwice.errors import InputError
from thinktwice.journal.reader import SqliteJournalReader
from thinktwice.keyring.keys import TEST_KEYRING
from thinktwice.keyring.seal import public_key_of
from thinktwice.lake.history import open_history
from thinktwice.lake.service import Lake
from thinktwice.measurement import card_checking, card_page
from thinktwice.measurement.analysis.campaign import analyse
from thinktwice.measurement.analysis.records import CampaignAnalysis
from thinktwice.measurement.card import make_card
from thinktwice.measurement.card_checking import check, report
from thinktwice.measurement.estimators.disclosure import MINIMUM
from thinktwice.measurement.published import page as partner
from thinktwice.measurement.published.edition import Edition
from thinktwice.measurement.report.document import as_json, render
from thinktwice.records.catalogue import CATALOGUE
from thinktwice.simulation.presets import PLAN

HELPING, ZERO = SMALL["hong-kong-campaign"], SMALL["honest-zero"]
MADE_AT = datetime(2026, 6, 1, tzinfo=UTC)
CHECKER = Path(__file__).parents[2] / "docs" / "verify_card.py"


@pytest.fixture(scope="module")
def zero() -> CampaignAnalysis:
    return analysis_of(ZERO)


@pytest.fixture(scope="module")
def helping() -> CampaignAnalysis:
    return analysis_of(HELPING)


def test_an_honest_zero_is_no_evidence(zero: CampaignAnalysis) -> None:
    """The alert doubles reporting and changes no loss: no evidence, and the reports stand apart."""
    assert zero.verdict.standing == "no_evidence"
    by_source = {(one.arm, one.source): one.customers for one in zero.reports}
    warned = by_source["a", "customer"] + by_source["b", "customer"] + by_source["a", "alert"] + by_source["b", "alert"]
    assert warned > 2 * by_source["holdout", "customer"]
    assert zero.comparison("is_loss").treatment.mean == pytest.approx(zero.comparison("is_loss").control.mean, abs=0.08)


def printed_losses(page: str) -> tuple[float, float]:
    """Return the shares with scam loss in the holdout and among those to be warned, as the page prints them."""
    row = read_page(page)["protected"][0][0]
    holdout, alert = (float(row[place].value.removesuffix(" %")) for place in (1, 2))
    return holdout, alert


def test_labels_that_the_alert_prompts_are_a_warning_and_no_headline() -> None:
    """In the biased world the printed loss is that of independent labels; the wrong ones stand as a warning only."""
    biased = results_of(SMALL["biased-labels"])
    page = render(biased.analysis(HK, UNTIL), "en", SETTING)
    holdout, alert = printed_losses(page)
    assert alert <= holdout
    section = page.partition('id="reports"')[2].partition("</section>")[0]
    warned, unwarned = re.findall(r"“customer” alone, ([\d.]+) % .*? and ([\d.]+) % of the holdout", section)[0]
    assert float(warned) > float(unwarned)
    assert "“customer” alone" not in page.replace(section, "")


def test_a_wrong_label_that_is_declared_shows_its_bias() -> None:
    """Had the operator called customers' reports independent, the same page would print a harm that is none."""
    biased = results_of(SMALL["biased-labels"])
    plan = msgspec.structs.replace(PLAN, label_sources=("customer",))
    wrong = replace(biased, declared=lambda: {HK: replace(biased.declared()[HK], plan=plan)})
    holdout, alert = printed_losses(render(wrong.analysis(HK, UNTIL), "en", SETTING))
    assert alert > holdout


@pytest.mark.parametrize("locale", ["en", "zh-Hant"])
def test_no_lift_of_reviewed_is_printed(zero: CampaignAnalysis, locale: str) -> None:
    """No comparison, on the page or in JSON, is of what only the treated can do."""
    tables = read_page(render(zero, locale, SETTING))
    for rows in (*tables["effect"], *tables["protected"], *tables["guardrails"]):
        assert not [row for row in rows if re.search("eviewed|查看", row[0].value)]
    compared = [one["measure"] for one in find_all(as_json(zero), "lift")]
    assert compared
    assert not {"reviewed", "seen", "delivered", "reconsidered", "reviewed_or_reconsidered"} & set(compared)


def find_all(value: object, member: str) -> list[dict[str, object]]:
    if isinstance(value, dict):
        own = [value] if member in value else []
        return own + [found for one in value.values() for found in find_all(one, member)]
    return [found for one in value for found in find_all(one, member)] if isinstance(value, list) else []


def test_a_broken_split_blocks_every_effect() -> None:
    """Customers who did not fall as declared: the page says why, and no difference, lift or amount is printed."""
    results = results_of(HELPING)
    declared = replace(results.declared()[HK], shares={"holdout": 0.8, "a": 0.1, "b": 0.1})
    with (
        closing(SqliteJournalReader(results.folder.journal)) as reader,
        open_history(Lake(results.folder.lake), reader, CATALOGUE) as history,
    ):
        blocked = analyse(history, declared, UNTIL)
    assert blocked.verdict.standing == "cannot_tell"
    html = render(blocked, "en", SETTING)
    assert "The headline is blocked" in html
    tables = read_page(html)
    assert "effect" not in tables
    assert "protected" not in tables
    assert "points" not in re.sub(r"percentage points", "", html.partition('id="steps"')[0])


def test_a_page_loads_nothing_and_runs_nothing(helping: CampaignAnalysis) -> None:
    """One file, no script, no inline style, nothing from elsewhere."""
    html = render(helping, "en", SETTING)
    assert not re.search(r"<script|<link|<img|\son\w+=|\sstyle=", html)
    assert not re.search(r'(src|href)="(?!#)', html)
    assert html.count('role="img" aria-label="') == html.count("<svg ") == 3


@pytest.fixture(scope="module")
def editions() -> list[Edition]:
    results = results_of(HELPING)
    return [results.edition(HK, STARTS_AT + timedelta(days=days)) for days in (15, 22, 29, 90)]


def test_a_published_week_never_changes(editions: list[Edition]) -> None:
    """Each edition repeats every earlier week figure for figure, so that subtracting editions tells nothing."""
    assert [len(edition.weeks) for edition in editions] == sorted(len(edition.weeks) for edition in editions)
    for earlier, later in pairwise(editions):
        assert later.weeks[: len(earlier.weeks)] == earlier.weeks


def test_nothing_small_is_published(editions: list[Edition]) -> None:
    """No count below the minimum stands in an edition, and no lone withheld one beside its total."""
    for week in editions[-1].weeks:
        assert all(count is None or count >= MINIMUM for count in (*week.counts, week.customers))
        withheld = [count for count in week.counts if count is None]
        assert week.customers is None or len(withheld) != 1
        if week.customers is not None and withheld:
            assert week.customers - sum(count or 0 for count in week.counts) >= MINIMUM


def test_a_total_tells_nothing_new(editions: list[Edition]) -> None:
    """A total is given where every week of it is, and nowhere else."""
    last = editions[-1]
    for place, total in enumerate(last.totals):
        weekly = [week.counts[place] for week in last.weeks]
        assert total == (None if None in weekly else sum(one or 0 for one in weekly))


def test_the_partner_reads_no_name_of_an_arm_and_no_loss(editions: list[Edition]) -> None:
    """The edition's JSON holds its own members only, and its page says what is withheld."""
    body = partner.as_json(editions[-1])
    assert set(body["edition"]) == {
        "campaign", "title", "partners", "experiment", "until", "currency", "starts_at", "ends_at", "standing", "weeks",
        "totals", "effect", "minimum", "protected_share",
    }  # fmt: skip
    assert "withheld" in partner.render(editions[-1], "en", SETTING)
    assert "不予公布" in partner.render(editions[-1], "zh-Hant", SETTING)


@pytest.fixture(scope="module")
def card(helping: CampaignAnalysis) -> bytes:
    return make_card(helping, operator="Demo exchange", made_at=MADE_AT, keyring=TEST_KEYRING, is_synthetic=True)


@pytest.fixture(scope="module")
def public_key() -> bytes:
    assert TEST_KEYRING.seal
    return public_key_of(TEST_KEYRING.seal)


def test_a_card_can_be_checked(card: bytes, public_key: bytes) -> None:
    """The sealed card holds under the operator's key, and says that a test key proves nothing."""
    assert check(card, public_key) == []
    is_proved, lines = report(card, public_key)
    assert is_proved
    assert any("public test key" in line for line in lines)


def test_a_changed_card_is_found_out(card: bytes, public_key: bytes) -> None:
    """Any figure, any spelling and any other key is noticed."""
    assert check(card.replace(b'"standing":"helps"', b'"standing":"harms"'), public_key)
    assert check(card.replace(b'{"card":', b'{ "card":'), public_key)
    assert check(card, bytes(32))
    assert check(b"{}", public_key)
    assert check(b"[1.5]", public_key)


def test_a_card_says_what_counts(card: bytes, helping: CampaignAnalysis) -> None:
    """Message hash, population, effect with interval, harms and preregistration, and no floating-point number."""
    stated = json.loads(card, parse_float=pytest.fail)["card"]
    assert stated["messages"][0]["version"] == helping.versions[0].version
    assert stated["population"]["customers"] == helping.population.customers
    assert {"value", "low", "high"} <= set(stated["primary"]["difference"])
    assert {one["guardrail"] for one in stated["harms"]} >= {"genuine_not_sent", "is_loss"}
    assert stated["preregistration"]["plan"]["hypothesis"]
    counts = stated["primary"]["counts"]
    shown = [one for arm in counts.values() for one in arm.values() if one is not None]
    assert min(shown) >= MINIMUM


def test_a_card_gives_no_withheld_count_away(card: bytes) -> None:
    """Where a count is withheld there is no lift, and what is given is in whole percentage points."""
    stated = json.loads(card)["card"]
    small = [one for one in find_all(stated, "counts") if one["counts"] and None in counts_of(one)]
    assert small
    for one in small:
        assert one["lift"] is None
        assert one["difference"]["is_rounded"]  # type: ignore[index]  # a part of JSON
        assert round(float(one["difference"]["value"]), 2) == float(one["difference"]["value"])  # type: ignore[index]  # a part of JSON
    assert stated["verdict"]["sentence"] is None


def counts_of(one: dict[str, object]) -> list[object]:
    arms = one["counts"]
    assert isinstance(arms, dict)
    return [count for arm in arms.values() for count in arm.values()]


@pytest.mark.parametrize("locale", ["en", "zh-Hant"])
def test_a_cards_page_carries_its_hash(card: bytes, locale: str) -> None:
    """The page is made from the sealed file and names its SHA-256."""
    assert json.loads(card)["seal"]["card_sha256"] in card_page.render(card, locale, SETTING)


def test_an_unfinished_experiment_gets_no_card() -> None:
    """While labels are waited for there is nothing to cite."""
    early = results_of(HELPING).analysis(HK, STARTS_AT + timedelta(days=40))
    with pytest.raises(InputError, match="still waited for"):
        make_card(early, operator="x", made_at=MADE_AT, keyring=TEST_KEYRING)
    running = results_of(HELPING).analysis(HK, STARTS_AT + timedelta(days=20))
    with pytest.raises(InputError, match="goes on until"):
        make_card(running, operator="x", made_at=MADE_AT, keyring=TEST_KEYRING)


def test_the_standalone_checker_is_the_one_that_is_published() -> None:
    """The file in docs is byte for byte what checks here, so that reading it is reading what was tested."""
    assert CHECKER.read_bytes() == Path(card_checking.__file__).read_bytes()


def test_the_standalone_checker_needs_nothing_of_thinktwice(card: bytes, public_key: bytes, tmp_path: Path) -> None:
    """The published file runs by itself, outside the package, and ends with 0 or 1."""
    script = tmp_path / "check.py"
    shutil.copy(CHECKER, script)
    (tmp_path / "card.json").write_bytes(card)
    key = base64.b64encode(public_key).decode()
    command = [sys.executable, "-I", str(script), str(tmp_path / "card.json"), "--public-key", key]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    (tmp_path / "card.json").write_bytes(card.replace(b"helps", b"harms"))
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1
