"""The decision service: takes a batch of asks, answers each, and makes all of it durable in one commit.

Invariants: nothing is answered before the commit (rule 1); the same key with the same body gives the same decision,
with another body a conflict (rule 2); items are handled in order, and one bad item never fails its batch; recorded
times never go back.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import msgspec

from thinktwice.decisions.asks import Ask, Clear, Decide, Note, NoteAlert, Recheck, Resolve
from thinktwice.decisions.choosing import remember_choice, remember_replaced, replaced_by
from thinktwice.decisions.claims import weigh
from thinktwice.decisions.clock import utc_now
from thinktwice.decisions.events import apply_event, report
from thinktwice.decisions.exposure import with_exposure
from thinktwice.decisions.limiter import Limiter, is_counted
from thinktwice.decisions.live import LiveCampaigns
from thinktwice.decisions.screening import LocaleChoice, Screening
from thinktwice.decisions.settling import Settling
from thinktwice.decisions.telling import Telling
from thinktwice.decisions.working_set import WorkingSet, alert_event_id, decision_encoder, spaced
from thinktwice.errors import ConflictError, NotFoundError, ThinkTwiceError, UnavailableError
from thinktwice.journal.seam import Journal, NewRecord
from thinktwice.keyring.keys import Keyring
from thinktwice.records.clearance import Clearance, EventResult
from thinktwice.records.decision import Decision
from thinktwice.records.installation import Installation
from thinktwice.records.resolution import ResolutionResult
from thinktwice.records.withdrawal import Withdrawal
from thinktwice.signals.memory import remember_decision, remember_visit
from thinktwice.signals.state import CustomerState, PastWithdrawal, micros
from thinktwice.watchlist.snapshot import Snapshot

Answer = Decision | Clearance | EventResult | ResolutionResult | ThinkTwiceError

_log: Final = logging.getLogger(__name__)
_encoder: Final = msgspec.json.Encoder(decimal_format="string")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Where a batch takes campaigns, their languages, and its watchlist from; asked once per batch."""

    campaigns: Callable[[], LiveCampaigns]
    snapshot: Callable[[], Snapshot]
    choose_locale: LocaleChoice


class _Defect(Exception):  # noqa: N818  (it never leaves this module; its cause is the error)
    """A turn met what nobody foresaw; the batch it was in is rolled back."""


class DecisionService:
    """Answers batches; used by one thread at a time (one deciding process, DESIGN section 7)."""

    def __init__(
        self,
        journal: Journal,
        sources: Sources,
        keyring: Keyring,
        installation: Installation,
        clock: Callable[[], datetime] = utc_now,
        *,
        is_telling: bool = False,
        limiter: Limiter | None = None,
    ) -> None:
        """Put together; with ``is_telling`` changes go into the outbox, which somebody must empty then.

        ``limiter`` stops campaigns that interrupt more than was promised; a history is decided without one, because
        what it would count is what the promise is made from (ADR 21).
        """
        self._journal = journal
        self._sources = sources
        self._keyring = keyring
        self._installation = installation
        self._clock = clock
        self._is_telling = is_telling
        self._limiter = limiter

    def handle(self, asks: Sequence[Ask]) -> list[Answer]:
        """Answer every ask, in order, once all of them are durable.

        Raises:
            UnavailableError: the batch could not be made durable; nothing of it happened.
        """
        if self._limiter is not None:
            self._limiter.begin()
        try:
            return self._commit(asks)
        except _Defect as defect:
            self._take_back()
            # What the failed turn left in memory must not be written with its neighbours' answers: each goes alone.
            if len(asks) > 1:
                return [answer for ask in asks for answer in self.handle([ask])]
            _log.error("an ask of kind %s could not be handled", type(asks[0]).__name__, exc_info=defect.__cause__)
            return [UnavailableError("this request met a defect and was not recorded")]
        except BaseException:
            self._take_back()
            raise

    def _take_back(self) -> None:
        """Count nothing that was not recorded."""
        if self._limiter is not None:
            self._limiter.take_back()

    def _commit(self, asks: Sequence[Ask]) -> list[Answer]:
        with self._journal.batch() as batch:
            working = WorkingSet(batch, asks)
            sources = self._sources
            screening = Screening(
                self._installation,
                self._keyring,
                sources.campaigns(),
                sources.snapshot(),
                sources.choose_locale,
                self._limiter.limited if self._limiter else tuple,
            )
            last = batch.last_recorded_at()
            answers: list[Answer] = []
            for ask in asks:
                now = ask.at or self._clock()
                now = now if last is None else max(now, last)
                last = now
                telling = Telling(working, screening, now, self._is_telling)
                answers.append(_Turn(working, screening, now, telling, self._limiter).answer(ask))
            working.write()
        return answers


@dataclass(frozen=True, slots=True)
class _Turn:
    """One ask's turn in its batch."""

    working: WorkingSet
    screening: Screening
    now: datetime
    telling: Telling
    limiter: Limiter | None = None

    def answer(self, ask: Ask) -> Answer:
        try:
            match ask:
                case Decide():
                    return self._decide(ask)
                case Note():
                    return self._note(ask)
                case NoteAlert():
                    return self._note_alert(ask)
                case Clear() | Recheck() | Resolve():
                    return Settling(self.telling).answer(ask)
        except ThinkTwiceError as error:
            return error
        except Exception as error:  # one item's defect must not take the others of its batch with it
            raise _Defect from error

    def _decide(self, ask: Decide) -> Decision:
        withdrawal, working = ask.withdrawal, self.working
        earlier = working.decision(withdrawal.withdrawal_id, withdrawal.attempt, is_test=withdrawal.is_test)
        if earlier is not None:
            if earlier.digest != withdrawal.digest:
                raise ConflictError("this withdrawal_id and attempt came before with another body; count attempt up")
            return earlier
        customer = working.customer(withdrawal.customer_ref)
        across = working.destination(withdrawal.destination.match_key, is_test=withdrawal.is_test)
        decision, findings = self.screening.screen(withdrawal, customer, across, self.now)
        body = decision_encoder.encode(decision)
        replaced, names = self._replaced_by(withdrawal, customer), replaced_by(customer, withdrawal)
        remember_decision(customer, withdrawal, decision, is_lookalike=findings.imitated is not None)
        remember_replaced(customer, withdrawal, names)
        working.customer_changed(withdrawal.customer_ref)
        if findings.listing is None or "service" not in findings.listing.kinds:
            is_trigger = decision.explanation.is_trigger
            remember_visit(across, withdrawal.customer_ref, micros(self.now), is_trigger=is_trigger)
            working.destination_changed(withdrawal.destination.match_key, is_test=withdrawal.is_test)
        working.add_decision(decision, self._record_of(decision, body))
        self.telling.started(decision, replaced)
        if self.limiter is not None and is_counted(decision.explanation, is_test=decision.is_test):
            self._count(decision.explanation.campaign, self.limiter)
        return decision

    def _count(self, campaign: str | None, limiter: Limiter) -> None:
        """Count one interruption against what its campaign promised, and tell the operator when it was too many."""
        policy = self.screening.campaigns.bounded.get(campaign or "")
        limit = limiter.count(policy, self.now) if policy is not None else None
        if limit is not None:
            _log.warning(
                "campaign %s interrupts more than was promised; it drops to %s", limit.campaign, limit.drops_to
            )
            self.telling.limited(limit)

    def _replaced_by(self, withdrawal: Withdrawal, customer: CustomerState) -> tuple[PastWithdrawal, ...]:
        """Return the attempts that this one takes the place of, as they are known before."""
        names = (withdrawal.withdrawal_id, withdrawal.replaces) if self.telling.is_on else ()
        found = [customer.withdrawal(name) for name in names if name is not None]
        return tuple(past for past in found if past is not None)

    def _record_of(self, decision: Decision, body: bytes) -> NewRecord:
        return NewRecord(
            kind="decision",
            record_id=decision.decision_id,
            recorded_at=self.now,
            body=body,
            withdrawal_id=spaced(decision.withdrawal_id, is_test=decision.is_test),
            attempt=decision.attempt,
            customer_ref=decision.customer_ref,
            destination_key=decision.destination_key,
            alert_id=decision.alert.alert_id if decision.alert else None,
            digest=decision.digest,
            action=decision.action,
            campaign=decision.explanation.campaign,
            arm=decision.explanation.arm,
            is_test=decision.is_test,
        )

    def _note(self, ask: Note) -> EventResult:
        event, working = ask.event, self.working
        record_id = spaced(event.event_id, is_test=event.is_test)
        known = working.event_digest(record_id)
        if known is not None:
            return EventResult(event_id=event.event_id, status="duplicate" if known == event.digest else "conflict")
        is_known = apply_event(event, working, self.screening.installation, micros(self.now))
        decision = None
        if event.withdrawal_id is not None and event.attempt is not None:
            decision = working.decision(event.withdrawal_id, event.attempt, is_test=event.is_test)
        working.add_event(
            NewRecord(
                kind="event",
                record_id=record_id,
                recorded_at=self.now,
                body=_encoder.encode(event),
                withdrawal_id=None
                if event.withdrawal_id is None
                else spaced(event.withdrawal_id, is_test=event.is_test),
                attempt=event.attempt,
                customer_ref=decision.customer_ref if decision else event.customer_ref,
                destination_key=decision.destination_key if decision else None,
                event_type=event.type,
                digest=event.digest,
                is_test=event.is_test,
            )
        )
        if decision is not None:
            self.telling.changed(decision)
        return EventResult(event_id=event.event_id, status="recorded" if is_known else "unknown_withdrawal")

    def _note_alert(self, ask: NoteAlert) -> EventResult:
        event, working = ask.event, self.working
        record_id = alert_event_id(ask)
        digest = hashlib.sha256(_encoder.encode(event)).digest()
        known = working.event_digest(record_id)
        if known is not None:
            return EventResult(event_id=event.event_id, status="duplicate" if known == digest else "conflict")
        decision = working.decision(ask.withdrawal_id, ask.attempt, is_test=ask.is_test)
        if decision is None:
            raise NotFoundError("no such alert")
        state = working.customer(decision.customer_ref)
        kept = weigh(event, decision, state, self.screening.campaigns.policies, self.now)
        body = _encoder.encode(with_exposure(kept, ask.delivered_at, self.now, ask.badge, ask.screen))
        if kept is not event:
            working.customer_changed(decision.customer_ref)
        if remember_choice(state, decision, event.type, micros(self.now)):
            working.customer_changed(decision.customer_ref)
        if event.type == "reported":
            report(decision, working, micros(self.now))
        working.add_event(
            NewRecord(
                kind="alert_event",
                record_id=record_id,
                recorded_at=self.now,
                body=body,
                withdrawal_id=spaced(decision.withdrawal_id, is_test=decision.is_test),
                attempt=decision.attempt,
                customer_ref=decision.customer_ref,
                destination_key=decision.destination_key,
                alert_id=ask.alert_id,
                event_type=event.type,
                digest=digest,
                campaign=decision.explanation.campaign,
                arm=decision.explanation.arm,
                is_test=decision.is_test,
            )
        )
        if kept is event:
            self.telling.changed(decision)
        else:  # answers raised the rung: a hold stands now for every withdrawal to this destination
            self.telling.destination_changed(decision)
        return EventResult(event_id=event.event_id, status="recorded")
