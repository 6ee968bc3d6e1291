"""A customer: who they are, what they allowed, and what the gate must know of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from outreach.domain.operations.customer_stops import ALL_CAMPAIGNS, Stop, in_force

type Json = str | int | float | bool | list[Json] | dict[str, Json] | None


@dataclass(frozen=True, slots=True)
class Consent:
    """What the customer said to marketing mail. Without a yes there is none."""

    marketing: bool
    at: datetime
    source: str | None = None
    """Where it was given, such as `checkout`."""
    dated: bool = True
    """Whether the moment is that of the word itself. A yes that some event merely carried along is none."""


class SuppressionReason(StrEnum):
    """Why an address must not be mailed at all."""

    HARD_BOUNCE = "hard_bounce"
    SOFT_BOUNCES = "soft_bounces"
    COMPLAINT = "complaint"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Profile:
    """What producers told us of a customer, each field as of its newest mention."""

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
    """Per field of the profile, the moment of the event that set it: older events do not undo it."""
    consent: Consent | None = None
    topics_off: frozenset[str] = frozenset()
    suppression: SuppressionReason | None = None
    address_id: str | None = None
    """Id of the address, as intake noted it when it last looked the address up; None if it never did."""
    shares_address: bool = False
    """Whether another customer had the same address then, or came to it since: the cap and re-entry count by
    address for those who share one."""
    erased_at: datetime | None = None
    stops: Mapping[str, Stop] = field(default_factory=dict)
    """Per campaign, that an operator keeps the customer out of it; see `is_stopped`."""
    purchases: Purchases = field(default_factory=Purchases)
    features_used: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Per product line, what the customer has already used."""
    seen: Mapping[str, datetime] = field(default_factory=dict)
    """Per event name, when it last happened: lets a wait look back."""
    seen_without_order: Mapping[str, datetime] = field(default_factory=dict)
    """The same of the events that were about no order: they count for the run of every key."""
    mailed_at: tuple[datetime, ...] = ()
    """Marketing sends of the last days, oldest first: what the cap counts."""
    version: int = 0
    """Counts changes of what producers say; 0 is a customer that is not stored yet."""
    claims: int = 0
    """Counts marketing sends ever claimed: two claims at once cannot both fit under the cap."""

    def is_stopped(self, campaign: str) -> bool:
        """Whether an operator keeps the customer out of this campaign: no run begins, no message goes."""
        return not in_force(self.stops).isdisjoint({campaign, ALL_CAMPAIGNS})

    @property
    def wants_marketing(self) -> bool:
        """Consent is never assumed: only a recorded yes counts."""
        return self.consent is not None and self.consent.marketing
