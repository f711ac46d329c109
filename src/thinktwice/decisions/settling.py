"""What happens to a decided withdrawal afterwards: clearance asked, time passed, staff acted.

Invariants: a first clearance is recorded before it is given; every act of staff is recorded with its result, and the
same act again gets the same result.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import msgspec

from thinktwice.decisions.asks import Clear, Recheck, Resolve
from thinktwice.decisions.resolving import proposed_by, resolve
from thinktwice.decisions.telling import Telling
from thinktwice.decisions.working_set import spaced
from thinktwice.errors import ConflictError, NotFoundError
from thinktwice.journal.seam import NewRecord, RecordKind
from thinktwice.records.clearance import Clearance
from thinktwice.records.decision import Decision
from thinktwice.records.resolution import RecordedResolution, ResolutionResult
from thinktwice.signals.state import micros

_encoder: Final = msgspec.json.Encoder(decimal_format="string")
_recorded: Final = msgspec.json.Decoder(RecordedResolution)


@dataclass(frozen=True, slots=True)
class Settling:
    """Answers the asks that come after a decision."""

    telling: Telling

    def answer(self, ask: Clear | Recheck | Resolve) -> Clearance | ResolutionResult:
        """Answer one ask."""
        match ask:
            case Clear():
                return self.clear(ask)
            case Recheck():
                return self.recheck(ask)
            case Resolve():
                return self.resolve(ask)

    def clear(self, ask: Clear) -> Clearance:
        """Say whether a withdrawal may execute now.

        Raises:
            NotFoundError: no such decision in this mode.
        """
        decision = self._decision(ask.decision_id, is_test=ask.is_test)
        clearance = self.telling.clearance_of(decision)
        working, now = self.telling.working, self.telling.now
        past = working.customer(decision.customer_ref).withdrawal(decision.withdrawal_id)
        if clearance.is_cleared and past is not None and not past.cleared_at:
            past.cleared_at = micros(now)
            working.customer_changed(decision.customer_ref)
            body = _encoder.encode(clearance)
            working.add_record(self._record("clearance", decision.decision_id, decision, body))
        self.telling.changed(decision)
        return clearance

    def recheck(self, ask: Recheck) -> Clearance:
        """Tell the clearance of a decision when it has changed by itself.

        Raises:
            NotFoundError: no such decision.
        """
        decision = self._decision(ask.decision_id, is_test=None)
        self.telling.changed(decision)
        return self.telling.clearance_of(decision)

    def resolve(self, ask: Resolve) -> ResolutionResult:
        """Apply and record one act of staff.

        Raises:
            NotFoundError: no such decision in this mode.
            ConflictError: the act's id came before with another act.
            InputError: a release without a recorded contact.
            SecondPersonError: a release by one person.
            StateError: there is nothing to resolve.
        """
        act, working, now = ask.act, self.telling.working, self.telling.now
        decision = self._decision(act.decision_id, is_test=act.is_test)
        record_id = spaced(act.act_id, is_test=act.is_test)
        earlier = working.resolution(record_id)
        if earlier is not None:
            digest, body = earlier
            if digest != act.digest:
                raise ConflictError("this act_id came before with another act")
            return _recorded.decode(body).result
        state = working.customer(decision.customer_ref)
        first = proposed_by(decision, state, now)
        status = resolve(act, decision, state, now)
        working.customer_changed(decision.customer_ref)
        result = ResolutionResult(
            act_id=act.act_id,
            decision_id=decision.decision_id,
            status=status,
            clearance=self.telling.clearance_of(decision),
        )
        recorded = RecordedResolution(act=act, result=result, seconds=first if status == "released" else None)
        working.add_resolution(
            self._record("resolution", record_id, decision, _encoder.encode(recorded), digest=act.digest, event=status)
        )
        self.telling.changed(decision)
        if status == "released":
            self.telling.destination_changed(decision)
        return result

    def _decision(self, decision_id: str, *, is_test: bool | None) -> Decision:
        decision = self.telling.working.decision_by_id(decision_id)
        if decision is None or (is_test is not None and decision.is_test != is_test):
            raise NotFoundError("no decision has this id")
        return decision

    def _record(
        self,
        kind: RecordKind,
        record_id: str,
        decision: Decision,
        body: bytes,
        *,
        digest: bytes | None = None,
        event: str | None = None,
    ) -> NewRecord:
        return NewRecord(
            kind=kind,
            record_id=record_id,
            recorded_at=self.telling.now,
            body=body,
            withdrawal_id=spaced(decision.withdrawal_id, is_test=decision.is_test),
            attempt=decision.attempt,
            customer_ref=decision.customer_ref,
            destination_key=decision.destination_key,
            event_type=event,
            digest=digest,
            is_test=decision.is_test,
        )
