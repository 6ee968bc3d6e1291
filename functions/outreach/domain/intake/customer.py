"""A customer: identity, consent, and what the gate must know of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from outreach.domain.operations.customer_stops import ALL_CAMPAIGNS, Stop, in_force

type Json = str | int | float | bool | list[Json] | dict[str, Json] | None


@dataclass(frozen=True, slots=True)
class Consent:
    """What the customer said about marketing mail. Without a yes there is none."""

    marketing: bool
    at: datetime
    source: str | None = None
    """Where it was given, such as `checkout`."""
    dated: bool = True
    """Whether the time is that of the consent itself. A yes that an event merely repeated has none."""


class SuppressionReason(StrEnum):
    """Why an address must not be mailed at all."""

    HARD_BOUNCE = "hard_bounce"
    SOFT_BOUNCES = "soft_bounces"
    COMPLAINT = "complaint"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Profile:
    """What producers reported of a customer, each field as of its newest mention."""

    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None
    locale: str | None = None
    country: str | None = None
    time_zone: str | None = None
    attributes: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Purchases:
    """The running totals of a customer's orders."""

    orders: int = 0
    spent: Decimal = Decimal(0)
    currency: str | None = None
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    """One row per customer; every rule about who may get mail reads it."""

    id: str
    profile: Profile = field(default_factory=Profile)
    as_of: Mapping[str, datetime] = field(default_factory=dict)
    """Per field of the profile, the time of the event that set it: older events do not undo it."""
    consent: Consent | None = None
    topics_off: frozenset[str] = frozenset()
    suppression: SuppressionReason | None = None
    address_id: str | None = None
    """Id of the address, as intake noted it at its last lookup; None before the first one."""
    shares_address: bool = False
    """Whether another customer had the same address at that lookup, or got it since: for shared addresses the
    cap and re-entry count by address."""
    erased_at: datetime | None = None
    stops: Mapping[str, Stop] = field(default_factory=dict)
    """Per campaign: an operator's stop of the customer; see `is_stopped`."""
    purchases: Purchases = field(default_factory=Purchases)
    features_used: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Per product line, what the customer has already used."""
    seen: Mapping[str, datetime] = field(default_factory=dict)
    """Per event name, when it last happened: a wait can look back."""
    seen_without_order: Mapping[str, datetime] = field(default_factory=dict)
    """The same for events about no order: they count for the runs of every key."""
    mailed_at: tuple[datetime, ...] = ()
    """Marketing sends of the last days, oldest first: what the cap counts."""
    version: int = 0
    """Counts changes of the profile; 0 is a customer that is not stored yet."""
    claims: int = 0
    """Counts marketing sends ever claimed: two concurrent claims cannot both fit under the cap."""

    def is_stopped(self, campaign: str) -> bool:
        """Whether an operator stopped the customer in this campaign: no run begins, no message is sent."""
        return not in_force(self.stops).isdisjoint({campaign, ALL_CAMPAIGNS})

    @property
    def wants_marketing(self) -> bool:
        """Consent is never assumed: only a recorded yes counts."""
        return self.consent is not None and self.consent.marketing
