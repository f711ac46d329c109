"""What a request says, and what it still lacks.

Invariants: pure; a draft may be as empty as its officer likes, a submission lacks nothing; every fault names its field
and what would be right; text is bounded and holds nothing that a person would not see.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final, Literal, get_args
from zoneinfo import ZoneInfo, available_timezones

import msgspec
from pyrage import RecipientError, x25519

from thinktwice.cases.identifiers import Identifier
from thinktwice.cases.kinds import RULES, Kind
from thinktwice.cases.legal_basis import LegalBases, LegalBasis
from thinktwice.errors import Fault, Phrase
from thinktwice.languages.writing import unseen_in

DataCategory = Literal[
    "identity",
    "contact",
    "account_activity",
    "withdrawals",
    "deposits",
    "devices",
    "ip_addresses",
    "documents",
    "communications",
    "alerts",
]
DATA_CATEGORIES: Final[tuple[DataCategory, ...]] = get_args(DataCategory)

MOST_TEXT: Final = 4_000
MOST_LINE: Final = 200
MOST_DEFERRAL_DAYS: Final = 365
LONGEST_PERIOD_DAYS: Final = 3_660

_LINES: Final = (
    "unit",
    "officer_name",
    "rank",
    "officer_number",
    "supervisor_name",
    "supervisor_contact",
    "case_number",
    "offence",
    "signatory",
    "legal_entity",
)
_WHO: Final = _LINES[:6]
_TEXTS: Final = ("necessity", "question", "deferral_reason")


class RequestForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The fields of every kind; which of them a kind needs is said by ``lacking``.

    ``period_from`` and ``period_until`` are dates in ``zone``, both included; ``delivery_key`` is an age recipient.
    """

    unit: str = ""
    officer_name: str = ""
    rank: str = ""
    officer_number: str = ""
    supervisor_name: str = ""
    supervisor_contact: str = ""
    case_number: str = ""
    offence: str = ""
    legal_basis: str = ""
    instrument_file: str = ""
    signatory: str = ""
    legal_entity: str = ""
    identifiers: tuple[Identifier, ...] = ()
    period_from: date | None = None
    period_until: date | None = None
    zone: str = ""
    data_categories: tuple[DataCategory, ...] = ()
    necessity: str = ""
    question: str = ""
    deadline: date | None = None
    is_customer_told: bool = True
    deferral_reason: str = ""
    deferral_until: date | None = None
    delivery_key: str = ""
    measure_days: int | None = None


def unusable(form: RequestForm) -> tuple[Fault, ...]:
    """Return what may not even stand in a draft: text that is too long or hides something."""
    return tuple(
        fault
        for names, most in ((_LINES, MOST_LINE), (_TEXTS, MOST_TEXT))
        for name in names
        for fault in _text_faults(name, getattr(form, name), most)
    )


def lacking(kind: Kind, form: RequestForm, country: str, bases: LegalBases, now: datetime) -> tuple[Fault, ...]:
    """Return what has to be added or put right before this request can be submitted."""
    return (*unusable(form), *_lacks(kind, form, country, bases, now))


def most_days(kind: Kind, form: RequestForm, country: str, bases: LegalBases) -> int | None:
    """Return how long a measure may stand by kind, legal basis and what was asked; None for what is no such measure."""
    most = RULES[kind].days
    basis = bases.find(country, form.legal_basis) if form.legal_basis else None
    limits = (most, basis.most_days if basis else None, form.measure_days)
    return None if most is None else min(days for days in limits if days is not None)


def _lacks(kind: Kind, form: RequestForm, country: str, bases: LegalBases, now: datetime) -> Iterator[Fault]:
    yield from _empty(form, _WHO, Phrase("say who asks, and who answers for it"))
    if kind == "message_coauthoring":
        yield from _empty(form, ("question",), Phrase("say which message, and what you would change or add"))
        return
    yield from _empty(form, ("case_number", "offence", "legal_entity"), Phrase("is needed"))
    yield from _empty(form, ("necessity",), Phrase("say why this is needed, and why less would not do"))
    rule = RULES[kind]
    if not form.identifiers:
        yield Fault("name at least one account, address or transaction", "identifiers")
    elif len(form.identifiers) > rule.identifiers_at_most:
        yield Fault(
            Phrase("this kind of request names at most %(most)s", most=f"{rule.identifiers_at_most:,}"), "identifiers"
        )
    yield from _basis_faults(kind, form, country, bases)
    if rule.outcome == "data":
        yield from _data_faults(form, now)
    yield from _time_faults(kind, form, now)
    yield from _notice_faults(form, now)


def _empty(form: RequestForm, names: tuple[str, ...], message: str) -> Iterator[Fault]:
    yield from (Fault(message, name) for name in names if not getattr(form, name).strip())


def _basis_faults(kind: Kind, form: RequestForm, country: str, bases: LegalBases) -> Iterator[Fault]:
    rule = RULES[kind]
    basis: LegalBasis | None = bases.find(country, form.legal_basis) if form.legal_basis else None
    if form.legal_basis and basis is None:
        yield Fault("is one of the legal bases entered for your country", "legal_basis")
    if basis is not None and kind not in basis.kinds:
        yield Fault(Phrase("'%(name)s' does not carry this kind of request", name=basis.name), "legal_basis")
    if rule.needs_instrument and basis is None:
        yield Fault("this kind of request needs a legal basis with its instrument", "legal_basis")
    if rule.needs_instrument or (basis is not None and basis.is_compelled):
        if not form.instrument_file:
            yield Fault("attach the instrument", "instrument_file")
        if not form.signatory.strip():
            yield Fault("name who signed the instrument", "signatory")
    if basis is not None and basis.most_days and form.measure_days and form.measure_days > basis.most_days:
        yield Fault(Phrase("this legal basis carries at most %(most)s days", most=basis.most_days), "measure_days")


def _data_faults(form: RequestForm, now: datetime) -> Iterator[Fault]:
    if not form.data_categories:
        yield Fault("choose the categories of data that are needed, and no more", "data_categories")
    if not _is_zone(form.zone):
        yield Fault("name the time zone of the period, for example Asia/Hong_Kong", "zone")
        return
    today = now.astimezone(ZoneInfo(form.zone)).date()
    if form.period_from is None or form.period_until is None:
        yield Fault("say from which day to which day", "period_from")
    elif not form.period_from <= form.period_until <= today:
        yield Fault("the period starts before it ends, and ends today at the latest", "period_until")
    elif (form.period_until - form.period_from).days > LONGEST_PERIOD_DAYS:
        yield Fault(Phrase("a period is at most %(most)s days long", most=f"{LONGEST_PERIOD_DAYS:,}"), "period_from")
    try:
        x25519.Recipient.from_str(form.delivery_key)
    except RecipientError:
        yield Fault("paste your age public key; it begins with age1", "delivery_key")


def _is_zone(name: str) -> bool:
    """Whether a time zone means the same everywhere: one of a place, or UTC.

    What has no place in its name is an abbreviation, or even the time of whichever machine reads it (``localtime``).
    """
    return name == "UTC" or ("/" in name and name in available_timezones())


def _time_faults(kind: Kind, form: RequestForm, now: datetime) -> Iterator[Fault]:
    most = RULES[kind].days
    if form.measure_days is not None and (most is None or not 1 <= form.measure_days <= most):
        yield Fault(
            Phrase("is 1 to %(most)s", most=most) if most else Phrase("this kind of request is no measure over time"),
            "measure_days",
        )
    if form.deadline is not None and form.deadline < now.date():
        yield Fault("is today or later", "deadline")


def _notice_faults(form: RequestForm, now: datetime) -> Iterator[Fault]:
    """Telling the customer is the default; a deferral has a reason and an end."""
    if form.is_customer_told:
        if form.deferral_reason.strip() or form.deferral_until is not None:
            yield Fault("either the customer is told, or the notice is deferred", "is_customer_told")
        return
    if not form.deferral_reason.strip():
        yield Fault("say why the customer may not be told yet", "deferral_reason")
    if form.deferral_until is None or not 0 < (form.deferral_until - now.date()).days <= MOST_DEFERRAL_DAYS:
        yield Fault(Phrase("say until when, within %(most)s days", most=MOST_DEFERRAL_DAYS), "deferral_until")


def _text_faults(name: str, text: str, most: int) -> Iterator[Fault]:
    if len(text) > most:
        yield Fault(
            Phrase("has %(count)s characters; at most %(most)s are possible", count=f"{len(text):,}", most=f"{most:,}"),
            name,
        )
    yield from unseen_in(text, name, has_lines=name in _TEXTS)
