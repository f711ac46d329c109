"""What staff decide about a withdrawal that waits, and what came of it.

Invariants: every act names who acted, with which key and why; a release needs two acts of two people, and a recorded
contact with the customer that did not go through the session in question.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from thinktwice.records.clearance import Clearance

ResolutionKind = Literal["release", "cancel", "keep"]
ResolutionStatus = Literal["awaiting_second", "released", "cancelled", "kept"]


class _Wire(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A part of a request body."""


class IndependentContact(_Wire, frozen=True, kw_only=True):
    """How and when staff reached the customer on a way the session could not have changed, and where that is noted."""

    how: str
    at: datetime
    note_ref: str


class ResolutionRequest(_Wire, frozen=True, kw_only=True):
    """The body of ``POST /v1/decisions/{id}/resolution``; ``act_id`` makes it count once."""

    act_id: str
    resolution: ResolutionKind
    reason: str
    actor: str
    contact: IndependentContact | None = None
    mark_genuine: bool = False


class ResolutionAct(msgspec.Struct, frozen=True, kw_only=True):
    """One act as it is recorded; ``digest``, over everything in it, tells a repetition from another act.

    ``is_first``: whoever released meant to be the first of two, and ends nothing where another was that already.
    """

    decision_id: str
    act_id: str
    resolution: ResolutionKind
    reason: str
    actor: str
    key_id: str
    digest: bytes
    contact: IndependentContact | None = None
    mark_genuine: bool = False
    is_test: bool = False
    is_first: bool = False


class ResolutionResult(msgspec.Struct, frozen=True, kw_only=True):
    """What came of an act; the clearance is that of the decision right afterwards."""

    act_id: str
    decision_id: str
    status: ResolutionStatus
    clearance: Clearance


class RecordedResolution(msgspec.Struct, frozen=True, kw_only=True):
    """An act and its result, as they lie in the journal; ``seconds`` is the act that this one made effective."""

    act: ResolutionAct
    result: ResolutionResult
    seconds: str | None = None
