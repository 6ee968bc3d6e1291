"""A mailbox: an address, and the customers who have it.

What a customer says through a mailbox holds for the mailbox, whichever customer the message was for: an
opt-out (15 U.S.C. 7704(a)(4) speaks of the address), the cap, and messages that are sent once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from outreach.domain.feedback.suppression import KnownAddress
from outreach.domain.intake.candidates import Candidate
from outreach.domain.intake.customer import Customer
from outreach.domain.intake.merge import newer_consent
from outreach.domain.intake.opt_out import no_at
from outreach.domain.journeys.campaign import Campaign, Key, Reentry
from outreach.domain.journeys.enrollment import Enrollment, EnrollmentId
from outreach.domain.journeys.enrollment_key import KeySecret, key_id
from outreach.domain.journeys.reentry import bars_mailbox
from outreach.domain.sending.send import SendStatus

MOST_OTHERS = 20
"""Other customers of one address that cap and re-entry look at. An address with more is a shop's own or a
test's; an opt-out reaches all of them nevertheless."""
_NEVER_WENT = frozenset({SendStatus.DEFERRED, SendStatus.FAILED})


@dataclass(frozen=True, slots=True)
class Mailbox:
    """As one customer's rules see it."""

    address: KnownAddress
    others: tuple[Customer, ...] = ()
    """The other customers who have the address, at most `MOST_OTHERS`."""


def under_opt_out(customer: Customer, address: KnownAddress) -> Customer:
    """The customer, opted out if the mailbox opted out after their last consent."""
    at = address.status.opted_out_at
    if at is None:
        return customer
    return replace(customer, consent=newer_consent(customer.consent, no_at(at)))


def as_in(mailbox: Mailbox, customer: Customer) -> Customer:
    """The customer as the gate must judge them: opted out as the mailbox is, capped by all its messages."""
    mailed_at = {*customer.mailed_at, *(at for other in mailbox.others for at in other.mailed_at)}
    return replace(under_opt_out(customer, mailbox.address), mailed_at=tuple(sorted(mailed_at)))


def ids_of_other(candidate: Candidate, other: Customer, key_secret: KeySecret) -> tuple[EnrollmentId, ...]:
    """The ids under which another customer's enrollment for the same key may lie.

    The second one, if any, is that of older releases.
    """
    campaign = candidate.campaign
    value = other.id if campaign.key is Key.CUSTOMER else candidate.key_value
    keys = dict.fromkeys((key_id(campaign.key, value, other.id, key_secret), value))
    return tuple(EnrollmentId(other.id, campaign.name, key) for key in keys)


def counts_by_address(campaign: Campaign) -> bool:
    """Whether runs of other customers at the address decide about entry. Orders are never held back."""
    return campaign.is_marketing and campaign.reentry is not Reentry.RESTART


def bars(campaign: Campaign, runs: Iterable[tuple[Customer, Enrollment]], now: datetime) -> bool:
    """Whether the mailbox's messages through other customers, sent or about to be, bar one more run.

    A run that sent nothing and will send nothing, such as that of a guest without consent, bars no other.
    """
    return any(_bars(campaign, other, run, now) for other, run in runs)


def _bars(campaign: Campaign, other: Customer, run: Enrollment, now: datetime) -> bool:
    is_coming = run.is_active and other.wants_marketing
    has_come = any(send.status not in _NEVER_WENT for send in run.sends.values())
    if not is_coming and not has_come:
        return False
    return bars_mailbox(campaign, run, is_coming=is_coming, now=now)
