"""The gate: may this send go out now? One pure function, one order of questions."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from outreach.domain.intake.customer import Customer
from outreach.domain.journeys.campaign import Campaign, SendStep
from outreach.domain.journeys.enrollment import Enrollment, HoldReason, SkipReason
from outreach.domain.journeys.hash_share import share
from outreach.domain.sending.cap import DEFAULT_CAPS, Cap, room_at
from outreach.domain.sending.delivery_hours import start_delay
from outreach.domain.sending.outage import Outage

PAUSE_RECHECK = timedelta(hours=1)
"""A pause ends when an operator ends it; until then a held send looks this often."""


ADDRESS_WAIT = timedelta(hours=72)
"""How long a message waits for an address at most: a sign-up may follow the order, but not much later."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The shop's settings for all messages."""

    caps: tuple[Cap, ...] = DEFAULT_CAPS
    marketing_paused: bool = False
    all_paused: bool = False
    paused_campaigns: frozenset[str] = frozenset()
    """By name; an operator paused each of them."""
    outage: Outage | None = None
    """The e-mail service refuses everything from this account."""
    is_restoring: bool = False
    """The table is being restored: no enrollment advances."""


@dataclass(frozen=True, slots=True)
class Pass:
    """It may be sent now."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Not now; look again at that time."""

    until: datetime
    reason: HoldReason


@dataclass(frozen=True, slots=True)
class Refuse:
    """Never: go on with the next step."""

    reason: SkipReason


type Verdict = Pass | Hold | Refuse


def is_held_out(campaign: Campaign, customer_id: str) -> bool:
    """Whether this customer is held out of this campaign; always the same answer."""
    return share("holdout", campaign.name, customer_id) < campaign.holdout


def gate(
    campaign: Campaign,
    step: SendStep,
    enrollment: Enrollment,
    customer: Customer,
    rules: Rules,
    zone: ZoneInfo,
    now: datetime,
) -> Verdict:
    """Decide on one due send. The step's own condition was judged before, by `next_action`.

    Permanent refusals come before holds, so that nothing is held which will never be sent.
    """
    refusal = _refusal(campaign, step, enrollment, customer, now)
    if refusal is not None:
        return Refuse(refusal)
    if customer.profile.email is None:
        return Hold(_address_deadline(step, enrollment), HoldReason.NO_ADDRESS)
    hold = _hold(campaign, step, customer, rules, zone, now)
    if hold is None:
        return Pass()
    if step.valid_for is not None and hold.until > enrollment.entered_at + step.valid_for:
        return Hold(enrollment.entered_at + step.valid_for, hold.reason)
    return hold


def stopped(rules: Rules, *, campaign: str, is_marketing: bool, now: datetime) -> Hold | None:
    """Whether nothing of this campaign, or class, may be sent now, to any customer; None when it may.

    An outage whose next try is due stops nothing here: the gate does not choose which sender tries.
    """
    is_class_paused = rules.all_paused or (is_marketing and rules.marketing_paused)
    if is_class_paused or campaign in rules.paused_campaigns:
        return Hold(now + PAUSE_RECHECK, HoldReason.PAUSED)
    if rules.outage is not None and now < rules.outage.retry_at:
        return Hold(rules.outage.look_again_at, HoldReason.PAUSED)
    return None


def _refusal(
    campaign: Campaign, step: SendStep, enrollment: Enrollment, customer: Customer, now: datetime
) -> SkipReason | None:
    if customer.erased_at is not None:
        return SkipReason.ERASED
    if customer.suppression is not None:
        return SkipReason.SUPPRESSED
    if customer.is_stopped(campaign.name):
        return SkipReason.STOPPED
    if not enrollment.is_active:
        return SkipReason.LEFT
    if campaign.is_marketing:
        if not customer.wants_marketing or campaign.topic in customer.topics_off:
            return SkipReason.NOT_SUBSCRIBED
        if is_held_out(campaign, customer.id):
            return SkipReason.HOLDOUT
    if customer.profile.email is None and now >= _address_deadline(step, enrollment):
        return SkipReason.NO_ADDRESS
    if step.valid_for is not None and now >= enrollment.entered_at + step.valid_for:
        return SkipReason.EXPIRED
    return None


def _address_deadline(step: SendStep, enrollment: Enrollment) -> datetime:
    wait = ADDRESS_WAIT if step.valid_for is None else min(step.valid_for, ADDRESS_WAIT)
    return enrollment.entered_at + wait


def _hold(
    campaign: Campaign, step: SendStep, customer: Customer, rules: Rules, zone: ZoneInfo, now: datetime
) -> Hold | None:
    stop = stopped(rules, campaign=campaign.name, is_marketing=campaign.is_marketing, now=now)
    if stop is not None or not campaign.is_marketing:
        return stop
    window = campaign.window_of(step)
    opening = window.permit(now, zone, campaign.priority)
    if opening > now:
        return Hold(opening, HoldReason.WINDOW)
    room = room_at(customer.mailed_at, rules.caps, now)
    if room > now:
        return Hold(
            window.permit(room + start_delay(campaign.priority), zone, campaign.priority), HoldReason.CAP
        )
    return None
