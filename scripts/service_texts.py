"""Find every text that the packages say and that a signed-in page can show: errors and faults, and what things mean.

A text is a literal that an error is raised with, or the template of a ``Phrase``. What is neither is said indirectly:
each such place stands in ``INDIRECT`` with the reason why its texts are found all the same, and a test refuses others.
Meanings of signals and of settings are taken from where they are declared.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple, get_args

from thinktwice.campaigns.lifecycle import State as ReleaseState
from thinktwice.campaigns.never_say import NEVER_SAY
from thinktwice.cases.course import State as RequestState
from thinktwice.records.catalogue import with_attributes
from thinktwice.settings import Settings

SOURCE: Final = Path(__file__).parents[1] / "src" / "thinktwice"
ELSEWHERE: Final = {
    "cli": "the command line speaks English",
    "demo": "shows itself, not these errors",
    "simulation": "runs on the command line",
    "errors.py": "hands on what others raise",
    "bootstrap/choices.py": "is read before anything is shown",
    "bootstrap/demonstration.py": "refuses to start, before anything is shown",
    "bootstrap/deciding.py": "is written in a log",
    "settings.py": "is read before anything is shown",
    "keyring": "is read before anything is shown; what tokens refuse has one answer",
    "decisions": "answers servers, in English as documented",
    "web/api": "answers servers, in English as documented",
    "web/customer": "speaks from catalogues of its own",
    "storage": "raises only what a page calls unavailable, without details",
    "outbox": "raises only what a page calls unavailable, without details",
    "measurement/analysis": "is asked with what was checked before",
}
"""What is not looked at, and why nothing of it reaches a signed-in page."""
EVEN_SO: Final = frozenset({"decisions/resolving.py", "decisions/settling.py"})
"""What is looked at even so: staff ask there for the end of a hold, and read why it was refused."""

SHOWN: Final = frozenset({"Fault", "InputError", "StateError", "SecondPersonError", "ConflictError", "FileError"})
"""Errors whose own words a page shows; the table is ``web/edge/signed_in/refusals.py``."""
SAYING: Final = frozenset({"fault", "refusal", "_refusal"})
"""Methods that make a fault of a text; any literal with a blank in it that they are given is one."""
WRITTEN: Final = frozenset({"Phrase", "joined", "words_of", "_", "say", "unpacked"})
"""What a text is made with when it is no literal."""

INDIRECT: Final = frozenset(
    {
        # Lines that the chain's reader found unreadable; it names them by a phrase of its own.
        ("audit/reading.py", "line"),
        # Parameters and loop variables, whose texts are phrases or given to ``fault`` where they are written.
        ("cases/calling.py", "fault"),
        ("cases/form.py", "message"),
        ("cases/portions.py", "message"),
        ("contacts/checking.py", "message"),
        ("contacts/document.py", "message"),
        ("contacts/document.py", "refused"),
        ("contacts/document.py", "found"),
        ("contacts/document.py", "_REFUSED[type(token)]"),
        ("contacts/fields.py", "message"),
        ("people/accounts.py", "refusal"),
        ("watchlist/formats/csv.py", "problem"),
        ("watchlist/formats/ofac_sdn.py", "problem"),
        ("watchlist/formats/tagpack.py", "problem"),
        ("watchlist/formats/text.py", "problem"),
        ("watchlist/import_job.py", "message"),
        ("web/edge/signed_in/entrance/faults.py", "text"),
        # Texts that were raised with a fault before, and are said again at another place.
        ("watchlist/feeding.py", "one.last.error"),
        ("web/console/decisions/desk.py", "error.faults[0].message"),
        # Put together on the page from texts that were said by then.
        ("web/console/cases/producing.py", "f'{say(_LINE, line=fault.line)}: {say(fault.message)}'"),
    }
)


class Found(NamedTuple):
    """A text and the file it stands in; ``text`` is None where something is said indirectly, by ``code``."""

    file: str
    text: str | None
    code: str


def texts() -> Iterator[Found]:
    """Yield every text, with its file below ``src/thinktwice``."""
    for path in sorted(SOURCE.rglob("*.py")):
        name = path.relative_to(SOURCE).as_posix()
        if name in EVEN_SO or not any(name == other or name.startswith(f"{other}/") for other in ELSEWHERE):
            yield from (Found(name, text, code) for text, code in _of(ast.parse(path.read_text("utf-8"))))
    for _, reason in (row for rows in NEVER_SAY.values() for row in rows):
        yield Found("campaigns/never_say.py", reason, "reason")
    for signal in with_attributes({"any": "text"}).values():
        yield from (Found("records/catalogue.py", text, "signal") for text in (signal.meaning, signal.unit) if text)
    for setting in Settings.model_fields.values():
        yield Found("settings.py", setting.description or "", "description")
    for file, states in (("campaigns/lifecycle.py", ReleaseState), ("cases/course.py", RequestState)):
        yield from (Found(file, state.replace("_", " "), "state") for state in get_args(states))


def _of(tree: ast.AST) -> Iterator[tuple[str | None, str]]:
    made = _made(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name, is_of = _name(node.func)
        if name == "Phrase" and node.args and isinstance(node.args[0], ast.Constant):
            yield str(node.args[0].value), name
        elif name in SHOWN and node.args and (name != "InputError" or is_of):
            yield from _said(node.args[0], made)
        elif name in SAYING:
            yield from (one for one in _literals(node.args) if one[0] and " " in one[0])
        elif name == "Form" and len(node.args) == 2:
            yield from _literals(node.args[1:])


def _made(tree: ast.AST) -> dict[str, str | None]:
    """Return what names of a module stand for: a literal, or None for what is made as a text."""
    found: dict[str, str | None] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [target.id for target in targets if isinstance(target, ast.Name)]
            if isinstance(node.value, ast.Call) and _name(node.value.func)[0] in WRITTEN:
                found |= dict.fromkeys(names)
            elif isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
                found |= dict.fromkeys(names, node.value.value)
    return found


def _said(argument: ast.expr, made: Mapping[str, str | None]) -> Iterator[tuple[str | None, str]]:
    """Yield what an error is raised with: its literals, and what is neither literal nor made as a text."""
    for one in (argument.body, argument.orelse) if isinstance(argument, ast.IfExp) else (argument,):
        if isinstance(one, ast.Call) and _name(one.func)[0] == "str" and one.args:
            yield from _said(one.args[0], made)
        elif isinstance(one, ast.Constant):
            yield str(one.value), "literal"
        elif isinstance(one, ast.Name) and one.id in made:
            yield from ((text, "name") for text in (made[one.id],) if text is not None)
        elif not _is_said(one):
            yield None, ast.unparse(one)


def _is_said(one: ast.expr) -> bool:
    """Whether a text is made as one, or was raised with a fault before."""
    if isinstance(one, ast.Call):
        return _name(one.func)[0] in WRITTEN | {"Fault"}
    return ast.unparse(one) == "fault.message"


def _literals(arguments: list[ast.expr]) -> Iterator[tuple[str | None, str]]:
    for one in arguments:
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value, "literal"


def _name(function: ast.expr) -> tuple[str, bool]:
    """Return the name of what is called, and whether it is ``of`` of a class: ``InputError.of`` is ``InputError``."""
    if isinstance(function, ast.Attribute):
        is_of = function.attr == "of" and isinstance(function.value, ast.Name)
        return (function.value.id, True) if is_of else (function.attr, False)  # type: ignore[attr-defined]  # checked
    return (function.id if isinstance(function, ast.Name) else ""), False
