"""An event: something a customer did, or that happened to an order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from outreach.domain.intake.customer import Consent, Json
    from outreach.domain.intake.order import OrderItem

SIGNED_UP = "customer.signed_up"
DELETED = "customer.deleted"
FEATURE_USED = "product.feature_used"
ORDER_PLACED = "order.placed"
ORDER_DELAYED = "order.delayed"

SUPPRESSED = "customer.suppressed"
COMPLAINED = "customer.complained"
UNSUPPRESSED = "customer.unsuppressed"
ADDRESS_NEWS = frozenset({SUPPRESSED, COMPLAINED, UNSUPPRESSED})
"""An event about an address's status. Whether it is suppressed is then looked up, not taken from the event.
"""


@dataclass(frozen=True, slots=True)
class CustomerMention:
    """What an event says of its customer: only the fields it mentions."""

    id: str
    fields: Mapping[str, str] = field(default_factory=dict)
    """Of email, first_name, last_name, locale, country, time_zone: those mentioned."""
    attributes: "Mapping[str, Json]" = field(default_factory=dict)
    consent: "Consent | None" = None


@dataclass(frozen=True, slots=True)
class OrderMention:
    """What an event says of its order: only the fields it mentions."""

    id: str
    fields: Mapping[str, object] = field(default_factory=dict)
    """Of status, placed_at, promised_at, total, currency, delay_reason, url: those mentioned."""
    items: "tuple[OrderItem, ...]" = ()


@dataclass(frozen=True, slots=True)
class Event:
    """A validated event, as every rule sees it."""

    id: str
    name: str
    occurred_at: datetime
    customer: CustomerMention
    order: OrderMention | None = None
    properties: "Mapping[str, Json]" = field(default_factory=dict)
    stated_at: datetime | None = None
    """The producer's `occurred_at`, when it was later than the receipt and does not count."""
