"""Proofs about audiences are sound: what is called impossible never happens."""

from __future__ import annotations

from tests.support.audiences import CATALOGUE, some_conditions, withdrawals
from thinktwice.targeting.audience import audience_of, disabling_signals
from thinktwice.targeting.candidates import Tables
from thinktwice.targeting.interpreting import truth
from thinktwice.targeting.reasoning import Reasoner, Want

TREES = some_conditions(300, start=7)
ASKED = withdrawals(300, seed=7)


def test_what_is_impossible_never_happens() -> None:
    """No withdrawal comes out as proved impossible, in any of the four ways of coming out."""
    proved = 0
    for tree in TREES:
        seen = {truth(tree, signals) for signals in ASKED}
        reasoner = Reasoner(Tables(tree, CATALOGUE))
        for want, answers in (
            (Want.TRUE, {True}),
            (Want.FALSE, {False}),
            (Want.NOT_TRUE, {False, None}),
            (Want.NOT_FALSE, {True, None}),
        ):
            if not reasoner.is_possible([(tree, want)]):
                proved += 1
                assert not seen & answers, (tree, want)
    assert proved > 10


def test_outside_its_jurisdictions_an_audience_is_false() -> None:
    """The derived jurisdictions are necessary, and without a disabling signal nothing is true."""
    for tree in TREES:
        audience = audience_of(tree, CATALOGUE)
        disabling = disabling_signals(audience)
        for signals in ASKED:
            if truth(tree, signals) is True:
                assert audience.jurisdictions is None or signals["jurisdiction"] in audience.jurisdictions
                assert all(signals[name] is not None for name in disabling)
