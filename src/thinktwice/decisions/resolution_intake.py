"""Reading an act of staff: bounded, strict, and signed by the key that sent it.

Invariant: nobody acts in another's name; the actor in the body is the actor of the key.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final

import msgspec
from msgspec.structs import replace

from thinktwice.decisions.bodies import AHEAD, Checks, decoded, decoder_of
from thinktwice.records.resolution import IndependentContact, ResolutionAct, ResolutionRequest

_MOST_REASON: Final = 1_000
_decode: Final = decoder_of(ResolutionRequest)
_encoder: Final = msgspec.json.Encoder()


def read_act(decision_id: str, body: bytes, *, key_id: str, actor: str, now: datetime, is_test: bool) -> ResolutionAct:
    """Return the act in a request's body, made with the key of this id, which belongs to ``actor``.

    Raises:
        InputError: the body cannot be used; every fault is named by its field.
    """
    request: ResolutionRequest = decoded(_decode, body)
    checks = Checks()
    checks.identifier("act_id", request.act_id)
    checks.text("reason", request.reason, _MOST_REASON)
    if not request.reason.strip():
        checks.fault("reason", "say why, in words that another person understands later")
    if request.actor != actor:
        checks.fault("actor", "is the person to whom the API key belongs, spelled as there")
    if request.mark_genuine and request.resolution != "release":
        checks.fault("mark_genuine", "goes with a release only")
    contact = _contact(request.contact, checks, now)
    checks.done()
    act = ResolutionAct(
        decision_id=decision_id,
        act_id=request.act_id,
        resolution=request.resolution,
        reason=request.reason,
        actor=actor,
        key_id=key_id,
        digest=b"",
        contact=contact,
        mark_genuine=request.mark_genuine,
        is_test=is_test,
    )
    return replace(act, digest=hashlib.sha256(_encoder.encode(act)).digest())


def _contact(contact: IndependentContact | None, checks: Checks, now: datetime) -> IndependentContact | None:
    if contact is None:
        return None
    checks.text("contact.how", contact.how)
    checks.text("contact.note_ref", contact.note_ref)
    at = checks.time("contact.at", contact.at, latest=now + AHEAD)
    return replace(contact, at=at) if at is not None else contact
