"""How an analysis' numbers are written: shares, points, lifts and money, each with its interval or its reason.

Invariants: an effect is never written without its interval; a share has one decimal, money none; what cannot be told
is written as the reason, never as a zero.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from thinktwice.languages.words import SOURCE
from thinktwice.measurement.analysis.records import Comparison, GuardrailCheck, Level, Said
from thinktwice.measurement.estimators.answers import Answer, CannotTell
from thinktwice.measurement.report.names import FIXES, GUARDRAILS, MEASURES, MORE_CUSTOMERS, WHY
from thinktwice.measurement.report.words import Words, mark

NOTHING: Final = "–"
Write = Callable[..., str]
"""Writes a number with its unit, or as one end of an interval without."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure as it stands in a table: the value, its interval below, or why there is none."""

    value: str
    interval: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """Writes figures in one language and one currency."""

    words: Words
    currency: str

    def share(self, value: float | None) -> str:
        """Write a share of customers."""
        return NOTHING if value is None else f"{self.words.number(100 * value, digits=1)} %"

    def money(self, value: float, *, is_signed: bool = False) -> str:
        """Write an amount in the reporting currency."""
        return f"{self.words.number(value, is_signed=is_signed)} {self.currency}"

    def level(self, level: Level | None, *, is_share: bool) -> Cell:
        """Write one arm's share or mean with its interval."""
        if level is None or level.mean is None:
            return Cell(NOTHING)
        write = self.share if is_share else self.money
        if level.low is None or level.high is None:
            return Cell(write(level.mean))
        digits, scale = (1, 100) if is_share else (0, 1)
        ends = (self.words.number(scale * end, digits=digits) for end in (level.low, level.high))
        return Cell(write(level.mean), self._between(*ends))

    def count(self, comparison: Comparison, level: Level) -> str:
        """Write what one arm's level was made from."""
        if comparison.is_share:
            return f"{self.words.number(float(level.total))} / {self.words.number(level.n)}"
        return f"{self.money(float(level.total))} / {self.words.number(level.n)}"

    def difference(self, answer: Answer, *, is_share: bool) -> Cell:
        """Write a difference: percentage points of customers, or money a customer."""
        return self._answer(answer, self._points if is_share else self._signed_money)

    def lift(self, answer: Answer) -> Cell:
        """Write a relative difference."""
        return self._answer(answer, self._percent)

    def amount(self, answer: Answer) -> Cell:
        """Write an amount for all customers together; its sign is in the words around it."""
        return self._answer(answer, self._signed_money)

    def points(self, value: float) -> str:
        """Write a difference of shares that has no interval, because it was planned and not found."""
        return self._points(value)

    def confidence(self, answer: Answer) -> str:
        """Write how sure an interval is, such as ``97.5 %``; nothing for what cannot be told."""
        return "" if isinstance(answer, CannotTell) else self._sure(answer.confidence)

    def said(self, said: Said) -> str:
        """Write one sentence of the analysis: English as it says it, another language by its code and facts."""
        if self.words.tag == SOURCE:
            return said.text[:1].upper() + said.text[1:]
        is_loss, code = said.code.startswith("loss_fix_"), said.code.rpartition("fix_")[2]
        if "fix_" in said.code:
            fix = self.words.say(FIXES.get(code, MORE_CUSTOMERS))
            return self.words.say("For loss: %(fix)s", fix=fix) if is_loss else fix
        key = f"said:{said.code}"
        found = self.words.lookup(key)
        return said.text if found == key else found % {name: self._fact(name, one) for name, one in said.facts.items()}

    def why(self, answer: CannotTell) -> str:
        """Write why there is no figure: the numbers stand in the English sentence, elsewhere the rule does."""
        return answer.reason if self.words.tag == SOURCE else self.words.say(WHY[answer.code])

    def measure(self, name: str) -> str:
        """Name a measure."""
        return self.words.say(MEASURES.get(name, name))

    def plain_share(self, answer: Answer) -> Cell:
        """Write an answer that is a share in itself, not a difference of two."""
        return self._answer(answer, self._bare)

    def guardrail(self, check: GuardrailCheck) -> str:
        """Name a guardrail."""
        return self.words.say(GUARDRAILS.get(check.name, check.meaning))

    def _answer(self, answer: Answer, write: Write) -> Cell:
        if isinstance(answer, CannotTell):
            return Cell(NOTHING, reason=self.why(answer))
        return Cell(write(answer.value), self._between(write(answer.low, True), write(answer.high, True)))

    def _sure(self, confidence: float) -> str:
        percent = round(100 * confidence, 6)
        return f"{self.words.number(percent, digits=0 if percent == round(percent) else 1)} %"

    def _between(self, low: str, high: str) -> str:
        return self.words.say(mark("%(low)s to %(high)s"), low=low, high=high)

    def _bare(self, value: float, is_end: bool = False) -> str:
        if math.isinf(value):
            return self._open()
        return self.words.number(100 * value, digits=1) if is_end else self.share(value)

    def _points(self, value: float, is_end: bool = False) -> str:
        if math.isinf(value):
            return self._open()
        number = self.words.number(100 * value, digits=1, is_signed=True)
        return number if is_end else f"{number} {self.words.say(mark('points'))}"

    def _percent(self, value: float, is_end: bool = False) -> str:
        if math.isinf(value):
            return self._open()
        number = self.words.number(100 * value, is_signed=True)
        return number if is_end else f"{number} %"

    def _signed_money(self, value: float, is_end: bool = False) -> str:
        if math.isinf(value):
            return self._open()
        return self.words.number(value, is_signed=True) if is_end else self.money(value, is_signed=True)

    def _open(self) -> str:
        return self.words.say(mark("no limit"))

    def _fact(self, name: str, value: str | float) -> str:
        """Write one fact of a sentence, by what its name says it is."""
        if isinstance(value, str):
            named = {"measure": MEASURES, "guardrail": GUARDRAILS, "code": WHY}.get(name, {})
            if name == "guardrails":
                return "、".join(self.words.say(GUARDRAILS.get(one, one)) for one in value.split(", "))
            return self.words.say(named.get(value, value))
        if name in {"value", "low", "high", "effect"}:
            return self._points(value)
        if name == "confidence":
            return self._sure(value)
        if name == "share":
            return self.share(value)
        return self.words.number(value, digits=0 if float(value).is_integer() else 1)
