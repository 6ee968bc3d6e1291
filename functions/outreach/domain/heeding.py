"""How an intake heeds the customer's address: what speaks against it counts for whoever has it."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from outreach.domain.campaign import Campaign
from outreach.domain.customer import Consent, Customer, SuppressionReason
from outreach.domain.enrollment import Enrollment, EnrollmentId, EnrollmentStatus, LeaveReason
from outreach.domain.errors import UnknownCampaign
from outreach.domain.event import (
    ADDRESS_NEWS,
    COMPLAINED,
    SUPPRESSED,
    UNSUPPRESSED,
    CustomerMention,
    Event,
)
from outreach.domain.intake import Intake, Outcome
from outreach.domain.suppression import Heeded, KnownAddress


def news_of(known: KnownAddress, customer_id: str, now: datetime) -> Event:
    """What a customer's enrollments are told of their address; the same news has the same id.

    A complaint also takes back the consent to marketing mail, as of when it was made.
    """
    name, consent = UNSUPPRESSED, None
    suppression = known.standing.suppression
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


def asks_for_address(event: Event, before: Customer, intake: Intake) -> bool:
    """Whether the address must be looked up: it is another one now, or there is news of it."""
    if intake.outcome is not Outcome.TAKEN:
        return False
    return event.name in ADDRESS_NEWS or intake.customer.profile.email != before.profile.email


def heed(
    intake: Intake,
    event: Event,
    enrollments: Iterable[Enrollment],
    campaign_of: Callable[[Enrollment], Campaign],
    *,
    left: str | None,
    address: KnownAddress | None,
    now: datetime,
) -> Intake:
    """The customer is suppressed as their address is, and news of a suppression ends marketing.

    `left` is the id of the address the customer had before, `address` what is known of the one they
    have now; without one, as after an erasure, the suppression stays as it was.
    """
    if address is None:
        return replace(intake, heeded=Heeded(left))
    heeded = Heeded(None if left == address.id else left, address.id, address.version)
    customer = replace(intake.customer, suppression=address.standing.reason)
    changed = intake.changed
    if event.name in ADDRESS_NEWS and customer.suppression is not None:
        newest = {each.id: each for each in (*enrollments, *changed)}
        moved = {each.id: each for each in changed} | _ended(newest.values(), campaign_of, event, now)
        changed = tuple(moved.values())
    return replace(intake, customer=customer, changed=changed, heeded=heeded)


def _ended(
    enrollments: Iterable[Enrollment],
    campaign_of: Callable[[Enrollment], Campaign],
    event: Event,
    now: datetime,
) -> dict[EnrollmentId, Enrollment]:
    ended = {}
    for enrollment in enrollments:
        if enrollment.is_active and _is_marketing(enrollment, campaign_of):
            ended[enrollment.id] = enrollment.ended(
                EnrollmentStatus.LEFT, LeaveReason.SUPPRESSED, now, by=event.id
            )
    return ended


def _is_marketing(enrollment: Enrollment, campaign_of: Callable[[Enrollment], Campaign]) -> bool:
    try:
        return campaign_of(enrollment).is_marketing
    except UnknownCampaign:
        return False  # nobody runs it any more
