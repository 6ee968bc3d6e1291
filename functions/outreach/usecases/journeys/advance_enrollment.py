"""Advance one enrollment as far as it can go now, and return what it waits for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from outreach.domain.intake.mailbox import as_in
from outreach.domain.journeys.enrollment import (
    Enrollment,
    EnrollmentId,
    EnrollmentStatus,
    HoldReason,
    LeaveReason,
)
from outreach.domain.journeys.next_action import (
    Decision,
    Finish,
    Notify,
    SendMessage,
    WaitFor,
    WaitUntil,
    cannot_be_undone,
    next_action,
)
from outreach.domain.journeys.progress import Look, Over, Parks, Progress, Waits
from outreach.domain.sending.gate import Hold, Pass, Refuse, gate
from outreach.usecases.attempts import retry_on_conflict
from outreach.usecases.intake.read_mailbox import read_shared_mailbox
from outreach.usecases.journeys.advance import advance_past_step, event_of, finished
from outreach.usecases.sending.acquire_permit import PATIENCE
from outreach.usecases.sending.refusal import free_place_of
from outreach.usecases.sending.resolve_claim import ResolveClaim, earlier_unresolved
from outreach.usecases.sending.send_message import send_message, without_own_claim

if TYPE_CHECKING:
    from outreach.domain.journeys.campaign import NotifyStep, SendStep
    from outreach.ports.clock import Clock
    from outreach.ports.feedback import Addresses
    from outreach.ports.intake import Announcer
    from outreach.ports.journeys import Enrollments
    from outreach.ports.sending import Ledger, Mailer, RateLimiter, Renderer, SendingStateStore
    from outreach.ports.sweeps import EnrollmentSnapshot, SnapshotReader
    from outreach.usecases.journeys.context import ContextLoader, EnrollmentContext

RESTORE_RECHECK = timedelta(minutes=10)
"""How often an enrollment looks whether the restore of the table is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvanceEnrollment:
    """The use case with its ports. Calling it again, at any time, does no harm."""

    contexts: ContextLoader
    snapshots: SnapshotReader
    resolve: ResolveClaim
    enrollments: Enrollments
    addresses: Addresses
    renderer: Renderer
    rate_limiter: RateLimiter
    ledger: Ledger
    mailer: Mailer
    announcer: Announcer
    state_store: SendingStateStore
    clock: Clock
    patience: timedelta = PATIENCE
    """How long a send may sleep for its permit; for a longer wait it is held."""

    def __call__(
        self,
        enrollment_id: EnrollmentId,
        run: int | None = None,
        *,
        order_id: str | None = None,
        properties_apart: bool = False,
    ) -> Look:
        """Advance one enrollment, with `run` only in that run; return its rows before and after.

        `order_id` is the order that began the run, and `properties_apart` says that its trigger's properties
        lie apart, if the caller knows it: that saves a request. While the
        table is being restored, nothing advances. Raises UnknownEnrollmentError, UnknownCampaignError, and
        ConflictError when it lost races again and again.
        """
        if self.state_store.rules().is_restoring:
            stored = self.enrollments.get(enrollment_id)
            return Look(stored, stored, Waits(self.clock.now() + RESTORE_RECHECK))
        found: list[Enrollment] = []

        def look() -> Look:
            snapshot = self.snapshots.read(
                enrollment_id, order_id=order_id, properties_of=run if properties_apart else None
            )
            found.append(snapshot.enrollment)
            return Look(found[0], *self._advance(snapshot, run))

        return retry_on_conflict(look, clock=self.clock, whose=enrollment_id.customer_id)

    def _advance(self, read: EnrollmentSnapshot, run: int | None) -> tuple[Enrollment, Progress]:
        stored, snapshot = read.enrollment, read
        if run is not None and stored.run != run:
            return stored, Over(EnrollmentStatus.LEFT, LeaveReason.RESTARTED)
        while stored.is_active:
            now = self.clock.now()
            if snapshot.enrollment is not stored:  # after a write, others' writes since the first read count
                snapshot = self.contexts.snapshot_of(stored)
            context = self.contexts.context_of_snapshot(snapshot, now)
            resolved = self._resolved(stored, context, now)
            if resolved is not None:
                stored = resolved
                if stored.hold is not None and stored.due_at is not None:
                    return stored, Waits(stored.due_at)
                continue
            decision = next_action(context.campaign, stored, context.situation, now)
            again = earlier_unresolved(stored, now)
            if again is not None and cannot_be_undone(stored, decision):
                return self.enrollments.save(stored.held(HoldReason.UNRESOLVED, again)), Waits(again)
            stored, progress = self._act(decision, stored, context, now)
            if progress is not None:
                return stored, progress
        return stored, Over(stored.status, stored.reason)

    def _act(
        self, decision: Decision, stored: Enrollment, context: EnrollmentContext, now: datetime
    ) -> tuple[Enrollment, Progress | None]:
        """The enrollment after the action, and what it waits for; None to decide once more."""
        match decision.action:
            case WaitUntil(instant, may_move=False):
                return self._save(stored, decision.enrollment), Waits(instant)
            case WaitFor(deadline=until) | WaitUntil(until):
                waiting = self._save(stored, decision.enrollment)
                if waiting is stored or not waiting.swept:
                    return waiting, Parks(event_of(decision.action), until)
                # The event may have arrived before this wait was stored: look once more. (For an
                # execution, parking it does that.)
                return waiting, None
            case Finish():
                return self._save(stored, finished(decision, now)), None
            case Notify(step):
                return self._notify(decision.enrollment, step, context, now), None
            case SendMessage(step):
                after = self._send(decision.enrollment, step, context, now)
                return after, self._after_send(stored, after, context)

    def _resolved(self, stored: Enrollment, context: EnrollmentContext, now: datetime) -> Enrollment | None:
        """The stored enrollment once the unresolved claim at its step has ended; None when it has none."""
        going_on = partial(advance_past_step, context=context, now=now)
        resolved = self.resolve(stored, context.campaign, going_on, now)
        if resolved is None:
            return None
        ended = resolved.sends[stored.step]
        saved = self._save(stored, resolved)
        is_marketing = context.campaign.is_marketing
        free_place_of(saved.id.customer_id, ended, is_marketing=is_marketing, ledger=self.ledger)
        return saved

    def _after_send(
        self, before: Enrollment, stored: Enrollment, context: EnrollmentContext
    ) -> Progress | None:
        """What the enrollment waits for after its step was sent, skipped or held; None to go on at once."""
        if not stored.is_active:
            return None
        if stored.hold is None or stored.due_at is None:
            return self._plain_wait(stored, context)
        if stored.hold is not HoldReason.NO_ADDRESS or stored.waiting is None:
            return Waits(stored.due_at)
        if not stored.swept:
            return Parks(stored.waiting.event, stored.due_at)
        if before.hold is HoldReason.NO_ADDRESS:
            return Waits(stored.due_at)
        return None  # the address may have arrived before this hold was stored: it looks once more

    def _plain_wait(self, stored: Enrollment, context: EnrollmentContext) -> Progress | None:
        """What the stored enrollment waits for now; None when that must be judged by newer facts.

        No fact ends a wait of a fixed length, and parking an execution looks again at what it waits for. A
        swept enrollment is not parked: the event may have arrived before its wait was stored.
        """
        now = self.clock.now()
        decision = next_action(context.campaign, stored, context.situation, now)
        if decision.enrollment != stored:
            return None
        match decision.action:
            case WaitUntil(instant, may_move=False):
                return Waits(instant)
            case WaitFor(deadline=until) | WaitUntil(until) if not stored.swept:
                return Parks(event_of(decision.action), until)
        return None

    def _save(self, stored: Enrollment, moved: Enrollment) -> Enrollment:
        return stored if moved == stored else self.enrollments.save(moved)

    def _notify(
        self, enrollment: Enrollment, step: NotifyStep, context: EnrollmentContext, now: datetime
    ) -> Enrollment:
        """Announce, then advance: a crash between the two announces again, under the same id."""
        self.announcer.announce(
            step.event,
            event_id=enrollment.send_id(step.label).encoded(),
            detail={
                "customer_id": enrollment.id.customer_id,
                "order_id": enrollment.trigger.order_id,
                "campaign": enrollment.id.campaign,
                "step": step.label,
            },
        )
        return self.enrollments.save(advance_past_step(enrollment, context, now))

    def _send(
        self, enrollment: Enrollment, step: SendStep, context: EnrollmentContext, now: datetime
    ) -> Enrollment:
        rules = self.state_store.rules()
        context = without_own_claim(context, enrollment.sends.get(step.label))
        mailbox = read_shared_mailbox(
            context.customer,
            is_marketing=context.campaign.is_marketing,
            addresses=self.addresses,
            customers=self.contexts.customers,
        )
        customer = context.customer if mailbox is None else as_in(mailbox, context.customer)
        verdict = gate(context.campaign, step, enrollment, customer, rules, context.zone, now)
        match verdict:
            case Refuse(reason):
                skipped = enrollment.skipping(step.label, reason, now)
                return self.enrollments.save(advance_past_step(skipped, context, now))
            case Hold(until, HoldReason.NO_ADDRESS):
                held = enrollment.held_for_address(until)
                return held if held == enrollment else self.enrollments.save(held)
            case Hold(until, reason):
                return self.enrollments.save(enrollment.held(reason, until))
            case Pass():
                return send_message(
                    enrollment,
                    step,
                    context,
                    advance_past_step=partial(advance_past_step, context=context, now=now),
                    renderer=self.renderer,
                    rate_limiter=self.rate_limiter,
                    clock=self.clock,
                    enrollments=self.enrollments,
                    ledger=self.ledger,
                    mailer=self.mailer,
                    state_store=self.state_store,
                    caps=rules.caps,
                    patience=self.patience,
                    now=now,
                    address=None if mailbox is None else mailbox.address,
                )
