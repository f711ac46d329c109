"""What answers do to the rung."""

from __future__ import annotations

from itertools import product

import pytest

from thinktwice.decisions.ladder import raised_by
from thinktwice.records.questionnaire import ALWAYS, QUESTIONS, answers_in, next_question
from thinktwice.records.vocabulary import RUNGS

CALM = {"origin": "known_in_person", "on_call": "no", "money_back": "large_part", "coached": "no"}
QUIET: dict[str, bool | int | None] = {"is_on_call": None, "destination_customers_7d": 0}


@pytest.mark.parametrize(
    ("changed", "rung"),
    [
        ({}, None),
        ({"origin": "own_wallet"}, None),
        ({"origin": "known_online"}, None),
        ({"origin": "known_online", "money_back": "never_tried"}, "hold"),
        ({"origin": "known_online", "money_back": "a_little"}, "hold"),
        ({"money_back": "fee_first"}, "hold"),
        ({"origin": "told_by_authority"}, "hold"),
        ({"on_call": "yes"}, "hold"),
        ({"coached": "yes"}, "hold"),
        ({"origin": "told_by_authority", "on_call": "yes"}, "refer"),
        ({"origin": "told_by_authority", "coached": "yes"}, "refer"),
        (dict.fromkeys(QUESTIONS, "not_sure"), None),
        (dict.fromkeys(QUESTIONS, "prefer_not_to_say"), None),
    ],
)
def test_what_answers_call_for(changed: dict[str, str], rung: str | None) -> None:
    """Time where a scam shows, a person where somebody commands in an authority's name, else the customer decides."""
    assert raised_by(CALM | changed, QUIET, is_hold_served=False) == rung


@pytest.mark.parametrize("question", ["origin", "money_back"])
def test_own_wallet_is_contradicted_by_other_customers_paying_it(question: str) -> None:
    """One other may be family; from two on the answer cannot be true, and a person speaks with the customer."""
    answers = CALM | {question: "own_wallet"}
    assert raised_by(answers, QUIET | {"destination_customers_7d": 1}, is_hold_served=False) is None
    assert raised_by(answers, QUIET | {"destination_customers_7d": 2}, is_hold_served=False) == "refer"


def test_no_call_is_contradicted_by_an_observed_one() -> None:
    """A call that the operator sees and the customer denies needs a person; where it is not known nothing follows."""
    assert raised_by(CALM, QUIET | {"is_on_call": True}, is_hold_served=False) == "refer"
    assert raised_by(CALM | {"on_call": "not_sure"}, QUIET | {"is_on_call": True}, is_hold_served=False) is None


def test_after_a_served_hold_time_is_not_asked_for_again() -> None:
    """Who waited once and is on their own decides; who is still commanded speaks with a person."""
    served = {"origin": "known_online", "money_back": "never_tried"}
    assert raised_by(CALM | served, QUIET, is_hold_served=True) is None
    assert raised_by(CALM | {"coached": "yes"}, QUIET, is_hold_served=True) == "refer"


def test_no_answer_lowers_the_rung() -> None:
    """Of all combinations of answers and facts none gives less than the rung that asked, and every path ends."""
    for given in product(*((*QUESTIONS[name], *ALWAYS) for name in QUESTIONS)):
        answers = dict(zip(QUESTIONS, given, strict=True))
        assert next_question(answers) is None
        for on_call, others, is_served in product((None, True, False), (0, 2), (False, True)):
            signals = {"is_on_call": on_call, "destination_customers_7d": others}
            rung = raised_by(answers, signals, is_hold_served=is_served)
            assert rung is None or RUNGS.index(rung) > RUNGS.index("ask")


def test_questions_branch_by_earlier_answers() -> None:
    """From an own wallet nothing has to come back; whatever was left open is asked."""
    assert next_question({}) == "origin"
    assert next_question({"origin": "own_wallet", "on_call": "no"}) == "coached"
    assert next_question({"origin": "known_online", "on_call": "no"}) == "money_back"
    assert next_question({"origin": "made_up"}) == "origin"
    assert answers_in({"origin": "own_wallet", "on_call": "perhaps", "raised_to": "hold"}) == {"origin": "own_wallet"}
