"""What a restore of the table learns again from SES's reports: which messages were sent since."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from outreach.domain.feedback.health import Slot, slot_start
from outreach.domain.feedback.report import Report, ReportSource, proven
from outreach.domain.intake.customer import Customer
from outreach.domain.journeys.campaign import Campaign, SendStep, WaitStep
from outreach.domain.journeys.enrollment import Enrollment, EnrollmentStatus, LeaveReason
from outreach.domain.sending.send import Send, SendStatus
from outreach.domain.sending.send_reason import SendReason
from outreach.domain.sending.unresolved_claim import (
    ClaimVerdict,
    as_unknown,
    decide_by_class,
    released,
)


def reported_send(report: Report, campaign: Campaign, step: str) -> Send | None:
    """The send that a report proves; None when it proves none."""
    proof = proven(report.feedback)
    if proof is None:
        return None
    return Send(
        _message_of(campaign, step),
        proof.status,
        report.sent_at,
        message_id=report.message_id,
        reason=proof.reason,
    )


def with_reported_send(
    enrollment: Enrollment, campaign: Campaign, step: str, send: Send, customer: Customer, now: datetime
) -> Enrollment:
    """The run with a message that was sent although its row does not say so.

    The run had entered that step, so it stands behind it at least; steps lead forward only. If the customer
    has reached the campaign's goal since, that ended the run: the event was taken in while no message was
    known.
    """
    known = enrollment.with_send(step, send)
    if known.is_active and not _is_before(campaign, step, known.step):
        known = known.enter_step(campaign.after(step), send.at)
        known = replace(known, due_at=now if known.swept else None)
    goal = campaign.goal
    reached_at = None if goal is None else customer.seen.get(goal.event)
    if goal is None or reached_at is None or known.goal_at is not None:
        return known
    if not send.at < reached_at <= send.at + goal.within:
        return known
    known = replace(known, goal_at=reached_at)
    return known.ended(EnrollmentStatus.LEFT, LeaveReason.GOAL, now) if known.is_active else known


def without_unresolved_sends(enrollment: Enrollment, campaign: Campaign, now: datetime) -> Enrollment:
    """The run after every report has been read: its unresolved claims are decided by their class.

    A marketing message is recorded as unknown, a transactional one is tried once more, as in silence.
    """
    known = enrollment
    for step, send in enrollment.sends.items():
        if send.status is not SendStatus.CLAIMED:
            continue
        finding = decide_by_class(send, is_marketing=campaign.is_marketing)
        decided = as_unknown(send, now) if finding is ClaimVerdict.GIVE_UP else released(send, finding)
        known = known.with_send(step, decided)
    return known


def sent_unreported(
    enrollment: Enrollment, campaign: Campaign, unreported: Collection[datetime]
) -> str | None:
    """The step whose marketing message may have been sent in a time without archived reports, or None.

    `unreported` are the starts of those five minutes. A message that was due then was sent then, if at all.
    """
    if not enrollment.is_active or not campaign.is_marketing:
        return None
    step = enrollment.step
    labels = [each.label for each in campaign.steps]
    if step in labels and isinstance(campaign.step(step), WaitStep):
        step = campaign.after(step)
    if step not in labels or not isinstance(campaign.step(step), SendStep) or step in enrollment.sends:
        return None
    due_at = enrollment.due_at or enrollment.entered_at
    return step if slot_start(due_at) in unreported else None


def recorded_as_unknown(enrollment: Enrollment, campaign: Campaign, step: str, now: datetime) -> Enrollment:
    """The run with that message recorded as unknown, so that it is not sent again."""
    send = Send(
        _message_of(campaign, step), SendStatus.UNKNOWN, now, attempts=1, reason=SendReason.UNRESOLVED
    )
    return enrollment.with_send(step, send)


def unreported_slots(slots: Collection[Slot], first: datetime, last: datetime) -> frozenset[datetime]:
    """Five minutes in which SNS delivered reports, and EventBridge, whose reports are archived, none."""
    of_sns = {start for source, start in slots if source is ReportSource.SNS}
    archived = {start for source, start in slots if source is ReportSource.EVENTBRIDGE}
    return frozenset(start for start in of_sns - archived if first <= start <= last)


def _message_of(campaign: Campaign, step: str) -> str:
    """The message of a step; of a step that this version does not have, its label."""
    sends = (each for each in campaign.steps if isinstance(each, SendStep))
    return next((each.message for each in sends if each.label == step), step)


def _is_before(campaign: Campaign, step: str, other: str) -> bool:
    """Whether `step` lies before `other`; a label that the campaign does not have is its end."""
    labels = [each.label for each in campaign.steps]
    return step not in labels or other not in labels or labels.index(step) < labels.index(other)
