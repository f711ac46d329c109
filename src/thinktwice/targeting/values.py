"""Which literals make sense beside which signal.

Invariants: a closed list here is the whole of what the signal can ever be, so that a literal outside it is a
mistake and not only rare; a range holds for every value that can ever arrive. Sources: ``records.vocabulary``,
``records.networks``, the meanings in ``records.catalogue``, ISO 3166-1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from difflib import get_close_matches
from typing import Final, get_args

from thinktwice.errors import Phrase
from thinktwice.records.networks import ADDRESS_FAMILIES, NETWORK_TABLE
from thinktwice.records.signal import SignalDefinition, SignalType
from thinktwice.records.vocabulary import AgeBand, Channel, CustomerKind, DestinationOwner, Disposition, IndicatorKind
from thinktwice.targeting.printing import plain, quoted

CLOSED: Final[Mapping[str, tuple[str, ...]]] = {
    "network": tuple(NETWORK_TABLE),
    "address_family": ADDRESS_FAMILIES,
    "channel": get_args(Channel),
    "customer_kind": get_args(CustomerKind),
    "age_band": get_args(AgeBand),
    "destination_owner": get_args(DestinationOwner),
    "watchlist_disposition": get_args(Disposition),
    "watchlist_kinds": get_args(IndicatorKind),
}
"""Everything a text signal can be; for a list, everything it can hold."""

_CALLED: Final[Mapping[str, str]] = {
    called: name for name, (_, _, tickers) in NETWORK_TABLE.items() for called in tickers.split()
}
"""Networks by what people and callers of the API name them; a signal holds the network's own name."""

_CODES: Final = (
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ "
    "CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO "
    "FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE "
    "JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO "
    "MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW "
    "PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM "
    "TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW"
)
COUNTRIES: Final = frozenset(_CODES.split())
"""ISO 3166-1 alpha-2, and XK, which everybody uses for Kosovo."""

_COUNTRY_SIGNALS: Final = frozenset({"jurisdiction", "ip_country"})
_ALIASES: Final = {"UK": "GB", "EL": "GR"}

_COUNTS: Final = ("withdrawals_1h", "withdrawals_24h", "withdrawals_7d", "withdrawals_30d", "triggers_7d")
_CAPPED: Final = (
    "destination_customers_24h",
    "destination_customers_7d",
    "destination_triggers_7d",
    "destination_reports_30d",
)
RANGES: Final[Mapping[str, tuple[int, int | None]]] = {
    "hour_utc": (0, 23),
    "watchlist_confidence": (0, 100),
    "amount": (0, None),
    "fiat_amount": (0, None),
    "fiat_sum_24h": (0, None),
    "fiat_sum_7d": (0, None),
    "fiat_sum_30d": (0, None),
    **dict.fromkeys(_COUNTS, (0, None)),
    **dict.fromkeys(_CAPPED, (0, 1_000)),
}
"""Least and greatest value that can ever arrive, both included."""

DIGITS: Final[Mapping[SignalType, tuple[int, int]]] = {
    "amount": (20, 18),
    "money": (16, 4),
    "ratio": (16, 4),
    "integer": (19, 0),
}
"""Digits before and after the decimal point that a number of the type may have."""

_LARGEST_INTEGER: Final = Decimal(2**63 - 1)
_LONGEST_TEXT: Final = 256


def number_fault(value: Decimal, kind: SignalType) -> str | None:
    """Say why a number can never equal a value of the type, or None; nothing is ever rounded."""
    before, after = DIGITS[kind]
    _, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int)
    if -exponent > after:
        at_most = Phrase("at most %(after)s digits after the point", after=after) if after else Phrase("a whole number")
        return Phrase("%(value)s has too many decimals; write %(most)s", value=plain(value), most=at_most)
    limit = _LARGEST_INTEGER if kind == "integer" else None
    if len(digits) + exponent > before or (limit is not None and value.copy_abs() > limit):
        return Phrase(
            "%(value)s is larger than any value can be; write at most %(before)s digits before the point",
            value=plain(value),
            before=before,
        )
    return None


def text_fault(value: str, definition: SignalDefinition) -> str | None:
    """Say why a text can never be what the signal holds, with what was probably meant, or None."""
    if not value or len(value) > _LONGEST_TEXT:
        return Phrase("write a text of 1 to %(most)s characters", most=_LONGEST_TEXT)
    if definition.name in CLOSED:
        return _closed_fault(value, definition.name)
    if definition.name in _COUNTRY_SIGNALS and value not in COUNTRIES:
        meant = _ALIASES.get(value.upper(), value.upper())
        hint = Phrase("; did you mean %(meant)s?", meant=quoted(meant)) if meant in COUNTRIES else ""
        return Phrase(
            "%(value)s is no country code; write ISO 3166 alpha-2 in upper case%(hint)s", value=quoted(value), hint=hint
        )
    if definition.name == "asset" and value != value.upper():
        return Phrase("assets are written in upper case; did you mean %(upper)s?", upper=quoted(value.upper()))
    return None


def _closed_fault(value: str, name: str) -> str | None:
    known = CLOSED[name]
    if value in known:
        return None
    called = _CALLED.get(re.sub(r"[\s_-]+", "", value).lower()) if name == "network" else None
    near = [called] if called else get_close_matches(value.lower(), known, n=1)
    hint = (
        Phrase("did you mean %(near)s?", near=quoted(near[0]))
        if near
        else Phrase("it is one of %(choices)s", choices=", ".join(known))
    )
    return Phrase("%(name)s is never %(value)s; %(hint)s", name=name, value=quoted(value), hint=hint)
