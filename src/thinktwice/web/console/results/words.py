"""What verdicts and editions are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from thinktwice.measurement.analysis.records import Standing
from thinktwice.web.edge.words import mark as _

STANDING_NAMES: Final[Mapping[Standing, str]] = {
    "helps": _("Helps"),
    "no_evidence": _("No evidence yet"),
    "harms": _("Harms"),
    "cannot_tell": _("Cannot tell"),
}
EDITIONS: Final[Mapping[str, str]] = {
    "operator": _("The whole report"),
    "partner": _("The partner's edition"),
    "card": _("Evidence card"),
}
