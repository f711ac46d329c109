"""What makes reports, from settings: beside a running service, or without one.

Invariant: reads only; the process that writes the journal is never disturbed.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from thinktwice.bootstrap.campaign_source import CampaignSource
from thinktwice.bootstrap.choices import installation_of, read_key_file, serving_keyring
from thinktwice.bootstrap.declaring import Declaring
from thinktwice.bootstrap.partnering import ShownPartners, shown_partners
from thinktwice.campaigns.library import Library
from thinktwice.decisions.clock import utc_now
from thinktwice.evidence.paper import pdf_of
from thinktwice.keyring.keys import Keyring
from thinktwice.measurement import card_page
from thinktwice.measurement.card import make_card, require_finished
from thinktwice.measurement.copies import Progress
from thinktwice.measurement.published import page as partner
from thinktwice.measurement.report import document
from thinktwice.measurement.report.document import Setting
from thinktwice.measurement.results import Results, all_declared
from thinktwice.records.installation import Installation
from thinktwice.settings import load_settings
from thinktwice.storage.layout import DataFolder


def results_of(folder: DataFolder, installation: Installation, library: Callable[[], Library]) -> Results:
    """Return where analyses of the campaigns in force in this process come from."""
    return Results(
        folder=folder,
        catalogue=installation.catalogue,
        currency=installation.reporting_currency,
        declared=lambda: all_declared(library(), folder.control),
    )


@dataclass(frozen=True, slots=True)
class JsonResults:
    """Makes analyses for the API, as of the moment they are asked for."""

    results: Results
    clock: Callable[[], datetime] = utc_now

    def make(self, campaign: str) -> bytes:
        """Return the analysis of a campaign as JSON.

        Raises:
            NotFoundError: no campaign in force has this id.
            UnavailableError: the journal cannot be read.
        """
        return _json(document.as_json(self.results.analysis(campaign, self.clock())))


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporting:
    """Writes every edition in every format; ``keyring`` is asked for only when something is sealed."""

    results: Results
    operator: str
    keyring: Callable[[], Keyring]
    clock: Callable[[], datetime] = utc_now
    is_synthetic: bool = False
    partners: ShownPartners = lambda _campaign, _locale: {}

    @classmethod
    def from_settings(cls, data: Path | None, key: Path | None) -> Reporting:
        """Put together what the settings say.

        Raises:
            InputError: a setting or pack cannot be used.
        """
        settings = load_settings(**({"data": data} if data else {}))
        installation, folder = installation_of(settings), DataFolder(settings.data)
        source = CampaignSource(settings, installation)
        return cls(
            results=Results(
                folder=folder,
                catalogue=installation.catalogue,
                currency=installation.reporting_currency,
                declared=Declaring(source, folder.control),
            ),
            partners=shown_partners(folder.control, source.around),
            operator=settings.operator_name,
            keyring=lambda: read_key_file(key) if key else serving_keyring(settings),
        )

    def write(
        self,
        campaign: str,
        edition: str,
        format: str,  # noqa: A002 - the word of the command
        *,
        locale: str,
        until: datetime,
        progress: Progress | None = None,
    ) -> bytes:
        """Return one edition (operator, partner, card) in one format (html, pdf, json).

        ``progress`` is told when counting is done and laying out begins; it may raise to stop.

        Raises:
            InputError: no such language, an unfinished experiment, or no seal key for a card.
            NotFoundError: no such campaign.
            UnavailableError: the journal cannot be read, or a PDF cannot be laid out.
        """
        text = self._text(campaign, edition, is_json=format == "json", locale=locale, until=until)
        if progress is not None:
            progress(1, 2)
        return pdf_of(text.decode()) if format == "pdf" else text

    def _text(self, campaign: str, edition: str, *, is_json: bool, locale: str, until: datetime) -> bytes:
        """Return an edition as JSON, or as the page that a PDF is laid out from."""
        partners = self.partners(campaign, locale)
        setting = Setting(operator=self.operator, is_synthetic=self.is_synthetic, partners=partners)
        if edition == "card":
            card = self._card(campaign, until)
            return card if is_json else card_page.render(card, locale, setting).encode()
        if edition == "partner":
            published = self.results.edition(campaign, until)
            if is_json:
                return _json(partner.as_json(published))
            return partner.render(published, locale, setting).encode()
        analysis = self.results.analysis(campaign, until)
        return _json(document.as_json(analysis)) if is_json else document.render(analysis, locale, setting).encode()

    def _card(self, campaign: str, until: datetime) -> bytes:
        analysis = self.results.analysis(campaign, until)
        require_finished(analysis)
        return make_card(
            analysis,
            operator=self.operator,
            made_at=self.clock(),
            keyring=self.keyring(),
            is_synthetic=self.is_synthetic,
        )


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"
