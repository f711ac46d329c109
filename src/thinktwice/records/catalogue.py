"""Every signal there is, declared once: family, type, unit, missingness, origin, meaning.

Invariants: the functions that compute signals (package ``signals``) produce exactly these names; the audience
language knows exactly these names; ``docs/signals.md`` is generated from this table. Source: DESIGN section 6.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final

from thinktwice.errors import InputError
from thinktwice.records.signal import Catalogue, Family, Origin, SignalDefinition, SignalType


def _define(
    family: Family,
    rows: str,
    origin: Origin = "exogenous",
) -> Iterable[SignalDefinition]:
    """Read rows of ``name | type | unit | flags | meaning``; flags: ``?`` may be missing, ``w`` wording only."""
    for row in rows.strip().splitlines():
        name, kind, unit, flags, meaning = (cell.strip() for cell in row.split("|"))
        yield SignalDefinition(
            name=name,
            family=family,
            type=_TYPES[kind],
            meaning=meaning,
            unit=unit or None,
            may_be_missing="?" in flags,
            origin="endogenous" if "e" in flags else origin,
            is_wording_only="w" in flags,
        )


_TYPES: Final[Mapping[str, SignalType]] = {
    "boolean": "boolean",
    "integer": "integer",
    "amount": "amount",
    "money": "money",
    "ratio": "ratio",
    "text": "text",
    "texts": "texts",
}

_REQUEST: Final = """
jurisdiction                   | text    |                    |    | Country of the customer's account (ISO 3166 alpha-2)
locale                         | text    |                    | ?w | The customer's language tag (BCP 47)
language                       | text    |                    | ?w | Primary language of the locale
asset                          | text    |                    |    | Ticker of what is withdrawn, upper case
network                        | text    |                    |    | Canonical name of the network
channel                        | text    |                    |    | app, web, api or batch
amount                         | amount  | asset              |    | Amount in the asset
fiat_amount                    | money   | reporting currency |    | Amount in the reporting currency
hour_utc                       | integer | hour               |    | Hour of the day of initiated_at in UTC, 0 to 23
age_band                       | text    |                    | ?w | Declared age band of the customer
customer_kind                  | text    |                    |    | retail or business
account_age_days               | integer | days               | ?  | Whole days since the account was opened
balance_ratio                  | ratio   |                    | ?  | fiat_amount over the balance before, 4 places, truncated
minutes_since_deposit          | integer | minutes            | ?  | Whole minutes since the last deposit
hours_since_credentials_change | integer | hours              | ?  | Whole hours since password, phone or second factor changed
ip_country                     | text    |                    | ?w | Country of the session's address
is_new_device                  | boolean |                    | ?  | The session's device is new to the account
is_remote_access               | boolean |                    | ?  | Remote-control software was seen in the session
is_on_call                     | boolean |                    | ?  | The customer's phone is in a call
risk_flags                     | texts   |                    |    | The operator's own flags
onchain_age_days               | integer | days               | ?  | Age of the destination on its chain, as the operator knows it
vendor_category                | text    |                    | ?  | A chain-analysis vendor's category of the destination
destination_owner              | text    |                    | ?  | self, other or unknown, as the customer declared
is_internal                    | boolean |                    | ?  | The destination belongs to another customer of the operator
"""

_DESTINATION: Final = """
address_family       | text    | |   | Family of the address; all EVM networks are one
address_type         | text    | | ? | Form of the address within its family
is_destination_valid | boolean | | ? | Checksum right and network right; missing where no decoder exists
"""

_WATCHLIST: Final = """
watchlist_kinds       | texts   |      |   | Kinds of the unexpired entries for the destination
watchlist_sources     | texts   |      |   | Names of the lists that hold the destination
watchlist_disposition | text    |      | ? | block, warn, silent or ignore; missing where nothing lists it
watchlist_confidence  | integer |      | ? | Highest confidence of the entries that decide the disposition, 0 to 100
days_since_listed     | integer | days | ? | Whole days since the earliest listing date of the source
is_agency_reported    | boolean |      |   | An agency reported the destination
"""

_HISTORY: Final = """
is_first_time_destination | boolean |                    |    | No earlier withdrawal of this customer to the destination completed
is_established_destination| boolean |                    |    | First completed withdrawal 30 days ago or more and nothing against it
days_since_first_use      | integer | days               | ?  | Whole days since the first completed withdrawal to the destination
withdrawals_1h            | integer | withdrawals        |    | Other withdrawals initiated in 1 hour
withdrawals_24h           | integer | withdrawals        |    | Other withdrawals initiated in 24 hours
withdrawals_7d            | integer | withdrawals        |    | Other withdrawals initiated in 7 days
withdrawals_30d           | integer | withdrawals        |    | Other withdrawals initiated in 30 days
fiat_sum_24h              | money   | reporting currency |    | Sum of other withdrawals completed in 24 hours
fiat_sum_7d               | money   | reporting currency |    | Sum of other withdrawals completed in 7 days
fiat_sum_30d              | money   | reporting currency |    | Sum of other withdrawals completed in 30 days
ratio_to_90d_max          | ratio   |                    | ?  | fiat_amount over the largest other withdrawal completed in 90 days
triggers_7d               | integer | triggers           | e  | Triggers of this customer in 7 days, whatever the arm
has_prior_scam_report     | boolean |                    |    | An earlier withdrawal of this customer was reported as a scam
"""

_LOOKALIKE: Final = """
is_lookalike | boolean | |   | The destination imitates an address this customer knew earlier
lookalike_of | text    | | ? | The imitated address
"""

_ACROSS: Final = """
destination_customers_24h | integer | customers |   | Other customers who started a withdrawal to the destination in 24 hours (up to 1,000)
destination_customers_7d  | integer | customers |   | Other customers who started a withdrawal to the destination in 7 days (up to 1,000)
destination_triggers_7d   | integer | triggers  | e | Triggers of other customers at the destination in 7 days (up to 1,000)
destination_reports_30d   | integer | reports   |   | Reports of withdrawals to the destination as scam in 30 days (up to 1,000)
"""


def _build() -> Catalogue:
    families: tuple[tuple[Family, str], ...] = (
        ("request", _REQUEST),
        ("destination", _DESTINATION),
        ("watchlist", _WATCHLIST),
        ("history", _HISTORY),
        ("lookalike", _LOOKALIKE),
        ("across", _ACROSS),
    )
    return MappingProxyType(
        {definition.name: definition for family, rows in families for definition in _define(family, rows)}
    )


CATALOGUE: Final[Catalogue] = _build()


def with_attributes(declared: Mapping[str, SignalType]) -> Catalogue:
    """Return the catalogue with the operator's declared attributes as request signals that may be missing.

    Raises:
        InputError: an attribute takes the name of a signal or is no identifier.
    """
    extra: dict[str, SignalDefinition] = {}
    for name, kind in declared.items():
        if name in CATALOGUE or not name.isidentifier() or not name.islower():
            raise InputError.of("choose another lower-case name that no signal has", field=f"attributes.{name}")
        extra[name] = SignalDefinition(name, "request", kind, "Declared by the operator", may_be_missing=True)
    return MappingProxyType({**CATALOGUE, **extra})
