"""Reading a report's page back as tables of texts, and making reports of the simulated campaign."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from html.parser import HTMLParser

from tests.support.campaign_weeks import HK, STARTS_AT, lived
from thinktwice.bootstrap.choices import installation_of, load_campaigns
from thinktwice.measurement.analysis.records import CampaignAnalysis
from thinktwice.measurement.report.document import Setting
from thinktwice.measurement.results import Results, declared_of
from thinktwice.records.catalogue import CATALOGUE
from thinktwice.settings import load_settings
from thinktwice.simulation import presets
from thinktwice.simulation.parameters import Parameters

UNTIL = STARTS_AT + timedelta(days=presets.CAMPAIGN_DAYS + presets.FOLLOW_UP_DAYS)
SETTING = Setting(operator="Demo exchange", is_synthetic=True)


def results_of(preset: Callable[..., Parameters], holdout: Decimal = presets.CAMPAIGN_HOLDOUT) -> Results:
    """Return the results of a lived preset, with its plan written down before it began."""
    settings = load_settings()
    library = load_campaigns(settings, installation_of(settings)).library
    policies = presets.scheduled(library.policies, preset(STARTS_AT), holdout=holdout)
    policy = next(one for one in policies if one.id == HK)
    declared = {HK: replace(declared_of(library, policy), plan=presets.PLAN)}
    return Results(folder=lived(preset, holdout), catalogue=CATALOGUE, currency="USD", declared=lambda: declared)


@lru_cache(maxsize=4)
def analysis_of(preset: Callable[..., Parameters], until: datetime = UNTIL) -> CampaignAnalysis:
    return results_of(preset).analysis(HK, until)


@dataclass
class Cell:
    """A cell's value and what stands below it."""

    value: str = ""
    below: str = ""


Rows = list[list[Cell]]


@dataclass
class Page(HTMLParser):
    """Tables by the id of the section they stand in."""

    tables: dict[str, list[Rows]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()
        self._section, self._cell, self._is_below, self._is_body = "", None, False, False

    _cell: Cell | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "section":
            self._section = given.get("id") or ""
        elif tag == "tbody":
            self._is_body = True
            self.tables.setdefault(self._section, []).append([])
        elif tag == "tr" and self._is_body:
            self.tables[self._section][-1].append([])
        elif tag in {"td", "th"} and self._is_body:
            self._cell = Cell()
            self.tables[self._section][-1][-1].append(self._cell)
        elif tag == "span" and given.get("class") == "interval":
            self._is_below = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "tbody":
            self._is_body = False
        elif tag in {"td", "th"}:
            self._cell = None
        elif tag == "span":
            self._is_below = False

    def handle_data(self, data: str) -> None:
        if self._cell is not None and self._is_below:
            self._cell.below += data.strip()
        elif self._cell is not None:
            self._cell.value += data.strip()


def read_page(html: str) -> dict[str, list[Rows]]:
    """Return the tables of a page by section."""
    page = Page()
    page.feed(html)
    return page.tables


def values(rows: Rows) -> list[list[str]]:
    """Return the values of a table, without what stands below them."""
    return [[cell.value for cell in row] for row in rows]
