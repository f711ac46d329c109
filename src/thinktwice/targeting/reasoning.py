"""What can be proved about a condition without any withdrawal.

Invariants: *impossible* is only said when proved; when the search would be long the answer is "possible". Each
signal has a few candidate values, chosen so that every combination of its own conditions that any value satisfies
is satisfied by a candidate; a condition is then a bit mask over candidates. Conditions over several signals, and
arithmetic, are taken to be possible whenever their signals are present.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from thinktwice.targeting.candidates import Key, Tables
from thinktwice.targeting.tree import And, Condition, Not, Or, names_of

MAXIMUM_BRANCHES: Final = 500


class Want(Enum):
    """How a condition should come out; unknown is neither TRUE nor FALSE."""

    TRUE = "true"
    FALSE = "false"
    NOT_TRUE = "false or unknown"
    NOT_FALSE = "true or unknown"

    @property
    def of_operand(self) -> Want:
        """What the operand of NOT must be for NOT to come out like this."""
        return _UNDER_NOT[self]


_UNDER_NOT: Final = {
    Want.TRUE: Want.FALSE,
    Want.FALSE: Want.TRUE,
    Want.NOT_TRUE: Want.NOT_FALSE,
    Want.NOT_FALSE: Want.NOT_TRUE,
}

Goal = tuple[Condition, Want]
Masks = Mapping[Key, int]
_Choice = tuple[Goal, ...]
_State = tuple[tuple[Goal, ...], tuple[_Choice, ...], Masks]
"""Goals not looked at yet, choices of which one goal each must hold, and the candidates still allowed."""


@dataclass(frozen=True, slots=True)
class Reasoner:
    """Answers questions about the conditions that ``tables`` was made for."""

    tables: Tables

    def is_possible(self, goals: Iterable[Goal], given: Masks | None = None) -> bool:
        """Return False only when it is proved that the goals never hold together.

        ``given`` narrows signals: the candidates that are still allowed.
        """
        start: _State = (tuple(goals), (), given or {})
        stack = [start]
        for _ in range(MAXIMUM_BRANCHES):
            if not stack:
                return False
            pending, choices, masks = stack.pop()
            settled = self._settle(pending, masks)
            if settled is None:
                continue
            choices, masks = (*choices, *settled[0]), settled[1]
            if not choices:
                return True
            shortest = min(range(len(choices)), key=lambda place: len(choices[place]))
            rest = choices[:shortest] + choices[shortest + 1 :]
            stack += [((option,), rest, masks) for option in reversed(choices[shortest])]
        return True

    def _settle(self, goals: Sequence[Goal], masks: Masks) -> tuple[list[_Choice], Masks] | None:
        """Apply everything without a choice; return the choices left, or None when nothing remains possible."""
        narrowed, choices, waiting = dict(masks), list[_Choice](), list(goals)
        while waiting:
            condition, want = waiting.pop()
            parts = parts_of(condition, want)
            if parts is None:
                for key, mask in self.tables.masks(condition, want.value):
                    narrowed[key] = narrowed.get(key, self.tables.everything(key)) & mask
                    if not narrowed[key]:
                        return None
            elif parts[0]:
                waiting += parts[1]
            else:
                choices.append(parts[1])
        return choices, narrowed


def parts_of(condition: Condition, want: Want) -> tuple[bool, tuple[Goal, ...]] | None:
    """Return the goals a condition splits into and whether all (or one) must hold; None for an atom."""
    match condition:
        case Not():
            return True, ((condition.operand, want.of_operand),)
        case And() | Or():
            is_all = isinstance(condition, And) == (want in (Want.TRUE, Want.NOT_FALSE))
            return is_all, tuple((part, want) for part in condition.operands)
        case _:
            return None


def impossible_parts(reasoner: Reasoner, condition: Condition, want: Want = Want.TRUE) -> Iterator[Condition]:
    """Yield the innermost conditions that can never come out as the audience needs them."""
    found, parts = False, parts_of(condition, want)
    if parts and not (isinstance(condition, Not) and parts_of(condition.operand, want) is None):
        for part, its_want in parts[1]:
            for inner in impossible_parts(reasoner, part, its_want):
                found = True
                yield inner
    if not found and not reasoner.is_possible([(condition, want)]):
        yield condition


def idle_parts(
    reasoner: Reasoner, condition: Condition, want: Want = Want.TRUE, context: tuple[Goal, ...] = ()
) -> Iterator[Condition]:
    """Yield alternatives that the rest of the audience rules out, so that they never reach anybody."""
    parts = parts_of(condition, want)
    if parts is None:
        return
    is_all, goals = parts
    for position, (part, its_want) in enumerate(goals):
        others = (*goals[:position], *goals[position + 1 :]) if is_all else ()
        if not is_all and not reasoner.is_possible([(part, its_want), *context]):
            yield part
        else:
            yield from idle_parts(reasoner, part, its_want, (*context, *others))


def conflicting_pair(reasoner: Reasoner, condition: Condition, want: Want) -> tuple[Condition, Condition] | None:
    """Return two operands that rule each other out, to name them in a message."""
    parts = parts_of(condition, want)
    if parts is None or not parts[0]:
        return None
    for position, one in enumerate(parts[1]):
        for other in parts[1][position + 1 :]:
            both = set(names_of(one[0])) & set(names_of(other[0]))
            if both and not reasoner.is_possible([one, other]):
                return one[0], other[0]
    return None
