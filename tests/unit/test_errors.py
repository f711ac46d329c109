"""What errors say, and what it was made of."""

from __future__ import annotations

import copy
import json
import pickle

from thinktwice.errors import Fault, InputError, Phrase, StateError, joined, packed, unpacked, words_of


def test_a_phrase_is_its_english_text() -> None:
    """Wherever nobody translates, a phrase is an ordinary text."""
    phrase = Phrase("has at most %(most)s%% of %(name)s", most=3, name="all")
    assert phrase == "has at most 3% of all"
    assert isinstance(phrase, str)
    assert (phrase.template, dict(phrase.values)) == ("has at most %(most)s%% of %(name)s", {"most": 3, "name": "all"})


def test_a_phrase_survives_copies_and_a_database() -> None:
    """Copied, pickled, or kept as JSON and read again it is still made of the same."""
    inner = Phrase("%(count)s days", count=3)
    phrase = joined([Phrase("it lacks %(what)s", what=inner), "100%"], "; ")
    for again in (
        copy.deepcopy(phrase),
        pickle.loads(pickle.dumps(phrase)),
        unpacked(json.loads(json.dumps(packed(phrase)))),
    ):
        assert again == "it lacks 3 days; 100%"
        assert isinstance(again, Phrase)
        said = again.values["part_0"]
        assert isinstance(said, Phrase)
        assert said.template == "it lacks %(what)s"
    assert unpacked("plain 100%") == "plain 100%"


def test_an_error_hands_on_what_it_was_made_of() -> None:
    """What an error says is a phrase with every fault's place and message in it."""
    error = InputError(Fault(Phrase("has %(n)s", n=2), "name", "a.csv", 4), Fault("is needed", "title"))
    assert str(error) == words_of(error) == "a.csv:4: name: has 2; title: is needed"
    assert words_of(StateError("it is over")) == "it is over"
    again = Phrase("cannot be read: %(error)s", error=InputError.of(Phrase("has %(n)s", n=2)))
    assert again == "cannot be read: has 2"
    assert isinstance(again.values["error"], Phrase)
