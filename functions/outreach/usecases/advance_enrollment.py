"""Move one enrollment as far as it can go now, and say what it waits for."""

from dataclasses import dataclass
from datetime import datetime

from outreach.domain.campaign import NotifyStep, SendStep
from outreach.domain.decision import (
    Decision,
    Finish,
    Notify,
    SendMessage,
    WaitFor,
    WaitUntil,
    next_action,
)
from outreach.domain.enrollment import Enrollment, EnrollmentId, EnrollmentStatus, LeaveReason
from outreach.domain.errors import Conflict
from outreach.domain.gate import Hold, Pass, Refuse, gate
from outreach.ports import (
    Announcer,
    Campaigns,
    Clock,
    Customers,
    Enrollments,
    Expressions,
    House,
    Ledger,
    LinkMaker,
    Mailer,
    Renderer,
)
from outreach.usecases.scene import Scene, set_scene
from outreach.usecases.send_message import send_message, settle_claim

ATTEMPTS = 5
"""How often a lost race is run again before the platform's own retry takes over."""


@dataclass(frozen=True, slots=True)
class Waits:
    """Nothing to do before this moment."""

    until: datetime


@dataclass(frozen=True, slots=True)
class Parks:
    """Nothing to do before an event or, failing that, this moment."""

    event: str
    deadline: datetime


@dataclass(frozen=True, slots=True)
class Over:
    """The enrollment has ended."""

    status: EnrollmentStatus
    reason: str | None


type Progress = Waits | Parks | Over


@dataclass(frozen=True, slots=True, kw_only=True)
class AdvanceEnrollment:
    """The use case with its ports. Calling it again, at any time, does no harm."""

    enrollments: Enrollments
    customers: Customers
    campaigns: Campaigns
    expressions: Expressions
    renderer: Renderer
    link_maker: LinkMaker
    ledger: Ledger
    mailer: Mailer
    announcer: Announcer
    house: House
    clock: Clock
    default_zone: str = "UTC"

    def __call__(self, enrollment_id: EnrollmentId, run: int | None = None) -> Progress:
        """Advance one enrollment; with `run`, only if it still is in that run.

        Raises UnknownEnrollment, UnknownCampaign, and Conflict when races were lost again and again.
        """
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._advance(enrollment_id, run)
            except Conflict:
                if attempt == ATTEMPTS:
                    raise
        raise AssertionError("unreachable: the last attempt returns or raises")

    def _advance(self, enrollment_id: EnrollmentId, run: int | None) -> Progress:
        stored = self.enrollments.get(enrollment_id)
        if run is not None and stored.run != run:
            return Over(EnrollmentStatus.LEFT, LeaveReason.RESTARTED)
        while stored.is_active:
            now = self.clock.now()
            scene = self.scene(stored, now)
            decision = next_action(scene.campaign, stored, scene.situation, now)
            match decision.action:
                case WaitUntil(moment):
                    self._save(stored, decision.enrollment)
                    return Waits(moment)
                case WaitFor(event, deadline):
                    self._save(stored, decision.enrollment)
                    return Parks(event, deadline)
                case Finish():
                    stored = self._save(stored, finished(decision, now))
                case Notify(step):
                    stored = self._notify(decision.enrollment, step, scene, now)
                case SendMessage(step):
                    stored = self._send(decision.enrollment, step, scene, now)
                    if stored.is_active and stored.hold is not None and stored.due_at is not None:
                        return Waits(stored.due_at)
        return Over(stored.status, stored.reason)

    def scene(self, enrollment: Enrollment, now: datetime) -> Scene:
        """What is known at this moment of the enrollment's customer, order and campaign."""
        trigger = enrollment.trigger
        order_id = trigger.order_id
        return set_scene(
            self.campaigns.pinned(enrollment.id.campaign, enrollment.bundle),
            enrollment.id,
            trigger,
            self.customers.customer(enrollment.id.customer_id),
            None if order_id is None else self.customers.order(enrollment.id.customer_id, order_id),
            expressions=self.expressions,
            link_maker=self.link_maker,
            default_zone=self.default_zone,
            now=now,
        )

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
        return self.enrollments.save(enrollment.at_step(scene.campaign.after(step.label), now))

    def _send(self, enrollment: Enrollment, step: SendStep, scene: Scene, now: datetime) -> Enrollment:
        settled = settle_claim(enrollment, step, scene.campaign, now)
        if settled is not None:
            return self.enrollments.save(settled)
        verdict = gate(scene.campaign, step, enrollment, scene.customer, self.house.rules(), scene.zone, now)
        match verdict:
            case Refuse(reason):
                skipped = enrollment.skipping(step.label, reason, now)
                return self.enrollments.save(self._move_on(skipped, step, scene, now))
            case Hold(until, reason):
                return self.enrollments.save(enrollment.held(reason, until))
            case Pass():
                return send_message(
                    enrollment,
                    step,
                    scene,
                    move_on=lambda sent: self._move_on(sent, step, scene, now),
                    renderer=self.renderer,
                    ledger=self.ledger,
                    mailer=self.mailer,
                    caps=self.house.rules().caps,
                    now=now,
                )

    @staticmethod
    def _move_on(enrollment: Enrollment, step: SendStep, scene: Scene, now: datetime) -> Enrollment:
        """Past this step and, in the same write, on to whatever wait or end comes next."""
        moved = enrollment.at_step(scene.campaign.after(step.label), now)
        decision = next_action(scene.campaign, moved, scene.situation, now)
        match decision.action:
            case WaitUntil() | WaitFor():
                return decision.enrollment
            case Finish():
                return finished(decision, now)
            case SendMessage() | Notify():
                return moved


def finished(decision: Decision, now: datetime) -> Enrollment:
    """The enrollment after a Finish: completed, or out of time."""
    if isinstance(decision.action, Finish) and decision.action.expired:
        return decision.enrollment.ended(EnrollmentStatus.LEFT, LeaveReason.EXPIRED, now)
    return decision.enrollment.ended(EnrollmentStatus.FINISHED, "completed", now)
