"""How an analysis' numbers are written: shares, points, lifts and money, each with its interval or its reason.

Invariants: an effect is never written without its interval; a share has one decimal, money none; what cannot be told
is written as the reason, never as a zero.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from thinktwice.measurement.analysis.records import Comparison, GuardrailCheck, Level, Said
from thinktwice.measurement.estimators.answers import Answer, CannotTell
from thinktwice.measurement.report.names import GUARDRAILS, MEASURES, WHY
from thinktwice.measurement.report.words import Words, mark

NOTHING: Final = "–"
Write = Callable[[float], str]


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
        return Cell(write(level.mean), self._between(write(level.low), write(level.high)))

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

    def confidence(self, answer: Answer) -> str:
        """Write how sure an interval is, such as ``97.5 %``; nothing for what cannot be told."""
        if isinstance(answer, CannotTell):
            return ""
        percent = 100 * answer.confidence
        return f"{self.words.number(percent, digits=0 if percent == round(percent) else 1)} %"

    def said(self, said: Said) -> str:
        """Write one sentence of the analysis; its code is what is translated."""
        key = f"said:{said.code}"
        found = self.words.lookup(key)
        if found == key:
            return said.text[:1].upper() + said.text[1:]
        return found % {name: self._fact(value) for name, value in said.facts.items()}

    def why(self, answer: CannotTell) -> str:
        """Write why there is no figure: the numbers stand in the English sentence, elsewhere the rule does."""
        return answer.reason if self.words.tag == "en" else self.words.say(WHY[answer.code])

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
        return Cell(write(answer.value), self._between(write(answer.low), write(answer.high)))

    def _between(self, low: str, high: str) -> str:
        return self.words.say(mark("%(low)s to %(high)s"), low=low, high=high)

    def _bare(self, value: float) -> str:
        return self._open(value) or self.share(value)

    def _points(self, value: float) -> str:
        if math.isinf(value):
            return self._open(value)
        return f"{self.words.number(100 * value, digits=1, is_signed=True)} {self.words.say(mark('points'))}"

    def _percent(self, value: float) -> str:
        return self._open(value) or f"{self.words.number(100 * value, is_signed=True)} %"

    def _signed_money(self, value: float) -> str:
        return self._open(value) or self.money(value, is_signed=True)

    def _open(self, value: float) -> str:
        return self.words.say(mark("no limit")) if math.isinf(value) else ""

    def _fact(self, value: str | float) -> str:
        if isinstance(value, str):
            return value
        return self.words.number(value, digits=0 if float(value).is_integer() else 4)
