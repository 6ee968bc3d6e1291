"""How intake applies suppression: the status of an address holds for every customer who has it."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from outreach.domain.errors import UnknownCampaignError
from outreach.domain.feedback.suppression import KnownAddress, SuppressionApplied
from outreach.domain.intake.customer import Consent, Customer, SuppressionReason
from outreach.domain.intake.event import (
    ADDRESS_NEWS,
    COMPLAINED,
    SUPPRESSED,
    UNSUPPRESSED,
    CustomerMention,
    Event,
)
from outreach.domain.intake.event_effects import Intake, Outcome
from outreach.domain.intake.mailbox import Mailbox, under_opt_out
from outreach.domain.journeys.campaign import Campaign
from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId, EnrollmentStatus, LeaveReason


def suppression_event(known: KnownAddress, customer_id: str, now: datetime) -> Event:
    """The event for a customer's enrollments about their address; a repeat has the same id.

    A complaint also withdraws the consent to marketing mail, as of when it was made.
    """
    name, consent = UNSUPPRESSED, None
    suppression = known.status.suppression
    if suppression is not None:
        name = SUPPRESSED
        if suppression.reason is SuppressionReason.COMPLAINT:
            name, consent = COMPLAINED, Consent(False, suppression.at, "complaint")
    return Event(
        id=f"{name}-{known.id[:16]}-{known.changes}",
        name=name,
        occurred_at=now,
        customer=CustomerMention(customer_id, consent=consent),
    )


def asks_for_address(
    event: Event, before: Customer, intake: Intake, campaign_of: Callable[[Enrollment], Campaign]
) -> bool:
    """Whether the address must be looked up.

    It changed, or the event is about its status, or it is not noted yet whether other customers have it (a
    row from before that was noted), or it is shared and the customer enters a marketing campaign.
    """
    if intake.outcome is not Outcome.TAKEN:
        return False
    email = intake.customer.profile.email
    if event.name in ADDRESS_NEWS or email != before.profile.email:
        return True
    if email is None:
        return False
    return before.address_id is None or (
        before.shares_address and enters_marketing(event, intake, campaign_of)
    )


def enters_marketing(event: Event, intake: Intake, campaign_of: Callable[[Enrollment], Campaign]) -> bool:
    """Whether the event begins a run of a marketing campaign."""
    began = (each for each in intake.changed if each.trigger.event_id == event.id and each.is_active)
    return any(_is_marketing(each, campaign_of) for each in began)


def apply_suppression(
    intake: Intake,
    event: Event,
    before: Customer,
    enrollments: Iterable[Enrollment],
    campaign_of: Callable[[Enrollment], Campaign],
    *,
    left: str | None,
    mailbox: Mailbox | None,
    now: datetime,
) -> Intake:
    """The customer, suppressed and opted out as their address is; either ends marketing that waits.

    `left` is the id of the address the customer had before, `mailbox` what is known of the one they have now;
    without one, as after an erasure, the suppression stays.
    """
    if mailbox is None:
        customer = replace(intake.customer, address_id=None, shares_address=False)
        return replace(intake, customer=customer, suppression_applied=SuppressionApplied(left))
    address = mailbox.address
    customer = replace(
        under_opt_out(intake.customer, address),
        suppression=address.status.reason,
        address_id=address.id,
        shares_address=bool(mailbox.others),
    )
    suppression_applied = SuppressionApplied(
        None if left == address.id else left,
        address.id,
        address.version,
        joins=event.name not in ADDRESS_NEWS,
        to_note=tuple(each for each in mailbox.others if not _is_noted(each, address)),
    )
    reason = None
    if event.name in ADDRESS_NEWS and customer.suppression is not None:
        reason = LeaveReason.SUPPRESSED
    elif before.wants_marketing and not customer.wants_marketing:
        reason = LeaveReason.UNSUBSCRIBED
    changed = intake.changed
    if reason is not None:
        newest = {each.id: each for each in (*enrollments, *changed)}
        ending = [
            each for each in newest.values() if reason is LeaveReason.SUPPRESSED or not _is_new(each, event)
        ]
        moved = {each.id: each for each in changed} | _ended(ending, campaign_of, reason, event, now)
        changed = tuple(moved.values())
    return replace(intake, customer=customer, changed=changed, suppression_applied=suppression_applied)


def _is_noted(other: Customer, address: KnownAddress) -> bool:
    return other.shares_address and other.address_id == address.id


def _is_new(enrollment: Enrollment, event: Event) -> bool:
    """Enrolled by this very event: such an enrollment stays, even without consent."""
    return enrollment.trigger.event_id == event.id


def _ended(
    enrollments: Iterable[Enrollment],
    campaign_of: Callable[[Enrollment], Campaign],
    reason: LeaveReason,
    event: Event,
    now: datetime,
) -> dict[EnrollmentId, Enrollment]:
    ended = {}
    for enrollment in enrollments:
        if enrollment.is_active and _is_marketing(enrollment, campaign_of):
            ended[enrollment.id] = enrollment.ended(EnrollmentStatus.LEFT, reason, now, by=event.id)
    return ended


def _is_marketing(enrollment: Enrollment, campaign_of: Callable[[Enrollment], Campaign]) -> bool:
    try:
        return campaign_of(enrollment).is_marketing
    except UnknownCampaignError:
        return False  # no execution or sweep runs it any more
