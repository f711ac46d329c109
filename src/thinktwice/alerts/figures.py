"""How amounts, days and networks are written for a reader.

Invariants: an amount is written exactly, never rounded; a day is the day in the customer's own country where that
country keeps one time, else in UTC; a value that came from outside cannot turn the direction of the text around it.
"""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, tzinfo
from decimal import Decimal, localcontext
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from babel.core import Locale, get_global
from babel.dates import format_date, format_datetime, get_timezone_name
from babel.numbers import format_decimal

from thinktwice.alerts.locale import spoken_locale

_NETWORK_NAMES: Final = {
    "bitcoin": "Bitcoin",
    "bitcoin-cash": "Bitcoin Cash",
    "bitcoin-sv": "Bitcoin SV",
    "bitcoin-gold": "Bitcoin Gold",
    "litecoin": "Litecoin",
    "dogecoin": "Dogecoin",
    "dash": "Dash",
    "zcash": "Zcash",
    "verge": "Verge",
    "monero": "Monero",
    "xrp": "XRP Ledger",
    "ethereum": "Ethereum",
    "ethereum-classic": "Ethereum Classic",
    "bsc": "BNB Smart Chain",
    "polygon": "Polygon",
    "arbitrum": "Arbitrum",
    "optimism": "Optimism",
    "base": "Base",
    "avalanche": "Avalanche",
    "tron": "TRON",
    "solana": "Solana",
    "polkadot": "Polkadot",
    "kusama": "Kusama",
    "cardano": "Cardano",
    "cosmos": "Cosmos",
    "algorand": "Algorand",
    "eos": "EOS",
    "filecoin": "Filecoin",
    "binance-chain": "BNB Beacon Chain",
    "kcc": "KCC",
}


_DIGITS: Final = 80


def amount_in(amount: Decimal, locale: str, jurisdiction: str) -> str:
    """Return the exact amount with the separators of the language, without idle zeros: ``12,000.5``."""
    # The usual 28 digits of precision would round the longest amounts, which have 38.
    with localcontext(prec=_DIGITS):
        exact = amount.normalize()
        if exact == exact.to_integral_value():
            exact = exact.quantize(Decimal(1))
        return format_decimal(exact, locale=spoken_locale(locale, jurisdiction), decimal_quantization=False)


def day_in(moment: datetime, locale: str, jurisdiction: str) -> str:
    """Return the day of an aware time, written out: ``3 May 2026``, ``2026年5月3日``."""
    day = moment.astimezone(zone_of(jurisdiction)).date()
    return format_date(day, format="long", locale=spoken_locale(locale, jurisdiction))


_MOMENTS: Final = {
    "zh": "y年M月d日 HH:mm",
    "ja": "y年M月d日 HH:mm",
    "ar": "d MMMM y، HH:mm",
    "pt": "d 'de' MMMM 'de' y, HH:mm",
}
"""How a day and a minute are written; languages not named here write them as English does."""


def moment_in(moment: datetime, locale: str, jurisdiction: str) -> str:
    """Return the day and minute of an aware time with its zone: ``24 November 2026, 10:00 (Hong Kong time)``."""
    zone, spoken = zone_of(jurisdiction), spoken_locale(locale, jurisdiction)
    local = moment.astimezone(zone)
    pattern = _MOMENTS.get(spoken.language, "d MMMM y, HH:mm")
    written = format_datetime(local, pattern, locale=spoken)
    return f"{written} ({_zone_name(local, spoken)})"


def _zone_name(local: datetime, spoken: Locale) -> str:
    if local.tzinfo is UTC:
        return "UTC"
    generic = get_timezone_name(local, width="long", zone_variant="generic", locale=spoken)
    # Where CLDR has no generic name it gives an offset; the name of standard or summer time reads better.
    has_offset = any(character.isdigit() for character in generic)
    return get_timezone_name(local, width="long", locale=spoken) if has_offset else generic


@lru_cache(maxsize=256)
def zone_of(jurisdiction: str) -> tzinfo:
    """Return the one time zone of a jurisdiction, or UTC where it has none or several."""
    zones = [zone for zone, territory in get_global("zone_territories").items() if territory == jurisdiction]
    return ZoneInfo(zones[0]) if len(zones) == 1 else UTC


def network_in(network: str) -> str:
    """Return the name by which people call a network."""
    return _NETWORK_NAMES.get(network, network)


_TURNS_TEXT: Final = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def inert(value: str) -> str:
    """Return a value without control characters and marks that turn the direction of text."""
    return "".join(
        character
        for character in value
        if character not in _TURNS_TEXT and unicodedata.category(character) not in {"Cc", "Cs", "Co"}
    )
