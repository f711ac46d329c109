"""The reasons of a decision, as its page explains them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from thinktwice.decisions import decide, silence
from thinktwice.records.vocabulary import AlertEventType
from thinktwice.web.console.decisions.words import ABOUT_CAMPAIGNS, HAPPENED, REASONS, explained
from thinktwice.web.edge.words import ENGLISH, load_words

CHINESE = load_words("thinktwice.web.console", {"zh_Hant": "繁體中文"}, "console")["zh-Hant"]
SAYING = {"reasons", "named"}
GIVING = {"known_bad_reasons", "silence_of", "_shadows"}


def given() -> set[str]:
    """Return every reason that is written where reasons are given; of one that names a campaign, what stands before."""
    return {text.rstrip(":") for module in (decide, silence) for text in _given(Path(str(module.__file__)))}


def _given(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.keyword) and node.arg == "reasons":
            yield from _literals(node.value)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = {one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)}
            yield from _literals(node.value) if names & SAYING else ()
        elif isinstance(node, ast.FunctionDef) and node.name in GIVING:
            for one in ast.walk(node):
                yield from _literals(one.value) if isinstance(one, ast.Return) and one.value is not None else ()


def _literals(node: ast.AST) -> Iterator[str]:
    """Yield the literals of a value, but not those that only ask: what is compared, and names of signals."""
    if isinstance(node, ast.Compare | ast.Subscript):
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for child in ast.iter_child_nodes(node):
        yield from _literals(child)


def test_every_reason_has_its_words() -> None:
    """A reason that a decision can have is explained, and nothing is explained that none has."""
    assert given() == REASONS.keys() | ABOUT_CAMPAIGNS.keys()


def test_everything_that_happens_to_an_alert_has_its_words() -> None:
    """The page says what the customer did, not what the event is called."""
    assert HAPPENED.keys() == set(get_args(AlertEventType))


@pytest.mark.parametrize(
    ("reason", "english", "chinese"),
    [
        ("known_bad:listed", "A list warns of this destination.", "有名單就此收款地址提出警告。"),
        ("campaign:hk-first", "It was for the campaign hk-first to speak.", "由宣傳活動 hk-first 負責提示。"),
        ("of_another_engine", "", ""),
        ("campaign:100%", "It was for the campaign 100% to speak.", "由宣傳活動 100% 負責提示。"),
    ],
)
def test_a_reason_is_said_in_the_language_of_the_page(reason: str, english: str, chinese: str) -> None:
    """Its campaign is named; what nobody knows any more has no words, and the page shows its code."""
    assert (explained(reason, ENGLISH), explained(reason, CHINESE)) == (english, chinese)
