"""The evidence card: one finished experiment in figures that can be cited, sealed so that anybody can check them.

Invariants: only a finished experiment gets a card; a card holds no floating-point number, so that it has one spelling
(RFC 8785); counts below the minimum are withheld; what was planned, what was harmed and what could not be told stand
in it as plainly as the effect. Whatever the card says, ``card_checking`` can check it without this module.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

import rfc8785

from thinktwice import __version__
from thinktwice.errors import InputError, Phrase
from thinktwice.keyring.keys import Keyring
from thinktwice.keyring.seal import public_key_of, seal
from thinktwice.measurement.analysis.guarding import RELEASED
from thinktwice.measurement.analysis.records import CampaignAnalysis, Comparison, GuardrailCheck
from thinktwice.measurement.card_checking import FORMAT
from thinktwice.measurement.estimators.answers import Answer, CannotTell
from thinktwice.measurement.estimators.disclosure import publish_counts
from thinktwice.measurement.estimators.split import SplitCheck
from thinktwice.measurement.report.plain import plain

DIGITS: Final = 6
"""Significant digits of every estimate."""


def make_card(
    analysis: CampaignAnalysis, *, operator: str, made_at: datetime, keyring: Keyring, is_synthetic: bool = False
) -> bytes:
    """Return the sealed card of a finished experiment.

    Raises:
        InputError: the experiment is not finished, or there is no key to seal with.
    """
    require_finished(analysis)
    if keyring.seal is None:
        raise InputError.of("a card needs a seal key; `thinktwice key generate-keyring` makes one", field="seal")
    card = card_of(analysis) | {
        "format": FORMAT,
        "operator": operator,
        "made_at": plain(made_at),
        "made_by": f"thinktwice {__version__}",
        "seal_key": keyring.seal.id,
        "is_test_key": keyring.is_test,
        "is_synthetic": is_synthetic,
    }
    stated = rfc8785.dumps(card)
    stamp = {
        "algorithm": "Ed25519",
        "public_key": base64.b64encode(public_key_of(keyring.seal)).decode(),
        "card_sha256": hashlib.sha256(stated).hexdigest(),
        "signature": base64.b64encode(seal(keyring.seal, FORMAT, stated)).decode(),
    }
    return rfc8785.dumps({"card": card, "seal": stamp}) + b"\n"


def require_finished(analysis: CampaignAnalysis) -> None:
    """Refuse an experiment that may still say something else.

    Raises:
        InputError: it is not finished.
    """
    waited_for = still_waited_for(analysis)
    if waited_for:
        raise InputError.of(
            Phrase("the experiment is not finished: %(waited_for)s", waited_for=waited_for), field="campaign"
        )


def still_waited_for(analysis: CampaignAnalysis) -> str:
    """Say what keeps an experiment from being finished; nothing when it is."""
    ends_at, arms = analysis.declared.ends_at, analysis.population.arms
    if ends_at is None or ends_at > analysis.until:
        return (
            Phrase("its campaign goes on")
            if ends_at is None
            else Phrase("its campaign goes on until %(ends_at)s", ends_at=f"{ends_at:%Y-%m-%d}")
        )
    if not analysis.population.customers:
        return Phrase("nobody was assigned yet")
    open_ = sum(arm.customers - arm.labelled for arm in arms)
    return Phrase("labels of %(open)s customers are still waited for", open=f"{open_:,}") if open_ else ""


def card_of(analysis: CampaignAnalysis) -> dict[str, Any]:
    """Return what a card says, without who made it and when."""
    loss = analysis.loss
    return {
        "experiment": _experiment(analysis),
        "messages": [
            {"campaign": one.campaign, "version": one.version, "release": one.release, "triggers": one.triggers}
            for one in analysis.versions
        ],
        "preregistration": {
            "standing": analysis.plan.standing,
            "plan": exact(plain(analysis.plan.plan)),
            "deviations": [exact(plain(one)) for one in analysis.plan.deviations],
        },
        "population": _population(analysis),
        "split": _split(analysis),
        "currency": analysis.rules.currency,
        "label_sources": sorted(analysis.rules.independent_sources),
        "primary": _comparison(analysis.comparison(analysis.plan.used.primary)),
        "displaced": _comparison(analysis.comparison("displaced")),
        "loss_share": _comparison(loss.share),
        "loss_amount": _comparison(loss.amount) | {"limit": plain(loss.limit)},
        "amount_protected": _answer(loss.protected) | {"customers": loss.treated_customers},
        "harms": [_harm(one) for one in analysis.guardrails],
        "verdict": {
            "standing": analysis.verdict.standing,
            "sentence": None if _is_small(analysis) else analysis.verdict.headline.text,
            "must_stop": analysis.verdict.must_stop,
        },
    }  # fmt: skip


def number(value: float | None) -> str | None:
    """Write a number for a card: six significant digits as text; None where a bound is open."""
    if value is None or value in (float("inf"), float("-inf")):
        return None
    return f"{value:.{DIGITS}g}"


def exact(value: Any) -> Any:
    """Return JSON's own types with every float written as a card writes numbers."""
    if isinstance(value, Mapping):
        return {name: exact(item) for name, item in value.items()}
    if isinstance(value, list):
        return [exact(item) for item in value]
    return number(value) if isinstance(value, float) else value


def _experiment(analysis: CampaignAnalysis) -> dict[str, Any]:
    declared = analysis.declared
    return {
        "id": analysis.experiment,
        "campaign": analysis.campaign,
        "title": declared.title,
        "jurisdictions": list(declared.jurisdictions),
        "typologies": list(declared.typologies),
        "starts_at": plain(declared.starts_at),
        "ends_at": plain(declared.ends_at),
        "as_of": plain(analysis.until),
    }


def _population(analysis: CampaignAnalysis) -> dict[str, Any]:
    return {
        "described": analysis.plan.used.population,
        "customers": analysis.population.customers,
        "arms": [
            {"arm": arm.arm, "declared_share": number(arm.declared_share), "customers": arm.customers}
            for arm in analysis.population.arms
        ],
    }


def _split(analysis: CampaignAnalysis) -> dict[str, Any]:
    if isinstance(analysis.split, SplitCheck):
        return {"is_mismatch": analysis.split.is_mismatch, "p_value": number(analysis.split.p_value)}
    return {"cannot_tell": analysis.split.code, "reason": analysis.split.reason}


def _comparison(one: Comparison) -> dict[str, Any]:
    counts = _counts(one) if one.is_share else None
    is_small = counts is not None and _is_withheld(counts)
    return {
        "measure": one.measure,
        "meaning": one.meaning,
        "unit": one.unit,
        "counts": counts,
        "difference": _answer(one.difference, is_rounded=is_small),
        "lift": None if is_small else _answer(one.lift),
        "fixed_difference": _answer(one.fixed_difference, is_rounded=is_small),
    }


def _is_withheld(counts: dict[str, dict[str, int | None]]) -> bool:
    """Whether a count is withheld: then difference and lift together, or either exactly, would give it away."""
    return any(one is None for arm in counts.values() for one in arm.values())


def _harm(one: GuardrailCheck) -> dict[str, Any]:
    compared = one.comparison
    is_small = compared is not None and compared.is_share and _is_withheld(_counts(compared))
    is_small |= one.name == RELEASED  # of few customers, whose number the card does not say
    return {
        "guardrail": one.name,
        "margin": number(one.margin) if one.name != "is_loss" else None,
        "is_declared": one.is_declared,
        "standing": one.result.standing,
        "found": _answer(one.result.answer, is_rounded=is_small),
    }


def _counts(one: Comparison) -> dict[str, dict[str, int | None]]:
    """Customers with the outcome and without, holdout and alert; None where the figure would be of too few."""
    pairs = [(int(level.total), level.n) for level in (one.control, one.treatment)]
    shown = publish_counts([[with_it, n - with_it] for with_it, n in pairs])
    names = ("holdout", "alert")
    return {
        name: {"with": _whole(row[0]), "without": _whole(row[1]), "customers": _whole(total)}
        for name, row, total in zip(names, shown.cells, shown.row_totals, strict=True)
    }


def _whole(count: float | None) -> int | None:
    return None if count is None else int(count)


def _is_small(analysis: CampaignAnalysis) -> bool:
    primary = analysis.comparison(analysis.plan.used.primary)
    return primary.is_share and _is_withheld(_counts(primary))


def _answer(answer: Answer, *, is_rounded: bool = False) -> dict[str, Any]:
    """Write an answer; ``is_rounded``: to whole percentage points, because the counts behind it are withheld."""
    if isinstance(answer, CannotTell):
        return {"cannot_tell": answer.code, "reason": answer.reason}
    write = _rounded if is_rounded else number
    return {
        "value": write(answer.value),
        "low": write(answer.low),
        "high": write(answer.high),
        "confidence": number(answer.confidence),
        "method": answer.method,
        "is_anytime": answer.is_anytime,
        "is_rounded": is_rounded,
    }


def _rounded(value: float) -> str | None:
    return number(round(value, 2)) if abs(value) <= 1 else None
