"""Move one enrollment as far as it can go now, and say what it waits for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from outreach.domain.decision import Decision, Finish, Notify, SendMessage, WaitFor, WaitUntil, next_action
from outreach.domain.enrollment import (
    Enrollment,
    EnrollmentId,
    EnrollmentStatus,
    HoldReason,
    LeaveReason,
)
from outreach.domain.errors import Conflict
from outreach.domain.gate import Hold, Pass, Refuse, gate
from outreach.domain.mailbox import Mailbox, as_in
from outreach.domain.progress import Look, Over, Parks, Progress, Waits
from outreach.usecases.attempts import ATTEMPTS, attempts
from outreach.usecases.move_on import finished, move_on
from outreach.usecases.read_mailbox import read_mailbox
from outreach.usecases.refusal import free_place_of
from outreach.usecases.send_message import send_message, without_own_claim
from outreach.usecases.settle_claim import SettleClaim, earlier_doubt
from outreach.usecases.take_turn import PATIENCE

if TYPE_CHECKING:
    from outreach.domain.campaign import NotifyStep, SendStep
    from outreach.feedback_ports import Addresses
    from outreach.ports import Announcer, Clock, Enrollments, House, Ledger, Mailer, Pacer, Renderer
    from outreach.usecases.scene import Scene, Stage

RESTORE_RECHECK = timedelta(minutes=10)
"""How often an enrollment looks whether the restore of the table is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvanceEnrollment:
    """The use case with its ports. Calling it again, at any time, does no harm."""

    stage: Stage
    settle: SettleClaim
    enrollments: Enrollments
    addresses: Addresses
    renderer: Renderer
    pacer: Pacer
    ledger: Ledger
    mailer: Mailer
    announcer: Announcer
    house: House
    clock: Clock
    patience: timedelta = PATIENCE
    """How long a send may sleep for its turn; a longer wait is held."""

    def __call__(self, enrollment_id: EnrollmentId, run: int | None = None) -> Look:
        """Advance one enrollment, with `run` only if it still is in that run; say how it was found and left.

        While the table is being restored, nothing advances. Raises UnknownEnrollment, UnknownCampaign, and
        Conflict when races were lost again and again.
        """
        if self.house.rules().is_restoring:
            stored = self.enrollments.get(enrollment_id)
            return Look(stored, stored, Waits(self.clock.now() + RESTORE_RECHECK))
        found = None
        for attempt in attempts(self.clock, enrollment_id.customer_id):
            stored = self.enrollments.get(enrollment_id)
            found = found or stored
            try:
                return Look(found, *self._advance(stored, run))
            except Conflict:
                if attempt == ATTEMPTS:
                    raise
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _advance(self, stored: Enrollment, run: int | None) -> tuple[Enrollment, Progress]:
        if run is not None and stored.run != run:
            return stored, Over(EnrollmentStatus.LEFT, LeaveReason.RESTARTED)
        while stored.is_active:
            now = self.clock.now()
            scene = self.stage.scene_of(stored, now)
            going_on = partial(move_on, scene=scene, now=now)
            settled = self.settle(stored, scene.campaign, going_on, now)
            if settled is not None:
                ended = settled.sends[stored.step]
                stored = self._save(stored, settled)
                is_marketing = scene.campaign.is_marketing
                free_place_of(stored.id.customer_id, ended, is_marketing=is_marketing, ledger=self.ledger)
                if stored.hold is not None and stored.due_at is not None:
                    return stored, Waits(stored.due_at)
                continue
            decision = next_action(scene.campaign, stored, scene.situation, now)
            again = earlier_doubt(stored, now)
            if again is not None and _cannot_be_undone(stored, decision):
                return self.enrollments.save(stored.held(HoldReason.IN_DOUBT, again)), Waits(again)
            match decision.action:
                case WaitUntil(moment, may_move=False):
                    return self._save(stored, decision.enrollment), Waits(moment)
                case WaitFor(deadline=until) | WaitUntil(until):
                    waiting = self._save(stored, decision.enrollment)
                    if waiting is stored or not waiting.swept:
                        return waiting, Parks(_event_of(decision.action), until)
                    # The event may have come before anybody could see this wait: look once more. (For an
                    # execution, parking it does that.)
                    stored = waiting
                case Finish():
                    stored = self._save(stored, finished(decision, now))
                case Notify(step):
                    stored = self._notify(decision.enrollment, step, scene, now)
                case SendMessage(step):
                    before, stored = stored, self._send(decision.enrollment, step, scene, now)
                    if not stored.is_active or stored.hold is None or stored.due_at is None:
                        continue
                    if stored.hold is not HoldReason.NO_ADDRESS or stored.waiting is None:
                        return stored, Waits(stored.due_at)
                    if not stored.swept:
                        return stored, Parks(stored.waiting.event, stored.due_at)
                    if before.hold is HoldReason.NO_ADDRESS:
                        return stored, Waits(stored.due_at)
                    # The address may have come before anybody could see this hold: look once more, too.
        return stored, Over(stored.status, stored.reason)

    def _save(self, stored: Enrollment, moved: Enrollment) -> Enrollment:
        return stored if moved == stored else self.enrollments.save(moved)

    def _notify(self, enrollment: Enrollment, step: NotifyStep, scene: Scene, now: datetime) -> Enrollment:
        """Announce, then move on: a crash between the two announces again, under the same id."""
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
        return self.enrollments.save(move_on(enrollment, scene, now))

    def _send(self, enrollment: Enrollment, step: SendStep, scene: Scene, now: datetime) -> Enrollment:
        rules = self.house.rules()
        scene = without_own_claim(scene, enrollment.sends.get(step.label))
        mailbox = self._shared_mailbox(scene)
        customer = scene.customer if mailbox is None else as_in(mailbox, scene.customer)
        verdict = gate(scene.campaign, step, enrollment, customer, rules, scene.zone, now)
        match verdict:
            case Refuse(reason):
                skipped = enrollment.skipping(step.label, reason, now)
                return self.enrollments.save(move_on(skipped, scene, now))
            case Hold(until, HoldReason.NO_ADDRESS):
                held = enrollment.held_for_address(until)
                return held if held == enrollment else self.enrollments.save(held)
            case Hold(until, reason):
                return self.enrollments.save(enrollment.held(reason, until))
            case Pass():
                return send_message(
                    enrollment,
                    step,
                    scene,
                    move_on=partial(move_on, scene=scene, now=now),
                    renderer=self.renderer,
                    pacer=self.pacer,
                    clock=self.clock,
                    enrollments=self.enrollments,
                    ledger=self.ledger,
                    mailer=self.mailer,
                    house=self.house,
                    caps=rules.caps,
                    patience=self.patience,
                    now=now,
                    address=None if mailbox is None else mailbox.address,
                )

    def _shared_mailbox(self, scene: Scene) -> Mailbox | None:
        """Only marketing to an address that customers share looks at it."""
        customer = scene.customer
        if not scene.campaign.is_marketing or not customer.shares_address or customer.address_id is None:
            return None
        return read_mailbox(
            customer.address_id, customer.id, addresses=self.addresses, customers=self.stage.customers
        )


def _event_of(action: WaitFor | WaitUntil) -> str | None:
    return action.event if isinstance(action, WaitFor) else None


def _cannot_be_undone(stored: Enrollment, decision: Decision) -> bool:
    """Whether it must not go on while an earlier message is in doubt, which may have to go first.

    What was sent or announced stays so, and an event that a wait used up would be missing when the
    enrollment comes to that wait again.
    """
    is_for_others = isinstance(decision.action, SendMessage | Notify)
    return is_for_others or decision.enrollment.consumed != stored.consumed
