"""What the codes of lists are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from thinktwice.watchlist.disputes import Outcome, RaisedBy
from thinktwice.watchlist.lookup import ALLOWED, CONSEQUENCES, NOT_LISTED
from thinktwice.web.edge.words import mark as _

KIND_NAMES: Final[Mapping[str, str]] = {
    "scam": _("Scam"),
    "poisoning": _("Address poisoning"),
    "stolen_funds": _("Stolen funds"),
    "sanctions": _("Sanctions"),
    "ransomware": _("Ransomware"),
    "mixer": _("Mixer"),
    "issuer_freeze": _("Frozen by the issuer"),
    "service": _("Known service"),
    "other": _("Other"),
}
DISPOSITION_NAMES: Final[Mapping[str, str]] = {
    "block": _("Blocked"),
    "warn": _("Warning"),
    "silent": _("Recorded only"),
    "ignore": _("Ignored"),
}
CONSEQUENCE_TEXTS: Final[Mapping[str, str]] = {
    CONSEQUENCES["block"]: _("A withdrawal to it is blocked; the customer sees a neutral compliance text."),
    CONSEQUENCES["warn"]: _("A withdrawal to it always raises a warning, whatever holdout or cap a campaign has."),
    CONSEQUENCES["silent"]: _("It is recorded with the decision; nothing that a customer sees changes."),
    CONSEQUENCES["ignore"]: _("Nothing follows: it belongs to a known service."),
    ALLOWED: _("Nothing follows: the allow list wins over every listing."),
    NOT_LISTED: _("It is not listed; other signals and campaigns decide."),
}
RAISED_BY_NAMES: Final[Mapping[RaisedBy, str]] = {
    "customer": _("A customer"),
    "holder": _("The holder of the address"),
    "service": _("A service, such as another exchange"),
    "source": _("The source of the list"),
    "staff": _("Our own staff"),
}
OUTCOME_NAMES: Final[Mapping[Outcome, str]] = {
    "stands": _("The listing stands"),
    "delisted": _("The listing was wrong and is ended"),
    "allowed": _("The destination is allowed for good"),
}
FORMAT_NAMES: Final[Mapping[str, str]] = {
    "": _("Tell it from the file"),
    "csv": _("Table (CSV or TSV)"),
    "text": _("Text, one address a line"),
    "ofac-sdn": _("OFAC SDN list"),
    "tagpack": _("TagPack"),
}
