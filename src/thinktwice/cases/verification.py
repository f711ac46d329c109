"""What verifies an agency: the steps, the number that is called, and the trust that both bear.

Invariants: pure; a number is one that can exist and has a source that is not the applicant; *verified* needs domain and
call-back, *trusted* a vouching or document beside; nobody trusts an agency on steps of their own alone, nor on a number
that they recorded.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, get_args

import phonenumbers

from thinktwice.cases.kinds import Trust
from thinktwice.errors import InputError, Phrase, SecondPersonError, StateError

CheckStep = Literal["domain", "call_back", "vouching", "document"]
CHECK_STEPS: Final[tuple[CheckStep, ...]] = get_args(CheckStep)


def read_number(number: str | None, source: str | None) -> tuple[str, str]:
    """Return the number that was called, in E.164, and where it was found.

    Raises:
        InputError: No number that can exist, or no source.
    """
    try:
        parsed = phonenumbers.parse(number or "", None)
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or not phonenumbers.is_valid_number(parsed):
        raise InputError.of("is a telephone number with its country code", field="number")
    if not source or not 5 <= len(source.strip()) <= 300:
        raise InputError.of("say where this number comes from; not from the applicant", field="source")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164), source.strip()


def check_trust(trust: Trust, steps: Sequence[tuple[str, str]], actor: str) -> None:
    """Check that the steps, each with who took it and the oldest first, bear a trust that this person sets.

    Raises:
        SecondPersonError: All steps are the actor's, or the newest number is.
        StateError: Steps are missing.
    """
    if trust == "registered":
        return
    taken = {step for step, _ in steps}
    for needed in ("domain", "call_back"):
        if needed not in taken:
            raise StateError(Phrase("the step '%(needed)s' is not recorded yet", needed=needed))
    if trust == "trusted" and not taken & {"vouching", "document"}:
        raise StateError("a vouching or a document is not recorded yet")
    if len({person for _, person in steps} | {actor}) < 2:
        raise SecondPersonError("verification is the work of two people; the steps and the trust are all yours")
    if [person for step, person in steps if step == "call_back"][-1] == actor:
        raise SecondPersonError("whoever recorded the number to call does not set the trust; somebody else does")
