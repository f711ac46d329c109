"""The whole report of one campaign: its sections in order, as HTML and as JSON.

Invariants: HTML is one file without script, which loads nothing unless a style sheet is named; the same analysis gives
the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from thinktwice import __version__
from thinktwice.measurement.analysis.records import CampaignAnalysis
from thinktwice.measurement.report import answer, appendix, happened
from thinktwice.measurement.report.blocks import Section
from thinktwice.measurement.report.figures import Figures
from thinktwice.measurement.report.plain import plain
from thinktwice.measurement.report.words import Words, words_of

FORMAT: Final = "thinktwice-report-1"


@dataclass(frozen=True, slots=True)
class ShownPartner:
    """What a partner is called, and whether its approval of the campaign stands."""

    name: str
    is_approved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Around the report: who made it, where its style lies (None: in the page), and whether people were invented.

    ``partners`` are those that are known, by id; of any other nothing is known but the id, and nobody approved for it.
    """

    operator: str
    css_href: str | None = None
    home: tuple[str, str] | None = None
    is_synthetic: bool = False
    partners: Mapping[str, ShownPartner] = field(default_factory=dict)


def sections_of(analysis: CampaignAnalysis, words: Words) -> tuple[Section, ...]:
    """Return every section in the order of reading: the answer first, the accounts last."""
    figures = Figures(words, analysis.rules.currency)
    return (
        *answer.sections(analysis, figures),
        *happened.sections(analysis, figures),
        *appendix.sections(analysis, figures),
    )


def as_json(analysis: CampaignAnalysis) -> dict[str, Any]:
    """Return everything the analysis says as JSON's own types: money as text, times as RFC 3339, open ends as null."""
    return {"format": FORMAT, "made_by": f"thinktwice {__version__}", "analysis": plain(analysis)}


def css() -> str:
    """Return the style sheet of reports, print included."""
    shared, own = files("thinktwice.measurement"), files("thinktwice.measurement.report")
    return (shared / "assets" / "page.css").read_text("utf-8") + (own / "assets" / "report.css").read_text("utf-8")


def render(analysis: CampaignAnalysis, locale: str, setting: Setting) -> str:
    """Return the report as one page of HTML.

    Raises:
        InputError: there are no reports in this language.
    """
    words = words_of(locale)
    return (
        environment_of(words)
        .get_template("report.html")
        .render(
            analysis=analysis,
            sections=sections_of(analysis, words),
            setting=setting,
            partners=list(_partners(analysis.declared.partners, setting, words)),
            words=words,
            css_text=css(),
            version=__version__,
        )
    )


def _partners(ids: Sequence[str], setting: Setting, words: Words) -> Iterator[str]:
    """Yield what each partner is called, and say of every one that did not approve that it did not."""
    for name in ids:
        known = setting.partners.get(name, ShownPartner(name, False))
        yield known.name if known.is_approved else words.say("%(name)s (not approved)", name=known.name)


def environment_of(words: Words) -> Environment:
    """Return the template environment in one language."""
    made = Environment(
        loader=PackageLoader("thinktwice.measurement.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["_"] = words.say
    return made
